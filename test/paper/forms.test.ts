import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type Paper, paperAsCsv, paperAsDocx, paperAsHtml, paperAsMarkdown, paperOf } from '../../src/paper/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { fullAnswers } from '../support/complying.js';
import { temporaryDirectory } from '../support/temporary.js';

const full = fullAnswers();
const EVIL = `</style></p><script>alert(1)</script>"'&<img src=x onerror=alert(1)>|\`[x](javascript:alert(1))\u202e\u0007\n## x`;
const hostile = (): Manifest =>
  JSON.parse(
    JSON.stringify({
      ...full,
      model: { ...full.model, name: EVIL, version: EVIL },
      datasets: { d0: { ...full.datasets?.d0, name: EVIL, description: EVIL } },
      governance: { ...full.governance, illegalContent: EVIL },
      evidence: [{ origin: 'declared', method: EVIL, values: { '/model/name': {} } }],
    }),
  ) as Manifest;
const noteCount = ({ footnotes }: Paper): number => footnotes.length;

describe('a paper of hostile texts', async () => {
  const paper = await paperOf('training-summary', hostile());
  it('is one page that needs nothing else and runs nothing', () => {
    const html = paperAsHtml(paper);
    expect(html).not.toMatch(/<script|<img|\u202e|\u0007/);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html.match(/ (?:src|href)="(?!#)/g)).toBeNull();
    expect(html).not.toMatch(/@import|url\(/);
    expect(html).toContain(`default-src 'none'`);
    const targets = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    for (const [, target = ''] of html.matchAll(/ href="#([^"]+)"/g)) expect(targets.has(target), target).toBe(true);
  });
  it('has no more lines of Markdown than were written', () => {
    const markdown = paperAsMarkdown(paper);
    expect(markdown).not.toMatch(/<script|<img|[^\\]\[x\]\(|\u202e|\u0007/);
    expect(
      markdown
        .split('\n')
        .filter((line) => line.startsWith('## '))
        .map((line) => line.slice(3)),
    ).toEqual(['1 General information', '2 List of data sources', '3 Data processing aspects', 'Evidence']);
    expect(markdown.match(/^\[\^\d+\]: /gm)).toHaveLength(noteCount(paper));
  });
  it('is a file of a word processor that XML can be, the same bytes each time', async () => {
    const bytes = await paperAsDocx(paper);
    expect(await paperAsDocx(paper)).toEqual(bytes);
    const parts = unzipSync(bytes);
    const text = strFromU8(parts['word/document.xml'] ?? new Uint8Array());
    expect(text).not.toMatch(/<script|\u202e|\u0007/);
    expect(text).toContain('&lt;script&gt;');
    expect(text.match(/<w:footnoteReference /g)?.length).toBeGreaterThanOrEqual(noteCount(paper));
    expect(strFromU8(parts['word/footnotes.xml'] ?? new Uint8Array()).match(/<w:footnote w:id="[1-9]/g)).toHaveLength(noteCount(paper));
    expect(strFromU8(parts['docProps/core.xml'] ?? new Uint8Array()).split(full.bom.timestamp)).toHaveLength(3);
  });
  it('is a table of cells in which nothing is a formula', async () => {
    const evil = {
      ...full,
      services: { s: { name: '=cmd|calc!A1', provider: 'acme', contract: { reference: '-1+1', sla: 'a, "b"' }, type: '@x' } },
    };
    const csv = paperAsCsv(await paperOf('dora-register', evil as unknown as Manifest));
    const [head, ...lines] = csv.trimEnd().split('\n');
    expect(head).toBe('section,item,entry,cell,label,value,gap,pointer,evidence');
    const cells = lines.flatMap((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
    expect(cells.filter((cell) => /^"?[=+@-]/.test(cell))).toEqual([]);
    expect(csv).toContain(`'=cmd|calc!A1,c0010,Contractual arrangement reference number,'-1+1,,/services/s/contract/reference,`);
    expect(csv).toContain('Service levels,"a, ""b""",,');
    expect(csv).toMatch(/B_07\.01[^\n]*,Not known: is absent,\/services\/s\/exit/);
  });
});

describe('msbom paper', () => {
  const msbom = (argv: readonly string[], files: Readonly<Record<string, string>> = {}) => {
    const cwd = temporaryDirectory({ 'm.json': JSON.stringify(full), ...files });
    return runCli(cwd, ['paper', ...argv]).then((result) => ({ ...result, cwd, read: (name: string) => readFileSync(join(cwd, name)) }));
  };
  it('writes by the ending of the file', async () => {
    const { code, err, read } = await msbom(['annex-iv', 'm.json', '-o', 'p.html']);
    expect([code, err]).toEqual([0, 'annex-iv for authority: 30 items, 4 with gaps\n']);
    expect(read('p.html').toString()).toMatch(/^<!DOCTYPE html>/);
    expect((await msbom(['annex-iv', 'm.json', '-o', 'p.docx'])).read('p.docx').subarray(0, 2).toString()).toBe('PK');
    expect((await msbom(['annex-iv', 'm.json', '-o', 'p.md'])).read('p.md').toString()).toMatch(/^# Technical documentation: /);
    const json = JSON.parse((await msbom(['annex-iv', 'm.json', '-f', 'json'])).out) as { version: number; kind: string };
    expect(json).toMatchObject({ version: 1, kind: 'annex-iv' });
  });
  it('fails for gaps where that is asked', async () => {
    expect((await msbom(['annex-iv', 'm.json', '-q'])).code).toBe(0);
    expect((await msbom(['annex-iv', 'm.json', '-q', '--fail-on', 'gaps'])).code).toBe(1);
    expect((await msbom(['annex-xii', 'm.json', '-q', '--fail-on', 'gaps'])).code).toBe(0);
  });
  it('refuses what cannot be', async () => {
    expect(await msbom(['annex-v', 'm.json'])).toMatchObject({ code: 2, err: expect.stringContaining('eu-declaration') });
    expect(await msbom(['annex-iv', 'm.json', '-f', 'docx'])).toMatchObject({ code: 2, err: expect.stringContaining('-o') });
    expect(await msbom(['annex-iv', 'm.json', '-f', 'spdx@3.0.1'])).toMatchObject({ code: 2 });
    expect(await msbom(['bsi-sbom', 'm.json', '-f', 'html'])).toMatchObject({ code: 2 });
    expect(await msbom(['annex-iv', 'gone.json'])).toMatchObject({ code: 2 });
    expect(await msbom(['annex-iv', 'm.json', '-o', 'm.json'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('ERR_OUTPUT_IS_INPUT'),
    });
    expect(await msbom(['annex-iv', 'x.json'], { 'x.json': '{"bom":{}}' })).toMatchObject({ code: 2 });
  });
  it('writes an SBOM without vulnerabilities, and says what the guideline misses in it', async () => {
    const secret = { ...full, security: { ...full.security, vulnerabilities: { v: { id: 'CVE-2026-0001', status: 'affected' } } } };
    const files = { 'v.json': JSON.stringify(secret) };
    const cdx = await msbom(['bsi-sbom', 'v.json', '-o', 's.json'], files);
    expect([cdx.code, cdx.read('s.json').toString().includes('CVE-2026-0001')]).toEqual([0, false]);
    expect(cdx.err).toContain('met  MUST BSI-VULN');
    expect(JSON.parse(cdx.read('s.json').toString())).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect((await msbom(['bsi-sbom', 'v.json', '-o', 's.xml', '-q'], files)).read('s.xml').toString()).toContain(
      'http://cyclonedx.org/schema/bom/1.6',
    );
    const spdx = await msbom(['bsi-sbom', 'v.json', '-f', 'spdx@3.0.1', '-q'], files);
    expect([spdx.code, spdx.out.includes('CVE-2026-0001'), spdx.out.includes('https://spdx.org/rdf/3.0.1/')]).toEqual([0, false, true]);
    const bare = { 'b.json': JSON.stringify({ ...full, components: { ...full.components, c: { name: 'c' } } }) };
    const open = await msbom(['bsi-sbom', 'b.json', '-o', 's.json'], bare);
    expect([open.code, open.err.includes('missing  MUST BSI-522-03')]).toEqual([1, true]);
    expect((await msbom(['bsi-sbom', 'b.json', '-o', 's.json', '-q', '--fail-on', 'never'], bare)).code).toBe(0);
  });
});
