/** What goes into a graph and comes out of it. Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 (ValueInfoProto) */
import type { TensorInfo } from '../../core/facts.js';
import type { Field } from '../shared/protobuf.js';
import { dataType, MAX_AXES, type MessageWalk, message, text } from './walk.js';

/** ValueInfoProto: 1 name, 2 type {1 tensor_type {1 elem_type, 2 shape {1 dim {1 value}}}}. */
export async function readValueInfo(walk: MessageWalk, field: Field): Promise<TensorInfo> {
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

/**
 * TypeProto: 1 tensor, 4 sequence, 5 map, 8 sparse tensor, 9 optional; a tensor by the type of its elements, any other as ONNX spells types
 * (`seq(tensor(float))`). Source: https://github.com/onnx/onnx/blob/main/docs/IR.md (Types)
 */
async function readType(walk: MessageWalk, field: Field, into: TypeParts): Promise<string> {
  let type = 'UNDEFINED';
  await message(walk, field, async (kind) => {
    if (kind.number === 1) type = await readTensorType(walk, kind, into.shape);
    else if (kind.number === 8) type = `sparse_tensor(${(await readTensorType(walk, kind, into.shape)).toLowerCase()})`;
    else if ([4, 5, 9].includes(kind.number) && into.depth < MAX_TYPE_DEPTH) type = await readContainer(walk, kind, into);
  });
  return type;
}

/** TypeProto.Tensor and .SparseTensor: 1 elem_type, 2 shape. */
async function readTensorType(walk: MessageWalk, field: Field, shape?: number[]): Promise<string> {
  let type = 'UNDEFINED';
  await message(walk, field, async (inner) => {
    if (inner.number === 1) type = dataType(inner.varint);
    if (inner.number === 2 && shape !== undefined) await readShape(walk, inner, shape);
  });
  return type;
}

/** TypeProto.Sequence and .Optional: 1 elem_type; .Map: 1 key_type, 2 value_type. */
async function readContainer(walk: MessageWalk, field: Field, { shape, depth }: TypeParts): Promise<string> {
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

async function readShape(walk: MessageWalk, field: Field, shape: number[]): Promise<void> {
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
