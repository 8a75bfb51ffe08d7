import { baseName, directoryOf } from './contribution.js';

/** What a file is for, in the words of the specification. */
export type Role =
  | 'adapter'
  | 'archive'
  | 'checkpoint'
  | 'code'
  | 'config'
  | 'data'
  | 'document'
  | 'index'
  | 'license'
  | 'optimizer-state'
  | 'other'
  | 'signature'
  | 'template'
  | 'tokenizer'
  | 'weights';

interface RoleRule {
  readonly pattern: RegExp;
  readonly role: Role;
}

/** What a file is for, by its name; the first match decides. What a reader finds in the bytes comes before all of them. */
const RULES: readonly RoleRule[] = [
  { pattern: /^(?:adapter_model|pytorch_lora_weights)\./, role: 'adapter' },
  { pattern: /\.index\.json$/, role: 'index' },
  {
    pattern:
      /^(tokenizer.*\.(json|model)|vocab\.(json|txt)|merges\.txt|special_tokens_map\.json|added_tokens\.json|spiece\.model|sentencepiece.*\.model|.*\.tiktoken)$/,
    role: 'tokenizer',
  },
  { pattern: /^chat_template\.(jinja|json)$|\.jinja2?$/, role: 'template' },
  {
    pattern: /^(optimizer|scheduler|rng_state|scaler|.*optim_states)[^/]*\.(pt|pth|bin|safetensors)$|^random_states_\d+\.pkl$/,
    role: 'optimizer-state',
  },
  { pattern: /^(license|licence|copying|notice|unlicense)([._-].*)?$/i, role: 'license' },
  { pattern: /^(readme|changelog|model_?card|use_policy|usage|security|contributing|citation)([._-].*)?$/i, role: 'document' },
  { pattern: /\.(sig|asc|sigstore|sigstore\.json|minisig)$/, role: 'signature' },
  { pattern: /\.(py|js|mjs|cjs|ts|sh|ipynb|cpp|cc|cu|h|wasm|so|dll|dylib)$/, role: 'code' },
  {
    pattern:
      /\.(onnx|safetensors|gguf|ggml|pt|pth|ckpt|h5|hdf5|keras|pb|tflite|mlmodel|pkl|pickle|joblib|npz|npy|pdparams|pdmodel|params|msgpack|ot|engine|plan|caffemodel|mar|nemo|pte|ubj|cbm|bin|onnx_data|onnx\.data|weights)$/,
    role: 'weights',
  },
  { pattern: /\.(parquet|arrow|csv|tsv|jsonl|ndjson)$/, role: 'data' },
  { pattern: /\.(zip|tar|tgz|gz|bz2|xz|7z|zst)$/, role: 'archive' },
  { pattern: /\.(json|ya?ml|toml|ini|cfg|conf|xml|properties)$/, role: 'config' },
  { pattern: /\.(md|txt|pdf|html?|rst|png|jpe?g|gif|svg|webp)$/i, role: 'document' },
];

/** Directories that trainers leave at each save: what is in them is no second copy of the model. */
const CHECKPOINT = /(^|\/)((?:tmp-)?checkpoint-\d+|global_step\d+|epoch[_=-]?\d+[^/]*|step[_=-]?\d+[^/]*)\//;

/** Python names files that lengthen its search path `.pth`, as PyTorch names weights. */
export const isPathFile = (path: string): boolean => /(^|\/)(site|dist)-packages\/[^/]+\.pth$/.test(path);

/** Directories in which tools keep copies and versions of files for themselves: what lies there is no model of its own. */
const OF_TOOLS = /(^|\/)\.(?:git|dvc\/(?:cache|tmp)|ipynb_checkpoints)\//;
export const isKeptCopy = (path: string): boolean => OF_TOOLS.test(path) || leftoverOf(path) !== undefined;

export interface Leftover {
  /** What it is, in words. */
  readonly what: 'an unfinished download or copy' | 'a copy that was kept' | 'attributes of macOS';
  /** Name of the file that it was to become, or that it was copied from. */
  readonly of: string;
}

/** What downloads, editors, tools and people put beside a file, under its name. */
const LEFTOVERS: readonly { readonly pattern: RegExp; readonly what: Leftover['what'] }[] = [
  { pattern: /^(.{1,255})\.(?:part|partial|incomplete|crdownload|opdownload|aria2|filepart)$/i, what: 'an unfinished download or copy' },
  { pattern: /^(.{1,255}\.[^.]{1,32})\.(?:tmp|temp|download)$/i, what: 'an unfinished download or copy' },
  // Alone these are endings that people give to weights, too.
  { pattern: /^(.{1,255}\.[^.]{1,32})\.(?:bak|backup|orig|old|save|rej)$/i, what: 'a copy that was kept' },
  { pattern: /^((?:licen[cs]e|copying|notice|readme)[^.]{0,64})\.(?:bak|backup|orig|old|save|rej|tmp)$/i, what: 'a copy that was kept' },
  { pattern: /^(.{1,255})~$/, what: 'a copy that was kept' },
  { pattern: /^\.(.{1,255})\.sw[a-p]$/, what: 'a copy that was kept' },
  { pattern: /^#(.{1,255})#$/, what: 'a copy that was kept' },
  // Attributes that macOS keeps beside files of other file systems (AppleDouble).
  { pattern: /^\._(.{1,255})$/, what: 'attributes of macOS' },
];

/** Is it what is left of another file, and of which? */
export function leftoverOf(path: string): Leftover | undefined {
  const name = baseName(path);
  for (const { pattern, what } of LEFTOVERS) {
    const of = pattern.exec(name)?.[1];
    if (of !== undefined) return { what, of };
  }
  return undefined;
}

export function roleByName(path: string): Role {
  if (isPathFile(path)) return 'config';
  const name = baseName(path);
  return roleAt(path, RULES.find(({ pattern }) => pattern.test(name))?.role ?? 'other');
}

/** The role of a file where it lies: a copy that a tool keeps is none of the model, weights among the saves of a run are a checkpoint. */
export function roleAt(path: string, role: Role): Role {
  if (isKeptCopy(path)) return 'other';
  return (role === 'weights' || role === 'adapter') && CHECKPOINT.test(path) ? 'checkpoint' : role;
}

/** The directory that a file lies in; of a save of a run, that of the run. */
export function runDirectoryOf(path: string): string {
  const save = CHECKPOINT.exec(path);
  return save === null ? directoryOf(path) : path.slice(0, save.index + (save[1]?.length ?? 0));
}

/** How far a run had come when it left the save that a file lies in, in its own unit; undefined outside of saves. */
export function momentOf(path: string): number | undefined {
  const save = CHECKPOINT.exec(path)?.[2];
  return save === undefined ? undefined : Number(/\d{1,12}/.exec(save)?.[0] ?? 0);
}

/** Roles whose files a weight reader should recognise. */
export const BINARY_ROLES: ReadonlySet<Role> = new Set(['weights', 'adapter', 'checkpoint', 'optimizer-state']);

/** Is a file, by its name, one that a weight reader should recognise? */
export const mayHoldWeights = (path: string): boolean => BINARY_ROLES.has(roleByName(path));
