/** A kind of things, and the tables that things of the kind are written and read by in a standard. */
import type { TypeName } from '../../schema/index.js';
import { type Block, type Json, readBlocks, writeBlocks } from './block.js';
import { branchAt, type PropertyValues, treeOf, unflatten } from './properties.js';
import { type Row, readRows, type Target, valueAt, without, writeRows } from './row.js';

export interface Kind<Context> {
  readonly type: TypeName;
  /** Name that its properties begin with. */
  readonly at: string;
  readonly rows: readonly Row[];
  readonly blocks: readonly Block<Context>[];
}

/** What rows and blocks make of a thing, and the thing less what either says exactly. */
export function writeKind<C>({ rows, blocks }: Kind<C>, thing: Json, target: Target, context: C) {
  const single = writeRows(rows, thing, target);
  const { members, rest } = writeBlocks(blocks, thing, context);
  const taken = blocks.flatMap(({ at }) => at).filter((at) => valueAt(rest, at) === undefined);
  return { rows: single, members, rest: taken.reduce((left, at) => without(left, at.split('.')), single.rest) };
}

/** What properties of ours say of a thing. */
export const ownOf = <C>({ type, at }: Kind<C>, properties: PropertyValues): Json =>
  unflatten(type, branchAt(treeOf(properties), at.slice('msbom:'.length)));

/** The thing that an object of the standard and properties tell of, over what our own say (`own`). */
export function readKind<C>(
  { rows, blocks }: Kind<C>,
  said: { readonly members: Json; readonly properties: PropertyValues; readonly own: Json },
  target: Target,
  context: C,
): Json {
  return readBlocks(blocks, said.members, readRows(rows, said, target), context);
}
