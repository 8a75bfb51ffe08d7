/** Walks a Core ML model. Source: https://github.com/apple/coremltools/blob/main/mlmodel/format/Model.proto */
import type { ByteSource } from '../../core/byte-source.js';
import { openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type Field, protobufBudget, readIntegers, walkMessage } from '../shared/protobuf.js';
import { readCustomModel, readLinear, readNetwork } from './network.js';
import { readProgram } from './program.js';
import { arrayType, FEATURE_TYPES, MODEL_TYPES } from './types.js';
import { addText, type CoremlHeader, message, text, type Walk } from './walk.js';

/** How the content of each kind of model is read; what is missing here is named as not read. */
const CONTENT: Readonly<Record<string, (walk: Walk, field: Field) => Promise<void>>> = {
  pipeline: readPipeline,
  pipelineClassifier: (walk, field) => message(walk, field, (inner) => (inner.number === 1 ? readPipeline(walk, inner) : undefined)),
  pipelineRegressor: (walk, field) => message(walk, field, (inner) => (inner.number === 1 ? readPipeline(walk, inner) : undefined)),
  neuralNetwork: readNetwork,
  neuralNetworkClassifier: readNetwork,
  neuralNetworkRegressor: readNetwork,
  mlProgram: readProgram,
  glmRegressor: readLinear,
  glmClassifier: readLinear,
  customModel: readCustomModel,
  linkedModel: readLinked,
  // Steps without numbers of their own.
  identity: async () => undefined,
  featureVectorizer: async () => undefined,
  arrayFeatureExtractor: async () => undefined,
  normalizer: async () => undefined,
};

/** Reads the message tree; weights are skipped. */
export async function readCoreml(source: ByteSource, limits: Limits): Promise<CoremlHeader> {
  const header: CoremlHeader = {
    specificationVersion: 0,
    types: [],
    metadata: new Map(),
    inputs: [],
    outputs: [],
    tensors: [],
    opsets: new Set(),
    operations: new Map(),
    customClasses: new Set(),
    blobFiles: new Set(),
    linkedModels: new Set(),
    unread: new Set(),
    isUpdatable: false,
  };
  const walk: Walk = { cursor: openCursor(source, limits), limits, budget: protobufBudget(source, limits), header };
  await walkMessage(walk.cursor, source.size, limits, walk.budget, (field) => modelField(walk, field, true));
  if (header.types.length === 0)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the file has no model of a kind that is known', { file: source.name, offset: 0 });
  return header;
}

/** Model: 1 specificationVersion, 2 description, 10 isUpdatable, then the field of its kind. */
async function modelField(walk: Walk, field: Field, outermost: boolean): Promise<void> {
  const { header } = walk;
  const type = MODEL_TYPES[field.number];
  if (field.number === 1 && outermost) header.specificationVersion = field.varint;
  else if (field.number === 2 && outermost) await readDescription(walk, field);
  else if (field.number === 10 && field.varint === 1) header.isUpdatable = true;
  if (type === undefined) return;
  walk.budget.keep(field.start);
  header.types.push(type);
  const read = CONTENT[type];
  if (read === undefined) header.unread.add(`content of the ${type}`);
  else await read(walk, field);
}

/** Pipeline: 1 models. */
function readPipeline(walk: Walk, field: Field): Promise<void> {
  return message(walk, field, (inner) =>
    inner.number === 1 ? message(walk, inner, (member) => modelField(walk, member, false)) : undefined,
  );
}

/** LinkedModel: 1 linkedModelFile {1 linkedModelFileName {1 defaultValue}}. */
async function readLinked(walk: Walk, field: Field): Promise<void> {
  await message(walk, field, (file) =>
    message(walk, file, (name) =>
      name.number !== 1
        ? undefined
        : message(walk, name, async (value) => {
            if (value.number === 1 && value.wireType === 2) await addText(walk, walk.header.linkedModels, value);
          }),
    ),
  );
  walk.header.unread.add('content of the linked model');
}

/** ModelDescription: 1 input, 10 output, 20 functions {2 input, 3 output}, 100 metadata. */
async function readDescription(walk: Walk, field: Field): Promise<void> {
  const { inputs, outputs } = walk.header;
  await message(walk, field, async (inner) => {
    if (inner.number === 1) inputs.push(await readFeature(walk, inner));
    else if (inner.number === 10) outputs.push(await readFeature(walk, inner));
    else if (inner.number === 100) await readMetadata(walk, inner);
    else if (inner.number === 20 && inputs.length + outputs.length === 0)
      await message(walk, inner, async (part) => {
        if (part.number === 2) inputs.push(await readFeature(walk, part));
        if (part.number === 3) outputs.push(await readFeature(walk, part));
      });
  });
}

/** FeatureDescription: 1 name, 3 type {4 imageType, 5 multiArrayType, 8 stateType, others}. */
async function readFeature(walk: Walk, field: Field): Promise<TensorInfo> {
  walk.budget.keep(field.start);
  let name = '';
  let dtype = 'unknown';
  let shape: readonly number[] = [];
  await message(walk, field, async (inner) => {
    if (inner.number === 1) name = await text(walk, inner);
    if (inner.number !== 3) return;
    await message(walk, inner, async (kind) => {
      if (kind.number === 5) ({ dtype, shape } = await readArrayType(walk, kind));
      else if (kind.number === 4) ({ dtype, shape } = await readImageType(walk, kind));
      else if (kind.number < 1000) dtype = FEATURE_TYPES[kind.number] ?? `coreml:${kind.number}`;
    });
  });
  return { name, dtype, shape };
}

/** More than any array has. */
const MAX_AXES = 1000;

/** ArrayFeatureType: 1 shape, 2 dataType. */
async function readArrayType(walk: Walk, field: Field): Promise<{ dtype: string; shape: readonly number[] }> {
  let dtype = arrayType(0);
  const shape: number[] = [];
  await message(walk, field, async (inner) => {
    if (inner.number === 1 && shape.length < MAX_AXES) shape.push(...(await readIntegers(walk.cursor, inner, 4096)));
    if (inner.number === 2) dtype = arrayType(inner.varint);
  });
  return { dtype, shape };
}

/** ImageFeatureType: 1 width, 2 height. */
async function readImageType(walk: Walk, field: Field): Promise<{ dtype: string; shape: readonly number[] }> {
  let width = -1;
  let height = -1;
  await message(walk, field, (inner) => {
    if (inner.number === 1) width = inner.varint;
    if (inner.number === 2) height = inner.varint;
  });
  return { dtype: 'image', shape: [height, width] };
}

/** Metadata: its fields by name, and what the caller may add under names of their own. */
const METADATA_FIELDS: Readonly<Record<number, string>> = { 1: 'shortDescription', 2: 'versionString', 3: 'author', 4: 'license' };

async function readMetadata(walk: Walk, field: Field): Promise<void> {
  const { metadata } = walk.header;
  await message(walk, field, async (inner) => {
    const name = METADATA_FIELDS[inner.number];
    if (name !== undefined) metadata.set(name, await text(walk, inner));
    if (inner.number !== 100) return;
    walk.budget.keep(inner.start);
    let key = '';
    let value = '';
    await message(walk, inner, async (member) => {
      if (member.number === 1) key = await text(walk, member);
      if (member.number === 2) value = await text(walk, member);
    });
    metadata.set(`userDefined.${key}`, value);
  });
}
