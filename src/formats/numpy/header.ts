/**
 * The header of one array in NumPy's own format, versions 1 to 3.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { MsbomError } from '../../core/error.js';
import { elementCount } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type ElementType, elementType } from './dtype.js';
import { type Literal, LiteralError, parseLiteral } from './literal.js';

/** The start of the bytes of one array: a file of its own, or a member of an archive. */
export interface ArrayStart {
  /** For messages. */
  readonly file: string;
  /** Offset in the file that messages point at. */
  readonly offset: number;
  /** Bytes of the array with its header. */
  readonly size: number;
  /** The first bytes, at least as many as asked for unless there are fewer. */
  head(length: number): Promise<Uint8Array>;
}

export interface ArrayHeader {
  readonly version: string;
  readonly element: ElementType;
  /** The type in the header's own words, when it has no fields. */
  readonly descr?: string | undefined;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Do the elements lie there as one pickle? */
  readonly pickled: boolean;
  /** Bytes before the data. */
  readonly dataOffset: number;
  /** Bytes behind the data; an array of pickled objects has none that can be told. */
  readonly extraBytes: number;
}

const FIRST_READ = 1024;
const MAX_AXES = 64;

export function isArray(head: Uint8Array): boolean {
  return head[0] === 0x93 && String.fromCharCode(...head.subarray(1, 6)) === 'NUMPY';
}

/** @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_FORMAT_UNSUPPORTED, ERR_LIMIT_BYTES with file and offset */
export async function readArrayHeader(start: ArrayStart, limits: Limits): Promise<ArrayHeader> {
  const { version, prefixBytes, textBytes } = readPrefix(await start.head(FIRST_READ), start);
  if (textBytes > Math.min(limits.maxHeaderBytes, limits.maxStringBytes))
    throw problem('ERR_LIMIT_BYTES', `the header says it has ${textBytes} bytes`, start);
  const dataOffset = prefixBytes + textBytes;
  const bytes = await start.head(dataOffset);
  if (bytes.byteLength < dataOffset) throw problem('ERR_FORMAT_TRUNCATED', `the header needs ${dataOffset} bytes`, start);
  const text = decode(bytes.subarray(prefixBytes, dataOffset), version, start);
  const { element, descr, shape, fortranOrder } = parseHeader(text, start, prefixBytes);
  const pickled = element.fields.some(({ dtype }) => dtype === 'object');
  return { version: `${version}.0`, element, descr, shape, fortranOrder, pickled, dataOffset, extraBytes: extraBytes() };

  function extraBytes(): number {
    const stored = start.size - dataOffset;
    const needed = pickled ? 0 : elementCount({ shape }) * element.bytes;
    if (!Number.isSafeInteger(needed)) throw problem('ERR_FORMAT_MALFORMED', 'the array has more bytes than can be counted', start);
    if (needed > stored)
      throw problem('ERR_FORMAT_TRUNCATED', `the array needs ${needed} bytes, ${Math.max(0, stored)} follow its header`, start);
    return pickled ? 0 : stored - needed;
  }
}

function readPrefix(head: Uint8Array, start: ArrayStart): { version: number; prefixBytes: number; textBytes: number } {
  if (head.byteLength < 10) throw problem('ERR_FORMAT_TRUNCATED', 'an array has at least ten bytes', start);
  if (!isArray(head)) throw problem('ERR_FORMAT_MALFORMED', 'an array does not start with the magic of NumPy', start);
  const [version = 0, minor = 0] = head.subarray(6, 8);
  if (version < 1 || version > 3 || minor !== 0)
    throw problem('ERR_FORMAT_UNSUPPORTED', `version ${version}.${minor} of the format is not known, only 1.0 to 3.0 are`, start, 6);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (version === 1) return { version, prefixBytes: 10, textBytes: view.getUint16(8, true) };
  if (head.byteLength < 12) throw problem('ERR_FORMAT_TRUNCATED', 'an array of this version has at least twelve bytes', start);
  return { version, prefixBytes: 12, textBytes: view.getUint32(8, true) };
}

function decode(bytes: Uint8Array, version: number, start: ArrayStart): string {
  if (version < 3) return new TextDecoder('latin1').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw problem('ERR_FORMAT_MALFORMED', 'the header is not valid UTF-8', start, 12);
  }
}

function parseHeader(
  text: string,
  start: ArrayStart,
  textOffset: number,
): Pick<ArrayHeader, 'element' | 'descr' | 'shape' | 'fortranOrder'> {
  const fail = (message: string, at = 0): MsbomError => problem('ERR_FORMAT_MALFORMED', message, start, textOffset + at);
  let literal: Literal;
  try {
    literal = parseLiteral(text);
  } catch (error) {
    if (error instanceof LiteralError) throw fail(`the header is not valid: ${error.message}`, error.at);
    throw error;
  }
  if (!(literal instanceof Map)) throw fail('the header is not a dict');
  const header: ReadonlyMap<string, Literal> = literal;
  const descr = header.get('descr');
  const shape = header.get('shape');
  const fortranOrder = header.get('fortran_order');
  if (header.size !== 3 || descr === undefined || typeof fortranOrder !== 'boolean' || !isShape(shape))
    throw fail('the header does not consist of `descr`, `fortran_order` and a `shape` of sizes');
  const element = elementType(descr);
  if (typeof element === 'string') throw fail(element);
  return { element, shape, fortranOrder, ...(typeof descr === 'string' ? { descr } : {}) };
}

const isShape = (value: Literal | undefined): value is readonly number[] =>
  Array.isArray(value) && value.length <= MAX_AXES && value.every((size) => typeof size === 'number' && size >= 0);

function problem(code: MsbomError['code'], message: string, { file, offset }: ArrayStart, at = 0): MsbomError {
  return new MsbomError(code, message, { file, offset: offset + at });
}
