/**
 * TensorFlow.js: model.json of a layers-model or graph-model, and *-weights_manifest.json.
 * Source: https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { elementCount, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { parseJson } from '../../core/json.js';
import { type Limits, metadataLimits } from '../../core/limits.js';
import { configFacts } from '../keras/config.js';
import { trainingSettings } from '../keras/training.js';
import { defineReader } from '../reader.js';
import { BRACE, BRACKET, firstByte } from '../shared/first-byte.js';
import { plainCount } from '../shared/parameters.js';
import { countsText, isInsideDirectory, smallMetadata } from '../shared/small-metadata.js';
import { operatorFindings, operatorMetadata } from '../shared/tensorflow/operators.js';
import { graphOf } from './graph.js';

type JsonRecord = Readonly<Record<string, unknown>>;

/** Weights that lie behind each other in some files. */
export interface WeightGroup {
  readonly paths: readonly string[];
  /** Bytes of all weights of the group, when every data type has a known size. */
  readonly bytes?: number;
}

export interface TensorflowjsHeader {
  /** The parsed JSON but for the weights manifest. */
  readonly model: JsonRecord;
  readonly groups: readonly WeightGroup[];
  readonly tensors: readonly TensorInfo[];
}

const BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries({ float32: 4, int32: 4, uint8: 1, uint16: 2, float16: 2, bool: 1, complex64: 8 }),
);
const MAX_BYTES = 256 * 1024 * 1024;
/** Characters of the name and version of a program. */
const MAX_PRODUCER = 256;

export const tensorflowjs = defineReader<TensorflowjsHeader>({
  id: 'tensorflowjs',
  title: 'TensorFlow.js',
  extensions: ['.json'],
  sniff(head, name) {
    const first = firstByte(head);
    if (first !== BRACE && first !== BRACKET) return false;
    const text = new TextDecoder('latin1').decode(head).trimStart();
    if (text.startsWith('[')) return /weights_manifest\.json$/.test(name) && /"(weights|paths)"/.test(text);
    if (!text.startsWith('{')) return false;
    return /"weightsManifest"\s*:\s*\[|"modelTopology"\s*:\s*\{/.test(text) || /"format"\s*:\s*"(layers|graph)-model"/.test(text);
  },
  read: readModel,
  describe: ({ model, groups, tensors }): ModelFacts => ({
    format: 'tensorflowjs',
    mediaType: 'application/json',
    role: 'weights',
    tensors: summarize(tensors, (tensor) => (tensor.dtype === 'string' ? 0 : plainCount(tensor))),
    ...described(model, groups),
  }),
  tensors: ({ tensors }) => tensors,
});

async function readModel(source: ByteSource, limits: Limits): Promise<TensorflowjsHeader> {
  const maximum = Math.min(MAX_BYTES, limits.maxReadBytes);
  if (source.size > maximum)
    throw new MsbomError('ERR_LIMIT_BYTES', `the JSON has ${source.size} bytes, the limit is ${maximum}`, { file: source.name, offset: 0 });
  const bytes = await readExactly(source, 0, source.size);
  const value = parse(bytes, source.name, maximum, limits);
  const { weightsManifest, ...model } = Array.isArray(value) ? { weightsManifest: value } : asRecord(value, 'the document', source.name);
  if (weightsManifest !== undefined && !Array.isArray(weightsManifest)) throw malformed('`weightsManifest` is not a list', source.name);
  if (weightsManifest === undefined && model.modelTopology === undefined)
    throw malformed('the document has neither weights nor a topology', source.name);
  const groups = (weightsManifest ?? []).map((group: unknown, i: number) =>
    readGroup(asRecord(group, `the weight group ${i}`, source.name), source.name),
  );
  return {
    model,
    groups: groups.map(({ paths, bytes: size }) => ({ paths, ...(size === undefined ? {} : { bytes: size }) })),
    tensors: groups.flatMap((group) => group.tensors),
  };
}

function parse(bytes: Uint8Array, file: string, maxDocumentBytes: number, limits: Limits): unknown {
  try {
    return parseJson(bytes, { file, limits: metadataLimits(maxDocumentBytes, limits), inexactIntegers: 'text' });
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_LIMIT')) throw error;
    throw new MsbomError('ERR_FORMAT_MALFORMED', error.message, {
      file,
      offset: error.offset ?? 0,
      line: error.line,
      column: error.column,
      cause: error,
    });
  }
}

function readGroup(group: JsonRecord, file: string): { paths: string[]; tensors: TensorInfo[]; bytes: number | undefined } {
  const { paths = [], weights } = group;
  if (!Array.isArray(paths) || paths.some((path) => typeof path !== 'string'))
    throw malformed('the paths of a weight group are not a list of texts', file);
  if (!Array.isArray(weights)) throw malformed('a weight group has no list of weights', file);
  const tensors = weights.map((weight: unknown) => readWeight(asRecord(weight, 'a weight', file), file));
  const bytes = tensors.reduce<number | undefined>(
    (sum, tensor) => (sum === undefined || tensor.bytes === undefined ? undefined : sum + tensor.bytes),
    0,
  );
  return { paths: paths as string[], tensors, bytes }; // checked above
}

function readWeight({ name, shape, dtype, quantization }: JsonRecord, file: string): TensorInfo {
  if (typeof name !== 'string' || typeof dtype !== 'string') throw malformed('a weight has no name or no data type', file);
  if (!Array.isArray(shape) || shape.length > 64 || shape.some((size) => !Number.isSafeInteger(size) || size < 0)) {
    throw malformed(`the shape of \`${name.slice(0, 80)}\` is not a list of sizes`, file);
  }
  const count = elementCount({ shape: shape as number[] }); // checked above
  if (!Number.isSafeInteger(count)) throw malformed(`the weight \`${name.slice(0, 80)}\` has more values than can be counted`, file);
  const stored = quantization === undefined ? dtype : String(asRecord(quantization, 'a quantization', file).dtype);
  const size = BYTES.get(stored);
  return {
    name,
    dtype: stored === dtype ? dtype : `${dtype} (${stored})`,
    shape: shape as number[],
    ...(size === undefined ? {} : { bytes: count * size }),
  };
}

function described(model: JsonRecord, groups: readonly WeightGroup[]): Omit<ModelFacts, 'format'> {
  const topology = record(model.modelTopology);
  // Keras for Python writes `model_config`; TensorFlow.js itself writes the model's configuration alone.
  const keras = record(topology?.model_config);
  const place = keras === undefined ? 'modelTopology' : 'modelTopology.model_config';
  const training = record(topology?.training_config) ?? record(model.trainingConfig);
  const graph = graphOf(topology);
  const config =
    graph === undefined ? configFacts(keras ?? topology, { place, more: training, version: topology?.keras_version }) : undefined;
  const paths = groups.flatMap((group) => group.paths);
  const inputs = signature(model, 'inputs');
  return knownFacts<Omit<ModelFacts, 'format'>>({
    ...config?.facts,
    producers: producers(model, topology),
    hyperparameters: trainingSettings(training, 'training_config'),
    inputs: inputs.length > 0 ? inputs : config?.facts.inputs,
    outputs: signature(model, 'outputs'),
    companions: [...new Set(paths.filter(isInsideDirectory))],
    metadata: smallMetadata([
      ...metadata(model, topology),
      ['layers', countsText(config?.layers ?? new Map())],
      ...(graph === undefined ? [] : operatorMetadata([graph])),
      ['versions.min_consumer', graph?.minConsumer],
    ]),
    findings: [...outside(paths), ...(config?.facts.findings ?? []), ...(graph === undefined ? [] : operatorFindings([graph]))],
  });
}

function outside(paths: readonly string[]): readonly Finding[] {
  return paths
    .filter((path) => !isInsideDirectory(path))
    .map((path) => ({
      id: 'external-data-outside',
      severity: 'high',
      message: `weights are said to lie in ${JSON.stringify(path.slice(0, 200))}, outside the model's directory`,
      fix: 'Do not load the model; ask its publisher for one whose files lie together.',
    }));
}

/** `generatedBy` and `convertedBy` are texts such as "keras v2.10.0" or "2.5.0" (then TensorFlow wrote it). */
function producers(model: JsonRecord, topology: JsonRecord | undefined): ModelFacts['producers'] {
  const found = (['generatedBy', 'convertedBy'] as const).flatMap((key) => {
    const value = model[key];
    return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_PRODUCER
      ? [{ key, value: nameAndVersion(value.trim()) }]
      : [];
  });
  const version = topology?.keras_version;
  if (typeof version === 'string' && !found.some(({ value }) => /keras/i.test(value.name))) {
    found.push({ key: 'modelTopology.keras_version' as 'generatedBy', value: { name: 'keras', version } });
  }
  return found.length > 0 ? found : undefined;
}

function nameAndVersion(value: string): { readonly name: string; readonly version?: string } {
  if (/^\d+\.\d\S*$/.test(value)) return { name: 'tensorflow', version: value };
  const match = /^(.+?)(?<!\s)\s+v?(\d\S*)$/.exec(value);
  return match?.[1] === undefined ? { name: value } : { name: match[1], version: match[2] ?? '' };
}

function signature(model: JsonRecord, side: 'inputs' | 'outputs'): readonly TensorInfo[] {
  const entries = record(record(model.signature ?? record(model.userDefinedMetadata)?.signature)?.[side]) ?? {};
  return Object.entries(entries).map(([name, value]) => {
    const { dtype, tensorShape } = record(value) ?? {};
    const dimensions = record(tensorShape)?.dim;
    const sizes = Array.isArray(dimensions) ? dimensions.map((dimension) => Number(record(dimension)?.size ?? -1)) : [];
    return {
      name,
      dtype: typeof dtype === 'string' ? dtype : 'unknown',
      shape: sizes.map((size) => (Number.isSafeInteger(size) && size >= 0 ? size : -1)),
    };
  });
}

/** Plain values that are no facts of their own. */
function metadata(model: JsonRecord, topology: JsonRecord | undefined): readonly (readonly [string, string])[] {
  const values: (readonly [string, unknown])[] = [
    ['format', model.format],
    ['backend', topology?.backend],
    ...Object.entries(record(model.userDefinedMetadata) ?? {}).map(([key, value]) => [`userDefinedMetadata.${key}`, value] as const),
  ];
  return values.filter((entry): entry is readonly [string, string] => typeof entry[1] === 'string');
}

function record(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

function asRecord(value: unknown, what: string, file: string): JsonRecord {
  const object = record(value);
  if (object === undefined) throw malformed(`${what} is not an object`, file);
  return object;
}

const malformed = (message: string, file: string): MsbomError => new MsbomError('ERR_FORMAT_MALFORMED', message, { file, offset: 0 });
