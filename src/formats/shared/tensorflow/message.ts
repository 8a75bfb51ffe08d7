/** Walking TensorFlow's messages. */

import type { ByteSource } from '../../../core/byte-source.js';
import { type Cursor, openCursor } from '../../../core/cursor.js';
import { elementCount, type TensorInfo } from '../../../core/facts.js';
import type { Limits } from '../../../core/limits.js';
import { type Field, type ProtobufBudget, protobufBudget, readText, type Visitor, walkMessage } from '../protobuf.js';
import { dtypeBytes, dtypeName } from './types.js';

export interface Walk {
  readonly cursor: Cursor;
  readonly limits: Limits;
  readonly budget: ProtobufBudget;
}

/** Small pages: of a large tensor little more is read than the few bytes before its content. */
const PAGE_BYTES = 8192;

export function openWalk(source: ByteSource, limits: Limits): Walk {
  return { cursor: openCursor(source, limits, PAGE_BYTES), limits, budget: protobufBudget(source, limits) };
}

/** All fields up to the end of the file. */
export const walkFile = ({ cursor, limits, budget }: Walk, visit: Visitor): Promise<void> =>
  walkMessage(cursor, cursor.source.size, limits, budget, visit);

/** The fields of a message that is itself a field. */
export function walkField({ cursor, limits, budget }: Walk, field: Field, visit: Visitor): Promise<void> {
  if (field.wireType !== 2) throw cursor.malformed(`the field ${field.number} is not a message`, field.start);
  cursor.seek(field.start);
  return walkMessage(cursor, field.start + field.length, limits, budget, visit);
}

export const textOf = ({ cursor, limits }: Walk, field: Field): Promise<string> => readText(cursor, field, limits.maxStringBytes);

/** A map entry whose key is a text: the key, then `visit` for its value. */
export async function walkEntry(walk: Walk, field: Field, visit: (key: string, value: Field) => void | Promise<void>): Promise<void> {
  let key = '';
  let value: Field | undefined;
  await walkField(walk, field, async (inner) => {
    if (inner.number === 1) key = await textOf(walk, inner);
    else if (inner.number === 2) value = inner;
  });
  if (value !== undefined) await visit(key, value);
}

const MAX_RANK = 254;

/** TensorShapeProto: 2 dim {1 size}, 3 unknown_rank. Sizes that are not known are -1. */
export async function readShape(walk: Walk, field: Field): Promise<readonly number[]> {
  const shape: number[] = [];
  await walkField(walk, field, async (inner) => {
    if (inner.number !== 2) return;
    if (shape.length >= MAX_RANK) throw walk.cursor.malformed(`a shape has more than ${MAX_RANK} axes`, inner.start);
    let size = 0;
    await walkField(walk, inner, (dimension) => {
      if (dimension.number === 1 && dimension.wireType === 0) size = dimension.varint;
    });
    shape.push(Number.isSafeInteger(size) ? size : -1);
  });
  return shape;
}

/** A tensor of which type and shape are known. */
export function tensorOf(walk: Walk, field: Field, name: string, type: number, shape: readonly number[]): TensorInfo {
  const count = elementCount({ shape });
  if (!Number.isSafeInteger(count))
    throw walk.cursor.malformed(`the tensor \`${name.slice(0, 80)}\` has more values than can be counted`, field.start);
  const bytes = shape.includes(-1) ? undefined : dtypeBytes(type, count);
  return { name, dtype: dtypeName(type), shape, ...(bytes === undefined ? {} : { bytes }) };
}
