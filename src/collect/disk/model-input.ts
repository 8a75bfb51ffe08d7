/** A model that something was made of: a file or a directory as one thing, with its name, its digest and where it is from. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { dirHash, rootDigest } from '../../core/digest.js';
import { MsbomError } from '../../core/error.js';
import { DEFAULT_LIMITS } from '../../core/limits.js';
import { type DiskEntry, openTree } from '../../platform/files.js';
import { type Snapshot, statesOf } from '../../platform/snapshot.js';
import type { Model } from '../../schema/index.js';
import { hubLocation, isExcluded } from '../index.js';
import { hubPurl } from '../values.js';
import { openDataset } from './dataset.js';
import { digester } from './hashing.js';
import type { InputOptions } from './inputs.js';

export interface ModelInput {
  /** As the caller wrote it. */
  readonly given: string;
  /** Absolute path. */
  readonly path: string;
  /** Name, version, digest and identifiers of it. */
  readonly model: Pick<Model, 'name' | 'version' | 'identifiers' | 'digest'>;
  /** `dirHash` of in-toto over the files of a directory. */
  readonly dirHash?: string;
  /** Directory that its paths are relative to. */
  readonly root: string;
  /** State of its files when they were hashed. */
  readonly before: Snapshot;
}

/** Formats that hold nothing but models. Data is kept in those of numpy, HDF5, pickle and PyTorch too: there somebody has to say it. */
const MODEL_FILE = /\.(?:safetensors|gguf|ggml|onnx|tflite|keras|ckpt)$/i;
const WEIGHT_FILE = /\.(?:safetensors|gguf|ggml|onnx|tflite|keras|ckpt|bin|pt|pth|h5|msgpack|pb|index\.json)$/i;
/** What libraries write beside weights that they can load again. */
const CONFIGURATIONS = new Set(['config.json', 'adapter_config.json', 'model_index.json', 'saved_model.pb', 'modules.json', 'MLmodel']);

/** Is a file of a model's own format, or a directory with such a file or with weights and their configuration, at its root? */
export async function looksLikeModel(given: string, cwd: string): Promise<boolean> {
  const path = resolve(cwd, given);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile() === true) return MODEL_FILE.test(path);
  const names = stats?.isDirectory() === true ? await readdir(path).catch(() => []) : [];
  if (names.includes('model_index.json') || names.includes('saved_model.pb')) return true;
  return names.some((name) => MODEL_FILE.test(name) || (WEIGHT_FILE.test(name) && names.some((other) => CONFIGURATIONS.has(other))));
}

/**
 * Hashes the files of a model that is read. Its name is that of the file or directory, or the repository of the Hub cache that it lies
 * in, whose commit is its version.
 * @throws ERR_IO_NOT_FOUND when nothing is there, ERR_IO_*, ERR_COLLECT_INCOMPLETE, ERR_LIMIT_COUNT
 */
export async function describeModelInput(given: string, cwd: string, options: InputOptions): Promise<ModelInput> {
  const path = resolve(cwd, given);
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined)
    throw new MsbomError('ERR_IO_NOT_FOUND', 'the file or directory does not exist', { file: relative(cwd, path).split(sep).join('/') });
  if (stats.isDirectory()) await options.guard?.describes(path);
  const tree = stats.isDirectory() ? await openTree(path, { guard: options.guard }) : await openDataset(path, options.guard);
  const { maxFiles } = options.limits ?? DEFAULT_LIMITS;
  const entries: DiskEntry[] = [];
  for await (const entry of tree.list()) {
    if (stats.isDirectory() && isExcluded(entry.path)) continue;
    entries.push(entry);
    if (entries.length > maxFiles) throw new MsbomError('ERR_LIMIT_COUNT', `the input has more than ${maxFiles} files`, { file: given });
  }
  const root = stats.isDirectory() ? path : dirname(path);
  const before = await statesOf(
    root,
    entries.map((entry) => entry.path),
  );
  const files = await digester(options)(entries);
  const location = stats.isDirectory() ? hubLocation(path) : undefined;
  const sha256 = stats.isDirectory() ? rootDigest(files) : files[0]?.digest.sha256;
  const hash = stats.isDirectory() ? dirHash(files) : undefined;
  return {
    given,
    path,
    root,
    before,
    ...(hash === undefined ? {} : { dirHash: hash }),
    model: {
      name: location?.repository ?? basename(path),
      ...(location === undefined
        ? {}
        : { version: location.commit, identifiers: [{ type: 'purl', value: hubPurl(location.repository, location.commit) }] }),
      // Its files are not listed.
      ...(sha256 === undefined ? {} : { digest: { root: { sha256 }, method: stats.isDirectory() ? 'oms-v1' : 'file', complete: false } }),
    },
  };
}
