/** What is left of the name of a file or directory without what only tells one copy of a model from another. */

/** Formats, precisions, quantisations and tools that exports are called after. */
const OF_COPIES: ReadonlySet<string> = new Set([
  ...[
    'onnx',
    'openvino',
    'ov',
    'tflite',
    'lite',
    'litert',
    'coreml',
    'mlx',
    'mlpackage',
    'gguf',
    'ggml',
    'safetensors',
    'executorch',
    'pte',
  ],
  ...[
    'tf',
    'tf2',
    'tfjs',
    'tensorflow',
    'pytorch',
    'torch',
    'torchscript',
    'scripted',
    'traced',
    'pt',
    'pth',
    'flax',
    'jax',
    'keras',
    'rust',
  ],
  ...[
    'h5',
    'hdf5',
    'saved',
    'savedmodel',
    'web',
    'tensorrt',
    'trt',
    'ncnn',
    'mnn',
    'rknn',
    'paddle',
    'metal',
    'original',
    'pickle',
    'joblib',
  ],
  ...[
    'fp64',
    'fp32',
    'fp16',
    'fp8',
    'fp4',
    'f64',
    'f32',
    'f16',
    'bf16',
    'float64',
    'float32',
    'float16',
    'bfloat16',
    'half',
    'nf4',
    'mxfp4',
  ],
  ...['int8', 'int4', 'uint8', 'uint4', 'quint8', '4bit', '8bit', 'bnb4', 'bnb', 'awq', 'gptq', 'hqq', 'exl2', 'imatrix', 'imat', 'ud'],
  ...['quantized', 'quantised', 'quant', 'dynamic', 'static', 'optimized', 'optimised', 'fused', 'export', 'exported', 'exports'],
  ...['model', 'models', 'weights', 'weight', 'params', 'variables', 'consolidated', 'diffusion'],
]);

/** Words for a moment of a run; what stands behind the numbered ones (`epoch=3-val_loss=0.1`) tells the moment. */
const OF_MOMENTS: ReadonlySet<string> = new Set(['best', 'last', 'latest', 'final']);
const MOMENT = /^(?:epochs?|steps?|iters?|iterations?|ckpts?|checkpoints?)\d{0,12}$/;
/** `Q4` of `Q4_K_M`, and what follows such a word. */
const QUANTIZATION = /^(?:i?q|tq|i)\d(?:f16|f32)?$/;
const OF_QUANTIZATIONS: ReadonlySet<string> = new Set(['k', 'm', 's', 'l', 'xl', 'xs', 'xxs', 'nl', '0', '1']);
const NUMBER = /^\d{1,12}$/;

/** The words of a name that tell the model, in lower case, with `_` between them; empty when there are none. */
export function tellingWords(name: string): string {
  const words = name
    .toLowerCase()
    .split(/[-_.=\s]/)
    .filter((word) => word !== '');
  const kept: string[] = [];
  let isQuantization = false;
  for (const [i, word] of words.entries()) {
    if (MOMENT.test(word)) break;
    // Shards: `00001-of-00003`, `consolidated.00`.
    const isShard = NUMBER.test(word) && (words[i + 1] === 'of' || words[i - 1] === 'of' || words[i - 1] === 'consolidated');
    const isOfShard = word === 'of' && NUMBER.test(words[i - 1] ?? '') && NUMBER.test(words[i + 1] ?? '');
    const isLeft = OF_COPIES.has(word) || OF_MOMENTS.has(word) || isShard || isOfShard;
    const isOfQuantization: boolean = QUANTIZATION.test(word) || (isQuantization && OF_QUANTIZATIONS.has(word));
    isQuantization = isOfQuantization;
    if (!isLeft && !isOfQuantization) kept.push(word);
  }
  return kept.join('_');
}

/** The name of a file without its endings, as far as they are formats. */
export function stemOf(path: string): string {
  let stem = path.slice(path.lastIndexOf('/') + 1);
  for (let dot = stem.lastIndexOf('.'); dot > 0 && stem.length - dot <= 12; dot = stem.lastIndexOf('.')) {
    const ending = stem.slice(dot + 1).toLowerCase();
    if (NUMBER.test(ending) || (stem.length < path.length && !ENDINGS.has(ending))) break;
    stem = stem.slice(0, dot);
  }
  return stem;
}

const ENDINGS: ReadonlySet<string> = new Set([
  ...['safetensors', 'gguf', 'ggml', 'onnx', 'pt', 'pth', 'pt2', 'ckpt', 'bin', 'h5', 'hdf5', 'keras', 'pb', 'pbtxt', 'tflite', 'mlmodel'],
  ...[
    'pkl',
    'pickle',
    'joblib',
    'npz',
    'npy',
    'pdparams',
    'pdmodel',
    'params',
    'msgpack',
    'ot',
    'mar',
    'nemo',
    'pte',
    'ubj',
    'cbm',
    'json',
  ],
  ...['txt', 'xml', 'zip', 'tar', 'gz', 'xz', 'bz2', 'skops', 'ptl', 'mlpackage', 'engine', 'plan', 'md', 'yaml', 'yml', 'csv', 'model'],
]);

/** The directory without those segments that name no model of their own (`onnx/`, `fp16/`, `checkpoints/`). */
export const tellingPath = (directory: string): string =>
  directory
    .split('/')
    .filter((segment) => segment !== '')
    .map(tellingWords)
    .filter((segment) => segment !== '')
    .join('/');
