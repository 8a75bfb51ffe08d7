import { canonicalize } from '../../core/canonical-json.js';

type Item = Readonly<Record<string, unknown>>;

/** How the items of a list are told apart. `exact` joins equal things; `loose` pairs the old and the new of one thing. */
interface Identity {
  readonly exact: (item: Item) => string;
  readonly loose?: (item: Item) => string;
}

const text = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : canonicalize(value));
const fields =
  (...names: readonly string[]) =>
  (item: Item): string =>
    names.map((name) => text(item[name])).join('\u0000');
const purl = (item: Item): string | undefined => {
  const identifiers = Array.isArray(item.identifiers) ? (item.identifiers as readonly Item[]) : [];
  return identifiers.find((identifier) => identifier.type === 'purl')?.value as string | undefined;
};

/** By the name of the list. A list without an entry holds values that are equal only when all of them is. */
const IDENTITIES: Readonly<Record<string, Identity>> = {
  adapters: { exact: fields('id') },
  ancestors: { exact: (item) => purl(item) ?? fields('name', 'version')(item), loose: fields('name') },
  artifacts: { exact: fields('path') },
  authors: { exact: (item) => text(item.name) },
  changes: { exact: fields('date', 'version', 'kind', 'description') },
  components: { exact: (item) => purl(item) ?? fields('type', 'group', 'name', 'version')(item), loose: fields('type', 'group', 'name') },
  datasets: { exact: fields('name', 'version'), loose: fields('name') },
  declarations: { exact: fields('pointer') },
  dependencies: { exact: fields('ref', 'kind') },
  documents: { exact: fields('type', 'uri', 'path', 'title') },
  environments: { exact: (item) => text(item.id ?? item.purpose) },
  evaluations: { exact: fields('name', 'task', 'uses', 'model', 'date'), loose: fields('name', 'task', 'uses', 'model') },
  files: { exact: fields('path') },
  identifiers: { exact: fields('type', 'value') },
  licenses: { exact: fields('kind', 'expression', 'name', 'scope'), loose: fields('kind', 'scope') },
  metrics: { exact: fields('name', 'slice', 'split', 'dataset') },
  parties: { exact: (item) => text(item.id ?? item.name) },
  parts: { exact: fields('id') },
  results: { exact: fields('name', 'slice', 'split', 'dataset') },
  robustnessTests: { exact: fields('attackClass', 'method', 'date'), loose: fields('attackClass', 'method') },
  services: { exact: fields('id', 'name', 'type') },
  stages: { exact: fields('name') },
  tools: { exact: fields('name', 'version'), loose: fields('name') },
  vulnerabilities: { exact: fields('id', 'affects'), loose: fields('id') },
};

/** The key under which an item of the list `list` is joined (`exact`) or compared (`loose`) with its like. */
export function identityOf(list: string, item: unknown, mode: 'exact' | 'loose'): string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return canonicalize(item);
  const identity = Object.hasOwn(IDENTITIES, list) ? IDENTITIES[list] : undefined;
  if (identity === undefined) return canonicalize(item);
  // An object: not null and not an array, by the line above.
  return (mode === 'loose' ? (identity.loose ?? identity.exact) : identity.exact)(item as Item);
}
