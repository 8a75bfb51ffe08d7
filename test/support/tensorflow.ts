/** TensorFlow's messages built in memory. */
import { concat, field, utf8, varint } from './builders.js';

export const shape = (...sizes: readonly number[]): Uint8Array => concat(...sizes.map((size) => field(2, field(1, size))));
export const entry = (key: string, value: Uint8Array): Uint8Array => concat(field(1, key), field(2, value));

/** NodeDef. */
export const node = (name: string, op: string, ...more: readonly Uint8Array[]): Uint8Array => concat(field(1, name), field(2, op), ...more);

/** A Const node of a data type by number. */
export const constant = (name: string, type: number, sizes: readonly number[], content: Uint8Array = new Uint8Array()): Uint8Array => {
  const tensor = concat(field(1, type), field(2, shape(...sizes)), field(4, content));
  return node(name, 'Const', field(5, entry('dtype', field(6, type))), field(5, entry('value', field(8, tensor))));
};

export const graph = (...nodes: readonly Uint8Array[]): Uint8Array =>
  concat(...nodes.map((each) => field(1, each)), field(4, field(1, 1482)));

/** A FunctionDef in a library. */
export const library = (name: string, ...nodes: readonly Uint8Array[]): Uint8Array =>
  field(2, field(1, concat(field(1, field(1, name)), ...nodes.map((each) => field(3, each)))));

export const metaInfo = concat(field(4, 'serve'), field(5, '2.21.0'), field(6, 'v2.21.0'));

const tensorInfo = (type: number, ...sizes: readonly number[]): Uint8Array =>
  concat(field(1, 'x:0'), field(2, type), field(3, shape(...sizes)));

export const signature = (key: string): Uint8Array =>
  field(
    5,
    entry(
      key,
      concat(
        field(1, entry('x', tensorInfo(1, 2 ** 64, 4))),
        field(2, entry('y', tensorInfo(19, 3))),
        field(3, 'tensorflow/serving/predict'),
      ),
    ),
  );

/** SavedModel with one graph; `more` are further fields of its MetaGraphDef. */
export const savedModel = (graphDef: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array =>
  concat(field(1, 1), field(2, concat(field(1, metaInfo), field(2, graphDef), ...more)));

/** SavedObjectGraph of one user object with metadata, and a variable. */
export const objectGraph = (identifier: string, metadata: unknown): Uint8Array =>
  field(7, concat(field(1, field(4, concat(field(1, identifier), field(3, JSON.stringify(metadata))))), field(1, field(7, field(1, 1)))));

export interface TableOptions {
  /** Entries in a block. */
  readonly perBlock?: number;
  /** Kind of compression that each block claims. */
  readonly compression?: number;
  /** Does each key repeat the start of the one before? */
  readonly prefixes?: boolean;
}

/** A LevelDB table; keys must be sorted. */
export function table(entries: readonly (readonly [key: string, value: Uint8Array])[], options: TableOptions = {}): Uint8Array {
  const { perBlock = entries.length || 1, compression = 0, prefixes = true } = options;
  const blocks: Uint8Array[] = [];
  const handles: (readonly [string, Uint8Array])[] = [];
  let offset = 0;
  for (let i = 0; i < entries.length; i += perBlock) {
    const part = entries.slice(i, i + perBlock);
    const block = blockOf(part, prefixes);
    handles.push([part.at(-1)?.[0] ?? '', concat(varint(offset), varint(block.byteLength))]);
    blocks.push(concat(block, Uint8Array.of(compression, 0, 0, 0, 0)));
    offset += block.byteLength + 5;
  }
  const meta = blockOf([], prefixes);
  const index = blockOf(handles, prefixes);
  const plain = Uint8Array.of(0, 0, 0, 0, 0);
  const places = concat(varint(offset), varint(meta.byteLength), varint(offset + meta.byteLength + 5), varint(index.byteLength));
  const magic = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);
  return concat(...blocks, meta, plain, index, plain, places, new Uint8Array(40 - places.byteLength), magic);
}

function blockOf(entries: readonly (readonly [key: string, value: Uint8Array])[], prefixes: boolean): Uint8Array {
  let before = new Uint8Array();
  const parts = entries.map(([key, value]) => {
    const bytes = utf8(key);
    let shared = 0;
    while (prefixes && shared < Math.min(bytes.byteLength, before.byteLength) && bytes[shared] === before[shared]) shared++;
    before = new Uint8Array(bytes);
    return concat(varint(shared), varint(bytes.byteLength - shared), varint(value.byteLength), bytes.subarray(shared), value);
  });
  return concat(...parts, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0));
}

export const bundleHeader = (shards = 1): Uint8Array => concat(field(1, shards), field(3, field(1, 1)));
export const bundleEntry = (type: number, sizes: readonly number[], size: number, shard = 0, ...more: readonly Uint8Array[]): Uint8Array =>
  concat(field(1, type), field(2, shape(...sizes)), field(3, shard), field(5, size), ...more);
