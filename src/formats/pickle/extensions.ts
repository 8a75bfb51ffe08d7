/** What the readers of single libraries add to plain pickles: one line each. */
import type { Cursor } from '../../core/cursor.js';
import type { ModelFacts } from '../../core/facts.js';
import { pickleView } from '../joblib/objects.js';
import { describeEstimator } from '../kernel/estimator.js';
import type { PickleValue } from '../kernel/pickle/index.js';
import { describeTrainingArguments } from '../pytorch/training.js';

/** Facts of objects of a library; they replace those of the pickle reader under the same names. */
export interface PickleDescription {
  /** Start of the module of the root's class: `transformers.`, or a module in full; empty for any. */
  readonly module: string;
  describe(root: PickleValue): Partial<ModelFacts>;
}

export const DESCRIPTIONS: readonly PickleDescription[] = [
  { module: 'transformers.', describe: describeTrainingArguments },
  { module: 'trl.', describe: describeTrainingArguments },
  { module: '', describe: (root) => describeEstimator(root, pickleView()) },
];

/**
 * By class, how to pass over raw bytes that lie in the stream behind the BUILD of such an object. The cursor stands behind the
 * opcode and has to stand behind the raw bytes afterwards.
 */
export const RAW_DATA: ReadonlyMap<string, (object: PickleValue, state: PickleValue, cursor: Cursor) => void | Promise<void>> = new Map();
