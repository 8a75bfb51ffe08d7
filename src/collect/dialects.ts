/**
 * What each source calls a hyperparameter, and the one name that the manifest has for it. The first column of the table in
 * docs/collectors/hyperparameters.md is the right side of these maps.
 */

/** How one source writes hyperparameters. */
export interface DialectRule {
  /** How the evidence names the dialect. */
  readonly title: string;
  /** Its names, and the canonical ones where they differ. Dots stand for nesting that the dialect itself defines. */
  readonly names: Readonly<Record<string, string>>;
  /** Names that are no hyperparameters: bookkeeping, logging, publishing. */
  readonly leaveOut?: RegExp;
  /** Are names that are not in the map kept under their own name? Otherwise they say nothing about the training. */
  readonly others: boolean;
  /** Are nested objects flattened to dotted names? The dialect must itself name them so. */
  readonly flatten?: boolean;
  /** Values are texts that Python printed: numbers and booleans are read back for names in `names`. */
  readonly texts?: boolean;
  /** A word that stands for no value: DeepSpeed's `auto`. */
  readonly unset?: string;
}

/** Names that mean one thing wherever people write them down themselves: trackers, Hydra, Lightning. */
const COMMON = {
  learning_rate: 'learning_rate',
  lr: 'learning_rate',
  batch_size: 'batch_size',
  per_device_train_batch_size: 'per_device_train_batch_size',
  gradient_accumulation_steps: 'gradient_accumulation_steps',
  accumulate_grad_batches: 'gradient_accumulation_steps',
  num_train_epochs: 'num_train_epochs',
  num_epochs: 'num_train_epochs',
  max_epochs: 'num_train_epochs',
  epochs: 'num_train_epochs',
  max_steps: 'max_steps',
  optimizer: 'optimizer',
  optim: 'optimizer',
  lr_scheduler_type: 'lr_scheduler_type',
  lr_scheduler: 'lr_scheduler_type',
  warmup_steps: 'warmup_steps',
  warmup_ratio: 'warmup_ratio',
  weight_decay: 'weight_decay',
  seed: 'seed',
  random_seed: 'seed',
  random_state: 'seed',
  seed_everything: 'seed',
  precision: 'precision',
  mixed_precision: 'precision',
  lora_r: 'lora_r',
  lora_rank: 'lora_r',
  lora_alpha: 'lora_alpha',
  lora_dropout: 'lora_dropout',
} as const;

/** What `TrainingArguments` holds besides hyperparameters. */
const TRAINER_BOOKKEEPING =
  /^(_|output_dir|logging_|log_level|log_on_each_node|save_(steps|strategy|total_limit|safetensors|on_each_node|only_model)$|hub_|push_to_hub|report_to$|run_name$|project$|trackio_|disable_tqdm$|local_rank$|use_cpu$|no_cuda$|use_mps_device$|ddp_|dataloader_|remove_unused_columns$|overwrite_output_dir$|resume_from_checkpoint$|ignore_data_skip$|skip_memory_metrics$|include_(inputs|for_metrics|num_input|tokens_per)|eval_(on_start|do_concat|use_gather|accumulation)|do_(train|eval|predict)$|past_index$|debug$|torchdynamo$|distributed_state$|deepspeed_plugin$|accelerator_config$|fsdp_transformer_layer|metric_for_best_model$|greater_is_better$|load_best_model_at_end$|restore_callback|enable_jit|prediction_loss_only$|batch_eval_metrics$|mp_parameters$|jit_mode_eval$|ray_scope$|tpu_|half_precision_backend$)/;

/** Entry points, sections and places of an Axolotl or LLaMA-Factory recipe that are read apart or tell nothing. */
const RECIPE_BOOKKEEPING =
  /^(base_model|model_name_or_path|adapter_name_or_path|datasets?$|dataset_dir|test_datasets|pretraining_dataset|eval_dataset|media_dir|hub_|wandb_|mlflow_|comet_|swanlab_|use_wandb|report_to|run_name|output_dir|logging|save_|plot_loss|overwrite|resume_|dataset_prepared|dataset_processes|preprocessing_num_workers|dataloader|do_|stage$|finetuning_type|adapter$|rl$|special_tokens|tokens$|tokenizer_|model_type|processor_type|trust_remote_code|plugins|debug|local_rank|strict|load_best|ddp_timeout|auto_resume|print_|cache_dir|deepspeed$|fsdp_config$|revision_of_model)/;

/** Optimizer, loss and compile settings of Keras; `opt_*` is MLflow's autologging. */
const KERAS = {
  lr: 'learning_rate',
  learning_rate: 'learning_rate',
  batch_size: 'batch_size',
  epochs: 'num_train_epochs',
  optimizer: 'optimizer',
  optimizer_name: 'optimizer',
  weight_decay: 'weight_decay',
  opt_name: 'optimizer',
  opt_learning_rate: 'learning_rate',
  opt_weight_decay: 'weight_decay',
} as const;

const BOOSTERS = {
  learning_rate: 'learning_rate',
  eta: 'learning_rate',
  shrinkage_rate: 'learning_rate',
  num_iterations: 'num_iterations',
  num_iteration: 'num_iterations',
  num_boost_round: 'num_iterations',
  num_round: 'num_iterations',
  num_rounds: 'num_iterations',
  n_estimators: 'num_iterations',
  iterations: 'num_iterations',
  seed: 'seed',
  random_seed: 'seed',
  random_state: 'seed',
} as const;

const TRANSFORMERS = {
  learning_rate: 'learning_rate',
  per_device_train_batch_size: 'per_device_train_batch_size',
  gradient_accumulation_steps: 'gradient_accumulation_steps',
  num_train_epochs: 'num_train_epochs',
  max_steps: 'max_steps',
  optim: 'optimizer',
  lr_scheduler_type: 'lr_scheduler_type',
  warmup_steps: 'warmup_steps',
  warmup_ratio: 'warmup_ratio',
  weight_decay: 'weight_decay',
  max_grad_norm: 'max_grad_norm',
  seed: 'seed',
  data_seed: 'data_seed',
  bf16: 'bf16',
  fp16: 'fp16',
  tf32: 'tf32',
  lora_r: 'lora_r',
  lora_alpha: 'lora_alpha',
  lora_dropout: 'lora_dropout',
} as const;

export const DIALECTS = {
  transformers: { title: 'Hugging Face TrainingArguments', names: TRANSFORMERS, leaveOut: TRAINER_BOOKKEEPING, others: true },
  /** `train_batch_size` is of one process: as many devices as it drives, and as many processes as were started, multiply it. */
  'trainer-state': {
    title: 'state of the Hugging Face Trainer',
    names: { num_train_epochs: 'num_train_epochs', max_steps: 'max_steps', train_batch_size: 'per_process_train_batch_size' },
    others: false,
  },
  /** The card that the Trainer writes: sizes are of one process unless it says `total_`. */
  'trainer-card': {
    title: 'model card of the Hugging Face Trainer',
    names: {
      learning_rate: 'learning_rate',
      train_batch_size: 'per_process_train_batch_size',
      total_train_batch_size: 'batch_size',
      eval_batch_size: 'per_process_eval_batch_size',
      total_eval_batch_size: 'eval_batch_size',
      gradient_accumulation_steps: 'gradient_accumulation_steps',
      num_epochs: 'num_train_epochs',
      training_steps: 'max_steps',
      optimizer: 'optimizer',
      lr_scheduler_type: 'lr_scheduler_type',
      lr_scheduler_warmup_steps: 'warmup_steps',
      lr_scheduler_warmup_ratio: 'warmup_ratio',
      mixed_precision_training: 'precision',
      seed: 'seed',
    },
    others: true,
  },
  kohya: {
    title: 'kohya sd-scripts',
    names: {
      learning_rate: 'learning_rate',
      total_batch_size: 'batch_size',
      batch_size_per_device: 'per_device_train_batch_size',
      gradient_accumulation_steps: 'gradient_accumulation_steps',
      num_epochs: 'num_train_epochs',
      max_train_steps: 'max_steps',
      optimizer: 'optimizer',
      lr_scheduler: 'lr_scheduler_type',
      lr_warmup_steps: 'warmup_steps',
      seed: 'seed',
      mixed_precision: 'precision',
      max_grad_norm: 'max_grad_norm',
      network_dim: 'lora_r',
      network_alpha: 'lora_alpha',
    },
    others: true,
  },
  keras: { title: 'Keras compile configuration', names: KERAS, others: true },
  /** Parameters are texts; only those whose meaning is known are read as numbers. */
  mlflow: { title: 'MLflow parameters', names: { ...COMMON, ...KERAS }, others: true, texts: true },
  deepspeed: {
    title: 'DeepSpeed configuration',
    names: {
      train_batch_size: 'batch_size',
      train_micro_batch_size_per_gpu: 'per_device_train_batch_size',
      gradient_accumulation_steps: 'gradient_accumulation_steps',
      gradient_clipping: 'max_grad_norm',
      'optimizer.type': 'optimizer',
      'optimizer.params.lr': 'learning_rate',
      'optimizer.params.weight_decay': 'weight_decay',
      'optimizer.params.betas': 'betas',
      'optimizer.params.eps': 'epsilon',
      'scheduler.type': 'lr_scheduler_type',
      'scheduler.params.warmup_num_steps': 'warmup_steps',
      'scheduler.params.total_num_steps': 'max_steps',
      'bf16.enabled': 'bf16',
      'fp16.enabled': 'fp16',
      'zero_optimization.stage': 'deepspeed_zero_stage',
      seed: 'seed',
    },
    others: false,
    flatten: true,
    unset: 'auto',
  },
  accelerate: {
    title: 'Accelerate configuration',
    names: {
      mixed_precision: 'precision',
      distributed_type: 'distributed_type',
      num_processes: 'num_processes',
      num_machines: 'num_machines',
      'deepspeed_config.gradient_accumulation_steps': 'gradient_accumulation_steps',
      'deepspeed_config.gradient_clipping': 'max_grad_norm',
      'deepspeed_config.zero_stage': 'deepspeed_zero_stage',
      'fsdp_config.fsdp_sharding_strategy': 'fsdp_sharding_strategy',
      'fsdp_config.fsdp_version': 'fsdp_version',
    },
    others: false,
    flatten: true,
    unset: 'auto',
  },
  axolotl: {
    title: 'Axolotl recipe',
    unset: 'auto',
    names: {
      ...TRANSFORMERS,
      micro_batch_size: 'per_device_train_batch_size',
      batch_size: 'batch_size',
      num_epochs: 'num_train_epochs',
      optimizer: 'optimizer',
      lr_scheduler: 'lr_scheduler_type',
      lora_target_modules: 'target_modules',
      lora_modules_to_save: 'modules_to_save',
    },
    leaveOut: RECIPE_BOOKKEEPING,
    others: true,
  },
  'llama-factory': {
    title: 'LLaMA-Factory recipe',
    names: { ...TRANSFORMERS, lora_rank: 'lora_r', lora_target: 'target_modules', additional_target: 'modules_to_save' },
    leaveOut: RECIPE_BOOKKEEPING,
    others: true,
  },
  /** `batch_size` is what the data loader of one process takes, unless the program says otherwise: it keeps its name. */
  lightning: { title: 'Lightning hyperparameters', names: COMMON, others: true },
  wandb: { title: 'Weights & Biases configuration', names: COMMON, leaveOut: TRAINER_BOOKKEEPING, others: true },
  hydra: { title: 'Hydra configuration', names: COMMON, leaveOut: /^hydra(\.|$)/, others: true, flatten: true },
  dvc: { title: 'DVC parameters', names: COMMON, others: true, flatten: true },
  tensorboard: { title: 'TensorBoard hyperparameters', names: COMMON, others: true },
  xgboost: { title: 'XGBoost parameters', names: BOOSTERS, others: true },
  lightgbm: {
    title: 'LightGBM parameters',
    names: BOOSTERS,
    leaveOut: /^(data|valid|input_model|output_model|output_result|machine|machines|machine_list_filename|local_listen_port|time_out)$/,
    others: true,
  },
  catboost: { title: 'CatBoost parameters', names: BOOSTERS, leaveOut: /^(train_dir|snapshot_|logging_level|metric_period)/, others: true },
  /** `learning_rate` of scikit-learn may be a word (`constant`); it stands as it is. */
  sklearn: { title: 'scikit-learn parameters', names: { random_state: 'seed' }, others: true },
  fasttext: { title: 'fastText arguments', names: { lr: 'learning_rate', epoch: 'num_train_epochs' }, others: true },
  gguf: { title: 'GGUF adapter', names: { type: 'adapter_type', 'lora.alpha': 'lora_alpha' }, others: false },
  /** A file whose dialect nobody has described: its own names. */
  own: { title: 'names of the file', names: {}, others: true },
} as const satisfies Readonly<Record<string, DialectRule>>;

export type Dialect = keyof typeof DIALECTS;

/** Formats of weight files, and the dialect that their hyperparameters are written in. */
const FORMAT_DIALECTS: Readonly<Record<string, Dialect>> = {
  catboost: 'catboost',
  fasttext: 'fasttext',
  gguf: 'gguf',
  hdf5: 'keras',
  joblib: 'sklearn',
  keras: 'keras',
  lightgbm: 'lightgbm',
  pickle: 'sklearn',
  safetensors: 'kohya',
  skops: 'sklearn',
  'tensorflow-savedmodel': 'keras',
  tensorflowjs: 'keras',
  xgboost: 'xgboost',
};

/** Tables of a checkpoint that programs fill as they like: Lightning, Ultralytics, timm and the like. */
const TABLE = /^(hyper_parameters|datamodule_hyper_parameters|hparams|hyperparameters|train_args|args)\./;

/**
 * The dialect of what a weight file says under `key`. PyTorch files and pickles hold the Trainer's arguments, as the names tell,
 * or tables of a checkpoint; other pickles hold estimators.
 */
export function dialectOf(format: string, key: string, names: ReadonlySet<string>): Dialect {
  if (format === 'pytorch' || format === 'pickle') {
    if (key.startsWith('ds_config.')) return 'deepspeed';
    if (TABLE.test(key)) return 'lightning';
    if (names.has('per_device_train_batch_size')) return 'transformers';
  }
  return FORMAT_DIALECTS[format] ?? 'own';
}
