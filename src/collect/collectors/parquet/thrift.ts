/**
 * Walks a message of Thrift's compact protocol without building anything, so that what is handed to the parser is bounded:
 * no number longer than its type, no list longer than its bytes, no deep nesting.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import { MsbomError } from '../../../core/error.js';

const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Parquet's own messages nest seven deep. */
const MAX_DEPTH = 32;
/** A 64-bit number has ten groups of seven bits at most. */
const MAX_VARINT_BYTES = 10;

export interface ThriftLimits {
  /** Fields and list elements in all. */
  readonly maxItems: number;
}

/**
 * Checks one struct that must fill `bytes`.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_COUNT, ERR_LIMIT_DEPTH with the offset counted from `start`
 */
export function checkThrift(bytes: Uint8Array, { maxItems }: ThriftLimits, start = 0): void {
  let at = 0;
  let items = 0;
  const error = (
    code: 'ERR_FORMAT_MALFORMED' | 'ERR_FORMAT_TRUNCATED' | 'ERR_LIMIT_COUNT' | 'ERR_LIMIT_DEPTH',
    message: string,
  ): MsbomError => new MsbomError(code, message, { offset: start + at });

  const byte = (): number => {
    const value = bytes[at];
    if (value === undefined) throw error('ERR_FORMAT_TRUNCATED', 'the metadata ends inside a value');
    at++;
    return value;
  };
  const skip = (length: number): void => {
    if (length > bytes.byteLength - at) throw error('ERR_FORMAT_TRUNCATED', `a value of ${length} bytes does not fit into the metadata`);
    at += length;
  };
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const part = byte();
      value += (part & 0x7f) * 2 ** (7 * i);
      if ((part & 0x80) === 0) return value;
    }
    throw error('ERR_FORMAT_MALFORMED', 'a number has more than 64 bits');
  };
  const countItem = (): void => {
    if (++items > maxItems) throw error('ERR_LIMIT_COUNT', `the metadata has more than ${maxItems} values`);
  };

  function element(type: number, depth: number): void {
    countItem();
    if (type === BYTE) skip(1);
    else if (type === I16 || type === I32 || type === I64) varint();
    else if (type === DOUBLE) skip(8);
    else if (type === BINARY) skip(varint());
    else if (type === LIST) list(depth + 1);
    else if (type === STRUCT) struct(depth + 1);
    else throw error('ERR_FORMAT_MALFORMED', `a value has the type ${type}, which Parquet does not use`);
  }

  function list(depth: number): void {
    if (depth > MAX_DEPTH) throw error('ERR_LIMIT_DEPTH', `values nest deeper than ${MAX_DEPTH}`);
    const head = byte();
    const type = head & 0x0f;
    const length = head >> 4 === 15 ? varint() : head >> 4;
    // Every element has at least one byte.
    if (length > bytes.byteLength - at) throw error('ERR_FORMAT_TRUNCATED', `a list of ${length} values does not fit into the metadata`);
    for (let i = 0; i < length; i++) element(type === TRUE || type === FALSE ? BYTE : type, depth);
  }

  function struct(depth: number): void {
    if (depth > MAX_DEPTH) throw error('ERR_LIMIT_DEPTH', `values nest deeper than ${MAX_DEPTH}`);
    for (;;) {
      const head = byte();
      const type = head & 0x0f;
      if (type === STOP) return;
      if (head >> 4 === 0) varint();
      if (type === TRUE || type === FALSE) countItem();
      else element(type, depth);
    }
  }

  struct(0);
}
