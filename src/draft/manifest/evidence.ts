import { canonicalize } from '../../core/canonical-json.js';
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
}

/** The evidence for a value: entries for its pointer, else those for the nearest parent that has some. */
export function evidenceFor(manifest: Manifest, pointer: string): readonly Evidence[] {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = (manifest.evidence ?? []).filter((entry) => entry.pointers.includes(at));
    if (found.length > 0 || at === '') return found;
  }
}

/** Evidence entries from single values: one entry for each source, method and origin. */
export function collectEvidence(values: readonly ValueEvidence[]): Evidence[] {
  const groups: Groups = new Map();
  // A manifest may have an entry for each of a hundred thousand components: none is made only to be joined.
  for (const { pointer, origin, method, source, key, confidence } of values) {
    const head = { origin, ...(source && { source }), method, ...(confidence === undefined ? {} : { confidence }) };
    const { pointers, keys } = groupOf(groups, head);
    pointers.add(pointer);
    if (key !== undefined) keys.set(pointer, key);
  }
  return entriesOf(groups);
}

type Head = Omit<Evidence, 'pointers' | 'keys'>;
type Groups = Map<string, { readonly head: Head; readonly pointers: Set<string>; readonly keys: Map<string, string> }>;

function groupOf(groups: Groups, head: Head): { readonly pointers: Set<string>; readonly keys: Map<string, string> } {
  const id = sourceKey(head);
  const known = groups.get(id);
  if (known !== undefined) return known;
  const group = { head, pointers: new Set<string>(), keys: new Map<string, string>() };
  groups.set(id, group);
  return group;
}

const entriesOf = (groups: Groups): Evidence[] =>
  [...groups.values()].map(({ head: { confidence, ...head }, pointers, keys }) => ({
    ...head,
    pointers: [...pointers],
    ...(keys.size > 0 ? { keys: Object.fromEntries(keys) } : {}),
    ...(confidence === undefined ? {} : { confidence }),
  }));

/** The same for entries that may be joined. A directory has an entry for each of its files, so this must be quick. */
function sourceKey({ origin, method, confidence, source }: Head): string {
  const place =
    source === undefined ? '' : source.digest === undefined ? [source.path, source.uri, source.name].join('\u0000') : canonicalize(source);
  return [origin, method, confidence, source === undefined ? '-' : '+', place].join('\u0001');
}

/** Joins entries of the same origin, source, method and confidence; order of first appearance, no pointer twice. */
export function groupEvidence(entries: readonly Evidence[]): Evidence[] {
  const groups: Groups = new Map();
  for (const { pointers, keys, ...head } of entries) {
    const group = groupOf(groups, head);
    for (const pointer of pointers) group.pointers.add(pointer);
    for (const [pointer, key] of Object.entries(keys ?? {})) group.keys.set(pointer, key);
  }
  return entriesOf(groups);
}

/** The entries with their pointers moved: each pointer under a moved one follows it, outermost moves first. */
export function remapEvidence(entries: readonly Evidence[], moved: ReadonlyMap<string, string>): Evidence[] {
  if (moved.size === 0) return [...entries];
  return entries.map((entry) => ({
    ...entry,
    pointers: entry.pointers.map((pointer) => follow(pointer, moved)),
    ...(entry.keys && { keys: Object.fromEntries(Object.entries(entry.keys).map(([pointer, key]) => [follow(pointer, moved), key])) }),
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
