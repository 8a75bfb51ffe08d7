/**
 * The binary format of XGBoost before 3.0: the parameters of the learner, the names of objective and booster, the number of
 * trees. What follows is not read.
 * Source: src/learner.cc (LearnerModelParamLegacy) and src/gbm/gbtree_model.h (GBTreeModelParam) of XGBoost 1.7
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { JsonValue } from '../../core/canonical-json.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import type { Limits } from '../../core/limits.js';
import type { XgboostHeader } from './model.js';

const MAGIC = 'binf';
const PARAM_BYTES = 136;
/** Offsets in the parameters. */
const AT = { baseScore: 0, numFeature: 4, numClass: 8, hasAttributes: 12, hasMetrics: 16, major: 20, minor: 24 } as const;
const BOOSTERS = new Set(['gbtree', 'dart', 'gblinear']);
const OBJECTIVE = /^[a-z]+(:[a-z0-9_-]+)?$/;
const MAX_NAME = 64;
const TREE_PARAM_BYTES = 160;
const LINEAR_PARAM_BYTES = 136;

/** Does the file start with plausible parameters, followed by the names of an objective and a booster? */
export function isLegacy(head: Uint8Array): boolean {
  const start = latin1(head.subarray(0, 4)) === MAGIC ? 4 : 0;
  const names = start + PARAM_BYTES;
  if (head.byteLength < names + 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isFlag = (at: number): boolean => view.getUint32(start + at, true) <= 1;
  if (!Number.isFinite(view.getFloat32(start, true)) || !isFlag(AT.hasAttributes) || !isFlag(AT.hasMetrics)) return false;
  if (view.getUint32(start + AT.major, true) > 3 || view.getInt32(start + AT.numClass, true) < 0) return false;
  const objective = nameAt(view, names);
  const booster = objective && nameAt(view, objective.end);
  return objective !== undefined && OBJECTIVE.test(objective.name) && booster !== undefined && BOOSTERS.has(booster.name);
}

function nameAt(view: DataView, at: number): { readonly name: string; readonly end: number } | undefined {
  if (at + 8 > view.byteLength) return undefined;
  const length = view.getBigUint64(at, true);
  if (length === 0n || length > BigInt(MAX_NAME) || at + 8 + Number(length) > view.byteLength) return undefined;
  const end = at + 8 + Number(length);
  return { name: latin1(new Uint8Array(view.buffer, view.byteOffset + at + 8, Number(length))), end };
}

export async function readLegacy(source: ByteSource, limits: Limits): Promise<XgboostHeader> {
  const cursor = openCursor(source, limits);
  await cursor.fill(4);
  if (latin1(cursor.bytes(4)) !== MAGIC) cursor.seek(0);
  const values = new Map<string, JsonValue>();
  await readParameters(cursor, values);
  values.set('learner.objective', { name: await readName(cursor, OBJECTIVE) });
  const booster = await readName(cursor, /^(gbtree|dart|gblinear)$/);
  values.set('learner.gradient_booster.name', booster);
  if (booster === 'gblinear') await readLinear(cursor, values);
  else await readTrees(cursor, values, booster === 'dart');
  return {
    encoding: 'binary',
    values,
    notInspected: [booster === 'gblinear' ? 'attributes of the binary format' : 'trees and attributes of the binary format'],
  };
}

async function readParameters(cursor: Cursor, values: Map<string, JsonValue>): Promise<void> {
  const start = cursor.position;
  await cursor.fill(PARAM_BYTES);
  const bytes = cursor.bytes(PARAM_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, PARAM_BYTES);
  const major = view.getUint32(AT.major, true);
  if (major > 3) throw cursor.malformed(`the version ${major} is none that had this format`, start + AT.major);
  // Before 1.0 the place of the version was zero.
  if (major > 0) values.set('version', [major, view.getUint32(AT.minor, true)]);
  values.set('learner.learner_model_param', {
    base_score: String(view.getFloat32(AT.baseScore, true)),
    num_class: String(view.getInt32(AT.numClass, true)),
    num_feature: String(view.getUint32(AT.numFeature, true)),
  });
}

async function readName(cursor: Cursor, pattern: RegExp): Promise<string> {
  await cursor.fill(8);
  const offset = cursor.position;
  const length = cursor.u64();
  if (length === 0 || length > MAX_NAME) throw cursor.malformed(`a name says it has ${length} bytes`, offset);
  await cursor.fill(length);
  const name = latin1(cursor.bytes(length));
  if (!pattern.test(name)) throw cursor.malformed('the name of the objective or booster is not one', offset);
  return name;
}

async function readTrees(cursor: Cursor, values: Map<string, JsonValue>, isDart: boolean): Promise<void> {
  const offset = cursor.position;
  await cursor.fill(TREE_PARAM_BYTES);
  const count = cursor.i32();
  if (count < 0) throw cursor.malformed(`the number of trees is ${count}`, offset);
  values.set(`learner.gradient_booster.${isDart ? 'gbtree.' : ''}model.gbtree_model_param`, { num_trees: String(count) });
}

async function readLinear(cursor: Cursor, values: Map<string, JsonValue>): Promise<void> {
  await cursor.fill(LINEAR_PARAM_BYTES + 8);
  cursor.skip(LINEAR_PARAM_BYTES);
  const offset = cursor.position;
  const count = cursor.u64();
  if (offset + 8 + count * 4 > cursor.source.size) throw cursor.malformed(`the number of weights is ${count}`, offset);
  values.set('learner.gradient_booster.model.weights', count);
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
