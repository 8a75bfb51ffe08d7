/** `collect --scan`: what the scan found stands in the manifest, and in what it is converted to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../src/convert/validate.js';
import { utf8 } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { HARMLESS, PAYLOAD, torchFile } from '../support/scan/archives.js';
import { temporaryDirectory } from '../support/temporary.js';

interface Manifest {
  readonly security?: {
    readonly scans: readonly {
      readonly tool: { readonly name: string; readonly version: string };
      readonly status: string;
      readonly verdict?: string;
      readonly findings?: number;
      readonly date: string;
      readonly artifacts?: readonly string[];
    }[];
    readonly vulnerabilities?: Readonly<
      Record<string, { readonly severity: string; readonly status: string; readonly artifacts: readonly string[] }>
    >;
  };
}

const FILES = {
  'bad.pt': torchFile(PAYLOAD),
  'good.pt': torchFile(HARMLESS),
  'odd.json': utf8('{"class_name": "TFSMLayer", "config": {"filepath": "x"}}'),
  'README.md': utf8('# A\n'),
  'x.bin': new Uint8Array(300).fill(0xf7),
};
const EPOCH = { SOURCE_DATE_EPOCH: '1700000000' };

async function collected(files: Readonly<Record<string, Uint8Array>>, ...argv: readonly string[]) {
  const directory = temporaryDirectory(files);
  const { code, err } = await runCli(directory, ['collect', '.', '-o', 'm.json', ...argv], { env: EPOCH });
  return { directory, code, err, manifest: JSON.parse(readFileSync(join(directory, 'm.json'), 'utf8')) as Manifest };
}

describe('collect --scan', () => {
  it('records tool, rules, status and verdict of every file', async () => {
    const { manifest, code, err } = await collected(FILES, '--scan');
    expect(code).toBe(1);
    expect(err).toContain('bad.pt: critical calls `posix.system');
    const scans = manifest.security?.scans ?? [];
    expect(scans.map(({ verdict, status, findings, artifacts }) => [verdict, status, findings, artifacts])).toEqual([
      ['clean', 'complete', 0, ['README.md', 'good.pt']],
      ['malicious', 'complete', 1, ['bad.pt']],
      ['suspicious', 'complete', 1, ['odd.json']],
      ['unknown', 'incomplete', 0, ['x.bin']],
    ]);
    for (const { tool, date } of scans) {
      expect(tool).toEqual({ name: 'msbom scan', version: expect.stringMatching(/^\d+\.\d+\.\d+\+rules\.[0-9a-f]{64}$/) });
      expect(date).toBe('2023-11-14T22:13:20Z');
    }
    expect(manifest.security?.vulnerabilities).toMatchObject({
      'pickle-denied-call-1': { severity: 'critical', status: 'affected', artifacts: ['bad.pt'] },
      'keras-loader-1': { severity: 'high', status: 'under_investigation', artifacts: ['odd.json'] },
    });
  });
  it('is valid, and its findings are vulnerabilities with ratings in a valid CycloneDX document', async () => {
    const { directory } = await collected(FILES, '--scan');
    const checked = await runCli(directory, ['validate', 'm.json', '--fail-on', 'low']);
    expect(checked.out + checked.err).not.toContain('evidence-missing');
    expect(checked.code).toBe(0);
    const { out, code } = await runCli(directory, ['convert', 'm.json', '--to', 'cyclonedx@1.6']);
    expect(code).toBe(0);
    const document = JSON.parse(out) as {
      readonly vulnerabilities: readonly { readonly id: string; readonly ratings: unknown; readonly analysis: unknown }[];
    };
    expect(document.vulnerabilities.map(({ id, ratings, analysis }) => [id, ratings, analysis])).toEqual([
      ['keras-loader', [{ severity: 'high' }], { state: 'in_triage' }],
      ['pickle-denied-call', [{ severity: 'critical' }], { state: 'exploitable' }],
    ]);
    expect(await validateDocument(out)).toMatchObject({ valid: true });
  });
  it('of clean files says so, and without the option nothing is said', async () => {
    const files = { 'good.pt': torchFile(HARMLESS) };
    const { code, manifest } = await collected(files, '--scan');
    expect(code).toBe(0);
    expect(manifest.security?.scans.map(({ verdict }) => verdict)).toEqual(['clean']);
    expect(manifest.security?.vulnerabilities).toBeUndefined();
    expect((await collected(files)).manifest.security).toBeUndefined();
  });
});
