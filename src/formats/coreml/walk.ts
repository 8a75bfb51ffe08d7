/** What the walk through a Core ML model carries along. */
import type { Cursor } from '../../core/cursor.js';
import type { TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type Field, type ProtobufBudget, readText, walkMessage } from '../shared/protobuf.js';

export interface CoremlTensor extends TensorInfo {
  /** Stored numbers; 0 for scales, tables, shapes and other numbers that are no parameters. */
  readonly parameters: number;
}

export interface CoremlHeader {
  specificationVersion: number;
  /** Kinds of the model and of those inside it, outermost first. */
  readonly types: string[];
  readonly metadata: Map<string, string>;
  readonly inputs: TensorInfo[];
  readonly outputs: TensorInfo[];
  readonly tensors: CoremlTensor[];
  /** Operator sets of programs (`CoreML7`). */
  readonly opsets: Set<string>;
  /** Uses by operation or layer, and classes of custom ones. */
  readonly operations: Map<string, number>;
  readonly customClasses: Set<string>;
  /** Files that hold data. */
  readonly blobFiles: Set<string>;
  readonly linkedModels: Set<string>;
  readonly unread: Set<string>;
  isUpdatable: boolean;
}

export interface Walk {
  readonly cursor: Cursor;
  readonly limits: Limits;
  readonly budget: ProtobufBudget;
  readonly header: CoremlHeader;
}

/** Visits the fields of a message. */
export function message(walk: Walk, field: Field, visit: (field: Field) => void | Promise<void>): Promise<void> {
  if (field.wireType !== 2) throw walk.cursor.malformed(`the field ${field.number} is not a message`, field.start);
  return walkMessage(walk.cursor, field.start + field.length, walk.limits, walk.budget, visit);
}

export const text = (walk: Walk, field: Field): Promise<string> => readText(walk.cursor, field, walk.limits.maxStringBytes);

export function addTensor({ header, budget }: Walk, tensor: CoremlTensor, offset: number): void {
  budget.keep(offset);
  header.tensors.push(tensor);
}

/** Adds a text to a set, counted as kept. */
export async function addText(walk: Walk, texts: Set<string>, field: Field): Promise<void> {
  walk.budget.keep(field.start);
  texts.add(await text(walk, field));
}
