/** git's object store: loose objects and packs with differences (https://git-scm.com/docs/gitformat-pack). */
import { MsbomError } from '../../core/error.js';
import type { ClosableSource } from '../../core/host.js';
import { inflate } from '../../formats/shared/inflate.js';
import { linesOf, type Sight } from '../sight.js';
import { applyDelta } from './delta.js';
import { hashed } from './hash.js';
import type { Repository } from './repository.js';

export interface GitObject {
  readonly type: string;
  readonly body: Uint8Array;
}

export interface ObjectStore {
  /** Undefined for what is not there, is broken, is not the object of that id, or passes a limit. */
  read(id: string): Promise<GitObject | undefined>;
  close(): Promise<void>;
}

const MAX_PACKS = 256;
const MAX_ALTERNATES = 16;
/** Bytes of one object; commits, tags, trees and small texts are read, never the files of a model. */
const MAX_OBJECT = 16 * 1024 * 1024;
/** Bytes that all objects together may inflate to. */
const MAX_TOTAL = 256 * 1024 * 1024;
/** git itself makes no chain of differences longer than 4095; by default 50. */
const MAX_CHAIN = 4095;
const MAX_PACK_OBJECTS = 8_000_000;

interface Budget {
  bytes: number;
}

export function objectStore({ sight, common, digits }: Repository): ObjectStore {
  const budget: Budget = { bytes: MAX_TOTAL };
  const idBytes = digits / 2;
  let opened: Promise<Places> | undefined;
  const read = async (id: string): Promise<GitObject | undefined> => {
    opened ??= openPlaces(sight, `${common}/objects`);
    const { directories, packs } = await opened;
    for (const directory of directories) {
      const loose = await looseObject(sight, `${directory}/${id.slice(0, 2)}/${id.slice(2)}`, budget);
      if (loose !== undefined) return loose;
    }
    for (const pack of packs) {
      const offset = await packOffset(pack.index, id, idBytes);
      if (offset !== undefined) return packedObject(pack, offset, { read, idBytes, budget });
    }
    return undefined;
  };
  return {
    async read(id) {
      try {
        const object = await read(id);
        return object !== undefined && hashed(digits, object.type, object.body) === id ? object : undefined;
      } catch (error) {
        if (!MsbomError.is(error)) throw error;
        return undefined;
      }
    },
    async close() {
      const { packs = [] } = (await opened) ?? {};
      for (const { index, data } of packs) await Promise.all([index.close(), data.close()]);
    },
  };
}

interface Pack {
  readonly index: ClosableSource;
  readonly data: ClosableSource;
  /** Where objects begin, in order; read when it is needed. */
  starts?: Promise<Float64Array>;
}

interface Places {
  readonly directories: readonly string[];
  readonly packs: readonly Pack[];
}

/** The store itself and those that it borrows from, as far as they lie within the repository. */
async function openPlaces(sight: Sight, objects: string): Promise<Places> {
  const directories = [objects];
  for (const directory of directories) {
    const lines = linesOf(await sight.text(`${directory}/info/alternates`, 64 * 1024), 1000);
    for (const line of lines.filter((each) => each !== '' && !each.startsWith('#') && !/^[/\\]{2}/.test(each))) {
      const path = line.startsWith('/') ? line : `${directory}/${line}`;
      if (directories.length < MAX_ALTERNATES && !directories.includes(path)) directories.push(path);
    }
  }
  const packs: Pack[] = [];
  for (const directory of directories) packs.push(...(await openPacks(sight, `${directory}/pack`, MAX_PACKS - packs.length)));
  return { directories, packs };
}

async function openPacks({ open, list }: Sight, directory: string, most: number): Promise<readonly Pack[]> {
  const packs: Pack[] = [];
  for (const name of (await list(directory)).filter((each) => /^pack-[0-9a-f]+\.idx$/.test(each)).slice(0, most)) {
    const index = await open(`${directory}/${name}`);
    const data = index === undefined ? undefined : await open(`${directory}/${name.replace(/idx$/, 'pack')}`);
    if (index !== undefined && data !== undefined) packs.push({ index, data });
    else await index?.close();
  }
  return packs;
}

async function looseObject(sight: Sight, path: string, budget: Budget): Promise<GitObject | undefined> {
  const source = await sight.open(path);
  if (source === undefined) return undefined;
  try {
    const whole = await inflated(source, 0, Math.min(source.size, MAX_OBJECT), MAX_OBJECT, budget);
    const end = whole.subarray(0, 64).indexOf(0);
    const type = /^([a-z]+) \d+$/.exec(latin1(whole.subarray(0, Math.max(0, end))))?.[1];
    return type === undefined ? undefined : { type, body: whole.subarray(end + 1) };
  } finally {
    await source.close();
  }
}

/** A zlib stream that takes up exactly those bytes. @throws ERR_LIMIT_BYTES, ERR_FORMAT_MALFORMED */
async function inflated(source: ClosableSource, offset: number, length: number, most: number, budget: Budget): Promise<Uint8Array> {
  const bytes = (await source.read(offset, length)).slice();
  const result = await inflate(bytes, 'deflate', Math.min(most, budget.bytes), { file: source.name, offset });
  budget.bytes -= result.byteLength;
  return result;
}

const TYPES: Readonly<Record<number, string>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;

interface PackReading {
  readonly read: (id: string) => Promise<GitObject | undefined>;
  readonly idBytes: number;
  readonly budget: Budget;
}

/** An object of a pack, with all that it is a difference to. */
async function packedObject(pack: Pack, offset: number, reading: PackReading): Promise<GitObject | undefined> {
  const deltas: Uint8Array[] = [];
  let base: GitObject | undefined;
  for (let at: number | undefined = offset; at !== undefined; ) {
    const entry = await packEntry(pack, at, reading);
    if (entry === undefined || deltas.length > MAX_CHAIN) return undefined;
    at = undefined;
    if (entry.type !== undefined) base = { type: entry.type, body: entry.body };
    else {
      deltas.push(entry.body);
      at = entry.base;
      if (at === undefined) return undefined;
    }
  }
  let body = base?.body;
  for (const delta of deltas.reverse()) {
    body = body === undefined ? undefined : applyDelta(body, delta, Math.min(MAX_OBJECT, reading.budget.bytes));
    reading.budget.bytes -= body?.byteLength ?? 0;
  }
  return base === undefined || body === undefined ? undefined : { type: base.type, body };
}

interface PackEntry {
  /** Undefined for a difference to what stands at `base`, which lies before it or anywhere in the same pack. */
  readonly type?: string | undefined;
  readonly base?: number | undefined;
  readonly body: Uint8Array;
}

async function packEntry(pack: Pack, offset: number, { idBytes, budget }: PackReading): Promise<PackEntry | undefined> {
  const { data } = pack;
  const head = (await data.read(offset, Math.min(80, Math.max(0, data.size - offset)))).slice();
  const kind = ((head[0] ?? 0) >> 4) & 7;
  let at = 0;
  let size = (head[0] ?? 0) & 15;
  for (let scale = 16; (head[at] ?? 0) & 0x80; scale *= 128) size += ((head[++at] ?? 0) & 0x7f) * scale;
  at++;
  let base: number | undefined;
  if (kind === OFFSET_DELTA) {
    const { value, next } = offsetVarint(head, at);
    base = offset - value;
    at = next;
    if (base <= 0 || value === 0) return undefined;
  } else if (kind === REFERENCE_DELTA) {
    base = await packOffset(pack.index, hex(head.subarray(at, at + idBytes)), idBytes);
    at += idBytes;
  }
  const end = await endOf(pack, offset, idBytes);
  if (size > MAX_OBJECT || end === undefined || end - offset > MAX_OBJECT * 2) return undefined;
  const body = await inflated(data, offset + at, end - offset - at, size, budget);
  return body.byteLength === size ? { type: TYPES[kind], base, body } : undefined;
}

/** The number of a difference's distance, and of the index of version 4: each further byte counts from where the shorter ones end. */
export function offsetVarint(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let at = from;
  let value = (bytes[at] ?? 0) & 0x7f;
  while ((bytes[at] ?? 0) & 0x80 && at - from < 8) value = (value + 1) * 128 + ((bytes[++at] ?? 0) & 0x7f);
  return { value, next: at + 1 };
}

/** Where an object of a pack ends: where the next begins, or before the checksum. */
async function endOf(pack: Pack, offset: number, idBytes: number): Promise<number | undefined> {
  pack.starts ??= startsOf(pack.index, idBytes);
  const starts = await pack.starts;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return starts[low - 1] === offset ? (starts[low] ?? pack.data.size - idBytes) : undefined;
}

const FANOUT = 8;
const NAMES = FANOUT + 256 * 4;

async function startsOf(index: ClosableSource, idBytes: number): Promise<Float64Array> {
  const count = await u32(index, FANOUT + 255 * 4);
  const table = NAMES + count * (idBytes + 4);
  if (count > MAX_PACK_OBJECTS || table + count * 4 > index.size) return new Float64Array();
  const small = (await index.read(table, count * 4)).slice();
  const large = (await index.read(table + count * 4, Math.max(0, index.size - table - count * 4 - 2 * idBytes))).slice();
  const [of32, of64] = [small, large].map((each) => new DataView(each.buffer, each.byteOffset, each.byteLength));
  const starts = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = of32?.getUint32(i * 4) ?? 0;
    const at = (value - 0x80000000) * 8;
    if (value < 0x80000000) starts[i] = value;
    else if (of64 !== undefined && at + 8 <= of64.byteLength) starts[i] = Number(of64.getBigUint64(at));
  }
  return starts.sort();
}

async function u32(source: ClosableSource, at: number): Promise<number> {
  const bytes = at + 4 <= source.size ? await source.read(at, 4) : new Uint8Array(4);
  return bytes.byteLength < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

/** Place of an object in the pack, by an index of version 2: fan-out, ids, checksums, offsets, large offsets. */
async function packOffset(index: ClosableSource, id: string, idBytes: number): Promise<number | undefined> {
  if ((await u32(index, 0)) !== 0xff744f63 || (await u32(index, 4)) !== 2) return undefined;
  const first = Number.parseInt(id.slice(0, 2), 16);
  const count = await u32(index, FANOUT + 255 * 4);
  let low = first === 0 ? 0 : await u32(index, FANOUT + (first - 1) * 4);
  let high = Math.min(await u32(index, FANOUT + first * 4), count);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = NAMES + middle * idBytes;
    if (at + idBytes > index.size) return undefined;
    const here = hex(await index.read(at, idBytes));
    if (here === id) {
      const offsets = NAMES + count * (idBytes + 4);
      const small = await u32(index, offsets + middle * 4);
      if (small < 0x80000000) return small;
      const large = offsets + count * 4 + (small - 0x80000000) * 8;
      const offset = (await u32(index, large)) * 2 ** 32 + (await u32(index, large + 4));
      return Number.isSafeInteger(offset) ? offset : undefined;
    }
    if (here < id) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Bytes as characters of the same number. */
export function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
