/** Readers of weight files: which format is it, and what does its header say? One folder each. */
import type { ByteSource } from '../core/byte-source.js';
import { MsbomError, withPlace } from '../core/error.js';
import type { ModelFacts, TensorInfo } from '../core/facts.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { catboost } from './catboost/index.js';
import { coreml } from './coreml/index.js';
import { coremlWeights } from './coreml-weights/index.js';
import { executorch } from './executorch/index.js';
import { fasttext } from './fasttext/index.js';
import { gguf } from './gguf/index.js';
import { hdf5 } from './hdf5/index.js';
import { huggingfaceTokenizer } from './huggingface-tokenizer/index.js';
import { joblib } from './joblib/index.js';
import { keras } from './keras/index.js';
import { lightgbm } from './lightgbm/index.js';
import { numpy } from './numpy/index.js';
import { onnx } from './onnx/index.js';
import { openvino } from './openvino/index.js';
import { pickle } from './pickle/index.js';
import { pytorch } from './pytorch/index.js';
import { type FormatReader, SNIFF_BYTES } from './reader.js';
import { safetensors } from './safetensors/index.js';
import { sentencepiece } from './sentencepiece/index.js';
import { isZip, openZip } from './shared/zip.js';
import { skops } from './skops/index.js';
import { tensorflowCheckpoint } from './tensorflow-checkpoint/index.js';
import { tensorflowGraphdef } from './tensorflow-graphdef/index.js';
import { tensorflowSavedmodel } from './tensorflow-savedmodel/index.js';
import { tensorflowjs } from './tensorflowjs/index.js';
import { tflite } from './tflite/index.js';
import { xgboost } from './xgboost/index.js';

export type { ByteSource } from '../core/byte-source.js';
export type { BaseModelHint, Keyed, ModelFacts, TensorInfo, TensorSummary } from '../core/facts.js';
export type { Limits } from '../core/limits.js';
export { gguf } from './gguf/index.js';
export { onnx } from './onnx/index.js';
export { pickle } from './pickle/index.js';
export { pytorch } from './pytorch/index.js';
export { defineReader, type FormatReader, SNIFF_BYTES } from './reader.js';
export { safetensors } from './safetensors/index.js';
export { parameterCounter } from './shared/parameters.js';
export { tensorflowjs } from './tensorflowjs/index.js';

/** Sorted by id. A file is read by the first one that recognises its bytes. */
export const READERS: readonly FormatReader[] = [
  catboost,
  coreml,
  coremlWeights,
  executorch,
  fasttext,
  gguf,
  hdf5,
  huggingfaceTokenizer,
  joblib,
  keras,
  lightgbm,
  numpy,
  onnx,
  openvino,
  pickle,
  pytorch,
  safetensors,
  sentencepiece,
  skops,
  tensorflowCheckpoint,
  tensorflowGraphdef,
  tensorflowSavedmodel,
  tensorflowjs,
  tflite,
  xgboost,
];

/** What a reader found in a file. */
export interface FileFacts {
  readonly reader: FormatReader;
  readonly facts: ModelFacts;
  readonly tensors: readonly TensorInfo[];
}

/** The reader that recognises the first bytes of a file, or the members of an archive. */
export async function detectFormat(source: ByteSource, limits: Limits = DEFAULT_LIMITS): Promise<FormatReader | undefined> {
  const head = (await source.read(0, Math.min(SNIFF_BYTES, source.size))).slice();
  const found = READERS.find((reader) => reader.sniff(head, source.name));
  if (found !== undefined || !isZip(head)) return found;
  const names = await memberNames(source, limits);
  return names && READERS.find((reader) => reader.claimsMembers?.(names));
}

/** Could a file that begins so be of a format that a reader knows? No only where none would take it. */
export function mayBeFormat(head: Uint8Array, name: string): boolean {
  return isZip(head) || READERS.some((reader) => reader.sniff(head, name));
}

/** Names in an archive; undefined when it is broken, which then is said by whoever expects one. */
async function memberNames(source: ByteSource, limits: Limits): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set((await openZip(source, limits)).members.keys());
  } catch (error) {
    if (MsbomError.is(error) && !error.code.startsWith('ERR_IO')) return undefined;
    throw error;
  }
}

/**
 * What the header of a weight file says; undefined when no reader recognises it.
 * @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset
 */
export async function readFacts(source: ByteSource, limits: Limits = DEFAULT_LIMITS): Promise<FileFacts | undefined> {
  const reader = await detectFormat(source, limits);
  if (reader === undefined) return undefined;
  try {
    const header = await reader.read(source, limits);
    return { reader, facts: reader.describe(header), tensors: reader.tensors(header) };
  } catch (error) {
    throw withPlace(error, { file: source.name });
  }
}
