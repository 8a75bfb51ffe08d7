import type { JsonValue } from '../../core/canonical-json.js';

/**
 * Properties whose string values (or items) are ids of other things in the document. One name means the same
 * everywhere, but for `coverage.datasets`, which is a word and not a list of ids.
 */
export const ID_PROPERTIES: ReadonlySet<string> = new Set([
  'affects',
  'authors',
  'by',
  'custodian',
  'dataset',
  'datasets',
  'dependsOn',
  'derivedFrom',
  'environment',
  'issuer',
  'maintainer',
  'parent',
  'parents',
  'part',
  'party',
  'producer',
  'provider',
  'recipient',
  'ref',
  'signer',
  'subcontractors',
  'supplier',
]);

/** `governance.roles`: every value of the map may be an id. */
const ID_MAPS: ReadonlySet<string> = new Set(['roles']);

/** Objects that hold what somebody else named: nothing below them is an id of the document. */
export const FREE_FORM: ReadonlySet<string> = new Set([
  'chatTemplates',
  'extensions',
  'foreign',
  'generationDefaults',
  'hyperparameters',
  'keys',
  'metadata',
  'parameters',
  'settings',
  'variables',
]);

/** Objects whose `id` is a number in somebody else's register. */
const OTHER_IDS: ReadonlySet<string> = new Set(['run', 'controls', 'vulnerabilities', 'incidents', 'standards']);

/** The document with ids replaced where they stand and where they are referred to. */
export function renameIds<T>(document: T, names: ReadonlyMap<string, string>): T {
  // The copy has the shape of the original: only strings change, to strings.
  return names.size === 0 ? document : (rename(document as JsonValue, '', '', names) as T);
}

function rename(value: JsonValue, key: string, parent: string, names: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'string') return holdsId(key, parent) ? (names.get(value) ?? value) : value;
  if (typeof value !== 'object' || value === null || FREE_FORM.has(key)) return value;
  if (Array.isArray(value)) return value.map((item) => rename(item, key, parent, names));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rename(member, name, key, names)]));
}

/** Does the string under `key`, in the object or list under `parent`, name a thing of the document? */
export function holdsId(key: string, parent: string): boolean {
  // `coverage.datasets` is a word.
  if (parent === 'coverage' || FREE_FORM.has(parent)) return false;
  if (key === 'id') return !OTHER_IDS.has(parent);
  return ID_PROPERTIES.has(key) || ID_MAPS.has(parent);
}
