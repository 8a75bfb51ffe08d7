import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comply, complyAsHtml, complyAsMarkdown, complyAsSarif, complyAsText, type Profile, readProfile } from '../../src/comply/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { fullAnswers } from '../support/complying.js';
import { readFixture } from '../support/cyclonedx.js';
import { temporaryDirectory } from '../support/temporary.js';

const full = fullAnswers();
const msbom = (argv: readonly string[], files: Readonly<Record<string, string>> = {}, stdin = '') => {
  const cwd = temporaryDirectory({ 'm.json': JSON.stringify(full), ...files });
  return runCli(cwd, ['comply', ...argv], { stdin }).then((result) => ({ ...result, cwd }));
};

describe('msbom comply', () => {
  it('lists what a profile asks for, and fails when a MUST is open', async () => {
    const { code, out } = await msbom(['m.json', '--profile', 'cisa-2026']);
    expect(code).toBe(1);
    expect(out).toContain('not examined  the files of the model: give --files to recompute what they say\n');
    expect(out).toContain('\n2026 Minimum Elements for an SBOM v2.1, 2026-07-29 [cisa-2026]\n');
    expect(out).toContain('  met (attested)  MUST CISA-C2  Component name\n');
    expect(out).toContain('  not examined  MUST CISA-M2  SBOM author signature\n');
    expect(out).toContain('  needs review  MUST CISA-P4  Accommodation of updates\n      /attestations has no entry that names CISA-P4\n');
    expect(out).toContain('\n  19 met, 3 needs review, 1 not examined\n');
  });
  it('fails for what is asked', async () => {
    const exit = async (...options: readonly string[]) => (await msbom(['m.json', '-p', 'g7-ai-2026', ...options])).code;
    expect(await exit()).toBe(0);
    expect(await exit('--fail-on', 'not-examined')).toBe(1);
    expect(await exit('--fail-on', 'not-examined:MUST')).toBe(0);
    expect(await exit('--fail-on', 'missing:MAY,not-examined:SHOULD')).toBe(1);
    expect(await exit('--fail-on', 'never')).toBe(0);
    expect(await exit('--fail-on', 'wrong')).toBe(2);
    expect(await exit('--fail-on', 'missing:HIGH')).toBe(2);
  });
  it('takes several profiles, all, and files of users', async () => {
    const house = JSON.stringify({
      id: 'house',
      title: 'House rules',
      requirements: [
        {
          id: 'H-1',
          title: 'Owner',
          requirement: 'It has an owner.',
          level: 'MUST',
          predicate: { op: 'present', path: '/governance/roles/owner' },
        },
      ],
    });
    const both = await msbom(['m.json', '-p', 'hf-card,./house.json', '--format', 'json', '--fail-on', 'never'], { 'house.json': house });
    const report = JSON.parse(both.out) as { version: number; requirements: { profile: string; status: string }[] };
    expect(report.version).toBe(1);
    expect(report.requirements.map(({ profile }) => profile)).toEqual([...Array.from({ length: 8 }, () => 'hf-card'), 'house']);
    const all = JSON.parse((await msbom(['m.json', '-p', 'all', '-f', 'json', '--fail-on', 'never'])).out) as {
      counts: object;
      requirements: object[];
    };
    expect(all.requirements).toHaveLength(624);
    expect(all.counts).toMatchObject({ met: 573, 'needs-review': 47, 'not-examined': 3, failed: 1 });
    expect(await msbom(['m.json', '-p', 'g7'])).toMatchObject({ code: 2, err: expect.stringContaining('ERR_PROFILE_INVALID') });
    expect(await msbom(['m.json', '-p', './gone.json'])).toMatchObject({ code: 2, err: expect.stringContaining('ERR_IO_NOT_FOUND') });
    expect(await msbom(['m.json'])).toMatchObject({ code: 2, err: expect.stringContaining('needs --profile') });
    expect(await msbom(['m.json', '-p', './bad.json'], { 'bad.json': '{' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('bad.json:1:2'),
    });
    const twin = JSON.stringify({ id: 'hf-card', title: 'Mine', requirements: [] });
    expect(await msbom(['m.json', '-p', 'hf-card,./twin.json'], { 'twin.json': twin })).toMatchObject({
      code: 2,
      err: expect.stringContaining('two profiles'),
    });
  });
  it('asks only what is for an audience', async () => {
    const ids = async (audience: string) => {
      const { out } = await msbom(['m.json', '-p', 'eu-gpai-mdf', '-f', 'json', '--fail-on', 'never', '--audience', audience]);
      return new Set((JSON.parse(out) as { requirements: { audience?: string }[] }).requirements.map((each) => each.audience));
    };
    expect(await ids('downstream')).toEqual(new Set(['downstream', undefined]));
    expect(await ids('authority')).toEqual(new Set(['authority', undefined]));
  });
  it('asks documents of other tools', async () => {
    const cdx = await msbom(['-', '-p', 'ntia-2021', '-f', 'json', '--fail-on', 'never'], {}, readFixture('adapter-1.6.cdx.json'));
    const report = JSON.parse(cdx.out) as { requirements: { id: string; status: string }[] };
    const status = Object.fromEntries(report.requirements.map((each) => [each.id, each.status]));
    expect(status).toMatchObject({ 'NTIA-DF7': 'met', 'NTIA-AS': 'met', 'NTIA-PP1': 'needs-review' });
    expect(await msbom(['-', '-p', 'ntia-2021'], {}, '{"bomFormat":"CycloneDX","specVersion":"1.6","components":1}')).toMatchObject({
      code: 2,
    });
  });
  it('writes by the ending of the file', async () => {
    const { cwd, out, err } = await msbom(['m.json', '-p', 'hf-card', '-o', 'r.html']);
    expect([out, err]).toEqual(['', 'm.json: 8 met\n']);
    expect(readFileSync(join(cwd, 'r.html'), 'utf8')).toMatch(/^<!DOCTYPE html>/);
    const other = await msbom(['m.json', '-p', 'hf-card', '-o', 'r.md']);
    expect(readFileSync(join(other.cwd, 'r.md'), 'utf8')).toMatch(/^# What is asked for, and what m\.json has\n/);
  });
  it('says where in the document something is missing', async () => {
    const text = JSON.stringify({ ...full, model: { ...full.model, licenses: undefined } }, null, 2);
    const { out } = await msbom(['m2.json', '-p', 'hf-card', '-f', 'sarif'], { 'm2.json': text });
    const line = text.slice(0, text.indexOf('\n  "model":') + 1).split('\n').length;
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { rules: [{ id: 'hf-card/HF-license', defaultConfiguration: { level: 'error' } }] } },
          results: [
            {
              ruleId: 'hf-card/HF-license',
              level: 'error',
              locations: [
                { physicalLocation: { region: { startLine: line } }, logicalLocations: [{ fullyQualifiedName: '/model/licenses/0' }] },
              ],
              properties: { status: 'missing', level: 'MUST' },
            },
          ],
        },
      ],
    });
  });
});

/** Every text that a document or a profile can bring in. */
const EVIL = `</style></code><script>alert(1)</script>"'&<img src=x onerror=alert(1)>|\`[x](javascript:alert(1))\u202e\n## x`;

async function evil(): Promise<readonly [Manifest, Profile]> {
  const manifest = {
    ...full,
    model: { ...full.model, name: EVIL, version: undefined },
    evidence: [{ origin: 'declared', method: EVIL, values: { '/model/name': {}, '/model/description': { said: EVIL } } }],
  };
  const each = { title: EVIL, citation: EVIL, requirement: EVIL, level: 'MUST', reading: 'memory' };
  const profile = await readProfile(
    JSON.stringify({
      id: 'x',
      title: EVIL,
      version: EVIL,
      issuer: EVIL,
      status: EVIL,
      requirements: [
        { ...each, id: '<b>', predicate: { op: 'present', path: '/model/name' } },
        { ...each, id: 'b', predicate: { op: 'present', path: `/model/<i>"` } },
        { ...each, id: 'c', predicate: { op: 'in', path: '/model/name', values: [EVIL.slice(0, 20)] } },
        { ...each, id: 'd', predicate: { op: 'present', path: '/model/description' } },
      ],
    }),
  );
  return [JSON.parse(JSON.stringify(manifest)) as Manifest, profile];
}

describe('reports', () => {
  it('hold what a document says as text alone', async () => {
    const [manifest, profile] = await evil();
    const report = await comply(manifest, [profile]);
    const html = complyAsHtml(report, manifest, EVIL);
    expect(html).not.toMatch(/<script|<img|<b>|<i>|\u202e/);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain(`default-src 'none'`);
    expect(html.match(/ (?:src|href)="(?!#v)/g)).toBeNull();
    const markdown = complyAsMarkdown(report, EVIL);
    expect(markdown).not.toMatch(/<script|<img|[^\\]\[x\]\(|\u202e/);
    expect(markdown.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(2 + 4);
    expect(markdown.split('\n').filter((line) => line.startsWith('## '))).toEqual([]);
    const text = complyAsText(report);
    expect(text).not.toMatch(/\u202e/);
    expect(text.split('\n').filter((line) => line.startsWith('## '))).toEqual([]);
    expect(JSON.parse(complyAsSarif(report, EVIL, { locate: () => new Map() }))).toHaveProperty('runs');
  });
  it('mark what nobody has checked, and what a source denies', async () => {
    const [manifest, profile] = await evil();
    const report = await comply(manifest, [profile]);
    for (const text of [
      complyAsHtml(report, manifest, 'm'),
      complyAsMarkdown(report, 'm'),
      complyAsText(report),
      complyAsSarif(report, 'm', { locate: () => new Map() }),
    ])
      expect(text).toContain('unverified reading');
    expect(complyAsText(report)).toContain('a source says something else of /model/description');
    expect(complyAsHtml(report, manifest, 'm')).toContain('a source says something else of <code>/model/description</code>');
  });
  it('lead from a requirement to its value and evidence', async () => {
    const manifest = fullAnswers();
    const report = await comply(manifest, [
      await readProfile(
        JSON.stringify({
          id: 'x',
          title: 'x',
          requirements: [{ id: 'a', title: 'a', requirement: 'a', level: 'MAY', predicate: { op: 'present', path: '/model/name' } }],
        }),
      ),
    ]);
    const html = complyAsHtml(report, manifest, 'm');
    const anchor = /<a href="#(v\d+)"><code>\/model\/name<\/code><\/a>/.exec(html)?.[1];
    expect(html).toContain(
      `id="${anchor}"><code>/model/name</code><pre>${JSON.stringify(manifest.model?.name).replaceAll('"', '&quot;')}</pre><ul><li>supplied, written to fill every field`,
    );
    expect(html).toContain('body:has(#s-met:not(:checked)) .s-met{display:none}');
  });
});
