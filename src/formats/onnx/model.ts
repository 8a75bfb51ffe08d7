/** Walks an ONNX ModelProto. Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { countName, type Field, type ProtobufBudget, protobufBudget, readIntegers, readText, walkMessage } from '../shared/protobuf.js';
import { noteQuantized, type QuantizedTensors } from './quantized.js';

export interface OnnxTensor extends TensorInfo {
  /** Where the tensor stands: among the initialisers, as the value of a Constant node, or in what is only for training. */
  readonly kind: 'initializer' | 'constant' | 'training';
  readonly external?: ExternalData;
}

/** Data in another file. */
export interface ExternalData {
  readonly location?: string;
  readonly offset?: number;
  readonly length?: number;
  /** SHA-1, when the writer gave one. */
  readonly checksum?: string;
}

export interface OnnxHeader {
  irVersion: number | undefined;
  producerName: string | undefined;
  producerVersion: string | undefined;
  domain: string | undefined;
  modelVersion: number | undefined;
  docString: string | undefined;
  graphName: string | undefined;
  /** Each once, by version and domain. */
  readonly opsets: Map<string, { readonly domain: string; readonly version: number }>;
  readonly metadata: Map<string, string>;
  readonly tensors: OnnxTensor[];
  readonly inputs: TensorInfo[];
  readonly outputs: TensorInfo[];
  /** Tensors of the main graph by name: an input of such a name has its value in the file. */
  readonly stored: Set<string>;
  /** Uses by domain and operator; '' is ONNX's own domain. */
  readonly operators: Map<string, Map<string, number>>;
  /** Operators that the model itself defines, by domain. */
  readonly functions: Map<string, Set<string>>;
  /** What quantisation says of tensors, by their names. */
  readonly quantization: QuantizedTensors;
  trainingInfos: number;
}

/** TensorProto.DataType: name and bits. */
const DATA_TYPES: readonly (readonly [string, number])[] = [
  ['UNDEFINED', 0],
  ['FLOAT', 32],
  ['UINT8', 8],
  ['INT8', 8],
  ['UINT16', 16],
  ['INT16', 16],
  ['INT32', 32],
  ['INT64', 64],
  ['STRING', 0],
  ['BOOL', 8],
  ['FLOAT16', 16],
  ['DOUBLE', 64],
  ['UINT32', 32],
  ['UINT64', 64],
  ['COMPLEX64', 64],
  ['COMPLEX128', 128],
  ['BFLOAT16', 16],
  ['FLOAT8E4M3FN', 8],
  ['FLOAT8E4M3FNUZ', 8],
  ['FLOAT8E5M2', 8],
  ['FLOAT8E5M2FNUZ', 8],
  ['UINT4', 4],
  ['INT4', 4],
  ['FLOAT4E2M1', 4],
  ['FLOAT8E8M0', 8],
  ['UINT2', 2],
  ['INT2', 2],
];

/** Only operators with few inputs have scales among them. */
const MAX_NODE_INPUTS = 16;
/** No operator has as many; those that are looked at have a handful. */
const MAX_NODE_ATTRIBUTES = 1000;
/** Axes that a tensor can have, and a few more to tell that there are too many. */
const MAX_AXES = 1000;

interface Walk {
  readonly cursor: Cursor;
  readonly limits: Limits;
  readonly budget: ProtobufBudget;
  readonly header: OnnxHeader;
  /** Inside what is only for training? */
  readonly training: boolean;
}

/** Reads the whole message tree, without the tensors' data. */
export async function readOnnx(source: ByteSource, limits: Limits): Promise<OnnxHeader> {
  const header: OnnxHeader = {
    irVersion: undefined,
    producerName: undefined,
    producerVersion: undefined,
    domain: undefined,
    modelVersion: undefined,
    docString: undefined,
    graphName: undefined,
    opsets: new Map(),
    metadata: new Map(),
    tensors: [],
    inputs: [],
    outputs: [],
    stored: new Set(),
    operators: new Map(),
    functions: new Map(),
    quantization: { auxiliary: new Set(), data: new Set(), packed: new Map() },
    trainingInfos: 0,
  };
  const walk: Walk = { cursor: openCursor(source, limits), limits, budget: protobufBudget(source, limits), header, training: false };
  let graphs = 0;
  await fields(walk, source.size, async (field) => {
    if (field.number === 7) graphs++;
    await modelField(walk, field);
  });
  if (graphs !== 1)
    throw new MsbomError('ERR_FORMAT_MALFORMED', `an ONNX model has one graph, this file has ${graphs}`, { file: source.name, offset: 0 });
  return header;
}

const fields = (walk: Walk, end: number, visit: (field: Field) => void | Promise<void>): Promise<void> =>
  walkMessage(walk.cursor, end, walk.limits, walk.budget, visit);
const message = (walk: Walk, field: Field, visit: (field: Field) => void | Promise<void>): Promise<void> => {
  if (field.wireType !== 2) throw walk.cursor.malformed(`the field ${field.number} is not a message`, field.start);
  return fields(walk, field.start + field.length, visit);
};
const text = (walk: Walk, field: Field): Promise<string> => readText(walk.cursor, field, walk.limits.maxStringBytes);

async function modelField(walk: Walk, field: Field): Promise<void> {
  const { header } = walk;
  switch (field.number) {
    case 1:
      header.irVersion = field.varint;
      return;
    case 2:
      header.producerName = await text(walk, field);
      return;
    case 3:
      header.producerVersion = await text(walk, field);
      return;
    case 4:
      header.domain = await text(walk, field);
      return;
    case 5:
      header.modelVersion = field.varint;
      return;
    case 6:
      header.docString = await text(walk, field);
      return;
    case 7:
      return readGraph(walk, field, true);
    case 8:
      return readOpset(walk, field);
    case 14:
      return readMetadata(walk, field);
    case 20:
      return readTraining(walk, field);
    case 25:
      return readFunction(walk, field);
    default:
      return undefined;
  }
}

/** TrainingInfoProto: 1 initialization, 2 algorithm; graphs whose tensors are no part of what the model computes. */
async function readTraining(walk: Walk, field: Field): Promise<void> {
  walk.header.trainingInfos++;
  const inside: Walk = { ...walk, training: true };
  await message(inside, field, (inner) => (inner.number <= 2 ? readGraph(inside, inner, false) : undefined));
}

/** FunctionProto: 1 name, 7 node, 9 opset_import, 10 domain, 11 attribute_proto. */
async function readFunction(walk: Walk, field: Field): Promise<void> {
  let name = '';
  let domain = '';
  await message(walk, field, async (inner) => {
    if (inner.number === 1) name = await text(walk, inner);
    else if (inner.number === 7) await readNode(walk, inner);
    else if (inner.number === 9) await readOpset(walk, inner);
    else if (inner.number === 10) domain = await text(walk, inner);
    else if (inner.number === 11) await readAttribute(walk, inner);
  });
  walk.budget.keep(field.start);
  const { functions } = walk.header;
  functions.set(domain, (functions.get(domain) ?? newDomain(walk, field, new Set<string>())).add(name));
}

/** The operators or functions of a domain that is new. */
function newDomain<T>({ budget }: Walk, field: Field, empty: T): T {
  budget.keep(field.start, 4);
  return empty;
}

async function readOpset(walk: Walk, field: Field): Promise<void> {
  let domain = '';
  let version = 0;
  await message(walk, field, async (inner) => {
    if (inner.number === 1) domain = await text(walk, inner);
    if (inner.number === 2) version = inner.varint;
  });
  const key = `${version} ${domain}`;
  if (walk.header.opsets.has(key)) return;
  walk.budget.keep(field.start);
  walk.header.opsets.set(key, { domain, version });
}

async function readMetadata(walk: Walk, field: Field): Promise<void> {
  let key = '';
  let value = '';
  await message(walk, field, async (inner) => {
    if (inner.number === 1) key = await text(walk, inner);
    if (inner.number === 2) value = await text(walk, inner);
  });
  walk.budget.keep(field.start);
  walk.header.metadata.set(key, value);
}

/** GraphProto: 1 node, 2 name, 5 initializer, 11 input, 12 output, 14 quantization_annotation, 15 sparse_initializer. */
async function readGraph(walk: Walk, field: Field, top: boolean): Promise<void> {
  const { header } = walk;
  await message(walk, field, async (inner) => {
    if (inner.number === 1) await readNode(walk, inner);
    else if (inner.number === 5 || inner.number === 15) {
      const added = header.tensors.length;
      await (inner.number === 5 ? addTensor(walk, inner, 'initializer') : readSparse(walk, inner));
      if (top) for (const { name } of header.tensors.slice(added)) header.stored.add(name);
    } else if (inner.number === 14) await readAnnotation(walk, inner);
    else if (top && inner.number === 2) header.graphName = await text(walk, inner);
    else if (top && inner.number === 11) header.inputs.push(await readValueInfo(walk, inner));
    else if (top && inner.number === 12) header.outputs.push(await readValueInfo(walk, inner));
  });
}

/** TensorAnnotation: 2 quant_parameter_tensor_names {1 key, 2 value}; the values name scales and zero points. */
async function readAnnotation(walk: Walk, field: Field): Promise<void> {
  await message(walk, field, async (inner) => {
    if (inner.number !== 2) return;
    await message(walk, inner, async (member) => {
      if (member.number !== 2) return;
      walk.budget.keep(member.start);
      walk.header.quantization.auxiliary.add(await text(walk, member));
    });
  });
}

/** NodeProto: 1 input, 4 op_type, 5 attribute, 7 domain. Constant nodes and subgraphs are in the attributes. */
async function readNode(walk: Walk, field: Field): Promise<void> {
  const { operators, quantization } = walk.header;
  const inputs: string[] = [];
  const attributes = new Map<string, number>();
  let type = '';
  let domain = '';
  await message(walk, field, async (inner) => {
    if (inner.number === 1 && inputs.length < MAX_NODE_INPUTS) inputs.push(await text(walk, inner));
    else if (inner.number === 4) type = await text(walk, inner);
    else if (inner.number === 7) domain = await text(walk, inner);
    else if (inner.number === 5) await readAttribute(walk, inner, attributes);
  });
  const ofDomain = operators.get(domain) ?? newDomain(walk, field, new Map<string, number>());
  countName(walk.budget, ofDomain, type, field.start);
  operators.set(domain, ofDomain);
  noteQuantized(quantization, type, inputs, attributes);
}

/** AttributeProto: 1 name, 3 i, 5 t, 6 g, 10 tensors, 11 graphs, 22 sparse_tensor, 23 sparse_tensors. */
async function readAttribute(walk: Walk, field: Field, integers?: Map<string, number>): Promise<void> {
  let name = '';
  let integer: number | undefined;
  await message(walk, field, async (inner) => {
    if (inner.number === 1) name = await text(walk, inner);
    else if (inner.number === 3 && inner.wireType === 0) integer = inner.varint;
    else if (inner.number === 5 || inner.number === 10) await addTensor(walk, inner, 'constant');
    else if (inner.number === 6 || inner.number === 11) await readGraph(walk, inner, false);
    else if (inner.number === 22 || inner.number === 23) await readSparse(walk, inner);
  });
  if (integer !== undefined && (integers?.size ?? 0) < MAX_NODE_ATTRIBUTES) integers?.set(name, integer);
}

/** SparseTensorProto: 1 values; the indices are no parameters. */
function readSparse(walk: Walk, field: Field): Promise<void> {
  return message(walk, field, (inner) => (inner.number === 1 ? addTensor(walk, inner, 'initializer') : undefined));
}

/** TensorProto: 1 dims, 2 data_type, 8 name, 13 external_data, 14 data_location. */
async function addTensor(walk: Walk, field: Field, kind: OnnxTensor['kind']): Promise<void> {
  const { cursor, header } = walk;
  const shape: number[] = [];
  const external: Record<string, string> = {};
  let type = 0;
  let name = '';
  let isExternal = false;
  await message(walk, field, async (inner) => {
    if (inner.number === 1 && shape.length < MAX_AXES) shape.push(...(await readIntegers(cursor, inner, 4096)));
    else if (inner.number === 2) type = inner.varint;
    else if (inner.number === 8) name = await text(walk, inner);
    else if (inner.number === 13) await readEntry(walk, inner, external);
    else if (inner.number === 14) isExternal = inner.varint === 1;
  });
  walk.budget.keep(field.start);
  header.tensors.push(
    checked(walk, field, {
      name,
      type,
      shape,
      kind: walk.training ? 'training' : kind,
      external: isExternal ? parseExternal(external) : undefined,
    }),
  );
}

interface RawTensor {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
  readonly kind: OnnxTensor['kind'];
  readonly external: ExternalData | undefined;
}

function checked({ cursor }: Walk, field: Field, { name, type, shape, kind, external }: RawTensor): OnnxTensor {
  if (shape.length > 64 || shape.some((size) => size < 0))
    throw cursor.malformed(`the shape of the tensor \`${name.slice(0, 80)}\` is not a list of sizes`, field.start);
  const values = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(values))
    throw cursor.malformed(`the tensor \`${name.slice(0, 80)}\` has more values than can be counted`, field.start);
  const [dtype, bits] = DATA_TYPES[type] ?? [`onnx:${type}`, 0];
  // Texts have no fixed length.
  return {
    name,
    dtype,
    shape,
    kind,
    ...(bits > 0 ? { bytes: Math.ceil((values * bits) / 8) } : {}),
    ...(external === undefined ? {} : { external }),
  };
}

async function readEntry(walk: Walk, field: Field, entries: Record<string, string>): Promise<void> {
  let key = '';
  let value = '';
  await message(walk, field, async (inner) => {
    if (inner.number === 1) key = await text(walk, inner);
    if (inner.number === 2) value = await text(walk, inner);
  });
  if (key === 'location' || key === 'offset' || key === 'length' || key === 'checksum') entries[key] = value;
}

function parseExternal({ location, offset, length, checksum }: Record<string, string>): ExternalData {
  const number = (value: string | undefined): number | undefined =>
    value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  const at = number(offset);
  const size = number(length);
  return {
    ...(location === undefined ? {} : { location }),
    ...(at === undefined ? {} : { offset: at }),
    ...(size === undefined ? {} : { length: size }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** ValueInfoProto: 1 name, 2 type {1 tensor_type {1 elem_type, 2 shape {1 dim {1 value}}}}. */
async function readValueInfo(walk: Walk, field: Field): Promise<TensorInfo> {
  walk.budget.keep(field.start);
  let name = '';
  let dtype = 'UNDEFINED';
  const shape: number[] = [];
  await message(walk, field, async (inner) => {
    if (inner.number === 1) name = await text(walk, inner);
    if (inner.number === 2) dtype = await readType(walk, inner, { shape, depth: 0 });
  });
  return { name, dtype, shape };
}

/** Types inside one another that are told apart. */
const MAX_TYPE_DEPTH = 8;

interface TypeParts {
  /** Takes the axes of the type, where it has some of its own. */
  readonly shape?: number[] | undefined;
  readonly depth: number;
}

const dataType = (number: number): string => DATA_TYPES[number]?.[0] ?? `onnx:${number}`;

/**
 * TypeProto: 1 tensor, 4 sequence, 5 map, 8 sparse tensor, 9 optional; a tensor by the type of its elements, any other as ONNX spells types
 * (`seq(tensor(float))`). Source: https://github.com/onnx/onnx/blob/main/docs/IR.md (Types)
 */
async function readType(walk: Walk, field: Field, into: TypeParts): Promise<string> {
  let type = 'UNDEFINED';
  await message(walk, field, async (kind) => {
    if (kind.number === 1) type = await readTensorType(walk, kind, into.shape);
    else if (kind.number === 8) type = `sparse_tensor(${(await readTensorType(walk, kind, into.shape)).toLowerCase()})`;
    else if ([4, 5, 9].includes(kind.number) && into.depth < MAX_TYPE_DEPTH) type = await readContainer(walk, kind, into);
  });
  return type;
}

/** TypeProto.Tensor and .SparseTensor: 1 elem_type, 2 shape. */
async function readTensorType(walk: Walk, field: Field, shape?: number[]): Promise<string> {
  let type = 'UNDEFINED';
  await message(walk, field, async (inner) => {
    if (inner.number === 1) type = dataType(inner.varint);
    if (inner.number === 2 && shape !== undefined) await readShape(walk, inner, shape);
  });
  return type;
}

/** TypeProto.Sequence and .Optional: 1 elem_type; .Map: 1 key_type, 2 value_type. */
async function readContainer(walk: Walk, field: Field, { shape, depth }: TypeParts): Promise<string> {
  const isMap = field.number === 5;
  const name = isMap ? 'map' : field.number === 4 ? 'seq' : 'optional';
  let key = '';
  let of = 'undefined';
  await message(walk, field, async (inner) => {
    if (isMap && inner.number === 1) key = `${dataType(inner.varint).toLowerCase()},`;
    else if (inner.number === (isMap ? 2 : 1)) {
      // What may be missing has a shape of its own; the parts of a sequence differ.
      const type = await readType(walk, inner, { depth: depth + 1, ...(name === 'optional' ? { shape } : {}) });
      of = /^[A-Z]/.test(type) ? `tensor(${type.toLowerCase()})` : type;
    }
  });
  return `${name}(${key}${of})`;
}

async function readShape(walk: Walk, field: Field, shape: number[]): Promise<void> {
  await message(walk, field, async (dimension) => {
    if (dimension.number !== 1 || shape.length >= MAX_AXES) return;
    let size = -1;
    await message(walk, dimension, (inner) => {
      if (inner.number === 1 && inner.wireType === 0)
        size = inner.varint >= 2 ** 63 || !Number.isSafeInteger(inner.varint) ? -1 : inner.varint;
    });
    shape.push(size);
  });
}
