/** Which items of a list that several sources add to are one thing. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';

type Item = { readonly [key: string]: JsonValue };

/** How the items of a list are told apart. */
interface Likeness {
  readonly identity: (item: Item) => string;
  /** Does one source name an item and another date it? Elsewhere two items that differ in what tells them apart are two. */
  readonly inParts?: true;
}

const text = (value: JsonValue | undefined): string => (value === undefined ? '' : typeof value === 'string' ? value : canonicalize(value));
const fields =
  (...names: readonly string[]) =>
  (item: Item): string =>
    names.map((name) => text(item[name])).join('\u0000');

function purl({ identifiers }: Item): string | undefined {
  const list = Array.isArray(identifiers) ? (identifiers as readonly Item[]) : []; // as collectors make them
  return list.find(({ type }) => type === 'purl')?.value as string | undefined;
}

/** By the last step of the list's place. */
const LIKENESS: Readonly<Record<string, Likeness>> = {
  authors: { identity: fields('name') },
  components: { identity: (item) => purl(item) ?? fields('type', 'group', 'name', 'version')(item) },
  composition: { identity: fields('id'), inParts: true },
  datasets: { identity: fields('name'), inParts: true },
  dependencies: { identity: fields('ref', 'kind') },
  documents: { identity: fields('type', 'uri', 'path', 'title') },
  environments: { identity: (item) => text(item.id ?? item.purpose), inParts: true },
  evaluations: { identity: fields('name', 'task', 'uses', 'model'), inParts: true },
  identifiers: { identity: fields('type', 'value') },
  licenses: { identity: fields('kind', 'expression', 'name', 'scope') },
  metrics: { identity: fields('name', 'slice') },
  parents: { identity: fields('name'), inParts: true },
  stages: { identity: fields('name') },
};

/** How items of the list `name` are told apart: where nothing is known of it, by all that is in them. */
export const likenessOf = (name: string): Likeness =>
  (Object.hasOwn(LIKENESS, name) ? LIKENESS[name] : undefined) ?? { identity: canonicalize };
