/**
 * State and results that the Hugging Face Trainer leaves beside a model.
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/trainer_callback.py (TrainerState)
 */
import {
  baseName,
  type CollectContext,
  type Collected,
  type Collector,
  type Contribution,
  directoryOf,
  RANKS,
} from '../../contribution.js';
import { hyperparameterClaims, plainValue } from '../../hyperparameters.js';
import { roleByName } from '../../roles.js';
import { asCount, type Loose } from '../../values.js';
import { addition, claim, metricAdditions, readJsonObject } from '../shared/run-file.js';
import { type RunLayout, readRuns } from '../shared/runs.js';

const METHOD = 'Hugging Face Trainer state';
const RESULTS = /^(all|train|eval|test|predict)_results\.json$/;
const CHECKPOINT = /(^|\/)checkpoint-(\d{1,9})\/$/;

const isState = (path: string): boolean => baseName(path) === 'trainer_state.json';
const withoutCheckpoint = (directory: string): string => directory.replace(CHECKPOINT, '$1');

/** A run is a directory with a state, its own or that of a checkpoint in it, or with the results of training. */
const LAYOUT: RunLayout = {
  tool: 'the Hugging Face Trainer',
  runOf(path) {
    if (isState(path)) return withoutCheckpoint(directoryOf(path));
    return RESULTS.test(baseName(path)) ? directoryOf(path) : undefined;
  },
};

export const huggingfaceTrainer: Collector = {
  id: 'huggingface-trainer',
  files: '`trainer_state.json`, `all_results.json`, `train_results.json`, `eval_results.json`, `test_results.json`, `predict_results.json`',
  matches: (path) => LAYOUT.runOf(path) !== undefined,
  collect: (file, context) => readRuns(file, context, LAYOUT, (run, files) => readRun(run, files, context)),
};

async function readRun(run: string, files: readonly string[], context: CollectContext): Promise<Collected> {
  const speaking = speakingState(files);
  const results = files.filter((path) => RESULTS.test(baseName(path)));
  const isTrainers = files.some(isState) || results.some((path) => /^(all|train)_/.test(baseName(path)));
  if (!isTrainers) return { contributions: [] }; // an `eval_results.json` alone may be of any program
  const all: Contribution[] = olderCheckpoints(run, files, speaking, context);
  const findings = [];
  // What the training said at its end comes before the state of a save on its way; where they differ that is told.
  for (const path of [...results, ...(speaking === undefined ? [] : [speaking])]) {
    const file = await context.read(path);
    if (file === undefined) continue;
    const read = readJsonObject(file, context.limits);
    if (read.finding !== undefined) findings.push(read.finding);
    else
      all.push(
        ...(isState(path)
          ? stateFacts(path, read.value, context.paths.has(`${run}training_args.bin`))
          : resultFacts(path, read.value, files)),
      );
  }
  return { contributions: all, findings };
}

/** The run's own state, or that of its last checkpoint: earlier ones say what the model was on its way. */
function speakingState(files: readonly string[]): string | undefined {
  const steps = (path: string): number => Number(CHECKPOINT.exec(directoryOf(path))?.[2] ?? Number.POSITIVE_INFINITY);
  return files.filter(isState).sort((a, b) => steps(b) - steps(a))[0];
}

/** Files of checkpoints from which the model went on are no weights of it. */
function olderCheckpoints(run: string, files: readonly string[], speaking: string | undefined, { paths }: CollectContext): Contribution[] {
  const older = new Set(files.filter((path) => isState(path) && path !== speaking).map(directoryOf));
  if (older.size === 0) return [];
  return [...paths].flatMap((path): Contribution[] => {
    const directory = directoryOf(path);
    const role = older.has(directory) && directory !== run ? roleByName(path) : undefined;
    return role === 'weights' || role === 'adapter'
      ? [
          {
            kind: 'file',
            path,
            facts: { role: 'checkpoint' },
            from: { origin: 'inferred', path, method: 'directory of a checkpoint of the Trainer' },
          },
        ]
      : [];
  });
}

function stateFacts(path: string, state: Loose, hasArguments: boolean): readonly Contribution[] {
  const from = { origin: 'observed', path, method: METHOD } as const;
  const flops = state.total_flos;
  const tokens = asCount(state.num_input_tokens_seen);
  const metrics = new Map<string, unknown>();
  for (const entry of Array.isArray(state.log_history) ? state.log_history.slice(-1000) : []) {
    if (typeof entry !== 'object' || entry === null) continue;
    for (const [name, value] of Object.entries(entry)) if (isMeasure(name)) metrics.set(name, value);
  }
  return [
    // How long to train stands here as worked out; the arguments say how it was asked for.
    ...hyperparameterClaims('trainer-state', state, from, RANKS.run).filter(
      ({ pointer }) => !hasArguments || !/(num_train_epochs|max_steps)$/.test(pointer),
    ),
    ...hyperparameterClaims('transformers', trialParams(state), { ...from, key: 'trial_params' }, RANKS.run),
    ...(typeof flops === 'number' && Number.isFinite(flops) && flops > 0
      ? [
          ...claim('/model/training/compute/flops', flops, RANKS.run, { ...from, key: 'total_flos' }),
          ...claim('/model/training/compute/methodology', 'counted by the Hugging Face Trainer (total_flos)', RANKS.run, {
            ...from,
            key: 'total_flos',
          }),
        ]
      : []),
    ...metricAdditions(
      [
        ['epoch', state.epoch],
        ['global_step', state.global_step],
        // The Trainer writes 0 when it did not count.
        ...(tokens === undefined || tokens === 0 ? [] : [['num_input_tokens_seen', tokens] as const]),
        ['best_metric', state.best_metric],
        ...metrics,
      ],
      from,
    ),
  ];
}

const trialParams = (state: Loose): Loose =>
  typeof state.trial_params === 'object' && state.trial_params !== null && !Array.isArray(state.trial_params)
    ? (state.trial_params as Loose)
    : {};

/** How fast a machine was, and what stands elsewhere, is no measure of the model. */
const isMeasure = (name: string): boolean =>
  !/(^|_)(runtime|samples_per_second|steps_per_second|tokens_per_second|mem_\w+)$|_samples$|^(epoch|step|total_flos|num_input_tokens_seen|learning_rate)$/.test(
    name,
  );

/** Splits of which the Trainer writes results; those of all in one file count where a split has no file of its own. */
const SPLITS = ['eval', 'test', 'predict'] as const;

function resultFacts(path: string, results: Loose, files: readonly string[]): readonly Contribution[] {
  const name = baseName(path);
  const from = { origin: 'observed', path, method: 'results of the Hugging Face Trainer' } as const;
  const prefix = name.slice(0, name.indexOf('_'));
  const values = Object.entries(results).filter(
    ([key, value]) => plainValue(key) !== undefined && isMeasure(key) && typeof value === 'number' && Number.isFinite(value),
  );
  const flops = results.total_flos;
  const seconds = results.train_runtime;
  const training = prefix === 'train' || prefix === 'all';
  return [
    ...(training && typeof flops === 'number' && flops > 0
      ? claim('/model/training/compute/flops', flops, RANKS.run, { ...from, key: 'total_flos' })
      : []),
    ...(training && typeof seconds === 'number' && seconds > 0
      ? claim('/model/training/duration/wallClockDays', seconds / 86_400, RANKS.run, { ...from, key: 'train_runtime' })
      : []),
    ...metricAdditions(training ? values.filter(([key]) => key.startsWith('train_')) : [], from),
    ...SPLITS.flatMap((split) => {
      const own = prefix === split ? values : prefix === 'all' ? values.filter(([key]) => key.startsWith(`${split}_`)) : [];
      const isElsewhere = prefix === 'all' && files.includes(`${directoryOf(path)}${split}_results.json`);
      if (own.length === 0 || isElsewhere) return [];
      return addition(
        '/evaluations',
        {
          name: `${split} split of the training program`,
          metrics: own.slice(0, 100).map(([key, value]) => ({ name: key, value: value as number, slice: split })), // filtered above
          protocol: { tool: { name: 'Hugging Face Trainer' } },
        },
        from,
      );
    }),
  ];
}
