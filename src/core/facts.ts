import type { Finding } from './finding.js';

/** One tensor as its file's header describes it. */
export interface TensorInfo {
  readonly name: string;
  /** The format's own word: `BF16` (safetensors), `Q4_K` (GGUF), `FLOAT` (ONNX), `float32` (TensorFlow.js). */
  readonly dtype: string;
  /** Sizes of the axes, outermost first; a negative or missing size stands as -1. */
  readonly shape: readonly number[];
  /** Bytes of the data, where the format tells. */
  readonly bytes?: number | undefined;
}

/** What the tensors of one file add up to. */
export interface TensorSummary {
  /** Number of tensors. */
  readonly count: number;
  /** Number of trainable or stored values, quantisation unpacked, auxiliaries (scales, zero points) left out. */
  readonly parameters: number;
  /** Parameters by data type, in the format's own words, sorted by name. */
  readonly dtypes: Readonly<Record<string, number>>;
  /** Bytes of tensor data, where the format tells. */
  readonly bytes?: number | undefined;
}

/** A parent that a file names: a hint for lineage, never for identity. */
export interface BaseModelHint {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly organization?: string | undefined;
  readonly uri?: string | undefined;
  readonly doi?: string | undefined;
  readonly digest?: { readonly sha256?: string } | undefined;
  /** Where in the file it stands. */
  readonly key: string;
}

/** A value with the key it was read from. */
export interface Keyed<T> {
  readonly value: T;
  /** Key, field path or attribute inside the file, in the format's own spelling. */
  readonly key: string;
}

export type FactsRole = 'weights' | 'adapter' | 'tokenizer' | 'config' | 'checkpoint' | 'optimizer-state' | 'index' | 'data' | 'code';

/** What a weight file says of the model, as plain data. Every field is missing when the file does not say. */
export interface ModelFacts {
  /** Id of the reader. */
  readonly format: string;
  /** Version of the format itself. */
  readonly formatVersion?: string | undefined;
  /** IANA media type or the one in common use. */
  readonly mediaType?: string | undefined;
  /** What the bytes say the file is for, in the words of an artifact's role. Missing where only its name can tell. */
  readonly role?: FactsRole | undefined;
  readonly tensors?: TensorSummary | undefined;
  /** What part of a model the tensors are, where they are none alone (`value head`). */
  readonly part?: string | undefined;
  readonly name?: Keyed<string> | undefined;
  readonly version?: Keyed<string> | undefined;
  readonly description?: Keyed<string> | undefined;
  readonly author?: Keyed<string> | undefined;
  /** Licence as written in the file, not yet an SPDX expression. */
  readonly license?: Keyed<string> | undefined;
  readonly licenseUri?: Keyed<string> | undefined;
  /** Architecture or model class (`llama`, `LlamaForCausalLM`). */
  readonly architecture?: Keyed<string> | undefined;
  readonly contextLength?: Keyed<number> | undefined;
  readonly vocabularySize?: Keyed<number> | undefined;
  /** Scheme in the format's own words (`Q4_K`, `dynamic uint8`). */
  readonly quantization?: Keyed<string> | undefined;
  readonly languages?: Keyed<readonly string[]> | undefined;
  readonly tags?: Keyed<readonly string[]> | undefined;
  readonly uri?: Keyed<string> | undefined;
  /** Programs that wrote the file. */
  readonly producers?: readonly Keyed<{ readonly name: string; readonly version?: string | undefined }>[] | undefined;
  /** Libraries and operator sets needed to load it. */
  readonly requires?: readonly Keyed<{ readonly name: string; readonly version?: string | undefined }>[] | undefined;
  readonly baseModels?: readonly BaseModelHint[] | undefined;
  readonly datasets?: readonly Keyed<{ readonly name: string; readonly uri?: string | undefined }>[] | undefined;
  /** Under the file's own names. */
  readonly hyperparameters?: readonly Keyed<{ readonly name: string; readonly value: string | number | boolean }>[] | undefined;
  /** Names and shapes of what goes in and comes out. */
  readonly inputs?: readonly TensorInfo[] | undefined;
  readonly outputs?: readonly TensorInfo[] | undefined;
  /** SHA-256 of each chat template, by name. */
  readonly chatTemplates?: Readonly<Record<string, string>> | undefined;
  /** Other files, relative to this one, that are part of the model. */
  readonly companions?: readonly string[] | undefined;
  /** Everything else the header says, small values only, as text. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * What the reader did not look into, and why, each as one phrase (`arrays compressed with xz`). Anything here makes the
   * inspection partial: what was not read is never taken for harmless.
   */
  readonly notInspected?: readonly string[] | undefined;
  /** Dotted names (`torch._utils._rebuild_tensor_v2`) that loading would import, sorted; for formats that name code. */
  readonly imports?: readonly string[] | undefined;
  /** What is odd about the file but does not stop its reading. */
  readonly findings?: readonly Finding[] | undefined;
}

/** Adds up tensors. `parametersOf` may unpack quantised tensors; the default is the product of the shape. */
export function summarize<T extends TensorInfo>(tensors: readonly T[], parametersOf: (tensor: T) => number = elementCount): TensorSummary {
  const dtypes = new Map<string, number>();
  let parameters = 0;
  let bytes: number | undefined = 0;
  for (const tensor of tensors) {
    const count = parametersOf(tensor);
    parameters += count;
    if (count > 0) dtypes.set(tensor.dtype, (dtypes.get(tensor.dtype) ?? 0) + count);
    bytes = bytes === undefined || tensor.bytes === undefined ? undefined : bytes + tensor.bytes;
  }
  return {
    count: tensors.length,
    parameters,
    dtypes: Object.fromEntries([...dtypes].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

/** Number of elements of a tensor; 0 when an axis is not known. A scalar has one. */
export function elementCount(tensor: { readonly shape: readonly number[] }): number {
  let count = 1;
  for (const size of tensor.shape) {
    if (size < 0) return 0;
    count *= size;
  }
  return count;
}

/** Facts with what is not known left out; an empty list says nothing either, nor does what is needed and has no name. */
export function knownFacts<F extends Partial<ModelFacts>>(facts: { readonly [K in keyof F]: F[K] | undefined }): F {
  const said = { ...facts, requires: (facts as Partial<ModelFacts>).requires?.filter(({ value }) => value.name !== '') };
  const known = Object.entries(said).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  // Only members that are optional in ModelFacts are ever undefined.
  return Object.fromEntries(known) as unknown as F;
}
