/**
 * Dense storage of links and attributes: a version 2 B-tree of heap ids and the fractal heap that they point into.
 * Source: HDF5 File Format Specification 4.0, III.A.2 and III.G.
 */
import type { Block } from './block.js';
import { blockAt, countItems, type Hdf5File, visitOnce } from './file.js';
import { heapObject, openHeap } from './fractal-heap.js';

/** Bytes between the start of a record and the heap id in it, by B-tree type. */
const ID_OFFSETS: Readonly<Record<number, number>> = { 5: 4, 6: 8, 8: 0, 9: 0 };
const MAX_DEPTH = 16;
const NODE_FRAME = 10;

/** The objects in dense storage, each as a block; undefined when the heap is of a kind that is not read, which is noted. */
export async function readDense(file: Hdf5File, heapAddress: number, treeAddress: number): Promise<readonly Block[] | undefined> {
  const heap = await openHeap(file, heapAddress);
  if (heap === undefined) return undefined;
  const objects: Block[] = [];
  for (const id of await heapIds(file, treeAddress)) {
    const object = await heapObject(file, heap, id);
    if (object !== undefined) objects.push(object);
  }
  return objects;
}

interface Tree {
  readonly type: number;
  readonly nodeBytes: number;
  readonly recordBytes: number;
  /** By level, 0 for leaves: bytes of the count of all records below a node, and of its pointers to children. */
  readonly levels: readonly { readonly pointerBytes: number; readonly totalBytes: number }[];
  readonly countBytes: number;
}

async function heapIds(file: Hdf5File, address: number): Promise<readonly Block[]> {
  const block = await blockAt(file, address, 22 + file.offsetBytes + file.lengthBytes);
  block.signature('BTHD');
  block.version('B-tree', [0]);
  const type = block.u8();
  const nodeBytes = block.u32();
  const recordBytes = block.u16();
  const depth = block.u16();
  block.skip(2);
  const root = block.address();
  const records = block.u16();
  if (ID_OFFSETS[type] === undefined) throw block.malformed(`a B-tree of type ${type} holds no links or attributes`);
  if (recordBytes < 8 || nodeBytes < NODE_FRAME + recordBytes || depth > MAX_DEPTH)
    throw block.malformed('a B-tree has an impossible form');
  const ids: Block[] = [];
  if (root !== undefined) await readNode(file, shapeOf(file, { type, nodeBytes, recordBytes, depth }), root, records, depth, ids);
  return ids;
}

/** Counts in a node have as many bytes as the most records that can be there need. */
function shapeOf(file: Hdf5File, { type, nodeBytes, recordBytes, depth }: Omit<Tree, 'levels' | 'countBytes'> & { depth: number }): Tree {
  const inLeaf = Math.floor((nodeBytes - NODE_FRAME) / recordBytes);
  const countBytes = bytesFor(inLeaf);
  const levels = [{ pointerBytes: 0, totalBytes: 0 }];
  let most = inLeaf;
  for (let level = 1; level <= depth; level++) {
    const below = levels[level - 1]?.totalBytes ?? 0;
    const pointerBytes = file.offsetBytes + countBytes + below;
    const here = Math.max(0, Math.floor((nodeBytes - NODE_FRAME - pointerBytes) / (recordBytes + pointerBytes)));
    most = (here + 1) * most + here;
    levels.push({ pointerBytes, totalBytes: bytesFor(most) });
  }
  return { type, nodeBytes, recordBytes, levels, countBytes };
}

const bytesFor = (value: number): number => Math.min(8, Math.max(1, Math.ceil(Math.log2(value + 1) / 8)));

async function readNode(file: Hdf5File, tree: Tree, address: number, records: number, level: number, ids: Block[]): Promise<void> {
  visitOnce(file, address, 'B-tree node');
  const node = (await blockAt(file, address, tree.nodeBytes)).copy();
  node.signature(level === 0 ? 'BTLF' : 'BTIN');
  node.skip(2);
  countItems(file, records, node.offset);
  const idAt = ID_OFFSETS[tree.type] ?? 0;
  for (let i = 0; i < records; i++) {
    const record = node.block(tree.recordBytes);
    record.skip(idAt);
    ids.push(record.block(record.remaining));
  }
  if (level === 0) return;
  const totalBytes = tree.levels[level - 1]?.totalBytes ?? 0;
  for (let i = 0; i <= records; i++) {
    const child = node.address();
    const count = node.uint(tree.countBytes);
    node.skip(totalBytes);
    if (child === undefined) throw node.malformed('a B-tree node has a child that is nowhere');
    await readNode(file, tree, child, count, level - 1, ids);
  }
}
