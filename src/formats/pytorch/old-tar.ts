/**
 * The oldest form: a tar archive with `pickle`, `storages` and `tensors`, as PyTorch 0.1 wrote it.
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/serialization.py (legacy_load)
 */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { anomalyGaps, globalName, itemsOf, type PickleStream, type PickleValue, readPickle } from '../shared/pickle/index.js';
import { type TarMember, tarMemberSource } from '../shared/tar.js';
import { bytesOfValues, storageDtype } from './dtypes.js';
import { importNames, type TorchHeader } from './header.js';
import type { Storage } from './tensor.js';
import type { NamedTensor } from './walk.js';

/** Members, in the order in which they were written. */
export const TAR_MEMBERS: ReadonlySet<string> = new Set(['sys_info', 'pickle', 'storages', 'tensors']);
const MAX_DIMENSIONS = 64;

/** @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readOldTar(source: ByteSource, list: readonly TarMember[], limits: Limits): Promise<TorchHeader> {
  const members = new Map(list.map((member) => [member.name, member]));
  const open = (name: string): Cursor => {
    const member = members.get(name);
    if (member === undefined)
      throw new MsbomError('ERR_FORMAT_MALFORMED', `the archive has no member \`${name}\``, { file: source.name, offset: 0 });
    return openCursor(tarMemberSource(source, member), limits);
  };
  const streams: PickleStream[] = [];
  const next = async (cursor: Cursor): Promise<PickleValue> => {
    const stream = await readPickle(cursor, limits);
    streams.push(stream);
    return stream.root;
  };
  const storages = await readStorages(open('storages'), next);
  const tensors = await readTensors(open('tensors'), storages, next);
  const root = await next(open('pickle'));
  return {
    form: 'tar',
    root,
    tensors,
    imports: importNames(streams.flatMap(({ imports }) => imports)),
    metadata: [],
    notInspected: ['names of the tensors, which the tar form keeps apart', ...anomalyGaps(streams)],
  };
}

type Next = (cursor: Cursor) => Promise<PickleValue>;

async function readStorages(cursor: Cursor, next: Next): Promise<ReadonlyMap<string, Storage>> {
  const storages = new Map<string, Storage>();
  const count = await readCount(cursor, next);
  for (let i = 0; i < count; i++) {
    const [key, , type] = itemsOf(await next(cursor)) ?? [];
    const dtype = storageDtype(globalName(type) ?? '');
    await cursor.fill(8);
    const length = cursor.u64();
    const bytes = dtype === undefined ? undefined : bytesOfValues(dtype, length);
    if (dtype === undefined || bytes === undefined) throw cursor.malformed('a storage has a type that is not known');
    if (cursor.position + bytes > cursor.source.size) throw cursor.malformed('a storage reaches over the end of its member');
    cursor.skip(bytes);
    storages.set(String(key), { key: String(key), dtype, length, bytes });
  }
  return storages;
}

async function readTensors(cursor: Cursor, storages: ReadonlyMap<string, Storage>, next: Next): Promise<readonly NamedTensor[]> {
  const tensors: NamedTensor[] = [];
  const count = await readCount(cursor, next);
  for (let i = 0; i < count; i++) {
    const [key, storageKey] = itemsOf(await next(cursor)) ?? [];
    const storage = storages.get(String(storageKey));
    if (storage?.dtype === undefined) throw cursor.malformed('a tensor has no storage');
    await cursor.fill(8);
    const dimensions = cursor.u32();
    if (dimensions > MAX_DIMENSIONS) throw cursor.malformed(`a tensor has ${dimensions} dimensions`);
    cursor.skip(4);
    await cursor.fill(16 * dimensions + 8);
    const shape = Array.from({ length: dimensions }, () => cursor.u64());
    const strides = Array.from({ length: dimensions }, () => cursor.u64());
    const offset = cursor.u64();
    const values = shape.reduce((all, size) => all * size, 1);
    if (!Number.isSafeInteger(values)) throw cursor.malformed('a tensor has more values than can be counted');
    const part = `${offset}:${shape.join('x')}:${strides.join('x')}`;
    const { dtype } = storage;
    tensors.push({ name: String(key), dtype, shape, values, bytes: bytesOfValues(dtype, values), storage, part, section: 'weights' });
  }
  return tensors;
}

/** Every item has at least a pickle of some bytes: a count that the member cannot hold is a lie. */
async function readCount(cursor: Cursor, next: Next): Promise<number> {
  const count = await next(cursor);
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 && count <= cursor.source.size / 8) return count;
  throw cursor.malformed('the number of items is no count that the member can hold', 0);
}
