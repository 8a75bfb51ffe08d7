/**
 * Walks an OpenVINO IR. Source: https://docs.openvino.ai/2025/documentation/openvino-ir-format.html and, for the layers of IR 2 to 9,
 * the blobs of each layer.
 */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { elementCount, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { readXml } from '../shared/xml.js';

export interface OpenvinoHeader {
  /** Name of the file, since the data lies beside it under the same name. */
  readonly fileName: string;
  readonly name: string | undefined;
  readonly version: string;
  /** Stored data, each once: constants with the same place are one. */
  readonly tensors: readonly TensorInfo[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Uses by operation. */
  readonly operations: ReadonlyMap<string, number>;
  readonly opsets: ReadonlySet<string>;
  /** `rt_info` and `meta_data` of the net: values by path. */
  readonly info: ReadonlyMap<string, string>;
}

/** Bits of one value by element type, and by the precisions of old IR. */
const BITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ f64: 64, f32: 32, f16: 16, bf16: 16, f8e4m3: 8, f8e5m2: 8, f8e8m0: 8, f4e2m1: 4, nf4: 4 },
    ...{ i64: 64, i32: 32, i16: 16, i8: 8, i4: 4, i2: 2, u64: 64, u32: 32, u16: 16, u8: 8, u6: 6, u4: 4, u3: 3, u2: 2, u1: 1, boolean: 8 },
    ...{ FP64: 64, FP32: 32, FP16: 16, BF16: 16, I64: 64, I32: 32, I16: 16, I8: 8, U8: 8, U16: 16, BIN: 1, BOOL: 8 },
  }),
);
/** Characters of a path to a value; longer ones say nothing that is shown. */
const MAX_KEY = 512;
/** Types whose values do not fill bytes in a row, so that the size cannot be told from the shape alone. */
const GROUPED = new Set(['u3', 'u6']);

interface Layer {
  readonly name: string;
  readonly type: string;
  readonly tensor: { dtype: string; shape: number[] };
}

interface Walk {
  readonly source: ByteSource;
  readonly path: string[];
  readonly layers: Layer[];
  readonly tensors: TensorInfo[];
  readonly places: Set<string>;
  readonly inputs: TensorInfo[];
  readonly outputs: TensorInfo[];
  readonly operations: Map<string, number>;
  readonly opsets: Set<string>;
  readonly info: Map<string, string>;
  net: Readonly<Record<string, string>> | undefined;
}

type Attributes = Readonly<Record<string, string>>;

/** Reads the whole document as a stream; the data file is not opened. */
export async function readOpenvino(source: ByteSource, limits: Limits): Promise<OpenvinoHeader> {
  const walk: Walk = {
    source,
    path: [],
    layers: [],
    tensors: [],
    places: new Set(),
    inputs: [],
    outputs: [],
    operations: new Map(),
    opsets: new Set(),
    info: new Map(),
    net: undefined,
  };
  await readXml(source, limits, {
    open: (name, attributes) => openElement(walk, name, attributes),
    close: (name) => closeElement(walk, name),
    text: (text) => readDimension(walk, text),
  });
  if (walk.net === undefined) throw malformed(walk, 'the document is no `net`');
  const { tensors, inputs, outputs, operations, opsets, info, net } = walk;
  return { fileName: source.name, name: net.name, version: net.version ?? '', tensors, inputs, outputs, operations, opsets, info };
}

function openElement(walk: Walk, name: string, attributes: Attributes): void {
  const parent = walk.path.at(-1);
  if (parent === undefined) {
    if (name !== 'net') throw malformed(walk, `the document is a \`${name.slice(0, 80)}\`, no \`net\``);
    walk.net = attributes;
  } else if (name === 'layer' && parent === 'layers') openLayer(walk, attributes);
  else if (name === 'data' && parent === 'layer') readData(walk, attributes);
  else if (parent === 'blobs') readBlob(walk, name, attributes);
  else if (name === 'port') readPort(walk, attributes);
  else if (walk.path.length >= 2 && (walk.path[1] === 'rt_info' || walk.path[1] === 'meta_data')) readInfo(walk, name, attributes);
  walk.path.push(name);
}

function closeElement(walk: Walk, name: string): void {
  walk.path.pop();
  if (name === 'layer' && walk.path.at(-1) === 'layers') closeLayer(walk);
}

function openLayer(walk: Walk, attributes: Attributes): void {
  const { name = '', type = '', version, precision = '' } = attributes;
  walk.operations.set(type, (walk.operations.get(type) ?? 0) + 1);
  if (version !== undefined) walk.opsets.add(version);
  walk.layers.push({ name, type, tensor: { dtype: precision, shape: [] } });
}

/** What goes in and out of the net itself, not of the bodies of loops. */
function closeLayer(walk: Walk): void {
  const layer = walk.layers.pop();
  if (layer === undefined || walk.path.length !== 2) return;
  const info = { name: layer.name, ...layer.tensor };
  if (layer.type === 'Parameter' || layer.type === 'Input') walk.inputs.push(info);
  if (layer.type === 'Result') walk.outputs.push(info);
}

/** Attributes of an operation: `element_type`, `shape`, and for constants `offset` and `size` in the data file. */
function readData(walk: Walk, attributes: Attributes): void {
  const layer = walk.layers.at(-1);
  if (layer === undefined) return;
  const dtype = attributes.element_type ?? layer.tensor.dtype;
  const shape = sizes(attributes.shape ?? '');
  if (layer.type === 'Parameter') Object.assign(layer.tensor, { dtype, shape });
  if (layer.type !== 'Const') return;
  const offset = count(walk, attributes.offset, 'offset');
  const bytes = count(walk, attributes.size, 'size');
  if (shape.some((size) => size < 0))
    throw malformed(walk, `the shape of the constant \`${layer.name.slice(0, 80)}\` is not a list of sizes`);
  const values = elementCount({ shape });
  const bits = BITS.get(dtype);
  if (!Number.isSafeInteger(values))
    throw malformed(walk, `the constant \`${layer.name.slice(0, 80)}\` has more values than can be counted`);
  if (bits !== undefined && !GROUPED.has(dtype) && Math.ceil((values * bits) / 8) !== bytes)
    throw malformed(
      walk,
      `the constant \`${layer.name.slice(0, 80)}\` needs ${Math.ceil((values * bits) / 8)} bytes, its size is ${bytes}`,
    );
  addTensor(walk, { name: layer.name, dtype, shape, bytes }, offset);
}

/** IR 2 to 9: the data of a layer in `blobs`, of which only place and precision are told. */
function readBlob(walk: Walk, name: string, attributes: Attributes): void {
  const layer = walk.layers.at(-1);
  if (layer === undefined || attributes.size === undefined) return;
  const bytes = count(walk, attributes.size, 'size');
  const dtype = attributes.precision ?? layer.tensor.dtype;
  const bits = BITS.get(dtype);
  const shape = [bits === undefined ? -1 : Math.floor((bytes * 8) / bits)];
  addTensor(walk, { name: `${layer.name}.${name}`, dtype, shape, bytes }, count(walk, attributes.offset, 'offset'));
}

function addTensor(walk: Walk, tensor: TensorInfo, offset: number): void {
  const place = `${offset}+${tensor.bytes}`;
  if (tensor.bytes !== 0 && walk.places.has(place)) return;
  walk.places.add(place);
  walk.tensors.push(tensor);
}

/** What a Result gets, and what an old Input gives: precision and dims of its port. */
function readPort(walk: Walk, attributes: Attributes): void {
  const layer = walk.layers.at(-1);
  if (layer === undefined || (layer.type !== 'Result' && layer.type !== 'Input')) return;
  Object.assign(layer.tensor, { dtype: attributes.precision ?? layer.tensor.dtype, shape: [] });
}

/** A dimension of the port that was opened last. */
function readDimension(walk: Walk, text: string): void {
  const layer = walk.layers.at(-1);
  if (walk.path.at(-1) !== 'dim' || layer === undefined || (layer.type !== 'Result' && layer.type !== 'Input')) return;
  layer.tensor.shape.push(sizes(text)[0] ?? -1);
}

/** Information on the whole net, as `<name value="…">` at any depth or as `<info name="…" value="…">`. */
function readInfo(walk: Walk, element: string, attributes: Attributes): void {
  const { name, value } = attributes;
  if (value === undefined) return;
  const own = element === 'info' && name !== undefined ? name : element;
  const parts = [...walk.path.slice(1), own];
  // One long name above many others would be held with each of them.
  if (parts.reduce((length, part) => length + part.length, 0) <= MAX_KEY) walk.info.set(parts.join('.'), value);
}

const sizes = (shape: string): number[] =>
  shape.trim() === '' ? [] : shape.split(',').map((size) => (/^\s*\d{1,15}\s*$/.test(size) ? Number(size) : -1));

function count(walk: Walk, text: string | undefined, what: string): number {
  const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw malformed(walk, `the ${what} of a constant is ${JSON.stringify(text?.slice(0, 40) ?? null)}`);
  return value;
}

const malformed = ({ source }: Walk, message: string): MsbomError => new MsbomError('ERR_FORMAT_MALFORMED', message, { file: source.name });
