/** TensorFlow Lite models built in memory. */

import { utf8 } from './builders.js';
import { bytes, type FlatValue, flatbuffer, numbers, scalar, table, text, vector } from './flatbuffer.js';

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type?: number;
  /** Index into `buffers`; 0 is the empty one. */
  readonly buffer?: number;
  readonly scale?: readonly number[];
  readonly sparse?: boolean;
  readonly external?: number;
}

export interface ModelSpec {
  readonly tensors?: readonly TensorSpec[];
  readonly buffers?: readonly (Uint8Array | { readonly offset: number; readonly size: number })[];
  readonly operators?: readonly number[];
  /** Built-in number, or the text of a custom operator. */
  readonly codes?: readonly (number | string)[];
  readonly metadata?: Readonly<Record<string, number>>;
  readonly externalFiles?: readonly string[];
  readonly subgraphs?: number;
  readonly inputs?: readonly number[];
}

const tensor = ({ name, shape, type = 0, buffer = 0, scale, sparse, external }: TensorSpec): FlatValue =>
  table({
    0: numbers('i32', shape),
    1: scalar('u8', type),
    2: scalar('u32', buffer),
    3: text(name),
    4: scale && table({ 2: numbers('f32', scale) }),
    6: sparse ? table({}) : undefined,
    10: external === undefined ? undefined : scalar('u32', external),
  });

/** A model with one subgraph whose first tensor goes in and last comes out. */
export function tfliteFile(spec: ModelSpec = {}): Uint8Array {
  const {
    tensors = [
      { name: 'x', shape: [1, 2] },
      { name: 'w', shape: [2, 3], buffer: 1 },
      { name: 'axis', shape: [2], type: 2, buffer: 2 },
      { name: 'q', shape: [5], type: 9, buffer: 3, scale: [0.5] },
    ],
    buffers = [new Uint8Array(), new Uint8Array(24), new Uint8Array(8), new Uint8Array(5)],
    codes = [3, 9],
    operators = [0, 1, 1],
    metadata = {},
    externalFiles,
    subgraphs = 1,
    inputs = [0],
  } = spec;
  const subgraph = table({
    0: vector(...tensors.map(tensor)),
    1: numbers('i32', inputs),
    2: numbers('i32', [tensors.length - 1]),
    3: vector(...operators.map((code) => table({ 0: scalar('u32', code) }))),
  });
  return flatbuffer(
    table({
      0: scalar('u32', 3),
      1: vector(
        ...codes.map((code) =>
          typeof code === 'number'
            ? table({ 0: scalar('i8', Math.min(code, 127)), 2: scalar('i32', 2), 3: scalar('i32', code) })
            : table({ 0: scalar('i8', 32), 1: text(code), 3: scalar('i32', 32) }),
        ),
      ),
      2: vector(...Array.from({ length: subgraphs }, () => subgraph)),
      3: text('made'),
      4: vector(
        ...buffers.map((content) =>
          content instanceof Uint8Array
            ? table({ 0: content.byteLength > 0 ? bytes(content) : undefined })
            : table({ 1: scalar('u64', content.offset), 2: scalar('u64', content.size) }),
        ),
      ),
      6: vector(...Object.entries(metadata).map(([name, buffer]) => table({ 0: text(name), 1: scalar('u32', buffer) }))),
      7: vector(table({ 2: text('serving_default') })),
      8: externalFiles && vector(...externalFiles.map((name) => table({ 0: text(name) }))),
      9: externalFiles && vector(table({ 0: scalar('u32', 1), 1: scalar('u32', 0), 3: scalar('u64', 24) })),
    }),
    'TFL3',
  );
}

/** The three kinds of metadata that are read, as buffers. */
export const tfliteMetadata = {
  runtime: utf8('2.3.0\0\0\0\0\0\0\0'),
  conversion: flatbuffer(
    table({
      0: table({ 0: text('2.21.0'), 2: scalar('i32', 2), 3: scalar('u64', 77) }),
      1: table({ 0: numbers('i32', [1003, 4242]) }),
    }),
    '',
  ),
  publisher: flatbuffer(
    table({ 0: text('Sorter'), 1: text('Sorts things'), 2: text('v1'), 4: text('Example'), 5: text('Apache-2.0'), 7: text('1.0.0') }),
    'M001',
  ),
};
