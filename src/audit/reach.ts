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
  /** Packages whose advisories are looked at so, normalised. */
  readonly packages: readonly string[];
  /** Is a file such as the code loads? */
  loads(artifact: Artifact): boolean;
}

const serialization = (...names: readonly string[]) => {
  const known = new Set(names);
  return ({ format }: Artifact): boolean => known.has(format?.serialization ?? '');
};

const LOADERS: readonly Loader[] = [
  {
    what: 'loading a pickle',
    words: ['pickle', 'torch.load', 'deserializ', 'deserialis', 'joblib.load', 'weights_only'],
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
    loads: serialization('pickle', 'pytorch', 'joblib', 'numpy-pickle'),
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
    loads: serialization('keras', 'keras-lambda', 'hdf5'),
  },
  {
    what: 'loading a GGUF file',
    words: ['gguf'],
    packages: ['llama-cpp-python', 'ctransformers', 'gguf', 'vllm', 'ollama'],
    loads: serialization('gguf'),
  },
  {
    what: 'rendering a chat template',
    words: ['chat template', 'chat_template'],
    packages: ['llama-cpp-python', 'transformers', 'vllm', 'jinja2'],
    loads: ({ chatTemplates = {} }) => Object.keys(chatTemplates).length > 0,
  },
];

/** Files of formats unknown may be anything. */
const isUnknown = ({ role, format, inspection }: Artifact): boolean =>
  (role === 'weights' || role === 'adapter' || role === 'checkpoint' || role === undefined) &&
  (format?.serialization === undefined || inspection?.status === 'not-inspected');

const MAX_PATHS = 20;

export function reachabilityOf(manifest: Manifest, name: string, records: readonly Advisory[]): Reachability {
  const text = records
    .map(({ summary = '', details = '' }) => `${summary}\n${details}`)
    .join('\n')
    .toLowerCase();
  const about = LOADERS.filter(({ packages, words }) => packages.includes(name) && words.some((word) => text.includes(word)));
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
  return { status: 'not-loaded', reason: `it is about ${what}, and no file of the model is one` };
}
