/** One thing of each kind, and one word of each list, that standards have words for. */
import { at, sha256 } from './values.mjs';

/** One of each kind, where standards have words for kinds of things. */
const kinds = (words, of) => Object.fromEntries(words.split(' ').map((word) => [`every-${word}`, of(word)]));
export const COMPONENTS = kinds(
  'application framework library container platform operating-system device device-driver firmware data machine-learning-model cryptographic-asset source archive install bom configuration disk-image filesystem-image documentation evidence executable manifest module patch specification test other',
  (type) => ({ type, name: `one ${type}` }),
);
export const DOCUMENTS = kinds(
  'model-card system-card data-card datasheet technical-report research-paper evaluation-report acceptable-use-policy license instructions-for-use inference-code preprocessing-code evaluation-code supporting-libraries sample-outputs illustration vex eu-declaration changelog readme security-policy sbom other',
  (type) => ({ type, title: `one ${type}`, uri: at(type) }),
);
export const ROLES = Object.fromEntries(
  'weights adapter config tokenizer code checkpoint optimizer-state index template data license signature archive container document other'
    .split(' ')
    .map((role) => [`roles/${role}`, { role, size: 1, digest: sha256(`file of the role ${role}`) }]),
);
export const WEAKNESSES = {
  ...kinds('not_affected affected exploitable fixed under_investigation', (status) => ({
    id: `EXAMPLE-${status}`,
    affects: ['torch'],
    status,
    fix: `fix of what is ${status}`,
  })),
  ...kinds(
    'component_not_present vulnerable_code_not_present vulnerable_code_not_in_execute_path vulnerable_code_cannot_be_controlled_by_adversary inline_mitigations_already_exist',
    (justification) => ({ id: `EXAMPLE-${justification}`, affects: ['torch'], status: 'not_affected', justification }),
  ),
  'cvss-3.0': { id: 'EXAMPLE-3.0', affects: ['torch'], score: 'CVSS:3.0/AV:L/AC:H/PR:L/UI:R/S:C/C:L/I:L/A:N' },
  'cvss-4.0': { id: 'EXAMPLE-4.0', severity: 'low', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N' },
};
const SOURCES = 'coal oil natural-gas nuclear wind solar geothermal hydropower biofuel unknown other'.split(' ');
export const ENERGY = 'design data-collection data-preparation training fine-tuning validation deployment inference other'
  .split(' ')
  .map((activity, i) => ({ activity, kilowattHours: i + 1, source: SOURCES[i] }));
export const EVERY_MODALITY = 'text image audio video tabular timeseries graph sensor other code point-cloud multimodal'.split(' ');
