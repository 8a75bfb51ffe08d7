import type { Collector, SourceCollector } from './contribution.js';
import { huggingfaceConfig } from './huggingface-config/index.js';
import { modelCard } from './model-card/index.js';
import { peftAdapter } from './peft-adapter/index.js';
import { shardIndex } from './shard-index/index.js';
import { tokenizer } from './tokenizer/index.js';

/** Sorted by id. */
export const COLLECTORS: readonly (Collector | SourceCollector)[] = [huggingfaceConfig, modelCard, peftAdapter, shardIndex, tokenizer];
