import { canonicalLicenseId, isDeprecatedLicenseId } from '../core/spdx.js';
import type { License } from '../schema/index.js';
import { entryOf } from './values.js';

/** Licences of the Hugging Face Hub that name a family, not a licence. */
const FAMILIES = new Set(['bsd', 'cc', 'gfdl', 'gpl', 'lgpl', 'openrail']);

/** Ids of the Hub that mean an SPDX id of another spelling. */
const OTHER_SPELLINGS: Readonly<Record<string, string>> = {
  odbl: 'ODbL-1.0',
  'odc-by': 'ODC-By-1.0',
  pddl: 'PDDL-1.0',
  'c-uda': 'C-UDA-1.0',
  'lgpl-lr': 'LGPLLR',
};

/** Licences that the Hub lists and SPDX does not. */
const UNLISTED = new Set(
  (
    'apple-amlr apple-ascl bigcode-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m creativeml-openrail-m deepfloyd-if-license fair-noncommercial-research-license ' +
    'gemma grok2-community h-research intel-research llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 openmdw-1.1 openrail++'
  ).split(' '),
);

/** A licence as the Hub writes it, as SPDX says it; what has no SPDX expression keeps its own words. */
export function hubLicense(id: string): License {
  const key = id.trim().toLowerCase();
  if (FAMILIES.has(key)) return { name: id, kind: 'declared', note: 'a family of licences; which one is meant is not said' };
  const respelled = entryOf(OTHER_SPELLINGS, key);
  if (respelled !== undefined) return { expression: respelled, kind: 'declared', note: `declared as \`${id}\`` };
  const official = canonicalLicenseId(key);
  if (official !== undefined && isDeprecatedLicenseId(official))
    return { name: official, kind: 'declared', note: 'does not say whether later versions are allowed' };
  if (official !== undefined) return { expression: official, kind: 'declared' };
  // `+` may not stand in a LicenseRef.
  if (UNLISTED.has(key)) return { expression: `LicenseRef-${key.replace(/\+\+/g, '-plus-plus')}`, kind: 'declared' };
  return { name: id, kind: 'declared' };
}

/** Words that say nothing about the licence. */
export const isNoLicense = (id: string): boolean => /^(other|unknown|none|null|n\/a)?$/i.test(id.trim());
