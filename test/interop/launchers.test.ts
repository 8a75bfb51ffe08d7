/** `msbom record` in front of real trainers and what starts them: the facts that must be right, of those that are installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Manifest, Model } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/cli/main.js');

interface Launcher {
  /** Modules that it needs. */
  readonly needs: readonly string[];
  readonly command: readonly string[];
  /** What must be said of the model that was written. */
  readonly expected: {
    /** Packages that must be there in the version that the interpreter has. */
    readonly packages: readonly string[];
    readonly artifact: string;
    readonly architecture?: string;
    readonly hyperparameters?: Readonly<Record<string, unknown>>;
    /** What was run, where it is not the file that the command names. */
    readonly entrypoint?: string;
    /** Id of the model that it came from; none where nothing names one. */
    readonly base?: string;
    /** Other trackers whose runs must be named. */
    readonly trackers?: readonly string[];
  };
}

const LAUNCHERS: Readonly<Record<string, Launcher>> = {
  'scikit-learn': {
    needs: ['sklearn', 'joblib'],
    command: [PYTHON, 'sklearn_run.py'],
    expected: {
      packages: ['scikit-learn', 'joblib'],
      artifact: 'model.joblib',
      architecture: 'LogisticRegression',
      hyperparameters: { C: 0.25, max_iter: 77 },
    },
  },
  XGBoost: {
    needs: ['xgboost'],
    command: [PYTHON, 'xgboost_run.py'],
    expected: { packages: ['numpy'], artifact: 'model.json', architecture: 'gbtree', hyperparameters: { objective: 'binary:logistic' } },
  },
  LightGBM: {
    needs: ['lightgbm'],
    command: [PYTHON, 'lightgbm_run.py'],
    expected: { packages: ['lightgbm'], artifact: 'model.txt', hyperparameters: { num_leaves: 3, learning_rate: 0.05 } },
  },
  Optuna: {
    needs: ['optuna', 'sklearn'],
    command: [PYTHON, 'optuna_run.py'],
    expected: { packages: ['optuna', 'scikit-learn'], artifact: 'model.joblib', architecture: 'Ridge', hyperparameters: { alpha: 0.5 } },
  },
  papermill: {
    needs: ['papermill', 'ipykernel', 'sklearn'],
    command: [PYTHON, '-m', 'papermill', 'notebook.ipynb', 'executed.ipynb', '-p', 'strength', '0.5', '-k', 'python3'],
    expected: {
      packages: ['papermill', 'scikit-learn'],
      artifact: 'model.joblib',
      architecture: 'LogisticRegression',
      hyperparameters: { C: 0.5 },
      entrypoint: 'notebook.ipynb',
    },
  },
  'Hydra, MLflow and Weights & Biases': {
    needs: ['hydra', 'mlflow', 'sklearn'],
    command: [PYTHON, 'hydra_run.py', '+alpha=0.75', 'hydra.run.dir=out/hydra'],
    expected: {
      packages: ['hydra-core', 'scikit-learn'],
      artifact: 'model.joblib',
      architecture: 'Ridge',
      hyperparameters: { alpha: 0.75 },
      trackers: ['mlflow'],
    },
  },
  DVC: {
    needs: ['dvc', 'sklearn'],
    command: [PYTHON, '-m', 'dvc', 'repro'],
    expected: {
      packages: ['scikit-learn'],
      artifact: 'model.joblib',
      architecture: 'LogisticRegression',
      hyperparameters: { C: 0.25 },
      entrypoint: 'sklearn_run.py',
    },
  },
  torch: {
    needs: ['torch'],
    command: [PYTHON, 'torch_run.py'],
    expected: { packages: ['torch'], artifact: 'model.pt', hyperparameters: { learning_rate: 0.02 } },
  },
  torchrun: {
    needs: ['torch'],
    command: [PYTHON, '-m', 'torch.distributed.run', '--nproc-per-node', '2', 'torch_run.py'],
    expected: { packages: ['torch'], artifact: 'model.pt', hyperparameters: { learning_rate: 0.02 } },
  },
  Keras: {
    needs: ['keras', 'tensorflow'],
    command: [PYTHON, 'keras_run.py'],
    expected: { packages: ['keras'], artifact: 'model.keras', hyperparameters: { loss: 'binary_crossentropy' } },
  },
  Lightning: {
    needs: ['lightning'],
    command: [PYTHON, 'lightning_run.py'],
    expected: { packages: ['lightning', 'torch'], artifact: 'model.ckpt', hyperparameters: { rate: 0.02 } },
  },
  Trainer: {
    needs: ['transformers', 'accelerate', 'torch'],
    command: [PYTHON, 'trainer_run.py'],
    expected: {
      packages: ['transformers', 'torch'],
      artifact: 'model.safetensors',
      architecture: 'LlamaForCausalLM',
      hyperparameters: { learning_rate: 0.003, max_steps: 2 },
    },
  },
  PEFT: {
    needs: ['transformers', 'accelerate', 'peft', 'torch'],
    command: [PYTHON, 'trainer_run.py', 'peft'],
    expected: { packages: ['peft', 'transformers'], artifact: 'out/adapter_model.safetensors', base: 'model' },
  },
  TRL: {
    needs: ['transformers', 'accelerate', 'trl', 'datasets', 'torch'],
    command: [PYTHON, 'trainer_run.py', 'trl'],
    expected: { packages: ['trl', 'transformers'], artifact: 'model.safetensors', hyperparameters: { learning_rate: 0.003 } },
  },
};

const wanted = process.env.MSBOM_INTEROP?.split(',') ?? Object.keys(LAUNCHERS);
const missing = (modules: readonly string[]): readonly string[] =>
  modules.filter(
    (name) => spawnSync(PYTHON, ['-c', `import importlib.util, sys; sys.exit(importlib.util.find_spec("${name}") is None)`]).status !== 0,
  );
const version = (name: string): string =>
  execFileSync(PYTHON, ['-c', `import importlib.metadata as m; print(m.version("${name}"))`], { encoding: 'utf8' }).trim();
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

interface Run {
  readonly directory: string;
  readonly command: readonly string[];
  readonly expected: Launcher['expected'];
  readonly owner: Model | undefined;
}

function attestsWhatItSaw(manifest: Manifest, { directory, command, expected, owner }: Run): void {
  const { entrypoint = command.find((word) => word.endsWith('.py')), trackers = [] } = expected;
  expect(manifest.model?.training?.code).toMatchObject({ entrypoint, digest: { sha256: sha256(join(directory, entrypoint ?? '')) } });
  expect(manifest.model?.training?.code?.arguments?.slice(1)).toEqual(command.slice(1));
  // No base that nobody named, and no second model by what a tool keeps for itself.
  expect(Object.values(owner?.lineage?.parents ?? {}).map(({ model }) => model)).toEqual(
    expected.base === undefined ? [] : [expected.base],
  );
  expect(Object.keys(manifest.models ?? {})).toEqual(expected.base === undefined ? [] : ['out']);
  for (const name of trackers)
    expect(Object.values(manifest.documents ?? {}).map(({ title }) => title)).toContainEqual(
      expect.stringMatching(new RegExp(`^Run [0-9a-f]{32} of ${name}$`)),
    );
  // What lay there before is no output, and what the run wrote is as it lies there now.
  const place = join(directory, manifest.artifacts?.['out/model.joblib'] || manifest.models?.out ? '.' : 'out');
  for (const [file, { digest }] of Object.entries(manifest.artifacts ?? {})) expect(digest?.sha256, file).toBe(sha256(join(place, file)));
  expect(Object.keys(manifest.artifacts ?? {})).not.toContain('data.csv');
}

it.for(Object.entries(LAUNCHERS).filter(([name]) => wanted.includes(name)))('%s', ([, { needs, command, expected }], { skip }) => {
  const absent = missing(needs);
  if (absent.length > 0) skip(`not installed: ${absent.join(', ')}`);
  const directory = temporaryDirectory();
  cpSync(join(root, 'scripts/interop/launchers'), directory, { recursive: true });
  if (needs.includes('dvc')) execFileSync(PYTHON, ['-m', 'dvc', 'init', '--no-scm', '-q'], { cwd: directory });
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, 'record', '--input', 'data.csv=training', '-o', 'run.msbom.json', '--', ...command],
    {
      cwd: directory,
      encoding: 'utf8',
      // That variable would name the environment by hand, in place of the one that is seen.
      env: {
        ...process.env,
        MSBOM_PYTHON: undefined,
        PATH: `${dirname(PYTHON)}:${process.env.PATH}`,
        WANDB_MODE: 'offline',
        HF_HUB_OFFLINE: '1',
      },
    },
  );
  expect(status, stderr).toBe(0);
  const manifest = JSON.parse(readFileSync(join(directory, 'run.msbom.json'), 'utf8')) as Manifest;
  expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  // The data is what was given as data, with its digest and role.
  expect(Object.values(manifest.datasets ?? {}).map(({ name: title }) => title)).toEqual(['data.csv']);
  expect(JSON.stringify(manifest.datasets)).toContain(sha256(join(directory, 'data.csv')));
  // The interpreter that ran, not one on the search path.
  expect(Object.values(manifest.environments ?? {})[0]?.runtime).toMatchObject({
    language: 'Python',
    version: execFileSync(PYTHON, ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8' }).trim(),
  });
  for (const title of expected.packages)
    expect(
      Object.values(manifest.components ?? {}).find((component) => component.name === title),
      title,
    ).toMatchObject({
      version: version(title),
    });
  const [path, artifact] = Object.entries(manifest.artifacts ?? {}).find(([each]) => each.endsWith(expected.artifact)) ?? [];
  expect(artifact?.role).toMatch(/^(?:weights|adapter|checkpoint)$/);
  const owner = Object.values(manifest.models ?? {}).find(({ artifacts }) => artifacts?.includes(path ?? '')) ?? manifest.model;
  if (expected.architecture !== undefined) expect(owner?.architecture?.name).toBe(expected.architecture);
  if (expected.hyperparameters !== undefined)
    expect({ ...manifest.model?.training?.hyperparameters, ...owner?.training?.hyperparameters }).toMatchObject(expected.hyperparameters);
  expect(manifest.model?.training?.run?.status).toBe('completed');
  attestsWhatItSaw(manifest, { directory, command, expected, owner });
});
