/** Which tags stand at a commit. */
import type { Sight } from '../sight.js';
import { type ObjectStore, objectStore } from './objects.js';
import { isRefName, objectId, type PackedRefs, type Repository } from './repository.js';

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

export async function tagsAt(sight: Sight, repository: Repository, packed: PackedRefs, commit: string): Promise<Tags> {
  const loose = await looseTags(sight, repository);
  const all = new Map([...packed].filter(([name]) => name.startsWith(PREFIX)));
  for (const [name, id] of loose) {
    // The packed line of the same object knows what it stands for.
    if (all.get(name)?.id !== id) all.set(name, { id });
  }
  const store = objectStore(sight, repository);
  const annotated: string[] = [];
  const light: string[] = [];
  const unread: string[] = [];
  try {
    for (const [ref, { id, peeled }] of all) {
      const name = ref.slice(PREFIX.length);
      if (id === commit) light.push(name);
      else if (peeled === undefined) {
        const target = await peel(store, id, MAX_CHAIN);
        if (target === commit) annotated.push(name);
        if (target === undefined) unread.push(name);
      } else if (peeled === commit) annotated.push(name);
    }
  } finally {
    await store.close();
  }
  return { names: [...annotated.sort(), ...light.sort()], unread };
}

/** The object at the end of a chain of tags; undefined when one of them cannot be read. */
async function peel(store: ObjectStore, id: string, steps: number): Promise<string | undefined> {
  if (steps === 0) return undefined;
  const object = await store.find(id);
  if (object === undefined || (object.type === 'tag' && object.names === undefined)) return undefined;
  return object.names === undefined ? id : peel(store, object.names, steps - 1);
}

async function looseTags(sight: Sight, repository: Repository): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const visit = async (name: string, depth: number): Promise<void> => {
    for (const entry of await sight.list(`${repository.common}/${name}`)) {
      const path = `${name}/${entry}`;
      if (found.size >= MAX_LOOSE || !isRefName(path)) continue;
      const id = objectId(await sight.text(`${repository.common}/${path}`, 64 * 1024), repository);
      if (id !== undefined) found.set(path, id);
      else if (depth < MAX_DEPTH) await visit(path, depth + 1);
    }
  };
  await visit('refs/tags', 0);
  return found;
}
