/**
 * Metadata buffers of a TensorFlow Lite model: the runtime it needs, how it was converted, and what its publisher says of it.
 * Sources: tensorflow/compiler/mlir/lite/schema/conversion_metadata.fbs, tflite-support metadata_schema.fbs
 */
import { type ByteSource, bytesSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { type FlatTable, flatIdentifier, openFlatbuffer } from '../shared/flatbuffer.js';

export interface EmbeddedMetadata {
  /** Lowest version of the runtime that has all operators. */
  readonly minRuntimeVersion?: string | undefined;
  readonly conversion?: Conversion | undefined;
  readonly publisher?: PublisherMetadata | undefined;
  /** Names of metadata that are not read, and why. */
  readonly unread: readonly string[];
}

export interface Conversion {
  readonly tensorflowVersion: string | undefined;
  readonly modelType: string | undefined;
  readonly modelHash: number | undefined;
  readonly optimizations: readonly string[];
}

export interface PublisherMetadata {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly version: string | undefined;
  readonly author: string | undefined;
  readonly license: string | undefined;
  readonly minParserVersion: string | undefined;
}

export const NO_METADATA: EmbeddedMetadata = { unread: [] };

const MAX_BYTES = 1 << 20;
const MODEL_TYPES = ['NONE', 'TF_SAVED_MODEL', 'KERAS_MODEL', 'TF_CONCRETE_FUNCTIONS', 'TF_GRAPH_DEF', 'TF_SESSION', 'JAX', 'PYTORCH'];
const OPTIMIZATIONS: Readonly<Record<number, string>> = {
  1001: 'PTQ_FLOAT16',
  1002: 'PTQ_DYNAMIC_RANGE',
  1003: 'PTQ_FULL_INTEGER',
  1004: 'PTQ_INT16',
  2000: 'QUANTIZATION_AWARE_TRAINING',
  3001: 'RANDOM_SPARSITY',
  3002: 'BLOCK_SPARSITY',
  3003: 'STRUCTURED_SPARSITY',
};

/** Metadata: 0 name, 1 buffer; the content of each kind that is known. */
export async function readMetadata(
  root: FlatTable,
  bufferAt: (index: number) => Promise<FlatTable | undefined>,
  source: ByteSource,
  limits: Limits,
): Promise<EmbeddedMetadata> {
  const found: { -readonly [K in keyof EmbeddedMetadata]: EmbeddedMetadata[K] } = { unread: [] };
  const unread: string[] = [];
  for await (const entry of root.tables(6)) {
    const name = (await entry.text(0)) ?? '';
    const index = entry.number(1, 'u32', 0);
    const buffer = await bufferAt(index);
    if (buffer === undefined)
      throw new MsbomError('ERR_FORMAT_MALFORMED', `metadata names the buffer ${index}, which is not there`, {
        file: source.name,
        offset: entry.start,
      });
    const bytes = KNOWN.has(name) ? await buffer.bytes(0, MAX_BYTES) : undefined;
    if (bytes === undefined) unread.push(name.slice(0, 80));
    else if (name === 'min_runtime_version') found.minRuntimeVersion ??= firstText(bytes);
    else if (name === 'CONVERSION_METADATA') found.conversion ??= await readConversion(inner(source, bytes), limits);
    else if (flatIdentifier(bytes) === 'M001') found.publisher ??= await readPublisher(inner(source, bytes), limits);
    else unread.push(`${name}, which has no M001 in it`);
  }
  return { ...found, unread };
}

const KNOWN: ReadonlySet<string> = new Set(['min_runtime_version', 'CONVERSION_METADATA', 'TFLITE_METADATA']);

const inner = (source: ByteSource, bytes: Uint8Array): ByteSource => bytesSource(source.name, bytes);

/** The buffer has a fixed size; the text ends at the first zero. */
function firstText(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
  return text === '' ? undefined : text;
}

/** ConversionMetadata: 0 environment {0 tensorflow_version, 2 model_type, 3 model_hash}, 1 options {0 model_optimization_modes}. */
async function readConversion(source: ByteSource, limits: Limits): Promise<Conversion> {
  const root = await openFlatbuffer(source, limits);
  const environment = await root.table(0);
  const options = await root.table(1);
  const type = environment?.number(2, 'i32', 0) ?? 0;
  const modes = (await options?.numbers(0, 'i32')) ?? [];
  return {
    tensorflowVersion: await environment?.text(0),
    modelType: type === 0 ? undefined : (MODEL_TYPES[type] ?? `tflite:${type}`),
    modelHash: environment?.has(3) ? environment.number(3, 'u64', 0) : undefined,
    optimizations: modes.map((mode) => OPTIMIZATIONS[mode] ?? `tflite:${mode}`),
  };
}

/** ModelMetadata: 0 name, 1 description, 2 version, 4 author, 5 license, 7 min_parser_version. */
async function readPublisher(source: ByteSource, limits: Limits): Promise<PublisherMetadata> {
  const root = await openFlatbuffer(source, limits);
  return {
    name: await root.text(0),
    description: await root.text(1),
    version: await root.text(2),
    author: await root.text(4),
    license: await root.text(5),
    minParserVersion: await root.text(7),
  };
}
