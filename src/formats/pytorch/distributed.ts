/**
 * `.metadata` of torch.distributed.checkpoint: a pickle that names every tensor, its size and the files with its parts.
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/distributed/checkpoint/metadata.py
 */
import type { ByteSource } from '../../core/byte-source.js';
import { openCursor } from '../../core/cursor.js';
import type { Finding } from '../../core/finding.js';
import type { Limits } from '../../core/limits.js';
import { anomalyGaps, className, dictOf, globalName, itemsOf, type PickleValue, readPickle, stateOf } from '../shared/pickle/index.js';
import { isInsideDirectory, smallList } from '../shared/small-metadata.js';
import { bytesOfValues, dtypeOf } from './dtypes.js';
import { importNames, type TorchHeader } from './header.js';
import { shapeOf } from './tensor.js';
import { isTrainingKey, type NamedTensor } from './walk.js';

const MODULE = 'torch.distributed.checkpoint.metadata';
const MAX_FILES = 100_000;

/** A pickle of protocol 2 or more whose first import is the class of the metadata. */
export function isDistributedMetadata(head: Uint8Array): boolean {
  if (head[0] !== 0x80 || (head[1] ?? 0) < 2 || (head[1] ?? 9) > 5) return false;
  const start = new TextDecoder('latin1').decode(head.subarray(0, 96));
  return /^[\s\S]{2,16}?torch\.distributed\.checkpoint\.metadata[\s\S]{1,4}?Metadata/.test(start);
}

/** @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readDistributed(source: ByteSource, limits: Limits): Promise<TorchHeader> {
  const cursor = openCursor(source, limits);
  const stream = await readPickle(cursor, limits);
  const state = stateOf(stream.root);
  if (className(stream.root) !== `${MODULE}.Metadata` || state === undefined)
    throw cursor.malformed('the pickle holds no metadata of a distributed checkpoint', stream.start);
  const described = [...(dictOf(state.entries.get('state_dict_metadata'))?.entries ?? [])];
  const files = storageFiles(state.entries.get('storage_data'));
  const objects = described.filter(([, value]) => className(value) === `${MODULE}.BytesStorageMetadata`).map(([name]) => name);
  const version = state.entries.get('version');
  return {
    form: 'distributed metadata',
    formatVersion: typeof version === 'string' ? version.slice(0, 64) : undefined,
    root: stream.root,
    tensors: described.flatMap(([name, value]) => tensorOf(name, value)),
    imports: importNames(stream.imports),
    metadata: [['objects', smallList(objects)]],
    notInspected: [...(stream.end < source.size ? [`${source.size - stream.end} bytes after the pickle`] : []), ...anomalyGaps([stream])],
    more: { companions: files.filter(isInsideDirectory) },
    findings: files
      .filter((file) => !isInsideDirectory(file))
      .slice(0, 100)
      .map(outside),
  };
}

/** Names of more than 4096 characters are no names. */
function tensorOf(name: string, value: PickleValue): readonly NamedTensor[] {
  const state = className(value) === `${MODULE}.TensorStorageMetadata` ? stateOf(value) : undefined;
  const shape = shapeOf(state?.entries.get('size'));
  if (shape === undefined || name.length > 4096) return [];
  const dtype = dtypeOf(globalName(propertyDtype(state?.entries.get('properties')))) ?? 'unknown';
  const product = shape.reduce((all, size) => all * size, 1);
  const values = shape.some((size) => size < 0) || !Number.isSafeInteger(product) ? 0 : product;
  const section = isTrainingKey(name.split('.', 1)[0] ?? '') ? 'other' : 'weights';
  return [{ name, dtype, shape, values, bytes: bytesOfValues(dtype, values), part: '', section }];
}

/** Properties are pickled as a tuple with the dtype first, or as attributes. */
function propertyDtype(properties: PickleValue | undefined): PickleValue | undefined {
  const state = typeof properties === 'object' && properties?.kind === 'call' ? properties.state : undefined;
  return itemsOf(state)?.[0] ?? dictOf(state)?.entries.get('dtype');
}

/** Files that hold the parts, each once, sorted. */
function storageFiles(value: PickleValue | undefined): readonly string[] {
  const files = new Set<string>();
  for (const [, info] of dictOf(value)?.others ?? []) {
    const path = stateOf(info)?.entries.get('relative_path');
    if (typeof path === 'string' && path.length <= 4096 && files.size < MAX_FILES) files.add(path);
  }
  return [...files].sort();
}

const outside = (path: string): Finding => ({
  id: 'external-data-outside',
  severity: 'high',
  message: `tensor data is said to lie in ${JSON.stringify(path.slice(0, 200))}, outside the model's directory`,
  fix: 'Do not load the model; ask its publisher for one whose files lie together.',
});
