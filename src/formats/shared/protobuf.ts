/**
 * A bounded walker over protobuf wire format: no schema, no generated code, payloads skipped by seeking.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { Cursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import { type Keep, keeper } from '../../core/kept.js';
import type { Limits } from '../../core/limits.js';

/** One field of a message. The cursor stands at the start of its payload. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** Value of a varint; of longer ones than 2^53 the nearest double. */
  readonly varint: number;
  /** Bytes of a length-delimited payload. */
  readonly length: number;
  /** Offset of the payload in the file. */
  readonly start: number;
}

/** How deep and how many: shared by all messages of one file. */
export interface ProtobufBudget {
  depth: number;
  fields: number;
  /** Counts what is kept of the file. */
  readonly keep: Keep;
}

export type Visitor = (field: Field) => void | Promise<void>;

/** Fields of one file at most; a field has at least two bytes. */
const fieldLimit = (limits: Limits): number => limits.maxItems;

/** A fresh budget for one file. */
export function protobufBudget(source: ByteSource, limits: Limits): ProtobufBudget {
  return { depth: 0, fields: 0, keep: keeper(source, limits) };
}

/**
 * Calls `visit` for every field of the message that ends at offset `end`. Whatever the visitor reads or leaves, the walk
 * goes on behind the payload.
 *
 * @throws ERR_FORMAT_MALFORMED for what is no protobuf, ERR_FORMAT_TRUNCATED, ERR_LIMIT_COUNT, ERR_LIMIT_DEPTH
 */
export async function walkMessage(cursor: Cursor, end: number, limits: Limits, budget: ProtobufBudget, visit: Visitor): Promise<void> {
  if (++budget.depth > limits.maxDepth)
    throw new MsbomError('ERR_LIMIT_DEPTH', `messages nest deeper than ${limits.maxDepth}`, {
      file: cursor.source.name,
      offset: cursor.position,
    });
  while (cursor.position < end) {
    if (++budget.fields > fieldLimit(limits))
      throw new MsbomError('ERR_LIMIT_COUNT', `more than ${fieldLimit(limits)} fields`, {
        file: cursor.source.name,
        offset: cursor.position,
      });
    const field = await readField(cursor, end);
    const visited = visit(field);
    if (visited !== undefined) await visited;
    cursor.seek(field.start + field.length);
  }
  budget.depth--;
}

async function readField(cursor: Cursor, end: number): Promise<Field> {
  const offset = cursor.position;
  if (cursor.buffered < 10) await cursor.fill(Math.min(10, cursor.source.size - offset));
  const tag = readVarint(cursor, end);
  const number = Math.floor(tag / 8);
  const wireType = tag % 8;
  if (number === 0 || number > 536_870_911) throw cursor.malformed(`the field number ${number} is not allowed`, offset);
  if (wireType === 0) return readVarintField(cursor, number, end);
  const length = wireType === 2 ? await readLength(cursor, end) : wireType === 1 ? 8 : wireType === 5 ? 4 : undefined;
  if (length === undefined) throw cursor.malformed(`the wire type ${wireType} is not in use`, offset);
  const start = cursor.position;
  if (start + length > end) throw outOfBounds(cursor, start, length, end);
  return { number, wireType: wireType as 1 | 2 | 5, varint: 0, length, start };
}

async function readVarintField(cursor: Cursor, number: number, end: number): Promise<Field> {
  const start = cursor.position;
  if (cursor.buffered < 10) await cursor.fill(Math.min(10, cursor.source.size - start));
  const varint = readVarint(cursor, end);
  return { number, wireType: 0, varint, length: cursor.position - start, start };
}

async function readLength(cursor: Cursor, end: number): Promise<number> {
  if (cursor.buffered < 10) await cursor.fill(Math.min(10, cursor.source.size - cursor.position));
  return readVarint(cursor, end);
}

/** A varint of at most ten bytes from bytes that are buffered. */
function readVarint(cursor: Cursor, end: number): number {
  const offset = cursor.position;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    if (cursor.position >= end || cursor.buffered < 1) throw outOfBounds(cursor, cursor.position, 1, end);
    const byte = cursor.u8();
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  throw cursor.malformed('a varint has more than ten bytes', offset);
}

function outOfBounds(cursor: Cursor, offset: number, length: number, end: number): MsbomError {
  const truncated = end >= cursor.source.size;
  const message = truncated
    ? `${length} bytes are needed at offset ${offset}, the file has ${cursor.source.size}`
    : `a field of ${length} bytes reaches over the end of its message at ${end}`;
  return new MsbomError(truncated ? 'ERR_FORMAT_TRUNCATED' : 'ERR_FORMAT_MALFORMED', message, { file: cursor.source.name, offset });
}

/** Counts a use of a name, and a name that is new as kept. */
export function countName(budget: ProtobufBudget, counts: Map<string, number>, name: string, offset: number): void {
  const known = counts.get(name);
  if (known === undefined) budget.keep(offset);
  counts.set(name, (known ?? 0) + 1);
}

/** The payload of a length-delimited field as UTF-8. */
export async function readText(cursor: Cursor, field: Field, maxBytes: number): Promise<string> {
  await fillPayload(cursor, field, maxBytes);
  return cursor.text(field.length);
}

/** Repeated numbers: one varint, or a packed list of them, as signed 64-bit values. */
export async function readIntegers(cursor: Cursor, field: Field, maxBytes: number): Promise<number[]> {
  if (field.wireType === 0) return [signed(field.varint)];
  if (field.wireType !== 2) throw cursor.malformed('a list of integers has the wrong wire type', field.start);
  await fillPayload(cursor, field, maxBytes);
  const end = field.start + field.length;
  const values: number[] = [];
  while (cursor.position < end) values.push(signed(readVarint(cursor, end)));
  return values;
}

async function fillPayload(cursor: Cursor, field: Field, maxBytes: number): Promise<void> {
  if (field.wireType !== 2) throw cursor.malformed(`the field ${field.number} has the wrong wire type`, field.start);
  if (field.length > maxBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a field says it has ${field.length} bytes, the limit is ${maxBytes}`, {
      file: cursor.source.name,
      offset: field.start,
    });
  cursor.seek(field.start);
  await cursor.fill(field.length);
}

/** Negative numbers come as ten-byte varints near 2^64. */
const signed = (value: number): number => (value >= 2 ** 63 ? value - 2 ** 64 : value);

/** A field seen in the first bytes of a file. */
export interface PeekedField {
  readonly number: number;
  readonly wireType: number;
  /** Value of a varint, bytes of a length-delimited payload, else 0. */
  readonly value: number;
  /** Index of the payload in `bytes`; it may reach beyond them. */
  readonly start: number;
}

/**
 * The top-level fields at the start of `bytes`, as far as they go; undefined when the bytes cannot be protobuf. For telling
 * formats without a magic number apart.
 */
export function peekFields(bytes: Uint8Array, most = 8): readonly PeekedField[] | undefined {
  const fields: PeekedField[] = [];
  let at = 0;
  const varint = (): number | undefined => {
    let value = 0;
    for (let scale = 1; at < bytes.byteLength && scale < 2 ** 70; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (fields.length < most && at < bytes.byteLength) {
    const tag = varint();
    if (tag === undefined) return at < bytes.byteLength ? undefined : fields;
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (number === 0 || number > 536_870_911 || ![0, 1, 2, 5].includes(wireType)) return undefined;
    const value = wireType === 0 || wireType === 2 ? varint() : 0;
    if (value === undefined) return at < bytes.byteLength ? undefined : fields;
    fields.push({ number, wireType, value, start: at });
    at += wireType === 2 ? value : wireType === 1 ? 8 : wireType === 5 ? 4 : 0;
  }
  return fields;
}
