/** Attribute messages and their values. Source: HDF5 File Format Specification 4.0, IV.A.2.m and III.E. */
import { MsbomError } from '../../../core/error.js';
import { elementCount } from '../../../core/facts.js';
import { type Block, textUpToZero } from './block.js';
import { type Datatype, readDataspace } from './datatype.js';
import { blockAt, countItems, type Hdf5File, type HeapObject, keepBytes } from './file.js';
import { MESSAGE, readObjectHeader, resolveDatatype, sharedAddress } from './header.js';

export type AttributeScalar = string | number | bigint;
/** Scalars as they are, anything with axes as a flat list; undefined for what has no such form (references, compounds). */
export type AttributeValue = AttributeScalar | readonly AttributeScalar[];

export interface Attribute {
  readonly name: string;
  readonly datatype: Datatype | undefined;
  /** Sizes of the axes; undefined when there is no value at all. */
  readonly shape: readonly number[] | undefined;
  readonly data: Block;
}

const MAX_ELEMENTS = 1_000_000;

/** An attribute without its value. */
export async function readAttribute(file: Hdf5File, message: Block): Promise<Attribute> {
  const version = message.version('attribute message', [1, 2, 3]);
  const flags = message.u8();
  const nameBytes = message.u16();
  const typeBytes = message.u16();
  const spaceBytes = message.u16();
  if (version === 3) message.skip(1);
  const part = (bytes: number): Block => {
    const start = message.position;
    const block = message.block(bytes);
    if (version === 1) message.align8(start);
    return block;
  };
  const nameBlock = part(nameBytes);
  const name = textUpToZero(nameBlock.bytes(nameBytes));
  const type = part(typeBytes);
  const space = part(spaceBytes);
  const datatype = await resolveDatatype(file, type, version > 1 && (flags & 1) !== 0);
  const shape = version > 1 && (flags & 2) !== 0 ? await sharedDataspace(file, space) : readDataspace(space);
  return { name, datatype, shape, data: message.block(message.remaining) };
}

async function sharedDataspace(file: Hdf5File, space: Block): Promise<readonly number[] | undefined> {
  const address = sharedAddress(file, space);
  if (address === undefined) return undefined;
  const found = (await readObjectHeader(file, address)).find(({ type, shared }) => type === MESSAGE.dataspace && !shared);
  return found && readDataspace(found.data);
}

/**
 * The value: texts and numbers, of any number of axes.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_BYTES, ERR_LIMIT_COUNT
 */
export async function attributeValue(file: Hdf5File, { datatype, shape, data }: Attribute): Promise<AttributeValue | undefined> {
  if (datatype === undefined || shape === undefined) return undefined;
  const read = READ[datatype.kind];
  if (read === undefined) return undefined;
  const count = elementCount({ shape });
  if (count > MAX_ELEMENTS)
    throw new MsbomError('ERR_LIMIT_COUNT', `an attribute has ${count} elements`, { file: file.name, offset: data.offset });
  countItems(file, count, data.offset);
  keepBytes(file, count * datatype.bytes, data.offset);
  const values: AttributeScalar[] = [];
  for (let i = 0; i < count; i++) values.push(await read(file, datatype, data.block(datatype.bytes)));
  const [first] = values;
  return shape.length === 0 && first !== undefined ? first : values;
}

type ReadScalar = (file: Hdf5File, datatype: Datatype, element: Block) => AttributeScalar | Promise<AttributeScalar>;

const READ: Readonly<Partial<Record<Datatype['kind'], ReadScalar>>> = {
  string: (_file, _datatype, element) => trimmed(element.bytes(element.length)),
  variableString: (file, _datatype, element) => heapText(file, element),
  integer: (_file, { littleEndian, signed }, element) => {
    const bytes = element.bytes(element.length).slice();
    if (littleEndian) bytes.reverse();
    let value = 0n;
    for (const byte of bytes) value = value * 256n + BigInt(byte);
    if (signed) value = BigInt.asIntN(bytes.byteLength * 8, value);
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  },
  float: (_file, { littleEndian }, element) => {
    const bytes = element.bytes(element.length).slice();
    const view = new DataView(bytes.buffer);
    return bytes.byteLength === 4 ? view.getFloat32(0, littleEndian) : view.getFloat64(0, littleEndian);
  },
};

/** Padded with zero bytes or spaces. */
const trimmed = (bytes: Uint8Array): string => textUpToZero(bytes).trimEnd();

/** Length, address of a global heap collection, number of the object in it. */
async function heapText(file: Hdf5File, element: Block): Promise<string> {
  const length = element.u32();
  const address = element.address();
  const index = element.u32();
  if (length === 0 || address === undefined || address === 0) return '';
  if (length > file.limits.maxDocumentBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a text says it has ${length} bytes`, { file: file.name, offset: element.offset });
  const object = (await heapCollection(file, address)).get(index);
  if (object === undefined || object.bytes < length) throw element.malformed('a text is not in the heap that it is said to be in');
  keepBytes(file, length, element.offset);
  return textUpToZero((await blockAt(file, object.address, length)).bytes(length));
}

/** Where the objects of a collection lie: index, references, reserved, size, then the data, padded to eight bytes. */
async function heapCollection(file: Hdf5File, address: number): Promise<ReadonlyMap<number, HeapObject>> {
  const known = file.collections.get(address);
  if (known !== undefined) return known;
  const head = await blockAt(file, address, 8 + file.lengthBytes);
  head.signature('GCOL');
  head.version('global heap', [1]);
  head.skip(3);
  const end = address + head.size();
  const objects = new Map<number, HeapObject>();
  const headBytes = 8 + file.lengthBytes;
  for (let at = address + headBytes; at + headBytes <= end; ) {
    const object = await blockAt(file, at, headBytes);
    countItems(file, 1, object.offset);
    const index = object.u16();
    object.skip(6);
    const bytes = object.size();
    if (index === 0) break;
    if (at + headBytes + bytes > end) throw object.malformed('an object reaches over the end of its heap');
    objects.set(index, { address: at + headBytes, bytes });
    at += headBytes + Math.ceil(bytes / 8) * 8;
  }
  file.collections.set(address, objects);
  return objects;
}
