/** What the command line reads and writes, and what it says when it cannot. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const manifest = readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8');
const bom = readFileSync(new URL('../fixtures/convert/vulnerabilities-1.6.cdx.json', import.meta.url), 'utf8');
const utf16 = (text: string, { mark = true, big = false } = {}): Buffer => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

describe('reading', () => {
  it.each<[string, Uint8Array | string, RegExp]>([
    ['in UTF-16', utf16(bom), /^error: f \(byte 0\): the file is UTF-16, not UTF-8 \[ERR_JSON_ENCODING\]\nhint: Save the file as UTF-8/],
    ['in UTF-16, the other way round', utf16(bom, { big: true }), /UTF-16, not UTF-8 \[ERR_JSON_ENCODING\]/],
    ['in UTF-16 without its mark', utf16(bom, { mark: false }), /UTF-16, not UTF-8 \[ERR_JSON_ENCODING\]/],
    ['in UTF-16 without its mark, the other way round', utf16(bom, { mark: false, big: true }), /UTF-16, not UTF-8/],
    ['in XML in UTF-16', utf16('<?xml version="1.0" encoding="UTF-16"?><bom/>'), /UTF-16, not UTF-8 \[ERR_JSON_ENCODING\]/],
    ['compressed with gzip', gzipSync(bom), /the file is compressed with gzip \[ERR_JSON_ENCODING\]\nhint: Unpack the file first/],
    ['of text', '# Read me\n', /^error: f:1:1: unexpected "#" \[ERR_JSON_SYNTAX\]/],
    ['of nothing', '', /^error: f:1:1: the file is empty \[ERR_JSON_SYNTAX\]/],
    [
      'of SPDX 2.3 as tag-value',
      '# by hand\nSPDXVersion: SPDX-2.3\n',
      /^error: f: SPDX as tag-value is written, not read \[ERR_CONVERT_INPUT\]/,
    ],
    [
      'of SPDX 2.1',
      '{"spdxVersion":"SPDX-2.1"}',
      /^error: f: SPDX 2\.1 is not read \[ERR_CONVERT_INPUT\]\nhint: .*SPDX 2\.3, SPDX 3\.0\.1 or CycloneDX/,
    ],
    [
      'of CycloneDX 1.1',
      '{"bomFormat":"CycloneDX",\n"specVersion":"1.1"}',
      /^error: f:2:1: CycloneDX 1\.1 is not read \[ERR_CONVERT_INPUT\]\nhint: Have the document written as CycloneDX 1\.4, /,
    ],
    ['of no version', '{"bomFormat":"CycloneDX"}', /does not state its version of CycloneDX \[ERR_CONVERT_INPUT\]\nhint: State it as /],
    [
      'of SPDX 3.1',
      '{"@context":"https://spdx.org/rdf/3.1/spdx-context.jsonld","@graph":[]}',
      /SPDX 3\.1 is not .* \[ERR_CONVERT_INPUT\]\nhint: Give /,
    ],
    [
      'of SPDX without a thing',
      '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}',
      /^error: f: the document does not say w/,
    ],
    [
      'of XML of another kind',
      '<rdf:RDF xmlns:rdf="urn:x"/>',
      /^error: f:1:1: the root element is <RDF> of the namespace urn:x.*\[ERR_FORMAT_UNSUPPORTED\]\nhint: Give /,
    ],
  ])('a file %s is refused by what it is', async (_what, content, message) => {
    const { code, out, err } = await runCli(temporaryDirectory({ f: content }), ['convert', 'f']);
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  it('takes comments before the first tag of SPDX for what they are', async () => {
    const cwd = temporaryDirectory({ f: '# by hand\n\nSPDXVersion: SPDX-2.3\n' });
    const { code, out } = await runCli(cwd, ['validate', 'f']);
    expect(code).toBe(1);
    expect(out).toContain('SPDX as tag-value is written, not read [spdx-version]');
  });

  it.skipIf(process.platform === 'win32')('ends at the limit when something has no end', async () => {
    const cwd = temporaryDirectory();
    const { code, err } = await runCli(cwd, ['convert', '/dev/zero']);
    expect(code).toBe(2);
    expect(err).toMatch(/more than 134217728 bytes.*\[ERR_LIMIT_BYTES\]/);
  });

  it.skipIf(process.platform === 'win32')('takes a pipe with a name', async () => {
    const cwd = temporaryDirectory();
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const [{ code, out }] = await Promise.all([
      runCli(cwd, ['convert', 'pipe', '--to', 'msbom']),
      import('node:fs/promises').then(({ writeFile }) => writeFile(join(cwd, 'pipe'), manifest)),
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(manifest));
  });
});

describe('writing', () => {
  it('writes nothing when the list of losses cannot be written', async () => {
    const cwd = temporaryDirectory({ 'm.json': manifest });
    const toOutput = await runCli(cwd, ['convert', 'm.json', '--losses', 'no/losses.json']);
    expect(toOutput).toMatchObject({ code: 2, out: '', err: expect.stringContaining('[ERR_IO_NOT_FOUND]') });
    const toFile = await runCli(cwd, ['convert', 'm.json', '-o', 'bom.json', '--losses', 'no/losses.json']);
    expect(toFile.code).toBe(2);
    expect(readdirSync(cwd)).toEqual(['m.json']);
  });

  it('writes the list of losses to standard output, and never into the document', async () => {
    const cwd = temporaryDirectory({ 'm.json': manifest });
    const listed = await runCli(cwd, ['convert', 'm.json', '-o', 'bom.json', '--losses', '-']);
    expect(JSON.parse(listed.out)).toMatchObject({ file: 'm.json', target: 'cyclonedx@1.6' });
    expect(listed.err).toContain('listed in standard output');
    for (const argv of [
      ['convert', 'm.json', '--losses', '-'],
      ['convert', 'm.json', '-o', 'bom.json', '--losses', './bom.json'],
    ])
      expect(await runCli(cwd, argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('same place [ERR_CLI_USAGE]') });
    expect(readdirSync(cwd).sort()).toEqual(['bom.json', 'm.json']);
  });

  it('asks for a name', async () => {
    const cwd = temporaryDirectory({ 'm.json': manifest });
    expect(await runCli(cwd, ['convert', 'm.json', '-o', ''])).toMatchObject({ code: 2, err: expect.stringContaining('[ERR_CLI_USAGE]') });
  });

  it('leaves a file alone when the document is refused', async () => {
    const cwd = temporaryDirectory({ 'm.json': '{}' });
    writeFileSync(join(cwd, 'bom.json'), 'old');
    expect((await runCli(cwd, ['convert', 'm.json', '-o', 'bom.json', '--force'])).code).toBe(1);
    expect(readFileSync(join(cwd, 'bom.json'), 'utf8')).toBe('old');
  });
});
