/** Archives of 7z that py7zr wrote. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { openBudget, scanSettings } from '../../src/scan/index.js';
import { sevenZip } from '../../src/scan/sevenzip/index.js';
import { concat } from '../support/builders.js';
import { PAYLOAD } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';

const fixture = JSON.parse(readFileSync(new URL('../fixtures/scan/sevenzip.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string>
>;
const archive = (name: string): Uint8Array => new Uint8Array(Buffer.from(fixture[name] ?? '', 'base64'));

describe('7z', () => {
  it.each(['lzma2', 'lzma', 'bzip2', 'bcj', 'zstd', 'deflate'])('packed by %s', async (coder) => {
    const evil = await scanBytes(archive(`evil, ${coder}`));
    expect(evil).toMatchObject({ status: 'complete', verdict: 'malicious', formats: ['7z'] });
    expect(evil.findings[0]).toMatchObject({ member: 'model.pt!archive/data.pkl', offset: 26, seen: { call: "posix.system('true')" } });
    expect(await scanBytes(archive(`good, ${coder}`), 'model.7z')).toMatchObject({ status: 'complete', verdict: 'clean' });
  });
  it('is a mismatch under the name of a model', async () => {
    const { verdict, findings } = await scanBytes(archive('good, lzma2'), 'pytorch_model.bin');
    expect(verdict).toBe('suspicious');
    expect(findings.map(({ rule }) => rule)).toEqual(['format-mismatch']);
  });
  it('says what it cannot unpack', async () => {
    const { status, verdict, findings } = await scanBytes(archive('encrypted'), 'a.7z');
    expect({ status, verdict }).toEqual({ status: 'incomplete', verdict: 'suspicious' });
    expect(findings.map(({ rule }) => rule)).toEqual(['zip-encrypted']);
  });
  it('undoes the filter for programs', async () => {
    const settings = scanSettings();
    const bytes = archive('calls and jumps');
    const { nested = [] } = await sevenZip.inspect(bytesSource('a', bytes), {
      path: 'a',
      depth: 0,
      budget: openBudget(settings),
      settings,
    });
    const content = await nested[0]?.source.read(0, 10_000);
    expect(
      createHash('sha256')
        .update(content ?? '')
        .digest('hex'),
    ).toBe(fixture['calls and jumps, sha256']);
  });
  it('is looked at behind its end', async () => {
    expect(await scanBytes(concat(archive('good, lzma2'), PAYLOAD), 'a.7z')).toMatchObject({ verdict: 'malicious' });
  });
  it('fails with a code or gives findings, whatever is changed', async () => {
    const bytes = archive('evil, lzma2');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const broken = bytes.slice();
        broken[at] = value;
        const { verdict, status } = await scanBytes(broken, 'a.7z');
        if (verdict === 'clean') expect(status).toBe('complete');
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});
