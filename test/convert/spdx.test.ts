import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringifySPDX, toSPDX } from '../../src/convert/spdx/index.js';
import { checkSPDXSchema } from '../../src/convert/spdx/schema.js';
import { parseManifest } from '../../src/manifest/parse.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { meetsOfficialSchema, shaclFindings } from '../support/spdx-checks.js';

const read = (path: string) => parseManifest(readFileSync(new URL(path, import.meta.url), 'utf8'));
const MANIFESTS = {
  adapter: '../../docs/rules/base.json',
  hardware: '../corpus/1.0/valid/hardware.json',
  dataset: '../corpus/1.0/valid/dataset.json',
  energy: '../corpus/1.0/valid/energy.json',
  vulnerabilities: '../corpus/1.0/valid/vulnerabilities.json',
};

describe.each(Object.entries(MANIFESTS))('%s as SPDX 3.0.1', (name, path) => {
  const { document } = toSPDX(read(path));
  it('is the golden document', async () => {
    // The residual has tests of its own.
    const { document: native } = toSPDX(read(path), { residual: false });
    await expect(stringifySPDX(native)).toMatchFileSnapshot(`../fixtures/convert/${name}.spdx3.json`);
  });
  it('meets the official JSON schema and SHACL', async () => {
    expect(checkSPDXSchema(document)).toEqual([]);
    expect(meetsOfficialSchema(document)).toBe(true);
    expect(await shaclFindings(document)).toEqual([]);
  });
});

describe('generated manifests', () => {
  const numRuns = Math.min(Number(process.env.MSBOM_RUNS ?? 10), 200);
  it(`meet the official JSON schema and SHACL (${numRuns})`, { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryManifest, async (manifest: Manifest) => {
        const { document } = toSPDX(manifest);
        expect(meetsOfficialSchema(document)).toBe(true);
        expect(await shaclFindings(document)).toEqual([]);
      }),
      { numRuns },
    );
  });
});
