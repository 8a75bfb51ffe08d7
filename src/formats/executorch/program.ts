/** Walks an ExecuTorch program. Source: https://github.com/pytorch/executorch/blob/main/schema/program.fbs */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type FlatTable, flatIdentifier, openFlatbuffer } from '../shared/flatbuffer.js';
import { dataTensor } from './scalar-type.js';

export interface ExecutorchProgram {
  readonly kind: 'program';
  readonly version: number;
  /** Names of the methods that can be called. */
  readonly methods: readonly string[];
  /** Constants and initial values that are stored in this file, each once. */
  readonly tensors: readonly TensorInfo[];
  /** Tensors whose values lie in another file, by their name in the program. */
  readonly externalTensors: readonly string[];
  /** Of the first method. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Uses by operator: `aten::add.out`. */
  readonly operators: ReadonlyMap<string, number>;
  /** Uses by backend. */
  readonly delegates: ReadonlyMap<string, number>;
  /** Blobs that backends find by name. */
  readonly namedData: number;
}

interface Walk {
  readonly source: ByteSource;
  readonly segments: readonly Segment[];
  readonly constants: Constants;
  readonly tensors: TensorInfo[];
  readonly seen: Set<string>;
  readonly external: Set<string>;
  readonly operators: Map<string, number>;
  readonly delegates: Map<string, number>;
}

/** A part of the file behind the program. */
interface Segment {
  readonly size: number;
}

/** How many constants there are, and how many bytes from the start of each there can be. */
interface Constants {
  readonly room: readonly number[];
}

const HEADER_MAGIC = 'eh00';
const TENSOR = 5; // KernelTypes: NONE, Null, Int, Bool, Double, Tensor
const EXTERNAL = 1;
const KERNEL_CALL = 1;

/** Program: 0 version, 1 execution_plan, 2 constant_buffer, 4 segments, 5 constant_segment, 7 named_data. */
export async function readProgram(source: ByteSource, limits: Limits): Promise<ExecutorchProgram> {
  const header = await readExtendedHeader(source);
  const end = header?.programSize ?? source.size;
  const root = await openFlatbuffer(source, limits, { start: 0, end });
  const segments = await readSegments(root, 4, source, header?.segmentBase ?? end);
  const walk: Walk = {
    source,
    segments,
    constants: await readConstants(root, segments, source),
    tensors: [],
    seen: new Set(),
    external: new Set(),
    operators: new Map(),
    delegates: new Map(),
  };
  const methods: string[] = [];
  let ends: Ends | undefined;
  for await (const plan of root.tables(1)) {
    const name = (await plan.text(0)) ?? '';
    methods.push(name);
    const here = await readPlan(plan, name, walk);
    ends ??= here;
  }
  if (ends === undefined) throw malformed(source, 'a program has at least one method, this one has none', root.start);
  const named = await root.vector(7, 4);
  return {
    kind: 'program',
    version: root.number(0, 'u32', 0),
    methods,
    ...ends,
    tensors: walk.tensors,
    externalTensors: [...walk.external].sort(),
    operators: walk.operators,
    delegates: walk.delegates,
    namedData: named?.length ?? 0,
  };
}

interface ExtendedHeader {
  readonly programSize: number;
  readonly segmentBase: number;
}

/** Behind the identifier: `eh00`, u32 length, u64 program size, u64 start of the segments. Old programs have none. */
async function readExtendedHeader(source: ByteSource): Promise<ExtendedHeader | undefined> {
  const head = await readExactly(source, 0, Math.min(32, source.size));
  if (head.byteLength < 32 || flatIdentifier(head, 4) !== HEADER_MAGIC) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const programSize = Number(view.getBigUint64(16, true));
  const segmentBase = Number(view.getBigUint64(24, true));
  if (programSize > source.size || segmentBase > source.size) throw truncated(source, Math.max(programSize, segmentBase));
  return { programSize, segmentBase };
}

/** DataSegment: 0 offset, 1 size, behind the program. */
async function readSegments(root: FlatTable, fieldId: number, source: ByteSource, base: number): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for await (const segment of root.tables(fieldId)) {
    const size = segment.number(1, 'u64', 0);
    const end = base + segment.number(0, 'u64', 0) + size;
    if (end > source.size) throw truncated(source, end);
    segments.push({ size });
  }
  return segments;
}

/** Constants lie inside the program (Buffer: 0 storage) or in one segment (SubsegmentOffsets: 0 segment_index, 1 offsets). */
async function readConstants(root: FlatTable, segments: readonly Segment[], source: ByteSource): Promise<Constants> {
  const outside = await root.table(5);
  const offsets = (await outside?.numbers(1, 'u64')) ?? [];
  const room: number[] = [];
  if (outside !== undefined && offsets.length > 0) {
    const segment = segments[outside.number(0, 'u32', 0)];
    if (segment === undefined) throw malformed(source, 'the constants lie in a segment that is not there', outside.start);
    for (const offset of offsets) room.push(segment.size - offset);
    return { room };
  }
  for await (const buffer of root.tables(2)) room.push((await buffer.vector(0, 1))?.length ?? 0);
  return { room };
}

interface Ends {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** ExecutionPlan: 2 values, 3 inputs, 4 outputs, 5 chains, 6 operators, 7 delegates. */
async function readPlan(plan: FlatTable, method: string, walk: Walk): Promise<Ends> {
  const values: (TensorInfo | undefined)[] = [];
  for await (const value of plan.tables(2)) {
    const tensor = value.number(0, 'u8', 0) === TENSOR ? await value.table(1) : undefined;
    values.push(tensor && (await readTensor(tensor, `${method}.values[${values.length}]`, walk)));
  }
  await countOperators(plan, walk);
  for await (const delegate of plan.tables(7)) {
    const id = (await delegate.text(0)) ?? '';
    walk.delegates.set(id, (walk.delegates.get(id) ?? 0) + 1);
  }
  const named = async (field: number): Promise<TensorInfo[]> =>
    (await plan.numbers(field, 'i32')).flatMap((index) => {
      if (index < 0 || index >= values.length) throw malformed(walk.source, `there is no value ${index} in a method`, plan.start);
      const tensor = values[index];
      return tensor === undefined ? [] : [tensor];
    });
  return { inputs: await named(3), outputs: await named(4) };
}

/**
 * Tensor: 0 scalar_type, 2 sizes, 5 data_buffer_idx, 6 allocation_info, 9 extra_tensor_info {0 mutable_data_segments_idx,
 * 1 fully_qualified_name, 2 location}. Buffer 0 is empty; one with memory of its own only starts with stored values.
 */
async function readTensor(tensor: FlatTable, place: string, walk: Walk): Promise<TensorInfo> {
  const extra = await tensor.table(9);
  const name = (await extra?.text(1)) ?? place;
  const info = dataTensor(name, tensor.number(0, 'u8', 0), await tensor.numbers(2, 'i32'));
  if (info === undefined) throw malformed(walk.source, `the sizes of the tensor \`${name.slice(0, 80)}\` cannot be counted`, tensor.start);
  const { bytes: _bytes, ...plain } = info;
  if (extra?.number(2, 'u8', 0) === EXTERNAL) {
    walk.external.add(name);
    return plain;
  }
  const index = tensor.number(5, 'u32', 0);
  if (index === 0) return plain;
  const mutable = tensor.has(6);
  const key = mutable ? `m${extra?.number(0, 'u64', 0) ?? 0}.${index}` : `c${index}`;
  if (!mutable) checkRoom(walk, info, index, tensor.start);
  if (!walk.seen.has(key)) walk.tensors.push(info);
  walk.seen.add(key);
  return plain;
}

function checkRoom({ constants, source }: Walk, { name, bytes = 0 }: TensorInfo, index: number, offset: number): void {
  const room = constants.room[index];
  if (room === undefined || room < bytes)
    throw malformed(source, `the tensor \`${name.slice(0, 80)}\` needs ${bytes} bytes, its constant ${index} has ${room ?? 0}`, offset);
}

/** Operator: 0 name, 1 overload. Chain: 2 instructions {0 kind, 1 KernelCall {0 op_index}}. */
async function countOperators(plan: FlatTable, { source, operators }: Walk): Promise<void> {
  const names: string[] = [];
  for await (const operator of plan.tables(6)) {
    const overload = await operator.text(1);
    names.push(`${(await operator.text(0)) ?? ''}${overload ? `.${overload}` : ''}`);
  }
  for await (const chain of plan.tables(5)) {
    for await (const instruction of chain.tables(2)) {
      if (instruction.number(0, 'u8', 0) !== KERNEL_CALL) continue;
      const index = (await instruction.table(1))?.number(0, 'i32', 0) ?? 0;
      const name = names[index];
      if (name === undefined) throw malformed(source, `there is no operator ${index} in a method`, instruction.start);
      operators.set(name, (operators.get(name) ?? 0) + 1);
    }
  }
}

export interface FlatTensors {
  readonly kind: 'data';
  readonly version: number;
  readonly tensors: readonly TensorInfo[];
  /** Blobs that are no tensors, by key. */
  readonly blobs: readonly string[];
}

/**
 * FlatTensor, the data file beside a program: 0 version, 1 segments {0 offset, 1 size}, 2 named_data {0 key, 1 segment_index,
 * 2 tensor_layout {0 scalar_type, 1 sizes}}. Behind the identifier stands `FH01`, u32 length, u64 offset and u64 size of the
 * tables, u64 start of the segments. Source: extension/flat_tensor/serialize/flat_tensor.fbs and flat_tensor_header.h
 */
export async function readFlatTensors(source: ByteSource, limits: Limits): Promise<FlatTensors> {
  const head = await readExactly(source, 0, Math.min(40, source.size));
  const hasHeader = head.byteLength === 40 && flatIdentifier(head, 4) === 'FH01';
  const base = hasHeader ? Number(new DataView(head.buffer, head.byteOffset).getBigUint64(32, true)) : 0;
  if (base > source.size) throw truncated(source, base);
  const root = await openFlatbuffer(source, limits);
  const segments = await readSegments(root, 1, source, base);
  const tensors: TensorInfo[] = [];
  const blobs: string[] = [];
  for await (const named of root.tables(2)) {
    const key = (await named.text(0)) ?? '';
    const segment = segments[named.number(1, 'u32', 0)];
    const layout = await named.table(2);
    const info = layout && dataTensor(key, layout.number(0, 'u8', 0), await layout.numbers(1, 'i32'));
    if (segment === undefined)
      throw malformed(source, `the data of \`${key.slice(0, 80)}\` lies in a segment that is not there`, named.start);
    if (layout === undefined) blobs.push(key);
    else if (info === undefined || (info.bytes ?? 0) > segment.size)
      throw malformed(source, `the tensor \`${key.slice(0, 80)}\` does not fit its segment of ${segment.size} bytes`, named.start);
    else tensors.push(info);
  }
  return { kind: 'data', version: root.number(0, 'u32', 0), tensors, blobs };
}

const malformed = (source: ByteSource, message: string, offset: number): MsbomError =>
  new MsbomError('ERR_FORMAT_MALFORMED', message, { file: source.name, offset });
const truncated = (source: ByteSource, end: number): MsbomError =>
  new MsbomError('ERR_FORMAT_TRUNCATED', `the data ends at byte ${end}, the file has ${source.size}`, {
    file: source.name,
    offset: source.size,
    hint: 'Fetch the file again; it is shorter than its own header says.',
  });
