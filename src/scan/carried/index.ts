/**
 * Files and texts that a format carries among its own bytes: in names, descriptions, attributes, constants, arrays of numbers. They
 * are found where they lie, whatever field that is, and scanned like files of their own. That something is carried is no alarm.
 */
import { type ByteSource, bytesSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { inflateStream, joined } from '../../formats/shared/inflate.js';
import type { Budget } from '../budget.js';
import type { Finding, Nested } from '../inspector.js';
import { magicOf } from '../pickle/constants.js';
import { pickleEnd } from '../pickle/sniff.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { type Encoded, encodedIn, nothingEncoded } from '../text/encoded.js';
import { judgeJson, parseTolerant } from '../text/json.js';
import { type Place, placesIn } from './find.js';

/** A range of bytes: from, and behind the last. */
export type Range = readonly [from: number, to: number];

const BLOCK_BYTES = 1024 * 1024;
/** A text or pickle that begins in a block is looked at up to here behind it. */
const BEHIND_BYTES = 64 * 1024;
/** Bytes of one file that are searched: of larger ones those of its first and last half. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_FOUND = 50;
/** Beginnings of zlib and gzip that are tried, and bytes of what they hold. */
const MAX_PACKED = 2000;
const UNPACKED_BYTES = 1024 * 1024;
/** Numbers in numbers, texts in compressed bytes. */
const MAX_DEPTH = 3;
const SHORTEST = 12;

interface Work {
  readonly source: ByteSource;
  readonly budget: Budget;
  readonly findings: Finding[];
  readonly encoded: Encoded;
  readonly isZip: boolean;
  packed: number;
}

/** What is carried in ranges of a source, and whether all of them were searched. */
export interface Carried {
  readonly findings: readonly Finding[];
  readonly nested: readonly Nested[];
  readonly whole: boolean;
}

/** `isZip` says that the file is an archive as well, of which the members are scanned anyway. @throws ERR_IO_* */
export async function carriedIn(source: ByteSource, ranges: readonly Range[], budget: Budget, isZip: boolean): Promise<Carried> {
  const work: Work = { source, budget, findings: [], encoded: nothingEncoded(), isZip, packed: 0 };
  let whole = true;
  for (const [from, to] of outermost(ranges))
    for (let at = from; at < to && whole; at += BLOCK_BYTES) {
      const bytes = Math.min(to - at, BLOCK_BYTES + BEHIND_BYTES);
      whole = budget.take('readBytes', bytes) && budget.inTime() && work.encoded.nested.length < MAX_FOUND;
      if (whole) await lookAt(work, (await source.read(at, bytes)).slice(), { at, end: to, until: BLOCK_BYTES, depth: 0 });
    }
  const { findings, nested, isCut } = work.encoded;
  return { findings: [...work.findings, ...findings], nested, whole: whole && !isCut };
}

/** The ranges, without the middle of what is too much. */
function outermost(ranges: readonly Range[]): readonly Range[] {
  const total = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  const out: Range[] = [];
  let done = 0;
  for (const [from, to] of ranges) {
    const length = to - from;
    const first = Math.min(length, Math.max(0, MAX_BYTES / 2 - done));
    const last = Math.min(length - first, Math.max(0, done + length - (total - MAX_BYTES / 2)));
    if (first > 0) out.push([from, from + first]);
    if (last > 0) out.push([to - last, to]);
    done += length;
  }
  return out;
}

/** Where bytes stand in the source: what was decoded stands where it was decoded from. */
interface Where {
  readonly at: number;
  /** Behind the range that they belong to. */
  readonly end: number;
  readonly until: number;
  readonly depth: number;
}

async function lookAt(work: Work, bytes: Uint8Array, where: Where): Promise<void> {
  let behind = 0;
  for (const place of placesIn(bytes, where.until)) {
    if (place.at < behind || work.encoded.nested.length >= MAX_FOUND) continue;
    behind = Math.max(behind, await LOOK[place.kind](work, bytes, place, where));
  }
}

/** Gives the index behind what needs no other look; 0 when there is nothing of that kind. */
type Look = (work: Work, bytes: Uint8Array, place: Place, where: Where) => Promise<number>;

const LOOK: Readonly<Record<Place['kind'], Look>> = {
  pickle: async (work, bytes, { at }, where) => {
    const end = pickleEnd(bytes.subarray(at, at + BEHIND_BYTES));
    if (end === undefined) return 0;
    tell(work, 'pickle', where, at, partOf(work, bytes, where, at, end === 0 ? undefined : at + end));
    return at + Math.max(end, 1);
  },
  file: async (work, bytes, { at }, where) => {
    const what = magicOf(bytes.subarray(at, at + 64)) ?? 'executable';
    if (what === 'zip' && work.isZip) return 0;
    work.encoded.nested.push({ member: `carried@${where.at + at}`, source: partOf(work, bytes, where, at, undefined), raw: true });
    return 0;
  },
  packed: async (work, bytes, { at }, where) => {
    if (where.depth >= MAX_DEPTH || ++work.packed > MAX_PACKED) return 0;
    const inner = await unpacked(bytes.subarray(at), work.budget);
    await inside(work, inner, where, at);
    return 0;
  },
  letters: async (work, bytes, { at }, where) => {
    await inside(work, fromLetters(bytes, at), where, at);
    return 0;
  },
  wide: async (work, bytes, { at, end, width }, where) => {
    const inner = new Uint8Array((end - at) / width);
    for (let i = 0; i < inner.length; i++) inner[i] = bytes[at + i * width] as number;
    await inside(work, inner, where, at);
    return 0;
  },
  varints: async (work, bytes, { at }, where) => {
    await inside(work, fromVarints(bytes, at), where, at);
    return 0;
  },
  text: async (work, bytes, { at, end }, where) => {
    const text = new TextDecoder().decode(bytes.subarray(at, end));
    lookForScript(work, text, where.at + at);
    await lookAtText(work, text);
    for (let skip = 0; skip < 4; skip++) {
      const numbers = withoutTags(text, skip);
      if (numbers.length >= SHORTEST) await lookAtText(work, numbers);
    }
    // Pickles of protocol 0 are texts.
    return 0;
  },
};

async function inside(work: Work, bytes: Uint8Array, where: Where, at: number): Promise<void> {
  if (bytes.length < SHORTEST || where.depth >= MAX_DEPTH || !work.budget.take('decodedBytes', bytes.length)) return;
  await lookAt(work, bytes, { at: where.at + at, end: 0, until: bytes.length, depth: where.depth + 1 });
}

/** From a place on: in the file itself up to where the range ends, in what was decoded up to its end. */
function partOf(work: Work, bytes: Uint8Array, where: Where, at: number, end: number | undefined): ByteSource {
  if (where.depth > 0) return bytesSource(work.source.name, bytes.slice(at, end));
  return sliced(work.source, where.at + at, end === undefined ? where.end : where.at + end);
}

function tell(work: Work, what: string, where: Where, at: number, source: ByteSource): void {
  const offset = where.at + at;
  work.findings.push(finding('pickle-nested', `the bytes from ${offset} on are a ${what}`, { offset }));
  work.encoded.nested.push({ member: `carried@${offset}`, source });
}

/** What comes before a fault counts: other bytes may stand behind the stream. */
async function unpacked(bytes: Uint8Array, budget: Budget): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const chunk of inflateStream([bytes], bytes[0] === 0x1f ? 'gzip' : 'deflate', { file: '', offset: 0 })) {
      chunks.push(chunk);
      total += chunk.length;
      if (total >= UNPACKED_BYTES || !budget.inTime()) break;
    }
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
  }
  return joined(chunks, total);
}

/** Characters up to U+00FF in UTF-8. */
function fromLetters(bytes: Uint8Array, at: number): Uint8Array {
  const out: number[] = [];
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x80) out.push(byte);
    else if (byte === 0xc2 || byte === 0xc3) out.push(((byte & 3) << 6) | ((bytes[++i] ?? 0) & 0x3f));
    else break;
  }
  return Uint8Array.from(out);
}

/** Numbers of protobuf up to 255, packed or each behind the tag of its field. */
function fromVarints(bytes: Uint8Array, at: number): Uint8Array {
  const tag = bytes[at - 1];
  const isTagged = tag !== undefined && bytes[at + ((bytes[at] as number) >= 0x80 ? 2 : 1)] === tag;
  const out: number[] = [];
  for (let i = at; i < bytes.length; ) {
    const byte = bytes[i] as number;
    if (byte >= 0x80 && bytes[i + 1] !== 1) break;
    out.push(byte);
    i += byte >= 0x80 ? 2 : 1;
    if (isTagged && bytes[i++] !== tag) break;
  }
  return Uint8Array.from(out);
}

/** A script of a shell or another program, from its first line on. */
function lookForScript(work: Work, text: string, offset: number): void {
  const start = text.indexOf('#!/');
  if (start < 0) return;
  const source = bytesSource(work.source.name, new TextEncoder().encode(text.slice(start)));
  work.encoded.nested.push({ member: `carried@${offset}`, source });
}

/** Numbers of protobuf below 128, each behind the tag of its field, are a text with the same letter at every other place. */
function withoutTags(text: string, from: number): string {
  let out = '';
  for (let i = from; i + 1 < text.length && text[i] === text[from]; i += 2) out += text.charAt(i + 1);
  return out;
}

/** Templates, configurations, and what is spelled out. Lengths of texts may stand before them as letters. */
async function lookAtText(work: Work, text: string): Promise<void> {
  for (let skip = 0; skip < (text.length < BEHIND_BYTES ? 5 : 1); skip++) await encodedIn(text.slice(skip), work.budget, work.encoded);
  const values: unknown[] = text.includes('{{') || text.includes('{%') ? [text] : [];
  if (text.includes('class_name') || text.includes('_target_')) values.push(...objectsIn(text));
  if (values.length === 0) return;
  const { findings, nested } = judgeJson(values, work.source.name);
  work.findings.push(...findings);
  work.encoded.nested.push(...nested);
}

const MAX_OBJECTS = 100;

/** Objects of JSON that stand in a text. */
function objectsIn(text: string): readonly unknown[] {
  const found: unknown[] = [];
  for (let at = text.indexOf('{'), tries = 0; at >= 0 && tries < MAX_OBJECTS; tries++) {
    const end = closing(text, at);
    const value = end === undefined ? undefined : parseTolerant(text.slice(at, end));
    if (value !== undefined) found.push(value);
    at = text.indexOf('{', value === undefined || end === undefined ? at + 1 : end);
  }
  return found;
}

/** Behind the brace that closes the one here; undefined when none does. */
function closing(text: string, from: number): number | undefined {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  return undefined;
}
