/** An open HDF5 file: superblock, bounds, and blocks by address. */
import type { ByteSource } from '../../../core/byte-source.js';
import { MsbomError } from '../../../core/error.js';
import type { Limits } from '../../../core/limits.js';
import { openPages, type Pages } from '../pages.js';
import { Block, type BlockPlace } from './block.js';
import type { Datatype } from './datatype.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Place of an object in the global heap. */
export interface HeapObject {
  readonly address: number;
  readonly bytes: number;
}

export interface Hdf5File extends BlockPlace {
  readonly limits: Limits;
  readonly pages: Pages;
  readonly size: number;
  /** Offset that addresses count from; not zero behind a user block. */
  readonly base: number;
  /** Version of the superblock. */
  readonly version: number;
  readonly root: number;
  /** What was not looked into, as phrases. */
  readonly notInspected: Set<string>;
  /** Addresses of the nodes of trees: each belongs to one object, so a second visit is a loop. */
  readonly visited: Set<number>;
  /** Committed datatypes by the address of their object. */
  readonly datatypes: Map<number, Datatype>;
  /** What global heap collections hold, by their address. */
  readonly collections: Map<number, ReadonlyMap<number, HeapObject>>;
  readonly budget: { items: number; kept: number };
}

/** Is there a superblock at 0, 512, 1024, …? User blocks come before it. */
export function hdf5Offset(head: Uint8Array): number | undefined {
  for (let offset = 0; offset + 8 <= head.byteLength; offset = offset === 0 ? 512 : offset * 2)
    if (SIGNATURE.every((byte, i) => head[offset + i] === byte)) return offset;
  return undefined;
}

/**
 * Finds and reads the superblock, versions 0 to 3.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_FORMAT_UNSUPPORTED
 */
export async function openHdf5(source: ByteSource, limits: Limits): Promise<Hdf5File> {
  const pages = openPages(source, limits);
  const start = await findSuperblock(source, pages);
  const available = Math.min(source.size - start, 128);
  const place = { name: source.name, offsetBytes: 8, lengthBytes: 8 };
  const block = new Block(await pages.view(start, available), start, place);
  block.skip(8);
  const version = block.version('superblock', [0, 1, 2, 3]);
  const widths = version < 2 ? oldWidths(block, version) : newWidths(block);
  const rest = new Block(await pages.view(start + block.position, available - block.position), start + block.position, {
    ...place,
    ...widths,
  });
  const { root, end } = version < 2 ? oldRoot(rest) : newRoot(rest);
  const missing = end + start - source.size;
  if (missing > 0)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the file lacks ${missing} of the bytes that its superblock states`, {
      file: source.name,
      offset: source.size,
      hint: 'Fetch the file again; it is shorter than its own header says.',
    });
  return {
    ...place,
    ...widths,
    limits,
    pages,
    size: source.size,
    base: start,
    version,
    root,
    notInspected: new Set(),
    visited: new Set(),
    datatypes: new Map(),
    collections: new Map(),
    budget: { items: 0, kept: 0 },
  };
}

async function findSuperblock(source: ByteSource, pages: Pages): Promise<number> {
  for (let offset = 0; offset + 8 <= source.size; offset = offset === 0 ? 512 : offset * 2) {
    const view = await pages.view(offset, 8);
    if (SIGNATURE.every((byte, i) => view.getUint8(i) === byte)) return offset;
  }
  throw new MsbomError('ERR_FORMAT_MALFORMED', 'the file has no HDF5 superblock', { file: source.name, offset: 0 });
}

type Widths = Pick<BlockPlace, 'offsetBytes' | 'lengthBytes'>;

function oldWidths(block: Block, version: number): Widths {
  block.skip(4); // versions of free space, root entry, and shared messages
  const widths = checkedWidths(block);
  block.skip(1 + 2 + 2 + 4 + (version === 1 ? 4 : 0)); // ranks of trees, flags
  return widths;
}

function newWidths(block: Block): Widths {
  const widths = checkedWidths(block);
  block.skip(1);
  return widths;
}

function checkedWidths(block: Block): Widths {
  const offsetBytes = block.u8();
  const lengthBytes = block.u8();
  if (![2, 4, 8].includes(offsetBytes) || ![2, 4, 8].includes(lengthBytes))
    throw block.malformed(`addresses of ${offsetBytes} and lengths of ${lengthBytes} bytes are not allowed`);
  return { offsetBytes, lengthBytes };
}

/** Base, free space, end of file, driver; then the symbol table entry of the root group: name, header. */
function oldRoot(block: Block): { root: number; end: number } {
  const base = block.address() ?? 0;
  block.address();
  const end = block.address();
  block.address();
  block.address();
  return checkedRoot(block, block.address(), end, base);
}

/** Base, superblock extension, end of file, header of the root group. */
function newRoot(block: Block): { root: number; end: number } {
  const base = block.address() ?? 0;
  block.address();
  const end = block.address();
  return checkedRoot(block, block.address(), end, base);
}

/** The end counts from the start of the file as it was when written, and so does the base. */
function checkedRoot(block: Block, root: number | undefined, end: number | undefined, base: number): { root: number; end: number } {
  if (root === undefined || end === undefined || end < base) throw block.malformed('the superblock names no root group');
  return { root, end: end - base };
}

/**
 * `length` bytes at an address.
 * @throws ERR_FORMAT_TRUNCATED outside of the file, ERR_LIMIT_BYTES above `limits.maxHeaderBytes`
 */
export async function blockAt(file: Hdf5File, address: number, length: number): Promise<Block> {
  const offset = file.base + address;
  if (offset + length > file.size)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `${length} bytes are needed at offset ${offset}, the file has ${file.size} bytes`, {
      file: file.name,
      offset: Math.min(offset, Number.MAX_SAFE_INTEGER),
    });
  if (length > file.limits.maxHeaderBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a block says it has ${length} bytes`, { file: file.name, offset });
  return new Block(await file.pages.view(offset, length), offset, file);
}

/** Counts links, messages and records. */
export function countItems(file: Hdf5File, items: number, offset: number): void {
  file.budget.items += items;
  if (file.budget.items > file.limits.maxItems)
    throw new MsbomError('ERR_LIMIT_COUNT', `more than ${file.limits.maxItems} items`, { file: file.name, offset });
}

/** Counts bytes of names and values that are held until the file is read. */
export function keepBytes(file: Hdf5File, bytes: number, offset: number): void {
  file.budget.kept += bytes;
  if (file.budget.kept > file.limits.maxHeaderBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `links and attributes have more than ${file.limits.maxHeaderBytes} bytes`, {
      file: file.name,
      offset,
    });
}

/** @throws ERR_FORMAT_MALFORMED for a structure that was visited before */
export function visitOnce(file: Hdf5File, address: number, what: string): void {
  if (file.visited.has(address))
    throw new MsbomError('ERR_FORMAT_MALFORMED', `a ${what} is part of two structures or of itself`, {
      file: file.name,
      offset: file.base + address,
    });
  file.visited.add(address);
}
