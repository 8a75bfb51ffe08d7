import type { Collector, SourceCollector } from './contribution.js';
import { huggingfaceConfig } from './huggingface-config/index.js';
import { kitfile } from './kitfile/index.js';
import { mergekit } from './mergekit/index.js';
import { modelCard } from './model-card/index.js';
import { peftAdapter } from './peft-adapter/index.js';
import { pipeline } from './pipeline/index.js';
import { shardIndex } from './shard-index/index.js';
import { tokenizer } from './tokenizer/index.js';

/** Sorted by id. */
export const COLLECTORS: readonly (Collector | SourceCollector)[] = [
  huggingfaceConfig,
  kitfile,
  mergekit,
  modelCard,
  peftAdapter,
  pipeline,
  shardIndex,
  tokenizer,
];
