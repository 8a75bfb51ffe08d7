/**
 * What a licence forbids or passes on, as far as it matters for a model made from the licensed thing.
 * Facts about the texts, no legal advice; a licence without an entry is not judged.
 */
export interface LicenseTraits {
  /** Forbids commercial use. */
  readonly nonCommercial?: true;
  /** Asks that works made from it carry the same licence. */
  readonly shareAlike?: true;
  /** Forbids works made from it. */
  readonly noDerivatives?: true;
  /** Carries use restrictions that must be passed on. */
  readonly useRestrictions?: true;
  /** Lets nearly everything be done, without passing anything on but a notice. */
  readonly permissive?: true;
}

interface Entry extends LicenseTraits {
  readonly pattern: RegExp;
}

/** First match decides. */
const ENTRIES: readonly Entry[] = [
  { pattern: /^CC-BY-NC-SA-/, nonCommercial: true, shareAlike: true },
  { pattern: /^CC-BY-NC-ND-/, nonCommercial: true, noDerivatives: true },
  { pattern: /^CC-BY-NC-/, nonCommercial: true },
  { pattern: /^CC-BY-ND-/, noDerivatives: true },
  { pattern: /^CC-BY-SA-/, shareAlike: true },
  { pattern: /^(A?GPL|OSL|EUPL|CC-SA|ODbL)-/, shareAlike: true },
  { pattern: /^LicenseRef-(.*)(noncommercial|non-commercial|research)/i, nonCommercial: true },
  { pattern: /^LicenseRef-(.*)(rail|llama|gemma|deepfloyd|grok)/i, useRestrictions: true },
  {
    pattern:
      /^(MIT(-0)?|Apache-2\.0|BSD-[123]-Clause|ISC|0BSD|Unlicense|CC0-1\.0|CC-BY-\d|Zlib|BSL-1\.0|PDDL-1\.0|ODC-By-1\.0|CDLA-Permissive-)/,
    permissive: true,
  },
];

export function licenseTraits(id: string): LicenseTraits {
  return ENTRIES.find(({ pattern }) => pattern.test(id)) ?? {};
}
