/** Links of a group: symbol tables, link messages, dense storage. Source: HDF5 File Format Specification 4.0, III.A-D, IV.A.2. */
import type { Block } from './block.js';
import { decodeText } from './block.js';
import { readDense } from './dense.js';
import { blockAt, countItems, type Hdf5File, keepBytes, visitOnce } from './file.js';
import { MESSAGE, type Message } from './header.js';

export interface Link {
  readonly name: string;
  readonly target:
    | { readonly kind: 'hard'; readonly address: number }
    | { readonly kind: 'soft'; readonly path: string }
    | { readonly kind: 'external'; readonly file: string; readonly path: string };
}

const MAX_DEPTH = 64;

/** The links of an object, by name; undefined when it is no group. */
export async function readLinks(file: Hdf5File, messages: readonly Message[]): Promise<readonly Link[] | undefined> {
  const links: Link[] = [];
  let isGroup = false;
  for (const { type, data } of messages) {
    if (type !== MESSAGE.symbolTable && type !== MESSAGE.linkInfo && type !== MESSAGE.link) continue;
    isGroup = true;
    if (type === MESSAGE.symbolTable) await readSymbolTable(file, data, links);
    else if (type === MESSAGE.link) addLink(file, links, readLink(file, data));
    else await readLinkInfo(file, data, links);
  }
  return isGroup ? links.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) : undefined;
}

function addLink(file: Hdf5File, links: Link[], link: Link | undefined): void {
  if (link === undefined) return;
  keepBytes(file, link.name.length, file.base);
  links.push(link);
}

/** Version, flags, then optional type, creation order and character set; the name; where the link leads. */
function readLink(file: Hdf5File, data: Block): Link | undefined {
  data.version('link message', [1]);
  const flags = data.u8();
  const type = (flags & 8) !== 0 ? data.u8() : 0;
  data.skip(((flags & 4) !== 0 ? 8 : 0) + ((flags & 16) !== 0 ? 1 : 0));
  const name = decodeText(data.bytes(data.uint(1 << (flags & 3))));
  if (type === 0) return hardLink(name, data.address());
  if (type === 1) return { name, target: { kind: 'soft', path: decodeText(data.bytes(data.u16())) } };
  if (type !== 64) {
    file.notInspected.add('user-defined links');
    return undefined;
  }
  const external = data.block(data.u16());
  external.skip(1);
  return { name, target: { kind: 'external', file: external.cString(), path: external.cString() } };
}

const hardLink = (name: string, address: number | undefined): Link | undefined =>
  address === undefined ? undefined : { name, target: { kind: 'hard', address } };

/** Version, flags, largest creation order, fractal heap, name index. Few links stand in messages and have no heap. */
async function readLinkInfo(file: Hdf5File, data: Block, links: Link[]): Promise<void> {
  data.version('link info message', [0]);
  const flags = data.u8();
  data.skip((flags & 1) !== 0 ? 8 : 0);
  const heap = data.address();
  const tree = data.address();
  if (heap === undefined || tree === undefined) return;
  for (const object of (await readDense(file, heap, tree)) ?? []) addLink(file, links, readLink(file, object));
}

/** Address of a version 1 B-tree and of the local heap with the names. */
async function readSymbolTable(file: Hdf5File, data: Block, links: Link[]): Promise<void> {
  const tree = data.address();
  const heap = data.address();
  if (tree === undefined || heap === undefined) return;
  await readTree(file, tree, await localHeap(file, heap), links, 0);
}

/** All names of a local heap: signature, version, bytes, free list, address of the data. */
export async function localHeap(file: Hdf5File, address: number): Promise<Block> {
  const head = await blockAt(file, address, 8 + 2 * file.lengthBytes + file.offsetBytes);
  head.signature('HEAP');
  head.version('local heap', [0]);
  head.skip(3);
  const size = head.size();
  head.size();
  const data = head.address();
  if (data === undefined) throw head.malformed('a local heap has no data');
  return (await blockAt(file, data, size)).copy();
}

/** A node: signature, type, level, entries, siblings; then a key and a child in turn. */
async function readTree(file: Hdf5File, address: number, names: Block, links: Link[], depth: number): Promise<void> {
  visitOnce(file, address, 'B-tree node');
  const head = await blockAt(file, address, 8 + 2 * file.offsetBytes);
  head.signature('TREE');
  const type = head.u8();
  const level = head.u8();
  const entries = head.u16();
  if (type !== 0 || depth > MAX_DEPTH) throw head.malformed('a B-tree has an impossible form');
  const bytes = entries * (file.lengthBytes + file.offsetBytes);
  const node = (await blockAt(file, address + 8 + 2 * file.offsetBytes, bytes)).copy();
  countItems(file, entries, node.offset);
  for (let i = 0; i < entries; i++) {
    node.skip(file.lengthBytes);
    const child = node.address();
    if (child === undefined) throw node.malformed('a B-tree node has a child that is nowhere');
    if (level === 0) await readSymbols(file, child, names, links);
    else await readTree(file, child, names, links, depth + 1);
  }
}

/** A leaf: signature, version, reserved, count; then name, object header, kind of cache, reserved, 16 bytes of it. */
async function readSymbols(file: Hdf5File, address: number, names: Block, links: Link[]): Promise<void> {
  visitOnce(file, address, 'symbol table node');
  const head = await blockAt(file, address, 8);
  head.signature('SNOD');
  head.version('symbol table node', [1]);
  head.skip(1);
  const count = head.u16();
  const node = (await blockAt(file, address + 8, count * (file.lengthBytes + file.offsetBytes + 24))).copy();
  countItems(file, count, node.offset);
  for (let i = 0; i < count; i++) {
    const name = nameAt(file, names, node.uint(file.lengthBytes));
    const object = node.address();
    const cache = node.u32();
    node.skip(4);
    const scratch = node.block(16);
    if (cache === 2) links.push({ name, target: { kind: 'soft', path: nameAt(file, names, scratch.u32()) } });
    else addLink(file, links, hardLink(name, object));
  }
}

/** The name at an offset of a local heap; many may name one, so what is read is counted. */
export function nameAt(file: Hdf5File, names: Block, offset: number): string {
  const name = names.from(offset).cString();
  keepBytes(file, name.length, names.offset);
  return name;
}
