/**
 * XGBoost models: JSON, Universal Binary JSON and, in part, the binary format before 3.0. Trees are walked over, not kept.
 * Source: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
 */
import type { ByteSource } from '../../core/byte-source.js';
import { openCursor } from '../../core/cursor.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { BRACE, firstByte } from '../shared/first-byte.js';
import { walkJson } from '../shared/json-walk.js';
import { isLegacy, readLegacy } from './legacy.js';
import { contradictsTrees, describeXgboost, gatherer, SELECTION, tensorsOf, type XgboostHeader } from './model.js';
import { walkUbj } from './ubj.js';

const LEARNER_KEYS = 'attributes|feature_names|feature_types|gradient_booster|learner_model_param|learner_train_param|objective';
const JSON_START = new RegExp(`^\\s*\\{\\s*"learner"\\s*:\\s*\\{\\s*"(${LEARNER_KEYS})"\\s*:`);
/** Keys with a length of any whole type: XGBoost writes 64-bit ones. */
const UBJ_START = new RegExp(`^\\{(L\\0{7}|l\\0{3}|I\\0|[iU])\\x07learner\\{(L\\0{7}|l\\0{3}|I\\0|[iU])[\\s\\S](${LEARNER_KEYS})`);
const PAGE_BYTES = 256 * 1024;

export const xgboost = defineReader<XgboostHeader>({
  id: 'xgboost',
  title: 'XGBoost',
  extensions: ['.ubj', '.xgb'],
  sniff: (head) => encodingOf(head) !== undefined,
  read: readModel,
  describe: describeXgboost,
  tensors: tensorsOf,
});

function encodingOf(head: Uint8Array): XgboostHeader['encoding'] | undefined {
  if (firstByte(head) !== BRACE) return isLegacy(head) ? 'binary' : undefined;
  const text = new TextDecoder('latin1').decode(head.subarray(0, 512));
  if (UBJ_START.test(text)) return 'ubj';
  if (JSON_START.test(text)) return 'json';
  return isLegacy(head) ? 'binary' : undefined;
}

async function readModel(source: ByteSource, limits: Limits): Promise<XgboostHeader> {
  const encoding = encodingOf((await source.read(0, Math.min(1024, source.size))).slice());
  if (encoding === 'binary') return readLegacy(source, limits);
  const cursor = openCursor(source, limits, PAGE_BYTES);
  const { take, gathered } = gatherer();
  if (encoding === 'ubj') await walkUbj(cursor, SELECTION, limits, take);
  else await walkJson(cursor, SELECTION, limits, take);
  const isLonger = cursor.position < source.size;
  const found = gathered();
  const { values } = found;
  if (!values.has('learner.learner_model_param') || !values.has('learner.gradient_booster.name'))
    throw cursor.malformed('the document has no learner with parameters and a booster', 0);
  if (contradictsTrees(found)) throw cursor.malformed(`the document has ${found.trees} trees and says another number`, 0);
  return { encoding: encoding ?? 'json', ...found, notInspected: isLonger ? ['bytes behind the document'] : [] };
}
