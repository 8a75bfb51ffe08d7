/**
 * The form before the zip: pickles in sequence (magic number, protocol, system, object, storage keys), then the storages.
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/serialization.py (_legacy_save, _legacy_load)
 */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { anomalyGaps, dictOf, itemsOf, opaqueBytes, readPickle } from '../shared/pickle/index.js';
import { importNames, type TorchHeader } from './header.js';
import { type Storage, tensorView } from './tensor.js';
import { findTensors, type NamedTensor } from './walk.js';

/** The first pickle: PROTO 2, LONG1 of ten bytes, STOP. */
const MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
export const LEGACY_MAGIC_BYTES = MAGIC.length;
const PROTOCOL = 1001;
/** Before each storage stands the number of its elements. */
const COUNT_BYTES = 8;

export function isLegacy(head: Uint8Array): boolean {
  return head.byteLength >= MAGIC.length && MAGIC.every((byte, i) => head[i] === byte);
}

/** @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readLegacy(source: ByteSource, limits: Limits): Promise<TorchHeader> {
  const cursor = openCursor(source, limits);
  cursor.seek(MAGIC.length);
  const streams = [];
  for (let i = 0; i < 4; i++) streams.push(await readPickle(cursor, limits));
  const [protocol, system, object, keys] = streams;
  if (object === undefined || protocol?.root !== PROTOCOL)
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', `the protocol of the file is not ${PROTOCOL}`, {
      file: source.name,
      offset: MAGIC.length,
    });
  const opaque = opaqueBytes();
  const tensors = findTensors(object.root, source.name, limits, (value) => {
    opaque.note(value);
    return tensorView(value);
  });
  const end = storageEnd(cursor, itemsOf(keys?.root)?.length ?? 0, tensors);
  const little = dictOf(system?.root)?.entries.get('little_endian');
  return {
    form: 'legacy',
    formatVersion: String(PROTOCOL),
    root: object.root,
    tensors,
    imports: importNames(streams.flatMap(({ imports }) => imports)),
    metadata: [['byteorder', little === true ? 'little' : little === false ? 'big' : undefined]],
    notInspected: [
      ...(end < source.size ? [`${source.size - end} bytes after the storages`] : []),
      ...anomalyGaps(streams),
      ...opaque.phrases(),
    ],
  };
}

/** Where the storages end, checked against the file; the end of the file where a storage of unknown length is among them. */
function storageEnd(cursor: Cursor, keys: number, tensors: readonly NamedTensor[]): number {
  const { source, position } = cursor;
  const storages = new Map<string, Storage>();
  for (const { storage } of tensors) if (storage !== undefined) storages.set(storage.key, storage);
  let end = position + COUNT_BYTES * keys;
  let known = storages.size === keys;
  for (const { bytes } of storages.values()) {
    known &&= bytes !== undefined;
    end += bytes ?? 0;
  }
  if (end > source.size)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the storages end at byte ${end}, the file has ${source.size}`, {
      file: source.name,
      offset: source.size,
      hint: 'Fetch the file again; it is shorter than its own header says.',
    });
  return known ? end : source.size;
}
