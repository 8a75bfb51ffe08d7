/** What the ending of a name promises. A name never makes a file clean; it can only be a lie. */

const TEXT = ['text', 'json', 'yaml', 'jinja', 'python', 'script', 'xml'];

/** Formats that a name may have; others that can run code, or hide that they do, are a mismatch. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  safetensors: ['safetensors'],
  gguf: ['gguf'],
  ggml: ['gguf'],
  onnx: ['onnx'],
  tflite: ['tflite'],
  npy: ['npy'],
  h5: ['hdf5', 'keras-h5'],
  hdf5: ['hdf5', 'keras-h5'],
  json: TEXT,
  txt: TEXT,
  md: TEXT,
  yaml: TEXT,
  yml: TEXT,
};
/** Formats of which a name with another promise is a mismatch. */
const ACTIVE: ReadonlySet<string> = new Set([
  'pickle',
  'pytorch-legacy',
  'zip',
  'pytorch-zip',
  'tar',
  'pytorch-tar',
  '7z',
  'gzip',
  'zlib',
  'bzip2',
  'xz',
  'lzma',
  'lz4',
  'zstd',
  'rar',
  'executable',
  'script',
  'python',
]);
/** Names of models that their libraries do not read from these archives: whoever unpacks them does it past the scanners. */
const MODELS: ReadonlySet<string> = new Set(['bin', 'pt', 'pth', 'ckpt', 'pkl', 'pickle', 'model', 'joblib']);
const FOREIGN: ReadonlySet<string> = new Set(['7z', 'rar', 'executable', 'script', 'python']);

/** The format that the name does not promise; undefined when name and content agree, or when the name promises nothing. */
export function mismatch(name: string, formats: readonly string[]): string | undefined {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const promised = PROMISED[ending];
  if (promised !== undefined)
    return formats.some((format) => promised.includes(format)) ? undefined : formats.find((format) => ACTIVE.has(format));
  return MODELS.has(ending) ? formats.find((format) => FOREIGN.has(format)) : undefined;
}
