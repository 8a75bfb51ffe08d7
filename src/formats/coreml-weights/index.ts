/**
 * The weights of an ML program (`weight.bin`): a header of 64 bytes, then one record of 64 bytes before each blob. Names and shapes
 * are in the specification beside it. Source: mlmodel/src/MILBlob/Blob/StorageFormat.hpp of coremltools 9
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { openPages } from '../shared/pages.js';
import { countsText, smallMetadata } from '../shared/small-metadata.js';

export interface CoremlWeightsHeader {
  readonly version: number;
  /** Blobs by data type. */
  readonly blobs: ReadonlyMap<string, number>;
  /** Bytes of all blobs. */
  readonly bytes: number;
}

const RECORD_BYTES = 64;
const SENTINEL = 0xdeadbeef;
const TYPES =
  ' Float16 Float32 UInt8 Int8 BFloat16 Int16 UInt16 Int4 UInt1 UInt2 UInt4 UInt3 UInt6 Int32 UInt32 Float8E4M3FN Float8E5M2'.split(' ');

export const coremlWeights = defineReader<CoremlWeightsHeader>({
  id: 'coreml-weights',
  title: 'Core ML weights',
  extensions: [],
  sniff(head) {
    if (head.byteLength < 2 * RECORD_BYTES) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const empty = head.subarray(8, RECORD_BYTES).every((byte) => byte === 0);
    return view.getUint32(0, true) > 0 && view.getUint32(4, true) === 2 && empty && view.getUint32(RECORD_BYTES, true) === SENTINEL;
  },
  read: readHeader,
  describe: ({ version, blobs, bytes }): ModelFacts =>
    knownFacts<ModelFacts>({
      format: 'coreml-weights',
      formatVersion: String(version),
      mediaType: 'application/octet-stream',
      role: 'weights',
      metadata: smallMetadata([
        ['blobs', countsText(blobs)],
        ['bytes', bytes],
      ]),
      notInspected: ['names and shapes, which only the model specification has'],
    }),
  tensors: () => [],
});

async function readHeader(source: ByteSource, limits: Limits): Promise<CoremlWeightsHeader> {
  const head = await readExactly(source, 0, RECORD_BYTES);
  const view = new DataView(head.buffer, head.byteOffset, RECORD_BYTES);
  const count = view.getUint32(0, true);
  const version = view.getUint32(4, true);
  if (count > Math.min(limits.maxItems, source.size / RECORD_BYTES))
    throw new MsbomError('ERR_LIMIT_COUNT', `the header says it has ${count} blobs`, { file: source.name, offset: 0 });
  const pages = openPages(source, limits);
  const blobs = new Map<string, number>();
  let bytes = 0;
  for (let i = 0, at = RECORD_BYTES; i < count; i++) {
    if (at + RECORD_BYTES > source.size) throw truncated(source, at + RECORD_BYTES);
    const record = await pages.view(at, RECORD_BYTES);
    const end = record.getBigUint64(16, true) + record.getBigUint64(8, true);
    if (record.getUint32(0, true) !== SENTINEL || record.getBigUint64(16, true) < BigInt(at + RECORD_BYTES))
      throw new MsbomError('ERR_FORMAT_MALFORMED', 'a blob has no record before it', { file: source.name, offset: at });
    if (end > BigInt(source.size)) throw truncated(source, end);
    const type = record.getUint32(4, true);
    const name = TYPES[type] || `coreml:${type}`;
    blobs.set(name, (blobs.get(name) ?? 0) + 1);
    bytes += Number(record.getBigUint64(8, true));
    at = Math.ceil(Number(end) / RECORD_BYTES) * RECORD_BYTES;
  }
  return { version, blobs, bytes };
}

function truncated(source: ByteSource, end: number | bigint): MsbomError {
  return new MsbomError('ERR_FORMAT_TRUNCATED', `a blob ends at byte ${end}, the file has ${source.size}`, {
    file: source.name,
    offset: source.size,
    hint: 'Fetch the file again; it is shorter than its own header says.',
  });
}
