/**
 * ML programs: the constants of all functions. Source: mlmodel/format/MIL.proto of coremltools 9.
 * An operation `constexpr_*` unpacks stored numbers when the model is loaded: what it gives is the tensor, in the type that is
 * stored; the scales and tables that it takes are no parameters.
 */
import { elementCount } from '../../core/facts.js';
import { countName, type Field, readIntegers } from '../shared/protobuf.js';
import { dataType } from './types.js';
import { addTensor, addText, message, text, type Walk } from './walk.js';

/** A value that is stored, here or in a file of weights. */
interface StoredValue {
  readonly type: TensorType | undefined;
  /** `file@offset`, for data in a file. */
  readonly blob: string | undefined;
}

interface TensorType {
  readonly dtype: string;
  readonly bits: number;
  readonly shape: readonly number[];
}

interface Operation {
  type: string;
  output: { readonly name: string; readonly type: TensorType | undefined } | undefined;
  /** Attributes and values given in place, by the name of the parameter. */
  readonly values: Map<string, StoredValue>;
  /** Parameters that are results of other operations, by the name of the parameter. */
  readonly references: Map<string, string>;
}

/** What one program has: its constants may only be told from the scales of others when all of it was seen. */
interface Found {
  readonly operations: (Operation & { readonly offset: number })[];
}

/** Parameters of `constexpr_*` operations that hold the numbers themselves. */
const MAIN = ['quantized_data', 'data', 'indices', 'nonzero_data'];

/** Program: 2 functions {1 key, 2 value {2 opset, 3 block_specializations {2 value}}}. */
export async function readProgram(walk: Walk, field: Field): Promise<void> {
  const found: Found = { operations: [] };
  await message(walk, field, (entry) =>
    entry.number !== 2
      ? undefined
      : message(walk, entry, (part) =>
          part.number === 2 ? message(walk, part, (member) => readFunction(walk, member, found)) : undefined,
        ),
  );
  addTensors(walk, found);
}

async function readFunction(walk: Walk, field: Field, found: Found): Promise<void> {
  if (field.number === 2) await addText(walk, walk.header.opsets, field);
  if (field.number !== 3) return;
  await message(walk, field, (part) => (part.number === 2 ? readBlock(walk, part, found) : undefined));
}

/** Block: 3 operations. */
function readBlock(walk: Walk, field: Field, found: Found): Promise<void> {
  return message(walk, field, (inner) => (inner.number === 3 ? readOperation(walk, inner, found) : undefined));
}

/** Operation: 1 type, 2 inputs, 3 outputs, 4 blocks, 5 attributes. Only constants and what unpacks them are kept. */
async function readOperation(walk: Walk, field: Field, found: Found): Promise<void> {
  const operation: Operation = { type: '', output: undefined, values: new Map(), references: new Map() };
  let scanned = false;
  await message(walk, field, async (inner) => {
    if (inner.number === 1) {
      operation.type = await text(walk, inner);
      countName(walk.budget, walk.header.operations, operation.type, inner.start);
      scanned = isStored(operation.type);
    } else if (inner.number === 4) await readBlock(walk, inner, found);
    else if (!scanned) return;
    else if (inner.number === 2) await readInput(walk, inner, operation);
    else if (inner.number === 3) operation.output ??= await readNamedType(walk, inner);
    else if (inner.number === 5) await readAttribute(walk, inner, operation);
  });
  if (!scanned) return;
  walk.budget.keep(field.start, 6);
  found.operations.push({ ...operation, offset: field.start });
}

const isStored = (type: string): boolean => type === 'const' || type.startsWith('constexpr_');

/** InputsEntry: 1 key, 2 value {1 arguments {1 name, 2 value}}. */
async function readInput(walk: Walk, field: Field, { values, references }: Operation): Promise<void> {
  let key = '';
  await message(walk, field, async (part) => {
    if (part.number === 1) key = await text(walk, part);
    if (part.number !== 2) return;
    await message(walk, part, (binding) =>
      message(walk, binding, async (member) => {
        walk.budget.keep(member.start);
        if (member.number === 1) references.set(key, await text(walk, member));
        if (member.number === 2) values.set(key, await readValue(walk, member));
      }),
    );
  });
}

/** AttributesEntry: 1 key, 2 value. */
async function readAttribute(walk: Walk, field: Field, { values }: Operation): Promise<void> {
  let key = '';
  await message(walk, field, async (part) => {
    if (part.number === 1) key = await text(walk, part);
    if (part.number === 2) values.set(key, await readValue(walk, part));
  });
}

/** Value: 2 type, 5 blobFileValue {1 fileName, 2 offset}. What stands in place is not read. */
async function readValue(walk: Walk, field: Field): Promise<StoredValue> {
  walk.budget.keep(field.start);
  let type: TensorType | undefined;
  let blob: string | undefined;
  await message(walk, field, async (inner) => {
    if (inner.number === 2) type = await readType(walk, inner);
    if (inner.number !== 5) return;
    let file = '';
    let offset = 0;
    await message(walk, inner, async (member) => {
      if (member.number === 1) file = await text(walk, member);
      if (member.number === 2) offset = member.varint;
    });
    walk.header.blobFiles.add(file);
    blob = `${file}@${offset}`;
  });
  return { type, blob };
}

/** NamedValueType: 1 name, 2 type. */
async function readNamedType(walk: Walk, field: Field): Promise<Operation['output']> {
  let name = '';
  let type: TensorType | undefined;
  await message(walk, field, async (inner) => {
    if (inner.number === 1) name = await text(walk, inner);
    if (inner.number === 2) type = await readType(walk, inner);
  });
  return { name, type };
}

/** ValueType: 1 tensorType {1 dataType, 3 dimensions {1 constant {1 size}}}. */
async function readType(walk: Walk, field: Field): Promise<TensorType | undefined> {
  let found: TensorType | undefined;
  await message(walk, field, async (kind) => {
    if (kind.number !== 1) return;
    let number = 0;
    const shape: number[] = [];
    await message(walk, kind, async (inner) => {
      if (inner.number === 1) number = inner.varint;
      if (inner.number === 3) shape.push(await readDimension(walk, inner));
    });
    if (!Number.isSafeInteger(elementCount({ shape })))
      throw walk.cursor.malformed('a tensor has more values than can be counted', kind.start);
    const [dtype, bits] = dataType(number);
    found = { dtype, bits, shape };
  });
  return found;
}

async function readDimension(walk: Walk, field: Field): Promise<number> {
  let size = -1;
  await message(walk, field, (kind) =>
    kind.number !== 1
      ? undefined
      : message(walk, kind, async (inner) => {
          if (inner.number === 1) size = (await readIntegers(walk.cursor, inner, 16))[0] ?? -1;
        }),
  );
  return size;
}

/** Adds what is stored, each blob once: functions may share them. */
function addTensors(walk: Walk, { operations }: Found): void {
  const types = new Map(operations.map(({ output, values }) => [output?.name ?? '', mainType(values) ?? output?.type]));
  const auxiliary = new Set(operations.flatMap(({ type, references }) => (type === 'const' ? [] : [...references.values()])));
  const seen = new Set<string>();
  for (const { type, output, values, references, offset } of operations) {
    if (output?.type === undefined) continue;
    const blobs = [...values.values()].flatMap(({ blob }) => (blob === undefined ? [] : [blob]));
    if (blobs.length > 0 && blobs.every((blob) => seen.has(blob))) continue;
    for (const blob of blobs) seen.add(blob);
    const main = MAIN.map((name) => references.get(name)).find((name) => name !== undefined);
    const { dtype } = (type === 'const' ? undefined : (mainType(values) ?? types.get(main ?? ''))) ?? output.type;
    const { shape } = output.type;
    const isParameter = !auxiliary.has(output.name) && (type === 'const' ? blobs.length > 0 || isFraction(output.type) : true);
    const bytes = storedBytes(type === 'const' ? [{ type: output.type, blob: undefined }] : [...values.values()]);
    addTensor(
      walk,
      { name: output.name, dtype, shape, parameters: isParameter ? elementCount({ shape }) : 0, ...(bytes === undefined ? {} : { bytes }) },
      offset,
    );
  }
}

const mainType = (values: Operation['values']): TensorType | undefined =>
  MAIN.map((name) => values.get(name)?.type).find((type) => type !== undefined);

/** A single number in place is a setting of an operation (an epsilon), and whole numbers in place are shapes and axes. */
const isFraction = ({ dtype, shape }: TensorType): boolean => /FLOAT/.test(dtype) && shape.length > 0;

function storedBytes(values: readonly StoredValue[]): number | undefined {
  let bytes = 0;
  for (const { type } of values) {
    if (type === undefined || type.dtype === 'STRING') continue;
    if (type.bits === 0) return undefined;
    bytes += Math.ceil((elementCount(type) * type.bits) / 8);
  }
  return bytes;
}
