/** ExecuTorch programs and data files built in memory. */
import { concat } from './builders.js';
import { bytes, type FlatValue, flatbuffer, numbers, scalar, table, text, vector } from './flatbuffer.js';

export interface ProgramSpec {
  readonly values?: readonly FlatValue[];
  readonly constants?: readonly number[];
  /** Constants in the segment behind the program, instead of inside it. */
  readonly segment?: { readonly offsets: readonly number[]; readonly size: number; readonly index?: number };
  readonly operators?: readonly (readonly [string, string])[];
  readonly calls?: readonly number[];
  readonly delegates?: readonly string[];
  readonly inputs?: readonly number[];
  readonly plans?: number;
  readonly named?: number;
}

export interface TensorSpec {
  readonly type?: number;
  readonly shape: readonly number[];
  readonly buffer?: number;
  readonly mutable?: boolean;
  readonly external?: string;
}

/** A value that is a tensor. */
export function tensorValue({ type = 6, shape, buffer = 0, mutable = false, external }: TensorSpec): FlatValue {
  return table({
    0: scalar('u8', 5),
    1: table({
      0: scalar('u8', type),
      2: numbers('i32', shape),
      5: scalar('u32', buffer),
      6: mutable ? table({ 0: scalar('u32', 1) }) : undefined,
      9: external === undefined ? undefined : table({ 1: text(external), 2: scalar('u8', 1) }),
    }),
  });
}

export function programFile(spec: ProgramSpec = {}): Uint8Array {
  const {
    values = [
      tensorValue({ shape: [2, 6] }),
      tensorValue({ shape: [6, 4], buffer: 1 }),
      table({ 0: scalar('u8', 2), 1: table({ 0: scalar('i64', 1) }) }),
    ],
    constants = [0, 96],
    segment,
    operators = [
      ['aten::add', 'out'],
      ['aten::mul', ''],
    ],
    calls = [0, 1, 1],
    delegates = [],
    inputs = [0, 2],
    plans = 1,
    named,
  } = spec;
  const plan = table({
    0: text('forward'),
    2: vector(...values),
    3: numbers('i32', inputs),
    4: numbers('i32', [1]),
    5: vector(table({ 2: vector(...calls.map((index) => table({ 0: scalar('u8', 1), 1: table({ 0: scalar('i32', index) }) }))) })),
    6: vector(...operators.map(([name, overload]) => table({ 0: text(name), 1: text(overload) }))),
    7: vector(...delegates.map((id) => table({ 0: text(id) }))),
  });
  const program = flatbuffer(
    table({
      1: vector(...Array.from({ length: plans }, () => plan)),
      2: vector(...constants.map((size) => table({ 0: size > 0 ? bytes(new Uint8Array(size)) : undefined }))),
      4: segment && vector(table({ 0: scalar('u64', 0), 1: scalar('u64', segment.size) })),
      5: segment && table({ 0: scalar('u32', segment.index ?? 0), 1: numbers('u64', segment.offsets) }),
      7: named === undefined ? undefined : vector(...Array.from({ length: named }, (_, i) => table({ 0: text(`blob${i}`) }))),
    }),
    'ET12',
    32,
  );
  if (segment === undefined) return program;
  const view = new DataView(program.buffer);
  program.set(new TextEncoder().encode('eh00'), 8);
  view.setUint32(12, 32, true);
  view.setBigUint64(16, BigInt(program.byteLength), true);
  view.setBigUint64(24, BigInt(program.byteLength), true);
  return concat(program, new Uint8Array(segment.size));
}

export interface NamedTensor {
  readonly key: string;
  readonly segment?: number;
  /** Missing for a blob that is no tensor. */
  readonly shape?: readonly number[];
}

export function flatTensorFile(named: readonly NamedTensor[], segments: readonly number[]): Uint8Array {
  let offset = 0;
  const file = flatbuffer(
    table({
      0: scalar('u32', 1),
      1: vector(
        ...segments.map((size) => {
          offset += size;
          return table({ 0: scalar('u64', offset - size), 1: scalar('u64', size) });
        }),
      ),
      2: vector(
        ...named.map(({ key, segment = 0, shape }) =>
          table({ 0: text(key), 1: scalar('u32', segment), 2: shape && table({ 0: scalar('u8', 6), 1: numbers('i32', shape) }) }),
        ),
      ),
    }),
    'FT01',
    40,
  );
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode('FH01'), 8);
  view.setUint32(12, 40, true);
  view.setBigUint64(32, BigInt(file.byteLength), true);
  return concat(file, new Uint8Array(offset));
}
