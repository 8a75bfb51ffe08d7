/** Is what the index holds what the commit holds? Both are trees, whose ids say it. */
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { hashed } from './hash.js';
import type { IndexEntry } from './index-file.js';
import { hex, latin1, type ObjectStore } from './objects.js';
import type { Repository } from './repository.js';

const TREE = 0o40000;
const MAX_DEPTH = 1024;

/** Undefined when the commit or a tree of it cannot be read. */
export async function isCommitted(
  store: ObjectStore,
  { digits }: Repository,
  commit: string | undefined,
  entries: readonly IndexEntry[],
): Promise<boolean | undefined> {
  if (commit === undefined) return entries.length === 0;
  const tree = await treeOf(store, digits, commit);
  if (tree === undefined) return undefined;
  const computed = treesOf(entries, digits);
  const root = computed.get('');
  if (root === tree) return true;
  const canonical = await canonicalTree({ store, digits, computed }, tree, '', 0);
  return canonical === undefined ? undefined : canonical === root;
}

/** Id of the tree of a commit. */
async function treeOf(store: ObjectStore, digits: 40 | 64, commit: string): Promise<string | undefined> {
  const object = await store.read(commit);
  const text = object?.type === 'commit' ? latin1(object.body.subarray(0, 5 + digits)) : '';
  return text.startsWith('tree ') ? text.slice(5) : undefined;
}

/** Ids of the files of a commit by path; undefined when it cannot be read or has more of them than that. */
export async function committedFiles(
  store: ObjectStore,
  { digits }: Repository,
  commit: string,
  maxFiles: number,
): Promise<ReadonlyMap<string, string> | undefined> {
  const files = new Map<string, string>();
  const root = await treeOf(store, digits, commit);
  const open = root === undefined ? [] : [{ id: root, prefix: '', depth: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const tree = at.depth > MAX_DEPTH ? undefined : await store.read(at.id);
    if (tree?.type !== 'tree') return undefined;
    for (const { mode, name, id } of rowsOf(tree.body, digits) ?? []) {
      const path = `${at.prefix}${name}`;
      if (mode === TREE) open.push({ id, prefix: `${path}/`, depth: at.depth + 1 });
      else files.set(path, id);
      if (files.size + open.length > maxFiles) return undefined;
    }
  }
  return root === undefined ? undefined : files;
}

/** Undefined when the bytes are no tree. */
function rowsOf(
  body: Uint8Array,
  digits: 40 | 64,
): readonly { readonly mode: number; readonly name: string; readonly id: string }[] | undefined {
  const rows: { readonly mode: number; readonly name: string; readonly id: string }[] = [];
  for (let at = 0; at < body.byteLength; ) {
    const zero = body.indexOf(0, at);
    const space = body.indexOf(0x20, at);
    const end = zero + 1 + digits / 2;
    if (zero === -1 || space === -1 || space > zero || end > body.byteLength) return undefined;
    const mode = canonicalMode(Number.parseInt(latin1(body.subarray(at, space)), 8));
    rows.push({ mode, name: new TextDecoder().decode(body.subarray(space + 1, zero)), id: hex(body.subarray(zero + 1, end)) });
    at = end;
  }
  return rows;
}

/** Ids by path of the trees that a commit of the entries would make; the root has the path ''. */
export function treesOf(entries: readonly IndexEntry[], digits: 40 | 64): ReadonlyMap<string, string> {
  const computed = new Map<string, string>();
  const open: { readonly path: string; readonly rows: Uint8Array[] }[] = [{ path: '', rows: [] }];
  const close = (): void => {
    const done = open.pop();
    if (done === undefined) return;
    const id = hashed(digits, 'tree', concatenated(done.rows));
    computed.set(done.path, id);
    open.at(-1)?.rows.push(row(TREE, done.path.slice(done.path.lastIndexOf('/') + 1), id));
  };
  for (const { path, mode, id } of entries) {
    const name = path.endsWith('/') ? path.slice(0, -1) : path;
    const at = name.lastIndexOf('/');
    const directory = at === -1 ? '' : name.slice(0, at);
    while (open.length > 1 && !`${directory}/`.startsWith(`${open.at(-1)?.path}/`)) close();
    const known = open.at(-1)?.path ?? '';
    const below = directory.slice(known === '' ? 0 : known.length + 1);
    let current = known;
    for (const part of below === '' ? [] : below.split('/')) {
      current = current === '' ? part : `${current}/${part}`;
      open.push({ path: current, rows: [] });
    }
    if (mode === TREE) computed.set(name, id);
    open.at(-1)?.rows.push(row(mode, name.slice(at + 1), id));
  }
  while (open.length > 0) close();
  return computed;
}

function row(mode: number, name: string, id: string): Uint8Array {
  return concatenated([utf8ToBytes(`${mode.toString(8)} ${name}\0`), hexToBytes(id)]);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

interface Walk {
  readonly store: ObjectStore;
  readonly digits: 40 | 64;
  readonly computed: ReadonlyMap<string, string>;
}

/**
 * The id that a tree would have if its modes were those of today: old tools wrote others, such as 100664, which git takes
 * for the same. Trees that the index has too are not read.
 */
async function canonicalTree(walk: Walk, id: string, path: string, depth: number): Promise<string | undefined> {
  if (walk.computed.get(path) === id) return id;
  const tree = depth > MAX_DEPTH ? undefined : await walk.store.read(id);
  if (tree?.type !== 'tree') return undefined;
  const rows: Uint8Array[] = [];
  const { body } = tree;
  for (let at = 0; at < body.byteLength; ) {
    const zero = body.indexOf(0, at);
    const space = body.indexOf(0x20, at);
    const end = zero + 1 + walk.digits / 2;
    if (zero === -1 || space === -1 || space > zero || end > body.byteLength) return undefined;
    const mode = canonicalMode(Number.parseInt(latin1(body.subarray(at, space)), 8));
    const name = body.subarray(space + 1, zero);
    let child: string | undefined = hex(body.subarray(zero + 1, end));
    if (mode === TREE) {
      const text = new TextDecoder().decode(name);
      child = await canonicalTree(walk, child, path === '' ? text : `${path}/${text}`, depth + 1);
      if (child === undefined) return undefined;
    }
    rows.push(concatenated([utf8ToBytes(`${mode.toString(8)} `), name, new Uint8Array(1), hexToBytes(child)]));
    at = end;
  }
  return hashed(walk.digits, 'tree', concatenated(rows));
}

/** Files have two modes; links, directories and submodules one. */
function canonicalMode(mode: number): number {
  const kind = mode & 0o170000;
  if (kind === 0o100000) return (mode & 0o100) !== 0 ? 0o100755 : 0o100644;
  return kind === 0o120000 || kind === TREE ? kind : 0o160000;
}
