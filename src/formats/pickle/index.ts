/**
 * Plain pickles of Python, read as symbols and never run: what loading would import, what the root is, arrays and tensors.
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { knownFacts, type ModelFacts, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type ArrayContext, arrayContext, importsOf, isArrayWrapper, numbersOnly, passArray, wrappedArray } from '../joblib/wrapper.js';
import { isDistributedMetadata } from '../pytorch/distributed.js';
import { tensorSummary } from '../pytorch/facts.js';
import { importNames } from '../pytorch/header.js';
import { isLegacy } from '../pytorch/legacy.js';
import { tensorView } from '../pytorch/tensor.js';
import { findTensors, type NamedTensor } from '../pytorch/walk.js';
import { defineReader, SNIFF_BYTES } from '../reader.js';
import {
  anomalyGaps,
  classOf,
  dictOf,
  itemsOf,
  kindName,
  opaqueBytes,
  type PickleHooks,
  type PickleReference,
  type PickleStream,
  type PickleValue,
  peekPickle,
  scanPickle,
} from '../shared/pickle/index.js';
import { smallList, smallMetadata } from '../shared/small-metadata.js';
import { arrayView } from './arrays.js';
import { DESCRIPTIONS } from './extensions.js';
import { readStorages, storageBytes } from './storages.js';

export interface PickleHeader {
  /** Pickles that follow each other; the first one is the file's own. */
  readonly streams: readonly [PickleStream, ...PickleStream[]];
  /** Arrays that joblib wrote into the stream: pickles of those of objects, bytes of small ones. */
  readonly arrays: Pick<ArrayContext, 'nested' | 'contents'>;
  readonly tensors: readonly NamedTensor[];
  readonly notInspected: readonly string[];
}

/** Pickles in one file that are read; what follows is named, not read. */
const MAX_STREAMS = 1000;
/** Fewer opcodes than this say nothing of a file that has no PROTO. */
const MIN_OPCODES = 4;

export const pickle = defineReader<PickleHeader>({
  id: 'pickle',
  title: 'Python pickle',
  // `.pkl` and `.pickle` are names of PyTorch's and joblib's files too.
  extensions: [],
  sniff: isPlainPickle,
  read,
  describe: describePickle,
  tensors: ({ tensors }): readonly TensorInfo[] =>
    tensors.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, ...(bytes === undefined ? {} : { bytes }) })),
});

/** A pickle that no reader of a library claims: PyTorch and joblib have forms of their own. */
function isPlainPickle(head: Uint8Array): boolean {
  const peeked = peekPickle(head, head.byteLength < SNIFF_BYTES);
  if (peeked === undefined || peeked.opcodes < (peeked.protocol === 0 ? MIN_OPCODES : 2)) return false;
  return !isLegacy(head) && !isDistributedMetadata(head) && !peeked.imports.some((name) => name.startsWith('joblib.numpy_pickle.'));
}

/** @throws ERR_FORMAT_* when the first pickle breaks the rules, ERR_LIMIT_BYTES; where another limit ends it, facts are partial */
async function read(source: ByteSource, limits: Limits): Promise<PickleHeader> {
  const cursor = openCursor(source, limits);
  const loads: PickleReference[] = [];
  const arrays = arrayContext(limits);
  const first = await scanPickle(cursor, limits, hooksFor(loads, arrays));
  if (first.error !== undefined && first.error.code !== 'ERR_LIMIT_COUNT') throw first.error;
  const streams: [PickleStream, ...PickleStream[]] = [
    first,
    ...(first.error === undefined ? await readMore(cursor, limits, loads, arrays) : []),
  ];
  const storages = await readStorages(source, loads, limits);
  const opaque = opaqueBytes();
  const tensors = findTensors(first.root, source.name, limits, (value) => {
    opaque.note(value);
    const lookup = (storage: PickleValue | undefined) => storages.get(storageBytes(storage)?.offset ?? -1);
    return tensorView(value, lookup) ?? arrayView(value) ?? wrappedArray(value);
  });
  return {
    streams,
    arrays,
    tensors: numbersOnly(tensors, first.root, importsOf(first, arrays)),
    notInspected: [...unread(streams, source), ...opaque.phrases()],
  };
}

function hooksFor(loads: PickleReference[], arrays: ArrayContext): PickleHooks {
  return {
    onCall(call) {
      const bytes = storageBytes(call);
      if (bytes !== undefined) loads.push(bytes);
    },
    onBuild: (object, _state, cursor) => (isArrayWrapper(object) ? passArray(object, cursor, arrays) : undefined),
  };
}

/** Further pickles behind the first, up to what is none. */
async function readMore(cursor: Cursor, limits: Limits, loads: PickleReference[], arrays: ArrayContext): Promise<readonly PickleStream[]> {
  const streams: PickleStream[] = [];
  while (cursor.position < cursor.source.size && streams.length < MAX_STREAMS) {
    const start = cursor.position;
    const stream = await scanPickle(cursor, limits, hooksFor(loads, arrays));
    if (stream.error !== undefined) {
      cursor.seek(start);
      return stream.imports.length > 0 ? [...streams, stream] : streams;
    }
    streams.push(stream);
  }
  return streams;
}

/** What was not read, and what could not be known. */
function unread(streams: readonly PickleStream[], source: ByteSource): readonly string[] {
  const last = streams.at(-1);
  const end = last?.error === undefined ? (last?.end ?? 0) : last.start;
  return [
    ...(last?.error?.code === 'ERR_LIMIT_COUNT' ? [`opcodes after offset ${last.end}: ${last.error.message}`] : []),
    ...(end < source.size && last?.error?.code !== 'ERR_LIMIT_COUNT' ? [`${source.size - end} bytes after the last pickle`] : []),
    ...anomalyGaps(streams),
  ];
}

function describePickle({ streams, arrays, tensors, notInspected }: PickleHeader): ModelFacts {
  const [{ root, protocol }] = streams;
  const module = classOf(root)?.module ?? '';
  const found = DESCRIPTIONS.find((description) => module.startsWith(description.module))?.describe(root, arrays) ?? {};
  const metadata = smallMetadata([
    ['root', kindName(root)],
    ['structure', structure(root)],
    ['pickles', streams.length > 1 ? streams.length : undefined],
  ]);
  return knownFacts<ModelFacts>({
    tensors: tensors.length === 0 ? undefined : tensorSummary(tensors),
    ...found,
    format: 'pickle',
    formatVersion: String(protocol),
    metadata: { ...metadata, ...found.metadata },
    notInspected: [...(found.notInspected ?? []), ...notInspected],
    imports: importNames([...streams, ...arrays.nested.values()].flatMap(({ imports }) => imports)),
  });
}

/** A key that is a name of a part, not data. */
const isWord = (key: string): boolean => /^[A-Za-z_][\w.-]{0,63}$/.test(key);

/** Number and first keys of a dict, number and kind of the items of a list. */
function structure(root: PickleValue): string | undefined {
  const dict = dictOf(root);
  if (dict !== undefined) return `${dict.length} entries: ${smallList([...dict.entries.keys()].filter(isWord).slice(0, 100))}`;
  const items = itemsOf(root);
  if (items === undefined) return undefined;
  const kinds = new Set(items.slice(0, 1000).map((item) => kindName(item)));
  return `${items.length} items: ${smallList([...kinds].sort())}`;
}
