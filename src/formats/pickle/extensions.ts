/** What the readers of single libraries add to plain pickles: one line each. */
import type { ModelFacts } from '../../core/facts.js';
import { pickleView } from '../joblib/objects.js';
import type { ArrayContext } from '../joblib/wrapper.js';
import { describeTrainingArguments } from '../pytorch/training.js';
import { describeEstimator } from '../shared/estimator.js';
import type { PickleValue } from '../shared/pickle/index.js';

/** Facts of objects of a library; they replace those of the pickle reader under the same names. */
export interface PickleDescription {
  /** Start of the module of the root's class: `transformers.`, or a module in full; empty for any. */
  readonly module: string;
  /** `arrays` are those that joblib wrote into the stream. */
  describe(root: PickleValue, arrays?: Pick<ArrayContext, 'nested' | 'contents'>): Partial<ModelFacts>;
}

export const DESCRIPTIONS: readonly PickleDescription[] = [
  { module: 'transformers.', describe: describeTrainingArguments },
  { module: 'trl.', describe: describeTrainingArguments },
  { module: '', describe: (root, arrays) => describeEstimator(root, pickleView(arrays)) },
];
