/**
 * The full manifest in every standard, as golden documents that were read line by line. `UPDATE_GOLDENS=1` writes them anew, and then,
 * in a second run, what is read of them: read what
 * changed as a user of the standard would.
 */
import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import type { CycloneDXVersion } from '../../src/convert/cyclonedx/index.js';
import { validateCycloneDX } from '../../src/convert/cyclonedx/strict.js';
import { TARGETS } from '../../src/convert/targets.js';
import { full } from '../support/full-manifest.js';
import { expectGolden, readGolden } from '../support/golden.js';
import { meetsOfficialSchema, shaclFindings } from '../support/spdx-checks.js';
import { breachesOfXsd } from '../support/xsd.js';

const spdx2Schema = JSON.parse(readFileSync(new URL('../support/spdx/spdx-schema-v2.3.json', import.meta.url), 'utf8')) as object;
const meetsSPDX2Schema = new Ajv2019({ strict: false, validateFormats: false }).compile(spdx2Schema);

type Check = (text: string, version: string) => Promise<unknown>;

/** What the official schema of each standard finds wrong, by the beginning of the target's name. */
const CHECKS: Readonly<Record<string, Check>> = {
  cyclonedx: (text, version) => validateCycloneDX(text, version as CycloneDXVersion),
  'cyclonedx-xml': async (text, version) => Object.values(await breachesOfXsd(version as CycloneDXVersion, { text })).flat(),
  spdx: async (text, version) => {
    const document = JSON.parse(text) as object;
    if (version === '2.3') return meetsSPDX2Schema(document) ? [] : meetsSPDX2Schema.errors;
    return [...(meetsOfficialSchema(document) ? [] : ['the JSON schema is not met']), ...(await shaclFindings(document))];
  },
};

const EXTENSIONS: Readonly<Record<string, string>> = { 'cyclonedx-xml': 'xml', 'spdx-tag-value': 'spdx' };
const targets = Object.keys(TARGETS).filter((target) => target !== 'msbom');
const nameOf = (target: string) => `full.${target}.${EXTENSIONS[target.split('@')[0] ?? ''] ?? 'json'}`;

describe.each(targets)('the full manifest as %s', (target) => {
  const [standard = '', version = ''] = target.split('@');
  it('is the golden document', async () => {
    const { text, problems } = (await TARGETS[target]?.(full)) ?? { text: '', problems: [] };
    expect(problems).toEqual([]);
    expectGolden(nameOf(target), text);
  });

  it.skipIf(CHECKS[standard] === undefined)('meets the official schema', { timeout: 120_000 }, async () => {
    expect(await CHECKS[standard]?.(readGolden(nameOf(target)), version)).toEqual([]);
  });
});

it('has a golden document for every target, and each but tag-value is checked by the official schema', () => {
  expect(targets.filter((target) => CHECKS[target.split('@')[0] ?? ''] === undefined)).toEqual(['spdx-tag-value@2.3']);
  expect(targets.length).toBe(9);
});
