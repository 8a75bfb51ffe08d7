import { canonicalize, type JsonValue } from '../../core/canonical-json.js';
import type { Evidence, Manifest } from '../schema/index.js';

/** One value's evidence, before it is grouped. */
export interface ValueEvidence {
  readonly pointer: string;
  readonly origin: Evidence['origin'];
  readonly method: string;
  readonly source?: Evidence['source'];
  /** The source's own name for the value. */
  readonly key?: string | undefined;
  readonly confidence?: number | undefined;
  /** What the source says instead of what the manifest says. */
  readonly said?: JsonValue | undefined;
}

/** An entry of evidence with what its source said instead, by pointer: on its way to the specification's form, which has a place for it. */
export interface Dissent extends Evidence {
  readonly said?: { readonly [pointer: string]: JsonValue };
}

/** The evidence for a value: entries for its pointer, else those for the nearest parent that has some. */
export function evidenceFor(manifest: Manifest, pointer: string): readonly Evidence[] {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = (manifest.evidence ?? []).filter((entry) => entry.pointers.includes(at));
    if (found.length > 0 || at === '') return found;
  }
}

/** Evidence entries from single values: one entry for each source, method and origin. */
export function collectEvidence(values: readonly ValueEvidence[]): Dissent[] {
  const groups: Groups = new Map();
  // A manifest may have an entry for each of a hundred thousand components: none is made only to be joined.
  for (const { pointer, origin, method, source, key, confidence, said } of values) {
    const head = { origin, ...(source && { source }), method, ...(confidence === undefined ? {} : { confidence }) };
    note(groupOf(groups, head, said === undefined ? undefined : pointer), pointer, key, said);
  }
  return entriesOf(groups);
}

type Head = Omit<Dissent, 'pointers' | 'keys' | 'said'>;
interface Group {
  readonly head: Head;
  readonly pointers: Set<string>;
  readonly keys: Map<string, string>;
  readonly said: Map<string, JsonValue>;
}
type Groups = Map<string, Group>;

/** The group of a source. What it says instead of a value at `dissent` stands apart, and in another group where it said two such things. */
function groupOf(groups: Groups, head: Head, dissent?: string): Group {
  const id = sourceKey(head);
  for (let n = 0; ; n++) {
    const name = dissent === undefined ? id : `${id}\u0002${n}`;
    const known = groups.get(name);
    if (known !== undefined && dissent !== undefined && known.pointers.has(dissent)) continue;
    if (known !== undefined) return known;
    const group = { head, pointers: new Set<string>(), keys: new Map<string, string>(), said: new Map<string, JsonValue>() };
    groups.set(name, group);
    return group;
  }
}

function note({ pointers, keys, said }: Group, pointer: string, key: string | undefined, value: JsonValue | undefined): void {
  pointers.add(pointer);
  if (key !== undefined) keys.set(pointer, key);
  if (value !== undefined) said.set(pointer, value);
}

const entriesOf = (groups: Groups): Dissent[] =>
  [...groups.values()]
    .filter(({ pointers }) => pointers.size > 0)
    .map(({ head: { confidence, ...head }, pointers, keys, said }) => ({
      ...head,
      pointers: [...pointers],
      ...(keys.size > 0 ? { keys: Object.fromEntries(keys) } : {}),
      ...(confidence === undefined ? {} : { confidence }),
      ...(said.size > 0 ? { said: Object.fromEntries(said) } : {}),
    }));

/** The same for entries that may be joined. A directory has an entry for each of its files, so this must be quick. */
function sourceKey({ origin, method, confidence, source }: Head): string {
  const place =
    source === undefined ? '' : source.digest === undefined ? [source.path, source.uri, source.name].join('\u0000') : canonicalize(source);
  return [origin, method, confidence, source === undefined ? '-' : '+', place].join('\u0001');
}

/** Joins entries of the same origin, source, method and confidence; order of first appearance, no pointer twice. */
export function groupEvidence(entries: readonly Dissent[]): Dissent[] {
  const groups: Groups = new Map();
  for (const { pointers, keys = {}, said = {}, ...head } of entries) {
    const agreeing = groupOf(groups, head);
    for (const pointer of pointers) {
      const value = Object.hasOwn(said, pointer) ? said[pointer] : undefined;
      const key = Object.hasOwn(keys, pointer) ? keys[pointer] : undefined;
      note(value === undefined ? agreeing : groupOf(groups, head, pointer), pointer, key, value);
    }
  }
  return entriesOf(groups);
}

/** The entries with their pointers moved: each pointer under a moved one follows it, outermost moves first. */
export function remapEvidence(entries: readonly Dissent[], moved: ReadonlyMap<string, string>): Dissent[] {
  if (moved.size === 0) return [...entries];
  return entries.map((entry) => ({
    ...entry,
    pointers: entry.pointers.map((pointer) => follow(pointer, moved)),
    ...(entry.keys && { keys: Object.fromEntries(Object.entries(entry.keys).map(([pointer, key]) => [follow(pointer, moved), key])) }),
    ...(entry.said && { said: Object.fromEntries(Object.entries(entry.said).map(([pointer, said]) => [follow(pointer, moved), said])) }),
  }));
}

function follow(pointer: string, moved: ReadonlyMap<string, string>): string {
  const keys = pointer.split('/').slice(1);
  let at = '';
  for (const key of keys) {
    at = `${at}/${key}`;
    at = moved.get(at) ?? at;
  }
  return at;
}
