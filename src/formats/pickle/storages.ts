/** Storages of PyTorch that a plain pickle holds as bytes, each a file of the old form of its own. */
import type { ByteSource } from '../../core/byte-source.js';
import { openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { isLegacy, LEGACY_MAGIC_BYTES } from '../pytorch/legacy.js';
import { persistentStorage, type Storage } from '../pytorch/tensor.js';
import { argumentsOf, globalName, ofKind, type PickleReference, type PickleValue, readPickle } from '../shared/pickle/index.js';

/** Storages that are looked into; those of one file are rarely more. */
const MAX_STORAGES = 20_000;
/** Enough for the pickles before the data. */
const PAGE_BYTES = 1024;
const LOAD = 'torch.storage._load_from_bytes';

/** The bytes that a call loads a storage from. */
export function storageBytes(value: PickleValue | undefined): PickleReference | undefined {
  const call = ofKind(value, 'call');
  return call !== undefined && globalName(call.callee) === LOAD ? ofKind(argumentsOf(call)[0], 'bytes') : undefined;
}

/** By offset of the bytes, the storage that they hold; what cannot be read is left out. @throws ERR_IO_* */
export async function readStorages(
  source: ByteSource,
  references: readonly PickleReference[],
  limits: Limits,
): Promise<ReadonlyMap<number, Storage>> {
  const storages = new Map<number, Storage>();
  for (const { offset, length } of references.slice(0, MAX_STORAGES)) {
    const storage = await readStorage(source, offset, length, limits);
    if (storage !== undefined) storages.set(offset, { ...storage, key: `@${offset}` });
  }
  return storages;
}

async function readStorage(source: ByteSource, start: number, size: number, limits: Limits): Promise<Storage | undefined> {
  const inner: ByteSource = {
    name: source.name,
    size,
    read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))),
  };
  try {
    const cursor = openCursor(inner, limits, PAGE_BYTES);
    await cursor.fill(LEGACY_MAGIC_BYTES);
    if (!isLegacy(cursor.bytes(LEGACY_MAGIC_BYTES))) return undefined;
    for (let i = 0; i < 2; i++) await readPickle(cursor, limits);
    return persistentStorage((await readPickle(cursor, limits)).root);
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    return undefined;
  }
}
