import { canonicalDigest } from '../core/digest.js';
import { KERAS_LISTS } from './keras/lists.js';
import { ALLOW_GROUPS } from './pickle/allow/index.js';
import { DENIED } from './pickle/deny.js';
import { PYTHON_LISTS } from './python/names.js';
import { SCAN_RULES } from './rules/index.js';
import * as template from './template/names.js';
import { OPERATOR_LISTS } from './tensorflow/operators.js';

const lists = (tables: object): object =>
  Object.fromEntries(Object.entries(tables).flatMap(([name, table]) => (table instanceof Set ? [[name, [...table].sort()]] : [])));

/** SHA-256 over all rules and lists of names: two scans with the same digest judge by the same. */
export function ruleSetDigest(): string {
  const all = {
    rules: SCAN_RULES,
    allowed: ALLOW_GROUPS,
    denied: DENIED,
    operators: OPERATOR_LISTS,
    python: PYTHON_LISTS,
    keras: lists(KERAS_LISTS),
    template: lists(template),
  };
  return canonicalDigest(JSON.parse(JSON.stringify(all)));
}
