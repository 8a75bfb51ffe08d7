/** Which tags stand at a commit. */
import { latin1, type ObjectStore } from './objects.js';
import { isRefName, objectId, type PackedRefs } from './refs.js';
import type { Repository } from './repository.js';

export interface Tags {
  /** Names, annotated ones first, each group in code point order. */
  readonly names: readonly string[];
  /** Tags whose object could not be read. */
  readonly unread: readonly string[];
}

const MAX_LOOSE = 10_000;
const MAX_DEPTH = 8;
const MAX_CHAIN = 5;
const PREFIX = 'refs/tags/';

export async function tagsAt(repository: Repository, packed: PackedRefs, store: ObjectStore, commit: string): Promise<Tags> {
  const loose = await looseTags(repository);
  const all = new Map([...packed].filter(([name]) => name.startsWith(PREFIX)));
  for (const [name, id] of loose) {
    // The packed line of the same object knows what it stands for.
    if (all.get(name)?.id !== id) all.set(name, { id });
  }
  const annotated: string[] = [];
  const light: string[] = [];
  const unread: string[] = [];
  for (const [ref, { id, peeled }] of all) {
    const name = ref.slice(PREFIX.length);
    if (id === commit) light.push(name);
    else if (peeled === undefined) {
      const target = await peel(store, id, repository.digits, MAX_CHAIN);
      if (target === commit) annotated.push(name);
      if (target === undefined) unread.push(name);
    } else if (peeled === commit) annotated.push(name);
  }
  return { names: [...annotated.sort(), ...light.sort()], unread };
}

/** The object at the end of a chain of tags; undefined when one of them cannot be read. */
async function peel(store: ObjectStore, id: string, digits: number, steps: number): Promise<string | undefined> {
  const object = steps === 0 ? undefined : await store.read(id);
  if (object === undefined) return undefined;
  if (object.type !== 'tag') return id;
  const named = new RegExp(`^object ([0-9a-f]{${digits}})\\n`).exec(latin1(object.body.subarray(0, 512)))?.[1];
  return named === undefined ? undefined : peel(store, named, digits, steps - 1);
}

async function looseTags(repository: Repository): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const visit = async (name: string, depth: number): Promise<void> => {
    for (const entry of await repository.sight.list(`${repository.common}/${name}`)) {
      const path = `${name}/${entry}`;
      if (found.size >= MAX_LOOSE || !isRefName(path)) continue;
      const id = objectId(await repository.sight.text(`${repository.common}/${path}`, 64 * 1024), repository);
      if (id !== undefined) found.set(path, id);
      else if (depth < MAX_DEPTH) await visit(path, depth + 1);
    }
  };
  await visit('refs/tags', 0);
  return found;
}
