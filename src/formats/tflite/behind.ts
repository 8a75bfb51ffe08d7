/**
 * What lies behind a model in its file: an interpreter reads the first model alone, while packers put several into one file, whose
 * places only their loader knows.
 */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import type { FlatRange } from '../shared/flatbuffer.js';
import type { TfliteModel } from './model.js';

/** A model that lies behind the first. */
export interface PackedModel {
  /** Offset in the file. */
  readonly start: number;
  readonly model: TfliteModel;
}

export interface Behind {
  readonly packed: readonly PackedModel[];
  /** Bytes that are of no model; 0 where they are nothing but zeros. */
  readonly bytes: number;
}

export const NOTHING: Behind = { packed: [], bytes: 0 };

/** Bytes that are searched for models. */
const MAX_SEARCHED = 64 * 1024 * 1024;
const CHUNK = 1024 * 1024;
const MAX_MODELS = 64;
/** Beginnings that turn out to be no model, after which no more is tried. */
const MAX_FAILURES = 16;
const IDENTIFIER = [0x54, 0x46, 0x4c, 0x33]; // TFL3

type Read = (source: ByteSource, limits: Limits, range: FlatRange) => Promise<{ readonly model: TfliteModel; readonly end: number }>;

/** The models behind `end`, and how many bytes are of none; zeros before anything else are padding. */
export async function readBehind(source: ByteSource, limits: Limits, end: number, read: Read): Promise<Behind> {
  const packed: PackedModel[] = [];
  let bytes = 0;
  let at = end;
  for (let failures = 0; packed.length < MAX_MODELS && failures < MAX_FAILURES; ) {
    const { model, content } = await gapFrom(source, at, end + MAX_SEARCHED);
    if (model === undefined) return { packed, bytes: bytes + source.size - (content ?? source.size) };
    const found = await attempt(source, limits, { start: model, end: source.size }, read);
    bytes += (found === undefined ? model + 8 : model) - (content ?? model);
    at = found?.end ?? model + 8;
    if (found === undefined) failures++;
    else packed.push({ start: model, model: found.model });
  }
  return { packed, bytes: bytes + source.size - at };
}

/** What is no model is some bytes; only a file that cannot be read is an error. */
async function attempt(source: ByteSource, limits: Limits, range: FlatRange, read: Read): Promise<Awaited<ReturnType<Read>> | undefined> {
  try {
    return await read(source, limits, range);
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    return undefined;
  }
}

interface Gap {
  /** Where the next model seems to begin. */
  readonly model?: number;
  /** The first byte before it that is not zero. */
  readonly content?: number;
}

/** What comes next, no further than `stop`: what lies behind that counts as content. */
async function gapFrom(source: ByteSource, from: number, stop: number): Promise<Gap> {
  let content: number | undefined;
  const found = (): Gap => (content === undefined ? {} : { content });
  const last = Math.min(source.size, stop);
  for (let at = from; at < last; at += CHUNK) {
    // Eight more, so that no beginning is cut.
    const chunk = await source.read(at, Math.min(CHUNK + 8, source.size - at));
    const own = Math.min(CHUNK, chunk.byteLength);
    for (let i = 0; i < own; i++) {
      if (isModelAt(chunk, i)) return { model: at + i, ...found() };
      if (content === undefined && chunk[i] !== 0) content = at + i;
    }
  }
  if (last < source.size) content ??= last;
  return found();
}

const isModelAt = (bytes: Uint8Array, at: number): boolean =>
  IDENTIFIER.every((byte, i) => bytes[at + 4 + i] === byte) && bytes[at + 3] === 0 && ((bytes[at] ?? 1) & 3) === 0;
