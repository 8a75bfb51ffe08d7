/** How the messages of an ONNX file are walked, and the words for their types. */
import type { Cursor } from '../../core/cursor.js';
import type { Limits } from '../../core/limits.js';
import { type Field, type ProtobufBudget, readText, walkMessage } from '../shared/protobuf.js';

export interface MessageWalk {
  readonly cursor: Cursor;
  readonly limits: Limits;
  readonly budget: ProtobufBudget;
}

export const fields = (walk: MessageWalk, end: number, visit: (field: Field) => void | Promise<void>): Promise<void> =>
  walkMessage(walk.cursor, end, walk.limits, walk.budget, visit);
export const message = (walk: MessageWalk, field: Field, visit: (field: Field) => void | Promise<void>): Promise<void> => {
  if (field.wireType !== 2) throw walk.cursor.malformed(`the field ${field.number} is not a message`, field.start);
  return fields(walk, field.start + field.length, visit);
};
export const text = (walk: MessageWalk, field: Field): Promise<string> => readText(walk.cursor, field, walk.limits.maxStringBytes);

/** TensorProto.DataType: name and bits. */
export const DATA_TYPES: readonly (readonly [string, number])[] = [
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

export const dataType = (number: number): string => DATA_TYPES[number]?.[0] ?? `onnx:${number}`;

/** Axes that a tensor can have, and a few more to tell that there are too many. */
export const MAX_AXES = 1000;
