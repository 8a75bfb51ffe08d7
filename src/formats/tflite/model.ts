/** Walks a TensorFlow Lite model. Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/schema/schema.fbs */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { elementCount, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type FlatRange, type FlatTable, openFlatbuffer } from '../shared/flatbuffer.js';
import { type AssociatedFiles, associatedFiles } from './associated.js';
import { type Behind, NOTHING, readBehind } from './behind.js';
import { type EmbeddedMetadata, NO_METADATA, readMetadata } from './metadata.js';
import { builtinOperator, CUSTOM } from './operators.js';

export interface TfliteTensor extends TensorInfo {
  /** Does it say how its whole numbers stand for fractions? */
  readonly quantized: boolean;
  /** Numbers that are stored; fewer than the shape holds for a sparse tensor. */
  readonly stored: number;
}

/** A model by itself. */
export type TfliteModel = Omit<TfliteHeader, 'associated' | 'behind'>;

export interface TfliteHeader {
  readonly version: number;
  readonly description: string | undefined;
  readonly subgraphs: number;
  /** Tensors with data, each once, however many tensors share the data. */
  readonly tensors: readonly TfliteTensor[];
  /** Of the first subgraph, which is the one that runs. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Uses by operator, with the version where it is not 1: `CONV_2D@3`. */
  readonly operators: ReadonlyMap<string, number>;
  readonly customOperators: readonly string[];
  readonly signatures: readonly string[];
  readonly metadata: EmbeddedMetadata;
  /** Files with data that lies outside this one. */
  readonly externalFiles: readonly string[];
  readonly associated: AssociatedFiles;
  /** What of the file lies behind the model and is no archive. */
  readonly behind: Behind;
}

/** TensorType: name and bits; 0 bits where values have no fixed size. */
const TYPES: readonly (readonly [string, number])[] = [
  ['FLOAT32', 32],
  ['FLOAT16', 16],
  ['INT32', 32],
  ['UINT8', 8],
  ['INT64', 64],
  ['STRING', 0],
  ['BOOL', 8],
  ['INT16', 16],
  ['COMPLEX64', 64],
  ['INT8', 8],
  ['FLOAT64', 64],
  ['COMPLEX128', 128],
  ['UINT64', 64],
  ['RESOURCE', 0],
  ['VARIANT', 0],
  ['UINT32', 32],
  ['UINT16', 16],
  ['INT4', 4],
  ['BFLOAT16', 16],
  ['INT2', 2],
  ['UINT4', 4],
];

/** Bytes of each buffer, without reading them; 0 where a tensor only gets its values when the model runs. */
type Buffers = readonly number[];

interface Walk {
  readonly source: ByteSource;
  readonly buffers: Buffers;
  /** Length of each tensor's data in another file, by id. */
  readonly externalBytes: ReadonlyMap<number, number>;
  readonly opcodes: readonly { readonly name: string; readonly custom: boolean }[];
  readonly tensors: TfliteTensor[];
  readonly counted: Set<string>;
  readonly operators: Map<string, number>;
}

/** Reads all tables but no tensor data, of the model at the start of the file and of those behind it. */
export async function readTflite(source: ByteSource, limits: Limits): Promise<TfliteHeader> {
  const { model, end } = await readModel(source, limits, { start: 0, end: source.size });
  const associated = await associatedFiles(source, limits);
  const isArchive = associated.files.size > 0 || associated.broken !== undefined;
  return { ...model, associated, behind: isArchive ? NOTHING : await readBehind(source, limits, end, readModel) };
}

/** Model: 1 operator_codes, 2 subgraphs, 3 description, 4 buffers, 6 metadata, 7 signature_defs. */
async function readModel(
  source: ByteSource,
  limits: Limits,
  range: FlatRange,
): Promise<{ readonly model: TfliteModel; readonly end: number }> {
  const root = await openFlatbuffer(source, limits, range);
  const { buffers, end } = await readBuffers(root, source, range.start);
  const external = await readExternal(root);
  const opcodes = await readOpcodes(root);
  const walk: Walk = { source, buffers, externalBytes: external.bytes, opcodes, tensors: [], counted: new Set(), operators: new Map() };
  let ends: Ends | undefined;
  let subgraphs = 0;
  for await (const subgraph of root.tables(2)) {
    const here = await readSubgraph(subgraph, walk);
    ends ??= here;
    subgraphs++;
  }
  if (ends === undefined) throw malformed(source, 'a model has at least one subgraph, this one has none', root.start);
  const model: TfliteModel = {
    version: root.number(0, 'u32', 0),
    description: await root.text(3),
    subgraphs,
    ...ends,
    tensors: walk.tensors,
    operators: walk.operators,
    customOperators: [...new Set(opcodes.filter(({ custom }) => custom).map(({ name }) => name))].sort(),
    signatures: await readSignatures(root),
    metadata: root.has(6) ? await readMetadata(root, (index) => root.tableAt(4, index), source, limits) : NO_METADATA,
    externalFiles: external.files,
  };
  return { model, end: Math.max(end, root.end()) };
}

/** Buffer: 0 data, 1 offset, 2 size; data of models over 2 GB lies behind the tables, at `offset` from the start of the file. */
async function readBuffers(
  root: FlatTable,
  source: ByteSource,
  start: number,
): Promise<{ readonly buffers: Buffers; readonly end: number }> {
  const buffers: number[] = [];
  let end = 0;
  for await (const table of root.tables(4)) {
    const inside = await table.vector(0, 1);
    const place = table.number(1, 'u64', 0);
    const offset = place > 1 ? start + place : 0;
    const size = table.number(2, 'u64', 0);
    if (offset > 1 && offset + size > source.size)
      throw new MsbomError('ERR_FORMAT_TRUNCATED', `a buffer ends at byte ${offset + size}, the file has ${source.size}`, {
        file: source.name,
        offset: source.size,
        hint: 'Fetch the file again; it is shorter than its own header says.',
      });
    buffers.push(offset > 1 ? size : (inside?.length ?? 0));
    if (offset > 1) end = Math.max(end, offset + size);
  }
  return { buffers, end };
}

/** Model: 8 external_buffer_groups {0 name}, 9 external_buffers {0 id, 1 group, 2 offset, 3 length}. */
async function readExternal(root: FlatTable): Promise<{ readonly files: readonly string[]; readonly bytes: ReadonlyMap<number, number> }> {
  const files = new Set<string>();
  for await (const group of root.tables(8)) files.add((await group.text(0)) ?? '');
  const bytes = new Map<number, number>();
  for await (const buffer of root.tables(9)) bytes.set(buffer.number(0, 'u32', 0), buffer.number(3, 'u64', 0));
  return { files: [...files].sort(), bytes };
}

/** OperatorCode: 0 deprecated_builtin_code, 1 custom_code, 2 version, 3 builtin_code; old writers fill the first, new ones both. */
async function readOpcodes(root: FlatTable): Promise<Walk['opcodes']> {
  const opcodes: { name: string; custom: boolean }[] = [];
  for await (const code of root.tables(1)) {
    const builtin = Math.max(code.number(0, 'i8', 0), code.number(3, 'i32', 0));
    const version = code.number(2, 'i32', 1);
    const name = builtin === CUSTOM ? ((await code.text(1)) ?? '') : builtinOperator(builtin);
    opcodes.push({ name: version === 1 ? name : `${name}@${version}`, custom: builtin === CUSTOM });
  }
  return opcodes;
}

interface Ends {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** SubGraph: 0 tensors, 1 inputs, 2 outputs, 3 operators. */
async function readSubgraph(subgraph: FlatTable, walk: Walk): Promise<Ends> {
  const infos: TensorInfo[] = [];
  for await (const tensor of subgraph.tables(0)) infos.push(await readTensor(tensor, walk));
  for await (const operator of subgraph.tables(3)) {
    const index = operator.number(0, 'u32', 0);
    const code = walk.opcodes[index];
    if (code === undefined)
      throw malformed(walk.source, `an operator has the code ${index}, the model lists ${walk.opcodes.length}`, operator.start);
    walk.operators.set(code.name, (walk.operators.get(code.name) ?? 0) + 1);
  }
  const named = async (field: number): Promise<TensorInfo[]> =>
    (await subgraph.numbers(field, 'i32')).flatMap((index) => {
      const info = infos[index];
      if (info === undefined && index !== -1) throw malformed(walk.source, `there is no tensor ${index} in a subgraph`, subgraph.start);
      return info === undefined ? [] : [info];
    });
  return { inputs: await named(1), outputs: await named(2) };
}

/**
 * Tensor: 0 shape, 1 type, 2 buffer, 3 name, 4 quantization {2 scale}, 6 sparsity, 7 shape_signature, 10 external_buffer.
 * The result is what the outside sees of it: an axis of any size is -1.
 */
async function readTensor(tensor: FlatTable, walk: Walk): Promise<TensorInfo> {
  const shape = await tensor.numbers(0, 'i32');
  const signature = await tensor.numbers(7, 'i32');
  const type = tensor.number(1, 'u8', 0);
  const [dtype, bits] = TYPES[type] ?? [`tflite:${type}`, 0];
  const name = (await tensor.text(3)) ?? '';
  const index = tensor.number(2, 'u32', 0);
  const buffer = walk.buffers[index];
  if (buffer === undefined && index !== 0)
    throw malformed(walk.source, `the tensor ${quote(name)} names the buffer ${index}, which is not there`, tensor.start);
  const external = tensor.number(10, 'u32', 0);
  const bytes = external === 0 ? (buffer ?? 0) : (walk.externalBytes.get(external) ?? 0);
  if (bytes > 0) {
    const quantization = await tensor.table(4);
    const scale = await quantization?.vector(2, 4);
    const values = storedValues(tensor, walk.source, { name, dtype, shape, bits, bytes, packed: external !== 0 });
    const key = external === 0 ? `b${index}` : `x${external}`;
    if (!walk.counted.has(key)) walk.tensors.push({ name, dtype, shape, bytes, quantized: (scale?.length ?? 0) > 0, stored: values });
    walk.counted.add(key);
  }
  return { name, dtype, shape: signature.length === shape.length ? signature : shape };
}

interface Stored {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bits: number;
  readonly bytes: number;
  /** Data in other files may be packed in ways that only their writer knows. */
  readonly packed: boolean;
}

/** How many numbers a tensor's data holds, checked against its shape as the interpreter does. */
function storedValues(tensor: FlatTable, source: ByteSource, { name, dtype, shape, bits, bytes, packed }: Stored): number {
  if (shape.some((size) => size < 0))
    throw malformed(source, `the shape of the tensor ${quote(name)} is not a list of sizes`, tensor.start);
  const values = elementCount({ shape });
  if (!Number.isSafeInteger(values)) throw malformed(source, `the tensor ${quote(name)} has more values than can be counted`, tensor.start);
  if (bits === 0 || packed) return values;
  if (tensor.has(6)) return Math.floor((bytes * 8) / bits);
  const needed = Math.ceil((values * bits) / 8);
  if (needed !== bytes)
    throw malformed(source, `the tensor ${quote(name)} of type ${dtype} needs ${needed} bytes, its buffer has ${bytes}`, tensor.start);
  return values;
}

/** SignatureDef: 2 signature_key. */
async function readSignatures(root: FlatTable): Promise<string[]> {
  const names: string[] = [];
  for await (const signature of root.tables(7)) names.push((await signature.text(2)) ?? '');
  return names;
}

const quote = (text: string): string => `\`${text.slice(0, 80)}\``;
const malformed = (source: ByteSource, message: string, offset: number): MsbomError =>
  new MsbomError('ERR_FORMAT_MALFORMED', message, { file: source.name, offset });
