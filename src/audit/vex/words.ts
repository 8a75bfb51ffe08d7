/**
 * Words of VEX in OpenVEX (which CSAF and SPDX 3 share) and in CycloneDX, and what is lost between them.
 * Sources: https://github.com/openvex/spec, CycloneDX 1.6 (`impactAnalysisState`, `impactAnalysisJustification`), SPDX 3.0.1 Security.
 */

export const STATUSES = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;
export type VexStatus = (typeof STATUSES)[number];

export const JUSTIFICATIONS = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;
export type VexJustification = (typeof JUSTIFICATIONS)[number];

interface Translated<T> {
  readonly word: T;
  /** The other standard has a word that means just the same. */
  readonly exact: boolean;
}

/** States of CycloneDX. */
const STATES: Readonly<Record<string, Translated<VexStatus>>> = {
  not_affected: { word: 'not_affected', exact: true },
  exploitable: { word: 'affected', exact: true },
  resolved: { word: 'fixed', exact: true },
  in_triage: { word: 'under_investigation', exact: true },
  resolved_with_pedigree: { word: 'fixed', exact: false },
  false_positive: { word: 'not_affected', exact: false },
};

/** Justifications of CycloneDX. */
const FROM_CYCLONEDX: Readonly<Record<string, Translated<VexJustification>>> = {
  code_not_present: { word: 'vulnerable_code_not_present', exact: true },
  code_not_reachable: { word: 'vulnerable_code_not_in_execute_path', exact: true },
  requires_configuration: { word: 'vulnerable_code_not_in_execute_path', exact: false },
  requires_dependency: { word: 'vulnerable_code_not_in_execute_path', exact: false },
  requires_environment: { word: 'vulnerable_code_not_in_execute_path', exact: false },
  protected_by_compiler: { word: 'inline_mitigations_already_exist', exact: false },
  protected_at_runtime: { word: 'inline_mitigations_already_exist', exact: false },
  protected_at_perimeter: { word: 'inline_mitigations_already_exist', exact: false },
  protected_by_mitigating_control: { word: 'inline_mitigations_already_exist', exact: true },
};

const TO_CYCLONEDX: Readonly<Record<VexJustification, Translated<string>>> = {
  component_not_present: { word: 'code_not_present', exact: false },
  vulnerable_code_not_present: { word: 'code_not_present', exact: true },
  vulnerable_code_not_in_execute_path: { word: 'code_not_reachable', exact: true },
  vulnerable_code_cannot_be_controlled_by_adversary: { word: 'protected_by_mitigating_control', exact: false },
  inline_mitigations_already_exist: { word: 'protected_by_mitigating_control', exact: true },
};

/** Words of SPDX 3 are those of OpenVEX in another spelling. */
const FROM_SPDX: Readonly<Record<string, VexJustification>> = Object.fromEntries(
  JUSTIFICATIONS.map((word) => [word.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), word]),
);

const entryOf = <T>(table: Readonly<Record<string, T>>, word: string | undefined): T | undefined =>
  word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;

export const statusOf = (word: unknown): VexStatus | undefined => STATUSES.find((each) => each === word);
export const justificationOf = (word: unknown): VexJustification | undefined => JUSTIFICATIONS.find((each) => each === word);

export const statusOfCycloneDX = (state: string | undefined): Translated<VexStatus> | undefined => entryOf(STATES, state);
export const justificationOfCycloneDX = (word: string | undefined): Translated<VexJustification> | undefined =>
  entryOf(FROM_CYCLONEDX, word);
export const justificationOfSpdx = (word: string | undefined): VexJustification | undefined => entryOf(FROM_SPDX, word);

/** The first state of CycloneDX that means it just so. */
export const stateFor = (status: VexStatus): string =>
  Object.entries(STATES).find(([, { word, exact }]) => word === status && exact)?.[0] ?? 'in_triage';

export const cycloneDXJustificationFor = (word: VexJustification): Translated<string> => TO_CYCLONEDX[word];
