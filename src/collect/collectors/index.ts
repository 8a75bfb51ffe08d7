/** Metadata files beside the weights, one folder for each kind. */
import type { Collector, SourceCollector } from '../contribution.js';
import { accelerate } from './accelerate/index.js';
import { arrow } from './arrow/index.js';
import { axolotl } from './axolotl/index.js';
import { bunLock } from './bun-lock/index.js';
import { citation } from './citation/index.js';
import { codecarbon } from './codecarbon/index.js';
import { condaEnvironment } from './conda-environment/index.js';
import { condaLock } from './conda-lock/index.js';
import { coremlBundle } from './coreml-bundle/index.js';
import { croissant } from './croissant/index.js';
import { datapackage } from './datapackage/index.js';
import { datasetCard } from './dataset-card/index.js';
import { datasetInfo } from './dataset-info/index.js';
import { deepspeed } from './deepspeed/index.js';
import { dvc } from './dvc/index.js';
import { huggingfaceConfig } from './huggingface-config/index.js';
import { huggingfaceTrainer } from './huggingface-trainer/index.js';
import { hydra } from './hydra/index.js';
import { kaggleMetadata } from './kaggle-metadata/index.js';
import { kitfile } from './kitfile/index.js';
import { licenseFile } from './license-file/index.js';
import { lightning } from './lightning/index.js';
import { llamaFactory } from './llama-factory/index.js';
import { mergekit } from './mergekit/index.js';
import { mlflow } from './mlflow/index.js';
import { mlflowDatabase } from './mlflow-database/index.js';
import { modelCard } from './model-card/index.js';
import { packageJson } from './package-json/index.js';
import { packageLock } from './package-lock/index.js';
import { parquet } from './parquet/index.js';
import { pdmLock } from './pdm-lock/index.js';
import { peftAdapter } from './peft-adapter/index.js';
import { pipeline } from './pipeline/index.js';
import { pipfileLock } from './pipfile-lock/index.js';
import { pixiLock } from './pixi-lock/index.js';
import { pnpmLock } from './pnpm-lock/index.js';
import { poetryLock } from './poetry-lock/index.js';
import { pylock } from './pylock/index.js';
import { pyproject } from './pyproject/index.js';
import { pythonDistribution } from './python-distribution/index.js';
import { pythonRequirements } from './python-requirements/index.js';
import { results } from './results/index.js';
import { shardIndex } from './shard-index/index.js';
import { tensorboard } from './tensorboard/index.js';
import { tfds } from './tfds/index.js';
import { tokenizer } from './tokenizer/index.js';
import { trainerCard } from './trainer-card/index.js';
import { uvLock } from './uv-lock/index.js';
import { vocabulary } from './vocabulary/index.js';
import { wandb } from './wandb/index.js';
import { yarnLock } from './yarn-lock/index.js';

/** Sorted by id. */
export const COLLECTORS: readonly (Collector | SourceCollector)[] = [
  accelerate,
  arrow,
  axolotl,
  bunLock,
  citation,
  codecarbon,
  condaEnvironment,
  condaLock,
  coremlBundle,
  croissant,
  datapackage,
  datasetCard,
  datasetInfo,
  deepspeed,
  dvc,
  huggingfaceConfig,
  huggingfaceTrainer,
  hydra,
  kaggleMetadata,
  kitfile,
  licenseFile,
  lightning,
  llamaFactory,
  mergekit,
  mlflow,
  mlflowDatabase,
  modelCard,
  packageJson,
  packageLock,
  parquet,
  pdmLock,
  peftAdapter,
  pipeline,
  pipfileLock,
  pixiLock,
  pnpmLock,
  poetryLock,
  pylock,
  pyproject,
  pythonDistribution,
  pythonRequirements,
  results,
  shardIndex,
  tensorboard,
  tfds,
  tokenizer,
  trainerCard,
  uvLock,
  vocabulary,
  wandb,
  yarnLock,
];
