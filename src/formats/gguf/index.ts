/**
 * GGUF versions 1 to 3, both byte orders: header, key-values and tensor infos; token lists are walked, not kept.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { describeGguf } from './facts.js';
import { ggmlType } from './types.js';
import { type GgufValue, readString, readValue } from './value.js';

export interface GgufHeader {
  readonly version: number;
  readonly littleEndian: boolean;
  /** Values by key. Of long arrays only type and length are kept. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly TensorInfo[];
  /** Bytes from the start of the file to the tensor data. */
  readonly dataOffset: number;
  /** A hint at which part of a set this is. */
  readonly fileName: string;
}

const MAGIC = 0x46554747; // "GGUF", little-endian
const MAX_KEY_VALUES = 100_000;
const MAX_DIMENSIONS = 8;
/** Large pages: a vocabulary is several megabytes of short strings. */
const PAGE_BYTES = 1024 * 1024;

export const gguf = defineReader<GgufHeader>({
  id: 'gguf',
  title: 'GGUF',
  extensions: ['.gguf'],
  sniff: (head) => magicOf(head) === 'GGUF' || olderKind(head) !== undefined,
  read: readHeader,
  describe: describeGguf,
  tensors: ({ tensors }) => tensors,
});

const magicOf = (head: Uint8Array): string => (head.byteLength < 8 ? '' : String.fromCharCode(...head.subarray(0, 4)));

/** Kinds of files before GGUF, by their magic; behind it stands a small version, or a setting of the model. */
const OLDER: Readonly<Record<string, readonly [name: string, most: number]>> = {
  lmgg: ['ggml', 0xff_ffff],
  fmgg: ['ggmf', 9],
  tjgg: ['ggjt', 9],
  algg: ['ggla', 9],
};

function olderKind(head: Uint8Array): string | undefined {
  const [name, most] = OLDER[magicOf(head)] ?? ['', 0];
  const next = name === '' ? 0 : new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  return next > 0 && next <= most ? name : undefined;
}

async function refuseOlder(source: ByteSource): Promise<void> {
  const older = olderKind(await readExactly(source, 0, Math.min(8, source.size)));
  if (older === undefined) return;
  throw new MsbomError(
    'ERR_FORMAT_UNSUPPORTED',
    `the file is of the kind \`${older}\`, which was in use before GGUF and says nothing of the model`,
    {
      file: source.name,
      offset: 0,
      hint: 'Convert it to GGUF with the tools of its publisher.',
    },
  );
}

async function readHeader(source: ByteSource, limits: Limits): Promise<GgufHeader> {
  await refuseOlder(source);
  const cursor = openCursor(source, limits, PAGE_BYTES);
  await cursor.fill(8);
  if (cursor.u32() !== MAGIC) throw cursor.malformed('the file does not start with GGUF', 0);
  const version = readVersion(cursor);
  const wide = version >= 2;
  await cursor.fill(wide ? 16 : 8);
  const tensorCount = wide ? cursor.u64() : cursor.u32();
  const keyValueCount = wide ? cursor.u64() : cursor.u32();
  // Every tensor info has at least 20 bytes and every key-value at least 9: a count that the file cannot hold is a lie.
  checkCount(cursor, tensorCount, Math.min(limits.maxItems, Math.ceil(source.size / 20)), 'tensors');
  checkCount(cursor, keyValueCount, Math.min(MAX_KEY_VALUES, Math.ceil(source.size / 9)), 'key-values');
  const metadata = await readMetadata(cursor, keyValueCount, wide, limits);
  const architecture = metadata.get('general.architecture')?.value;
  const infos = await readTensorInfos(cursor, tensorCount, { wide, limits, architecture });
  const alignment = alignmentOf(metadata, cursor);
  const dataOffset = tensorCount === 0 ? cursor.position : Math.ceil(cursor.position / alignment) * alignment;
  checkExtent(infos, dataOffset, alignment, source);
  return {
    version,
    littleEndian: cursor.littleEndian,
    metadata,
    tensors: infos.map(({ offset: _offset, ...tensor }) => tensor),
    dataOffset,
    fileName: source.name,
  };
}

function readVersion(cursor: Cursor): number {
  let version = cursor.u32();
  if (version > 0xffff) {
    cursor.littleEndian = false;
    cursor.seek(4);
    version = cursor.u32();
  }
  if (version < 1 || version > 3) {
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', `GGUF version ${version} is not known, only 1 to 3 are`, {
      file: cursor.source.name,
      offset: 4,
    });
  }
  return version;
}

function checkCount(cursor: Cursor, count: number, limit: number, what: string): void {
  if (count <= limit) return;
  throw new MsbomError('ERR_LIMIT_COUNT', `the header says it has ${count} ${what}, ${limit} are allowed in a file of this size`, {
    file: cursor.source.name,
    offset: 8,
  });
}

async function readMetadata(cursor: Cursor, count: number, wide: boolean, limits: Limits): Promise<Map<string, GgufValue>> {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const offset = cursor.position;
    const key = await readString(cursor, wide, 65_535);
    if (metadata.has(key)) throw cursor.malformed(`the key \`${key.slice(0, 80)}\` stands twice`, offset);
    await cursor.fill(4);
    metadata.set(key, await readValue(cursor, cursor.u32(), wide, limits, 0));
  }
  return metadata;
}

interface PlacedTensor extends TensorInfo {
  readonly offset: number;
}

async function readTensorInfos(
  cursor: Cursor,
  count: number,
  { wide, limits, architecture }: { readonly wide: boolean; readonly limits: Limits; readonly architecture: unknown },
): Promise<PlacedTensor[]> {
  const tensors: PlacedTensor[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const start = cursor.position;
    const name = await readString(cursor, wide, limits.maxStringBytes);
    if (names.has(name)) throw cursor.malformed(`the tensor \`${name.slice(0, 80)}\` stands twice`, start);
    names.add(name);
    await cursor.fill(4);
    const dimensions = cursor.u32();
    if (dimensions > MAX_DIMENSIONS)
      throw cursor.malformed(`a tensor has ${dimensions} dimensions, ${MAX_DIMENSIONS} are allowed`, cursor.position - 4);
    await cursor.fill(dimensions * (wide ? 8 : 4) + 12);
    const sizes = Array.from({ length: dimensions }, () => (wide ? cursor.u64() : cursor.u32()));
    const type = ggmlType(cursor.u32(), architecture);
    const offset = cursor.u64();
    tensors.push({ name, dtype: type.name, shape: sizes.reverse(), offset, ...byteLength(sizes, type, cursor, start) });
  }
  return tensors;
}

/** Bytes of a tensor of a known type; nothing for one whose blocks are not known. */
function byteLength(
  sizes: readonly number[],
  { name, block }: ReturnType<typeof ggmlType>,
  cursor: Cursor,
  offset: number,
): { readonly bytes?: number } {
  const values = sizes.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(values)) throw cursor.malformed('a tensor has more values than can be counted', offset);
  if (block === undefined) return {};
  const [blockValues, blockBytes] = block;
  const row = sizes.at(-1) ?? 1; // the innermost axis, after the reversal to outermost-first
  if (row % blockValues !== 0) throw cursor.malformed(`rows of ${row} values do not fill whole ${name} blocks of ${blockValues}`, offset);
  return { bytes: (values / blockValues) * blockBytes };
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>, cursor: Cursor): number {
  const value = metadata.get('general.alignment')?.value ?? 32;
  const valid = typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_536 && (value & (value - 1)) === 0;
  if (!valid) throw cursor.malformed(`the alignment ${String(value)} is not a power of two`);
  return value;
}

function checkExtent(tensors: readonly PlacedTensor[], dataOffset: number, alignment: number, source: ByteSource): void {
  for (const { name, offset, bytes = 0 } of tensors) {
    if (offset % alignment !== 0)
      throw new MsbomError('ERR_FORMAT_MALFORMED', `the tensor \`${name}\` is not aligned to ${alignment} bytes`, {
        file: source.name,
        offset: dataOffset + offset,
      });
    if (dataOffset + offset + bytes > source.size) {
      throw new MsbomError(
        'ERR_FORMAT_TRUNCATED',
        `the tensor \`${name}\` ends at byte ${dataOffset + offset + bytes}, the file has ${source.size}`,
        {
          file: source.name,
          offset: source.size,
          hint: 'Fetch the file again; it is shorter than its own header says.',
        },
      );
    }
  }
}
