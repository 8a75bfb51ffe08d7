/** Do two words for an architecture mean the same? Libraries name the class, llama.cpp the family. */

/** Classes of XGBoost, in whose own files the kind of booster stands. */
const BOOSTED = ['xgbclassifier', 'xgbregressor', 'xgbranker', 'xgbrfclassifier', 'xgbrfregressor', 'xgb'];

/**
 * Families of llama.cpp whose name is not that of the class. Source: the classes that convert_hf_to_gguf.py registers for each
 * (https://github.com/ggml-org/llama.cpp/blob/master/convert_hf_to_gguf.py).
 */
const FAMILIES: ReadonlyMap<string, readonly string[]> = new Map([
  ['llama', ['mistral', 'mixtral', 'vlmmistral', 'lexa', 'smollm']],
  ['deci', ['decilm']],
  ['nomicbert', ['nomicbert', 'xlmroberta', 'roberta']],
  ['bert', ['bert', 'camembert', 'distilbert', 'roberta', 'xlmroberta']],
  ['falcon', ['falcon', 'rw']],
  ['gptneox', ['gptneox']],
  ['starcoder', ['gptbigcode']],
  ['commandr', ['cohere']],
  ['cohere2', ['cohere2']],
  ['refact', ['gptrefact']],
  ['chatglm', ['glm', 'chatglm']],
  ['exaone', ['exaone']],
  ['t5encoder', ['t5encoder', 'umt5encoder', 't5']],
  ['t5', ['t5', 'mt5', 'umt5']],
  ['qwen2vl', ['qwen2vl', 'qwen25vl']],
  ['gbtree', BOOSTED],
  ['dart', BOOSTED],
  ['gblinear', BOOSTED],
  ['mamba', ['mamba', 'mambalmhead', 'falconmamba']],
]);

/** What follows the family in names of classes: the task. */
const TASKS = ['for', 'lmheadmodel', 'lmmodel', 'model', 'lmhead'];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The family that a class is called after: `llama` of `LlamaForCausalLM`. */
function familyOf(name: string): string {
  const word = plain(name);
  const ends = TASKS.map((task) => word.indexOf(task, 1)).filter((at) => at > 0);
  return ends.length === 0 ? word : word.slice(0, Math.min(...ends));
}

export function isSameArchitecture(one: string, two: string): boolean {
  const [a, b] = [familyOf(one), familyOf(two)];
  return a === b || FAMILIES.get(a)?.includes(b) === true || FAMILIES.get(b)?.includes(a) === true;
}
