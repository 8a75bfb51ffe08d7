/** Snapshots of web-scale datasets: what was used, bound by one hash. Specification: docs/spec/1.0.md, section 5. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Digests } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { merkleTree } from '../core/merkle.js';
import { compareCodePoints } from '../core/source-tree.js';
import type { Reference, Snapshot } from '../schema/index.js';
import { isDigest } from './compare-files.js';

/** One thing that a dataset pointed to. */
export type SnapshotItem = NonNullable<Snapshot['items']>[number];

/** An item is an address, digests and two numbers; a longer line is something else. */
const MAX_LINE_BYTES = 64 * 1024;
const MEMBERS = new Set(['uri', 'digest', 'size', 'retrievedAt']);
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

export interface SnapshotOptions {
  /** Where the list is kept; its digest is filled in. */
  readonly listing?: Omit<Reference, 'digest'>;
  /** Name of the list in messages. */
  readonly file?: string;
}

/**
 * The snapshot of a list of items in JSON Lines, one item a line in code point order of `uri`. It is read once and may have
 * any length: what is held is one line and one hash for each level of the tree.
 *
 * @throws ERR_MANIFEST_VALUE for a line that is no item or stands out of order, ERR_JSON_*, ERR_LIMIT_BYTES, with the line
 */
export async function snapshotOfLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const whole = sha256.create();
  const snapshot = snapshotBuilder();
  let line = 0;
  for await (const text of linesOf(chunks, whole, options.file)) {
    line++;
    if (text.byteLength === 0) continue;
    try {
      snapshot.add(itemOf(parseJson(text)));
    } catch (error) {
      throw inLine(error, line, options.file);
    }
  }
  const listing = options.listing === undefined ? {} : { listing: { ...options.listing, digest: { sha256: bytesToHex(whole.digest()) } } };
  return { ...snapshot.finish(), ...listing };
}

/** The error at its line of the list; the parser counted lines inside the one that it was given. */
function inLine(error: unknown, line: number, file: string | undefined): unknown {
  if (!MsbomError.is(error)) return error;
  const { code, message, column, hint, cause } = error;
  return new MsbomError(code, message, { file, line, column, hint, cause });
}

/** The snapshot of items at hand, in any order; the items themselves are not part of it. @throws ERR_MANIFEST_VALUE */
export function snapshotOfItems(items: readonly SnapshotItem[]): Snapshot {
  const snapshot = snapshotBuilder();
  // A plain object of JSON members; checked like those of a file.
  for (const item of [...items].sort((a, b) => compareCodePoints(a.uri, b.uri))) snapshot.add(itemOf(item as unknown as JsonValue));
  return snapshot.finish();
}

function snapshotBuilder(): { add(item: SnapshotItem): void; finish(): Snapshot } {
  const tree = merkleTree();
  let last: string | undefined;
  let start: string | undefined;
  let end: string | undefined;
  return {
    add(item) {
      const order = last === undefined ? 1 : compareCodePoints(item.uri, last);
      if (order === 0) throw refuse(`\`${item.uri}\` is listed twice`, 'List every item once.');
      if (order < 0) throw refuse(`\`${item.uri}\` stands behind \`${last}\``, 'Sort the lines by the code points of `uri`.');
      last = item.uri;
      tree.push(canonicalize(item));
      const at = item.retrievedAt;
      if (at === undefined) return;
      if (start === undefined || isBefore(at, start)) start = at;
      if (end === undefined || isBefore(end, at)) end = at;
    },
    finish() {
      if (tree.size === 0) throw refuse('the list has no items', 'Give at least one item.');
      const retrieved = start === undefined || end === undefined ? {} : { retrieved: { start, end } };
      return { count: tree.size, ...retrieved, merkleRoot: { sha256: tree.root() } };
    },
  };
}

/** Times of the specification differ only in the length of the fraction: without the `Z` their text order is their order. */
const isBefore = (a: string, b: string): boolean => a.slice(0, -1) < b.slice(0, -1);

function itemOf(value: JsonValue): SnapshotItem {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('an item is no object');
  const item = value as { readonly [key: string]: JsonValue }; // an object, by the line above
  const stranger = Object.keys(item).find((key) => !MEMBERS.has(key));
  if (stranger !== undefined) throw refuse(`an item has no member \`${stranger}\``);
  const { uri, digest, size, retrievedAt } = item;
  if (typeof uri !== 'string' || !/^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/.test(uri)) throw refuse('an item has no absolute `uri`');
  if (!isDigestSet(digest)) throw refuse(`the \`digest\` of \`${uri}\` is no digest set`);
  if (size !== undefined && !(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0))
    throw refuse(`the \`size\` of \`${uri}\` is no number of bytes`);
  if (retrievedAt !== undefined && !(typeof retrievedAt === 'string' && TIMESTAMP.test(retrievedAt)))
    throw refuse(`the \`retrievedAt\` of \`${uri}\` is no time in UTC`);
  return item as unknown as SnapshotItem; // checked member by member
}

function isDigestSet(value: JsonValue | undefined): value is Digests & { readonly [key: string]: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([algorithm, digest]) => typeof digest === 'string' && isDigest(algorithm, digest));
}

const refuse = (message: string, hint = 'Correct the list.'): MsbomError => new MsbomError('ERR_MANIFEST_VALUE', message, { hint });

/** Lines without their ends, of a list in pieces of any size. */
async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  whole: { update(bytes: Uint8Array): unknown },
  file: string | undefined,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let line = 1;
  const keep = (part: Uint8Array): void => {
    length += part.byteLength;
    if (length > MAX_LINE_BYTES) throw new MsbomError('ERR_LIMIT_BYTES', `the line has more than ${MAX_LINE_BYTES} bytes`, { file, line });
    parts.push(part.slice());
  };
  for await (const chunk of chunks) {
    whole.update(chunk);
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      keep(chunk.subarray(from, end));
      yield joined(parts, length);
      parts = [];
      length = 0;
      from = end + 1;
      line++;
    }
    keep(chunk.subarray(from));
  }
  if (length > 0) yield joined(parts, length);
}

/** The parts as one, without a carriage return at the end. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
}
