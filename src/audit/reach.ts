/**
 * Do the files of the model go through the code that an advisory is about? Told by what the advisory is about, as far as its text says it,
 * and by the formats of the files. Where either is not known, nothing is.
 */
import type { Artifact, Manifest } from '../schema/index.js';
import type { Advisory } from './advisory.js';

export interface Reachability {
  readonly status: 'reachable' | 'not-loaded' | 'unknown';
  /** In words. */
  readonly reason: string;
  /** Files that the code loads. */
  readonly paths?: readonly string[];
}

interface Loader {
  /** What the advisory is about. */
  readonly what: string;
  /** Words of which its text has one, in lower case. */
  readonly words: readonly string[];
  /** Words that say that it is about something else although one of those stands in it, such as objects from a network. */
  readonly otherwise?: readonly string[];
  /** Packages whose advisories are looked at so, normalised. */
  readonly packages: readonly string[];
  /** Is a file such as the code loads? */
  loads(artifact: Artifact): boolean;
}

const serialization = (...names: readonly string[]) => {
  const known = new Set(names);
  return ({ format }: Artifact): boolean => known.has(format?.serialization ?? '');
};

const PICKLES = serialization('pickle', 'pytorch', 'joblib');
/** Arrays of objects are pickled. */
const NUMPY = serialization('numpy');

const LOADERS: readonly Loader[] = [
  {
    what: 'loading a pickle',
    words: ['pickle', 'torch.load', 'deserializ', 'deserialis', 'joblib.load', 'weights_only'],
    otherwise: ['rpc', 'remotemodule', 'http request', 'websocket', 'socket', 'session', 'cookie', 'broker', 'xcom'],
    packages: [
      'torch',
      'joblib',
      'scikit-learn',
      'numpy',
      'transformers',
      'pytorch-lightning',
      'lightning',
      'mlflow',
      'cloudpickle',
      'dill',
    ],
    loads: (artifact) => PICKLES(artifact) || (NUMPY(artifact) && Object.hasOwn(artifact.tensors?.dtypes ?? {}, 'object')),
  },
  {
    what: 'loading an ONNX model',
    words: ['onnx model', 'onnx file', '.onnx', 'external_data', 'external data', 'onnx.load'],
    packages: ['onnx', 'onnxruntime', 'onnxruntime-gpu'],
    loads: serialization('onnx'),
  },
  {
    what: 'loading a model of TensorFlow',
    words: ['savedmodel', 'saved model', 'saved_model', 'graphdef', 'checkpoint', 'tflite'],
    packages: ['tensorflow', 'tensorflow-cpu', 'tensorflow-gpu', 'tflite-runtime'],
    loads: serialization('tensorflow-savedmodel', 'tensorflow-graphdef', 'tensorflow-checkpoint', 'tflite'),
  },
  {
    what: 'loading a model of Keras',
    words: ['load_model', 'lambda layer', '.keras', 'hdf5', '.h5', 'safe_mode'],
    packages: ['keras', 'tensorflow', 'h5py'],
    loads: serialization('keras', 'hdf5'),
  },
  {
    what: 'loading a GGUF file',
    words: ['gguf', 'ggml'],
    packages: ['llama-cpp-python', 'ctransformers', 'gguf', 'vllm', 'vllm:vllm', 'ollama:ollama', 'mudler:localai'],
    loads: serialization('gguf'),
  },
  {
    what: 'rendering a chat template',
    words: ['chat template', 'chat_template', 'sandbox'],
    packages: ['llama-cpp-python', 'transformers', 'vllm', 'jinja2', 'vllm:vllm'],
    loads: ({ chatTemplates = {} }) => Object.keys(chatTemplates).length > 0,
  },
];

/** Files of formats unknown may be anything. */
const isUnknown = ({ role, format, inspection }: Artifact): boolean =>
  (role === 'weights' || role === 'adapter' || role === 'checkpoint' || role === undefined) &&
  (format?.serialization === undefined || inspection?.status === 'not-inspected');

const MAX_PATHS = 20;

/** What may be loaded besides the files that are listed, in words. */
function othersOf({ model, bom }: Manifest): string | undefined {
  if (model?.remoteCode === true) return 'the model brings code of its own, which may load anything';
  const listed = bom.coverage?.artifacts;
  return listed === 'partial' || listed === 'unknown' ? 'the manifest does not list all files' : undefined;
}

export function reachabilityOf(manifest: Manifest, name: string, records: readonly Advisory[]): Reachability {
  const text = records
    .map(({ summary = '', details = '' }) => `${summary}\n${details}`)
    .join('\n')
    .toLowerCase();
  const has = (words: readonly string[] = []): boolean => words.some((word) => text.includes(word));
  const about = LOADERS.filter(({ packages, words, otherwise }) => packages.includes(name) && has(words) && !has(otherwise));
  if (about.length === 0) return { status: 'unknown', reason: 'the advisory does not say that it is about loading files of a format' };
  const artifacts = Object.entries(manifest.artifacts ?? {});
  const what = about.map((each) => each.what).join(' or ');
  const loaded = artifacts.filter(([, artifact]) => about.some(({ loads }) => loads(artifact))).map(([path]) => path);
  if (loaded.length > 0)
    return { status: 'reachable', reason: `it is about ${what}, and such files lie here`, paths: loaded.slice(0, MAX_PATHS) };
  const unknown = artifacts.filter(([, artifact]) => isUnknown(artifact)).map(([path]) => path);
  if (artifacts.length === 0) return { status: 'unknown', reason: `it is about ${what}, and the manifest lists no files` };
  if (unknown.length > 0)
    return {
      status: 'unknown',
      reason: `it is about ${what}, and the format of ${unknown[0]} is not known`,
      paths: unknown.slice(0, MAX_PATHS),
    };
  const others = othersOf(manifest);
  if (others !== undefined) return { status: 'unknown', reason: `it is about ${what}, no file listed is one, but ${others}` };
  return { status: 'not-loaded', reason: `it is about ${what}, and no file of the model is one` };
}
