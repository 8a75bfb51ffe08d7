/** Walks an ONNX ModelProto. Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
import type { ByteSource } from '../../core/byte-source.js';
import { openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { countName, type Field, protobufBudget, readIntegers } from '../shared/protobuf.js';
import { noteQuantized, type QuantizedTensors } from './quantized.js';
import { readValueInfo } from './value-info.js';
import { DATA_TYPES, fields, MAX_AXES, type MessageWalk, message, text } from './walk.js';

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

/** Only operators with few inputs have scales among them. */
const MAX_NODE_INPUTS = 16;
/** No operator has as many; those that are looked at have a handful. */
const MAX_NODE_ATTRIBUTES = 1000;
interface Walk extends MessageWalk {
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
