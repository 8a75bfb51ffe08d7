/**
 * Objects of a fractal heap: blocks that double in size, found by the object's offset.
 * Source: HDF5 File Format Specification 4.0, III.G.
 */
import type { Block } from './block.js';
import { blockAt, type Hdf5File, keepBytes } from './file.js';

export interface FractalHeap {
  /** Bytes of an offset and of a length in a heap id. */
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** Blocks in a row. */
  readonly width: number;
  readonly startBytes: number;
  readonly maxDirectBytes: number;
  readonly root: number | undefined;
  /** Rows of the root block; 0 when it is a direct block. */
  readonly rootRows: number;
}

const MAX_ROWS = 128;
const MAX_STEPS = 64;

/** The head of a heap; undefined for a compressed one, which is noted. */
export async function openHeap(file: Hdf5File, address: number): Promise<FractalHeap | undefined> {
  const block = await blockAt(file, address, 22 + 12 * file.lengthBytes + 3 * file.offsetBytes);
  block.signature('FRHP');
  block.version('fractal heap', [0]);
  block.skip(2);
  const filterBytes = block.u16();
  block.skip(1);
  const maxObjectBytes = block.u32();
  // Huge objects: next id, tree; free space: bytes, manager; then six counters and the two of tiny objects.
  block.skip(10 * file.lengthBytes + 2 * file.offsetBytes);
  const width = block.u16();
  const startBytes = block.size();
  const maxDirectBytes = block.size();
  const offsetBytes = Math.ceil(block.u16() / 8);
  block.skip(2);
  const root = block.address();
  const rootRows = block.u16();
  if (filterBytes > 0) {
    file.notInspected.add('links or attributes in a compressed heap');
    return undefined;
  }
  if (width === 0 || startBytes === 0 || maxDirectBytes < startBytes || offsetBytes === 0 || offsetBytes > 8 || rootRows > MAX_ROWS)
    throw block.malformed('a fractal heap has an impossible form');
  const lengthBytes = Math.min(bytesOf(maxDirectBytes), bytesOf(maxObjectBytes));
  return { offsetBytes, lengthBytes, width, startBytes, maxDirectBytes, root, rootRows };
}

const bytesOf = (value: number): number => Math.max(1, Math.floor(Math.log2(Math.max(1, value)) / 8) + 1);

/** The object that a heap id names; undefined for a kind of object that is not read, which is noted. */
export async function heapObject(file: Hdf5File, heap: FractalHeap, id: Block): Promise<Block | undefined> {
  const head = id.u8();
  const kind = (head >> 4) & 3;
  if (kind === 2) return id.block(Math.min((head & 15) + 1, id.remaining));
  if (kind !== 0) {
    file.notInspected.add('links or attributes outside of their heap');
    return undefined;
  }
  const offset = id.uint(heap.offsetBytes);
  const length = id.uint(heap.lengthBytes);
  const place = heap.root === undefined ? undefined : await locate(file, heap, heap.root, offset);
  if (place === undefined || place.within + length > place.bytes) throw id.malformed('a heap id leads out of its heap');
  keepBytes(file, length, id.offset);
  return (await blockAt(file, place.address + place.within, length)).copy();
}

interface Place {
  readonly address: number;
  readonly bytes: number;
  /** Offset in the block, whose own head counts too. */
  readonly within: number;
}

/** Goes down the indirect blocks to the direct block that holds a heap offset. */
async function locate(file: Hdf5File, heap: FractalHeap, root: number, offset: number): Promise<Place | undefined> {
  if (heap.rootRows === 0) return { address: root, bytes: heap.startBytes, within: offset };
  const directRows = Math.log2(heap.maxDirectBytes) - Math.log2(heap.startBytes) + 2;
  let address = root;
  let rows = heap.rootRows;
  let within = offset;
  for (let step = 0; step < MAX_STEPS; step++) {
    const entry = entryOf(heap, rows, within);
    if (entry === undefined) return undefined;
    const child = await childAddress(file, heap, address, entry.index);
    if (child === undefined) return undefined;
    within -= entry.start;
    if (entry.row < directRows) return { address: child, bytes: entry.bytes, within };
    address = child;
    rows = Math.floor(Math.log2(entry.bytes) - Math.log2(heap.startBytes * heap.width)) + 1;
    if (rows < 1 || rows > MAX_ROWS) return undefined;
  }
  return undefined;
}

/** Rows 0 and 1 have blocks of the starting size, each further row of twice the size before. */
function entryOf(
  { width, startBytes }: FractalHeap,
  rows: number,
  offset: number,
): { row: number; index: number; start: number; bytes: number } | undefined {
  let start = 0;
  for (let row = 0; row < rows; row++) {
    const bytes = startBytes * 2 ** Math.max(0, row - 1);
    if (offset < start + bytes * width) {
      const column = Math.floor((offset - start) / bytes);
      return { row, index: row * width + column, start: start + column * bytes, bytes };
    }
    start += bytes * width;
  }
  return undefined;
}

/** Signature, version, heap, offset of the block; then the addresses of the children. */
async function childAddress(file: Hdf5File, heap: FractalHeap, address: number, index: number): Promise<number | undefined> {
  const head = await blockAt(file, address, 4);
  head.signature('FHIB');
  const before = 5 + file.offsetBytes + heap.offsetBytes + index * file.offsetBytes;
  return (await blockAt(file, address + before, file.offsetBytes)).address();
}
