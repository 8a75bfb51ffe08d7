/**
 * The rows of a table: a tree of pages, each of which is met once, and values that reach over chains of further pages.
 * Source: https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
import type { DatabaseFile } from './file.js';
import { MAX_COLUMNS, MAX_VALUE_BYTES, readValue, readVarint, type SqlValue, serialBytes, UNREAD } from './record.js';

const INTERIOR = 5;
const LEAF = 13;
/** SQLite's own bound. */
const MAX_DEPTH = 20;

/** Given the number of a row and the values that were asked for; `undefined` for those that its record does not reach. */
export type VisitRow = (rowid: bigint, values: readonly (SqlValue | undefined)[]) => void;

interface Scan {
  readonly file: DatabaseFile;
  /** Places in the record of the values that are wanted. */
  readonly wanted: readonly number[];
  readonly visit: VisitRow;
  /** One bit a page: a page belongs to one place only, so that no tree turns in circles and no chain is read twice. */
  readonly seen: Uint8Array;
}

/** Visits all rows of the table whose tree begins at page `root`. @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_*, ERR_IO_* */
export async function scanTable(file: DatabaseFile, root: number, wanted: readonly number[], visit: VisitRow): Promise<void> {
  await walkPage({ file, wanted, visit, seen: new Uint8Array(Math.ceil((file.pageCount + 1) / 8)) }, root, 1);
}

async function newPage({ file, seen }: Scan, number: number): Promise<Uint8Array> {
  const bit = 1 << (number % 8);
  const index = Math.floor(number / 8);
  if (((seen[index] ?? 0) & bit) !== 0) throw file.malformed(`the page ${number} belongs to two places`, number);
  file.count(number);
  const bytes = await file.page(number);
  seen[index] = (seen[index] ?? 0) | bit;
  return bytes;
}

async function walkPage(scan: Scan, number: number, depth: number): Promise<void> {
  const { file } = scan;
  if (depth > MAX_DEPTH) throw file.malformed(`the tree is deeper than ${MAX_DEPTH} pages`, number);
  const page = await newPage(scan, number);
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const start = number === 1 ? 100 : 0;
  const kind = view.getUint8(start);
  if (kind !== INTERIOR && kind !== LEAF) throw file.malformed(`the page ${number} is no page of a table`, number);
  const cells = view.getUint16(start + 3);
  const pointers = start + (kind === INTERIOR ? 12 : 8);
  if (pointers + 2 * cells > page.byteLength) throw file.malformed(`the page ${number} has no room for ${cells} cells`, number);
  // Cells do not overlap: together they fit into the page.
  let left = page.byteLength - pointers - 2 * cells;
  for (let i = 0; i < cells; i++) {
    const at = view.getUint16(pointers + 2 * i);
    if (at < pointers + 2 * cells) throw file.malformed(`a cell of the page ${number} lies in its header`, number);
    if (kind === INTERIOR) {
      left -= 5;
      if (left < 0 || at + 5 > page.byteLength) throw file.malformed(`a cell of the page ${number} has no room`, number);
      await walkPage(scan, view.getUint32(at), depth + 1);
    } else {
      left -= await readCell(scan, page, at, number);
      if (left < 0) throw file.malformed(`cells of the page ${number} overlap`, number);
    }
  }
  if (kind === INTERIOR) await walkPage(scan, view.getUint32(start + 8), depth + 1);
}

/** A record of which the first bytes lie in a cell, and the rest in a chain of pages. */
interface Payload {
  readonly length: number;
  readonly page: number;
  bytes: Uint8Array;
  /** Next page of the chain; 0 behind the last. */
  next: number;
}

/** Reads one row; the result is the length of its cell. */
async function readCell(scan: Scan, page: Uint8Array, at: number, number: number): Promise<number> {
  const { file } = scan;
  const length = readVarint(page, at);
  const rowid = length && readVarint(page, length.next);
  if (length === undefined || rowid === undefined) throw file.malformed(`a cell of the page ${number} ends outside of it`, number);
  const size = Number(length.value);
  if (size < 1 || size > file.pageCount * file.usable)
    throw file.malformed(`a row of the page ${number} says it has ${size} bytes`, number);
  const local = localBytes(size, file.usable);
  const end = rowid.next + local + (local < size ? 4 : 0);
  if (end > page.byteLength) throw file.malformed(`a cell of the page ${number} ends outside of it`, number);
  const next = local < size ? new DataView(page.buffer, page.byteOffset + rowid.next + local).getUint32(0) : 0;
  file.count(number);
  const payload: Payload = { length: size, page: number, bytes: page.subarray(rowid.next, rowid.next + local), next };
  scan.visit(rowid.value, await readRecord(scan, payload));
  return end - at;
}

/** Bytes of a row that lie in its own page. */
function localBytes(size: number, usable: number): number {
  if (size <= usable - 35) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((size - least) % (usable - 4));
  return wanted <= usable - 35 ? wanted : least;
}

/** Follows the chain until the first `length` bytes are there. */
async function fill(scan: Scan, payload: Payload, length: number): Promise<void> {
  if (payload.bytes.byteLength >= length) return;
  const parts = [payload.bytes];
  let have = payload.bytes.byteLength;
  while (have < length) {
    if (payload.next === 0) throw scan.file.malformed('a row is longer than its pages', payload.page);
    const page = await newPage(scan, payload.next);
    payload.next = new DataView(page.buffer, page.byteOffset).getUint32(0);
    const part = page.subarray(4, 4 + Math.min(page.byteLength - 4, payload.length - have));
    parts.push(part);
    have += part.byteLength;
  }
  payload.bytes = new Uint8Array(have);
  let at = 0;
  for (const part of parts) {
    payload.bytes.set(part, at);
    at += part.byteLength;
  }
}

async function readRecord(scan: Scan, payload: Payload): Promise<readonly (SqlValue | undefined)[]> {
  const { file, wanted } = scan;
  const malformed = (message: string) => file.malformed(message, payload.page);
  const header = readVarint(payload.bytes, 0);
  const headerBytes = Number(header?.value ?? 0);
  // A column has a serial type of up to nine bytes.
  if (header === undefined || headerBytes < 1 || headerBytes > payload.length || headerBytes > MAX_COLUMNS * 9 + 9)
    throw malformed('a row has no header');
  await fill(scan, payload, headerBytes);
  const values = new Array<SqlValue | undefined>(wanted.length).fill(undefined);
  const last = Math.max(...wanted);
  let at = header.next;
  let offset = headerBytes;
  for (let column = 0; at < headerBytes && column <= last; column++) {
    const serial = readVarint(payload.bytes, at);
    const type = Number(serial?.value ?? -1);
    const bytes = type < 0 ? undefined : serialBytes(type);
    if (serial === undefined || serial.next > headerBytes || bytes === undefined || offset + bytes > payload.length)
      throw malformed('a row holds a value that is none');
    const place = wanted.indexOf(column);
    const long = bytes > MAX_VALUE_BYTES || offset + bytes > file.limits.maxStringBytes;
    if (place !== -1) values[place] = long ? UNREAD : await valueAt(scan, payload, { type, offset, bytes });
    at = serial.next;
    offset += bytes;
  }
  return values;
}

async function valueAt(
  scan: Scan,
  payload: Payload,
  { type, offset, bytes }: { readonly type: number; readonly offset: number; readonly bytes: number },
): Promise<SqlValue> {
  await fill(scan, payload, offset + bytes);
  return readValue(type, payload.bytes.subarray(offset, offset + bytes), scan.file.decode);
}
