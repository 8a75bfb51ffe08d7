/**
 * TensorFlow checkpoints: the index of a tensor bundle (`*.index`, in a SavedModel `variables.index`) and the text file `checkpoint`.
 * Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto
 */
import { type ByteSource, bytesSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { elementCount, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader, SNIFF_BYTES } from '../reader.js';
import { plainCount } from '../shared/parameters.js';
import { peekFields } from '../shared/protobuf.js';
import { smallMetadata } from '../shared/small-metadata.js';
import { openWalk, readShape, walkFile } from '../shared/tensorflow/message.js';
import { dtypeName, isNumeric } from '../shared/tensorflow/types.js';
import { type Part, partsOf } from './parts.js';
import { FOOTER_BYTES, hasTableMagic, tableEntries } from './table.js';

export interface CheckpointTensor extends TensorInfo {
  readonly part: Part;
}

export type CheckpointHeader =
  | {
      readonly kind: 'index';
      readonly shards: number;
      readonly bigEndian: boolean;
      /** Version of the bundle that wrote it. */
      readonly producer: number | undefined;
      readonly tensors: readonly CheckpointTensor[];
      /** Name of the file without `.index`; missing when it is named otherwise. */
      readonly prefix: string | undefined;
    }
  | { readonly kind: 'state'; readonly latest: string | undefined; readonly all: readonly string[] };

const MAX_SHARDS = 100_000;
const MAX_STATE_BYTES = 1024 * 1024;
const STATE = /^model_checkpoint_path: "/;

export const tensorflowCheckpoint = defineReader<CheckpointHeader>({
  id: 'tensorflow-checkpoint',
  title: 'TensorFlow checkpoint',
  extensions: [],
  sniff: (head) => looksLikeIndex(head) || looksLikeState(head),
  async read(source, limits) {
    const head = (await readExactly(source, 0, Math.min(64, source.size))).slice();
    return looksLikeState(head) ? readState(source) : readIndex(source, limits);
  },
  describe: (header) => (header.kind === 'index' ? describeIndex(header) : describeState(header)),
  tensors: (header) =>
    header.kind === 'index'
      ? header.tensors.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, ...(bytes === undefined ? {} : { bytes }) }))
      : [],
});

/**
 * The first key is empty and has the header of the bundle: number of shards, then a version. A small table ends within
 * the first bytes, where its magic number must stand.
 */
function looksLikeIndex(head: Uint8Array): boolean {
  const length = head[2] ?? 0;
  if (head[0] !== 0 || head[1] !== 0 || length < 4 || length > 32 || head.byteLength < FOOTER_BYTES) return false;
  const fields = peekFields(head.subarray(3, 3 + length)) ?? [];
  const known = fields.every(({ number, wireType }) => (number === 3 ? wireType === 2 : number <= 2 && wireType === 0));
  const whole = fields.every(({ wireType, start, value }) => wireType !== 2 || start + value === length);
  return (
    known && whole && fields[0]?.number === 1 && fields.at(-1)?.number === 3 && (head.byteLength === SNIFF_BYTES || hasTableMagic(head))
  );
}

const looksLikeState = (head: Uint8Array): boolean => STATE.test(new TextDecoder('latin1').decode(head.subarray(0, 64)));

async function readIndex(source: ByteSource, limits: Limits): Promise<CheckpointHeader> {
  const header: BundleHeader = { shards: 0, bigEndian: false, producer: undefined };
  const tensors: TensorInfo[] = [];
  let first = true;
  for await (const { key, value, offset } of tableEntries(source, limits)) {
    if (first) {
      if (key.byteLength > 0)
        throw new MsbomError('ERR_FORMAT_MALFORMED', 'the table has no header of a bundle', { file: source.name, offset });
      Object.assign(header, await placed(offset, source, () => readBundleHeader(value, source.name, limits)));
    }
    // Slices of a partitioned variable, whose keys begin with a zero byte, are parts of an entry of their own.
    else if (key[0] !== 0)
      tensors.push(await placed(offset, source, () => readBundleEntry(key, value, source.name, limits, header.shards)));
    first = false;
  }
  if (first) throw new MsbomError('ERR_FORMAT_MALFORMED', 'the table is empty', { file: source.name, offset: 0 });
  const part = partsOf(new Set(tensors.map(({ name }) => name)));
  const prefix = /(?<![^/])([^/]+)\.index$/.exec(source.name)?.[1];
  return { kind: 'index', ...header, prefix, tensors: tensors.map((tensor) => ({ ...tensor, part: part(tensor.name) })) };
}

interface BundleHeader {
  shards: number;
  bigEndian: boolean;
  producer: number | undefined;
}

/** Errors inside a value get the offset of the value in the file. */
async function placed<T>(offset: number, source: ByteSource, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    throw new MsbomError(error.code, error.message, { file: source.name, offset: offset + (error.offset ?? 0), cause: error });
  }
}

/** BundleHeaderProto: 1 num_shards, 2 endianness, 3 version {1 producer}. */
async function readBundleHeader(value: Uint8Array, file: string, limits: Limits): Promise<BundleHeader> {
  const header: BundleHeader = { shards: 0, bigEndian: false, producer: undefined };
  const walk = openWalk(bytesSource(file, value), limits);
  await walkFile(walk, (field) => {
    if (field.number === 1) header.shards = field.varint;
    else if (field.number === 2) header.bigEndian = field.varint === 1;
    else if (field.number === 3) header.producer = value[field.start] === 8 ? value[field.start + 1] : undefined;
  });
  if (header.shards < 1) throw new MsbomError('ERR_FORMAT_MALFORMED', 'the bundle has no data files', { file, offset: 0 });
  if (header.shards > Math.min(MAX_SHARDS, limits.maxItems))
    throw new MsbomError('ERR_LIMIT_COUNT', `the bundle says it has ${header.shards} data files`, { file, offset: 0 });
  return header;
}

/** BundleEntryProto: 1 dtype, 2 shape, 3 shard_id, 5 size, 7 slices. */
async function readBundleEntry(key: Uint8Array, value: Uint8Array, file: string, limits: Limits, shards: number): Promise<TensorInfo> {
  const walk = openWalk(bytesSource(file, value), limits);
  let type = 0;
  let shape: readonly number[] = [];
  let shard = 0;
  let size = 0;
  let sliced = false;
  await walkFile(walk, async (field) => {
    if (field.number === 1) type = field.varint;
    else if (field.number === 2) shape = await readShape(walk, field);
    else if (field.number === 3) shard = field.varint;
    else if (field.number === 5) size = field.varint;
    else if (field.number === 7) sliced = true;
  });
  const fail = (message: string): MsbomError => new MsbomError('ERR_FORMAT_MALFORMED', message, { file, offset: 0 });
  if (shard >= shards) throw fail(`a tensor lies in data file ${shard} of ${shards}`);
  if (shape.includes(-1) || !Number.isSafeInteger(elementCount({ shape }))) throw fail('a tensor has a shape that cannot be counted');
  if (key.byteLength > limits.maxStringBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a name has ${key.byteLength} bytes`, { file, offset: 0 });
  const name = new TextDecoder().decode(key);
  return { name, dtype: dtypeName(type), shape, ...(sliced || !Number.isSafeInteger(size) ? {} : { bytes: size }) };
}

function describeIndex({ shards, bigEndian, producer, tensors, prefix }: Extract<CheckpointHeader, { kind: 'index' }>): ModelFacts {
  const own = tensors.filter(({ part }) => part === 'optimizer');
  return knownFacts<ModelFacts>({
    format: 'tensorflow-checkpoint',
    formatVersion: producer === undefined ? undefined : String(producer),
    mediaType: 'application/octet-stream',
    role: 'weights',
    tensors: summarize(tensors, (tensor) => (tensor.part === 'model' && isNumeric(tensor.dtype) ? plainCount(tensor) : 0)),
    companions: prefix === undefined ? undefined : dataFiles(prefix, shards),
    metadata: smallMetadata([
      ['shards', shards],
      ['endianness', bigEndian ? 'big' : 'little'],
      ['objectGraph', tensors.some(({ name }) => name === '_CHECKPOINTABLE_OBJECT_GRAPH') ? 'in the data file' : undefined],
      ['optimizer.values', own.length === 0 ? undefined : own.reduce((sum, tensor) => sum + elementCount(tensor), 0)],
    ]),
  });
}

/** `*.data-00000-of-00002` and so on. */
function dataFiles(prefix: string, shards: number): readonly string[] {
  const digits = (value: number): string => String(value).padStart(5, '0');
  return Array.from({ length: shards }, (_, i) => `${prefix}.data-${digits(i)}-of-${digits(shards)}`);
}

/** CheckpointState as text: `model_checkpoint_path: "…"`, `all_model_checkpoint_paths: "…"`. */
async function readState(source: ByteSource): Promise<CheckpointHeader> {
  if (source.size > MAX_STATE_BYTES)
    throw new MsbomError('ERR_LIMIT_BYTES', `the text has ${source.size} bytes`, { file: source.name, offset: 0 });
  const text = new TextDecoder('utf-8').decode(await readExactly(source, 0, source.size));
  const values = (key: string): string[] =>
    text
      .split('\n')
      .flatMap((line) => (line.startsWith(`${key}: "`) && line.trimEnd().endsWith('"') ? [line.trimEnd().slice(key.length + 3, -1)] : []));
  return { kind: 'state', latest: values('model_checkpoint_path')[0], all: values('all_model_checkpoint_paths') };
}

/** Paths may be absolute and tell where training ran: only the last part is kept. */
function describeState({ latest, all }: Extract<CheckpointHeader, { kind: 'state' }>): ModelFacts {
  return knownFacts<ModelFacts>({
    format: 'tensorflow-checkpoint',
    mediaType: 'text/plain',
    role: 'index',
    metadata: smallMetadata([
      ['model_checkpoint_path', latest?.split(/[/\\]/).at(-1)],
      ['all_model_checkpoint_paths', all.length === 0 ? undefined : `${all.length} items`],
    ]),
  });
}
