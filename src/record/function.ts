import { type Claim, suppliedPart } from '../collect/index.js';
import type { JsonValue } from '../core/canonical-json.js';
import { pointerStep } from '../core/json-pointer.js';
import type { Manifest, Training } from '../schema/index.js';
import { beginRun, type RecordOptions, type RunEnd, type RunRecord } from './engine.js';

type InputRole =
  | 'training'
  | 'validation'
  | 'testing'
  | 'pretraining'
  | 'finetuning'
  | 'alignment'
  | 'calibration'
  | 'grounding'
  | 'base'
  | 'teacher'
  | 'reward'
  | 'draft'
  | 'initialization'
  | 'code'
  | 'config'
  | 'other';

/** A run that goes on: what the training script says of it. */
export interface Run {
  /** A file, directory or glob that the run reads; hashed now, before it is used. Without a role a model is a base, all else training data. */
  input(path: string, roles?: InputRole | readonly InputRole[]): Promise<void>;
  /** A file or directory that the run writes. Without any, whatever is new in the directory of the run counts. */
  output(path: string): void;
  hyperparameters(values: NonNullable<Training['hyperparameters']>): void;
  /** Last value of a training metric. */
  metric(name: string, value: number, more?: { readonly split?: string; readonly unit?: string }): void;
  /** Any other part of a manifest. */
  say(part: Partial<Omit<Manifest, '$schema' | 'evidence'>>): void;
}

export interface RecordedRun<T> extends RunRecord {
  readonly result: T;
}

const FROM = { name: 'training script', method: 'recordRun' };

/**
 * Runs a function and records the run as `msbom record` does with a command. When the function throws, the record says that
 * the run failed, and the error is thrown on.
 *
 * @example
 * const { manifest } = await recordRun(async (run) => {
 *   await run.input('data/train.csv');
 *   run.hyperparameters({ learning_rate: 0.01 });
 *   run.output('out');
 * });
 * @throws ERR_IO_*, ERR_LIMIT_*, and what the function throws
 */
export async function recordRun<T>(work: (run: Run) => T | Promise<T>, options: RecordOptions = {}): Promise<RecordedRun<T>> {
  const open = await beginRun({ without: ['python', 'conda'], ...options });
  const claim = (pointer: string, value: JsonValue): Claim => ({ pointer, value, from: { origin: 'supplied', rank: 0, ...FROM } });
  const metrics = new Map<string, Claim>();
  const run: Run = {
    input: (path, roles) => open.input(roles === undefined ? { path } : { path, roles: [roles].flat() }),
    output: open.output,
    hyperparameters: (values) =>
      open.add(
        Object.entries(values).map(([name, value]) => claim(`/model/training/hyperparameters${pointerStep(name)}`, value as JsonValue)),
      ), // JSON by its type
    metric(name, value, { split, unit } = {}) {
      const key = split === undefined ? name : `${name} ${split}`;
      const metric = { ...(split === undefined ? {} : { name, slice: split }), value, ...(unit === undefined ? {} : { unit }) };
      metrics.set(key, claim(`/model/training/metrics${pointerStep(key)}`, metric));
    },
    say: (part) => open.add(suppliedPart(part as JsonValue, FROM)), // JSON by its type
  };
  const finish = (status: RunEnd['status']): Promise<RunRecord> => {
    open.add([...metrics.values()]);
    return open.finish({ status });
  };
  let result: T;
  try {
    result = await work(run);
  } catch (error) {
    await finish('failed').catch(() => {}); // why the run failed comes before why it could not be recorded
    throw error;
  }
  return { ...(await finish('completed')), result };
}
