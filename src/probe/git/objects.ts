/** Just enough of git's object store to see which object a tag names (https://git-scm.com/docs/gitformat-pack). */
import { MsbomError } from '../../core/error.js';
import type { ClosableSource } from '../../core/host.js';
import { inflateStream } from '../../formats/kernel/inflate.js';
import type { Sight } from '../sight.js';
import type { Repository } from './repository.js';

/** What an object is: a tag has the object that it names. */
export interface GitObject {
  readonly type: string;
  readonly names?: string;
}

export interface ObjectStore {
  /** Undefined for what is not there, or stored in a way that is not read here. */
  find(id: string): Promise<GitObject | undefined>;
  close(): Promise<void>;
}

const MAX_PACKS = 256;
/** The first lines of a tag object fit into this. */
const HEAD_BYTES = 512;
const MAX_COMPRESSED = 4096;

export function objectStore(sight: Sight, { common, digits }: Repository): ObjectStore {
  const objects = `${common}/objects`;
  const packs: Promise<readonly Pack[]> = openPacks(sight, `${objects}/pack`);
  return {
    async find(id) {
      const loose = await head(sight, `${objects}/${id.slice(0, 2)}/${id.slice(2)}`);
      if (loose !== undefined) {
        const [, type, body] = /^([a-z]+) \d+\0([\s\S]*)$/.exec(loose) ?? [];
        return type === undefined ? undefined : described(type, body ?? '', digits);
      }
      for (const pack of await packs) {
        const found = await packed(pack, id, digits);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    async close() {
      for (const { index, data } of await packs) await Promise.all([index.close(), data.close()]);
    },
  };
}

function described(type: string, body: string, digits: number): GitObject {
  const names = type === 'tag' ? new RegExp(`^object ([0-9a-f]{${digits}})\\n`).exec(body)?.[1] : undefined;
  return names === undefined ? { type } : { type, names };
}

async function head(sight: Sight, path: string): Promise<string | undefined> {
  const source = await sight.open(path);
  if (source === undefined) return undefined;
  try {
    return await inflated(source, 0);
  } finally {
    await source.close();
  }
}

/** The first bytes of a zlib stream; undefined when it is none. */
async function inflated(source: ClosableSource, offset: number): Promise<string | undefined> {
  const bytes = (await source.read(offset, Math.min(MAX_COMPRESSED, Math.max(0, source.size - offset)))).slice();
  let text = '';
  try {
    for await (const chunk of inflateStream([bytes], 'deflate', { file: source.name, offset })) {
      text += new TextDecoder('latin1').decode(chunk);
      if (text.length >= HEAD_BYTES) break;
    }
  } catch (error) {
    // What follows the stream in a pack, or a cut at MAX_COMPRESSED, is an error after the bytes that are needed.
    if (!MsbomError.is(error)) throw error;
  }
  return text === '' ? undefined : text.slice(0, HEAD_BYTES);
}

interface Pack {
  readonly index: ClosableSource;
  readonly data: ClosableSource;
}

async function openPacks({ open, list }: Sight, directory: string): Promise<readonly Pack[]> {
  const packs: Pack[] = [];
  for (const name of (await list(directory)).filter((each) => /^pack-[0-9a-f]+\.idx$/.test(each)).slice(0, MAX_PACKS)) {
    const index = await open(`${directory}/${name}`);
    const data = index === undefined ? undefined : await open(`${directory}/${name.replace(/idx$/, 'pack')}`);
    if (index !== undefined && data !== undefined) packs.push({ index, data });
    else await index?.close();
  }
  return packs;
}

const TYPES: Readonly<Record<number, string>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };

async function packed({ index, data }: Pack, id: string, digits: number): Promise<GitObject | undefined> {
  const offset = await packOffset(index, id, digits / 2);
  if (offset === undefined || offset >= data.size) return undefined;
  const bytes = await data.read(offset, Math.min(16, data.size - offset));
  const type = TYPES[((bytes[0] ?? 0) >> 4) & 7];
  if (type === undefined) return undefined; // a difference to another object
  if (type !== 'tag') return { type };
  let at = 0;
  while (at < bytes.byteLength && (bytes[at] ?? 0) & 0x80) at++;
  return described(type, (await inflated(data, offset + at + 1)) ?? '', digits);
}

const FANOUT = 8;
const NAMES = FANOUT + 256 * 4;

/** Place of an object in the pack, by an index of version 2: fan-out, ids, checksums, offsets, large offsets. */
async function packOffset(index: ClosableSource, id: string, idBytes: number): Promise<number | undefined> {
  const u32 = async (at: number): Promise<number> => {
    const bytes = at + 4 <= index.size ? await index.read(at, 4) : new Uint8Array(4);
    return bytes.byteLength < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  };
  if ((await u32(0)) !== 0xff744f63 || (await u32(4)) !== 2) return undefined;
  const first = Number.parseInt(id.slice(0, 2), 16);
  const count = await u32(FANOUT + 255 * 4);
  let low = first === 0 ? 0 : await u32(FANOUT + (first - 1) * 4);
  let high = Math.min(await u32(FANOUT + first * 4), count);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = NAMES + middle * idBytes;
    if (at + idBytes > index.size) return undefined;
    const here = hex(await index.read(at, idBytes));
    if (here === id) {
      const offsets = NAMES + count * (idBytes + 4);
      const small = await u32(offsets + middle * 4);
      if (small < 0x80000000) return small;
      const large = offsets + count * 4 + (small - 0x80000000) * 8;
      const offset = (await u32(large)) * 2 ** 32 + (await u32(large + 4));
      return Number.isSafeInteger(offset) ? offset : undefined;
    }
    if (here < id) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
