/** Small HDF5 files built in memory: superblock 2, version 2 object headers, links and attributes in messages. */
import { concat, utf8 } from './builders.js';

export interface Hdf5Message {
  readonly type: number;
  readonly data: Uint8Array;
  readonly flags?: number;
}

export function little(value: number | bigint, bytes: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  return Uint8Array.from({ length: bytes }, () => {
    const low = Number(rest & 0xffn);
    rest >>= 8n;
    return low;
  });
}

export const NOWHERE = little(-1, 8);
const HEADER_BYTES = 2048;
const FIRST = 48;

/** Address of the nth object of a file that `hdf5File` makes. */
export const addressOf = (index: number): number => FIRST + index * HEADER_BYTES;

/** A file of objects, each its messages; the first is the root group. `tail` follows the last one. */
export function hdf5File(objects: readonly (readonly Hdf5Message[])[], tail: Uint8Array = new Uint8Array()): Uint8Array {
  const end = addressOf(objects.length) + tail.byteLength;
  const superblock = concat(
    Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 2, 8, 8, 0),
    little(0, 8),
    NOWHERE,
    little(end, 8),
    little(FIRST, 8),
    little(0, 4),
  );
  return concat(superblock, ...objects.map(objectHeader), tail);
}

function objectHeader(messages: readonly Hdf5Message[]): Uint8Array {
  const body = concat(
    ...messages.map(({ type, data, flags = 0 }) => concat(little(type, 1), little(data.byteLength, 2), little(flags, 1), data)),
  );
  const header = concat(utf8('OHDR'), Uint8Array.of(2, 1), little(body.byteLength, 2), body, little(0, 4));
  return concat(header, new Uint8Array(HEADER_BYTES - header.byteLength));
}

const linkHead = (name: string, type: number): Uint8Array =>
  concat(Uint8Array.of(1, 8, type), little(utf8(name).byteLength, 1), utf8(name));

export const hardLink = (name: string, object: number): Hdf5Message => ({
  type: 6,
  data: concat(linkHead(name, 0), little(addressOf(object), 8)),
});
export const softLink = (name: string, path: string): Hdf5Message => ({
  type: 6,
  data: concat(linkHead(name, 1), little(utf8(path).byteLength, 2), utf8(path)),
});
export const externalLink = (name: string, file: string, path: string): Hdf5Message => {
  const value = concat(Uint8Array.of(0), utf8(`${file}\0${path}\0`));
  return { type: 6, data: concat(linkHead(name, 64), little(value.byteLength, 2), value) };
};
/** Marks an object as a group; without dense storage unless addresses are given. */
export const linkInfo = (heap: Uint8Array = NOWHERE, tree: Uint8Array = NOWHERE): Hdf5Message => ({
  type: 2,
  data: concat(Uint8Array.of(0, 0), heap, tree),
});

export const FLOAT32 = concat(
  Uint8Array.of(0x11, 0x20, 31, 0),
  little(4, 4),
  little(0, 2),
  little(32, 2),
  Uint8Array.of(23, 8, 0, 23),
  little(127, 4),
);
export const INT32 = concat(Uint8Array.of(0x10, 8, 0, 0), little(4, 4), little(0, 2), little(32, 2));
export const dataspace = (shape: readonly number[]): Uint8Array =>
  concat(Uint8Array.of(2, shape.length, 0, 1), ...shape.map((size) => little(size, 8)));

/** A text of fixed length. */
export function textAttribute(name: string, value: string): Hdf5Message {
  const bytes = utf8(value);
  const type = concat(Uint8Array.of(0x13, 0x10, 0, 0), little(bytes.byteLength, 4));
  const space = Uint8Array.of(2, 0, 0, 0);
  return attribute(name, type, space, bytes);
}

export function attribute(name: string, type: Uint8Array, space: Uint8Array, data: Uint8Array): Hdf5Message {
  const nameBytes = concat(utf8(name), Uint8Array.of(0));
  return {
    type: 0x0c,
    data: concat(
      Uint8Array.of(3, 0),
      little(nameBytes.byteLength, 2),
      little(type.byteLength, 2),
      little(space.byteLength, 2),
      Uint8Array.of(1),
      nameBytes,
      type,
      space,
      data,
    ),
  };
}

/** A contiguous dataset whose data lies at `address`. */
export const dataset = (shape: readonly number[], address = 0, bytes = 4 * shape.reduce((a, b) => a * b, 1)): readonly Hdf5Message[] => [
  { type: 1, data: dataspace(shape) },
  { type: 3, data: FLOAT32 },
  { type: 8, data: concat(Uint8Array.of(3, 1), little(address, 8), little(bytes, 8)) },
];
