/**
 * joblib files: a pickle with the bytes of arrays in between, plain or compressed with zlib or gzip; other compressed pickles
 * too. Nothing is imported or called, arrays are passed over.
 * Source: https://github.com/joblib/joblib/blob/main/joblib/numpy_pickle.py
 */
import type { ByteSource } from '../../core/byte-source.js';
import { openCursor } from '../../core/cursor.js';
import { knownFacts, type ModelFacts, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { arrayView } from '../pickle/arrays.js';
import { DESCRIPTIONS } from '../pickle/extensions.js';
import { tensorSummary } from '../pytorch/facts.js';
import { findTensors, type NamedTensor } from '../pytorch/walk.js';
import { defineReader } from '../reader.js';
import { describeEstimator } from '../shared/estimator.js';
import { openInflated } from '../shared/inflate-source.js';
import { anomalyGaps, className, kindName, opaqueBytes, type PickleStream, type PickleValue, scanPickle } from '../shared/pickle/index.js';
import { isInsideDirectory, smallMetadata } from '../shared/small-metadata.js';
import { type CompressionKind, compressionOf } from './compression.js';
import { pickleView } from './objects.js';
import { type ArrayContext, arrayContext, companionOf, importsOf, numbersOnly, passArray, wrappedArray } from './wrapper.js';

export interface JoblibHeader {
  readonly compression?: CompressionKind | undefined;
  /** Missing when the content cannot be decompressed. */
  readonly content?: JoblibContent | undefined;
}

export interface JoblibContent {
  readonly stream: PickleStream;
  readonly arrays: Pick<ArrayContext, 'nested' | 'contents'>;
  readonly tensors: readonly NamedTensor[];
  /** Files that hold arrays, in the form before joblib 0.10. */
  readonly companions: readonly string[];
  /** Bytes that belong to no array, as phrases. */
  readonly opaque: readonly string[];
  readonly extraBytes: number;
}

/** The import of the class that stands for an array, as protocols 0 to 3 and 4 to 5 spell it. */
const WRAPPER = /joblib\.numpy_pickle(?:_compat)?(?:\n|[\x94q].{0,2}\x8c.)(?:NumpyArrayWrapper|Z?NDArrayWrapper)/s;
const OWN_IMPORT = /(^|\.)joblib\.numpy_pickle(_compat)?\./;
const PROTO = 0x80;
/** Endings of compressed pickles; the compression alone says nothing of what is inside. */
const COMPRESSED_NAME = /\.(joblib|pkl|pickle|sav)(\.(gz|gzip|z|zlib|bz2|xz|lzma|lz4|zst))?$/i;
/** A small file may stand for this many times the bytes that may be read. */
const MAX_INFLATED = 8;

export const joblib = defineReader<JoblibHeader>({
  id: 'joblib',
  title: 'joblib',
  // What joblib writes of objects without arrays is a plain pickle, also under `.joblib`.
  extensions: [],
  sniff(head, name) {
    if (head[0] === PROTO) return WRAPPER.test(new TextDecoder('latin1').decode(head));
    return COMPRESSED_NAME.test(name) && compressionOf(head) !== undefined;
  },
  read,
  describe: describeJoblib,
  tensors: ({ content }): readonly TensorInfo[] =>
    (content?.tensors ?? []).map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, ...(bytes === undefined ? {} : { bytes }) })),
});

async function read(source: ByteSource, limits: Limits): Promise<JoblibHeader> {
  const compression = compressionOf(await source.read(0, Math.min(8, source.size)));
  if (compression === undefined) return { content: await readContent(source, limits) };
  if (compression.inflate === undefined) return { compression };
  const content = await openInflated(source, compression.inflate, limits.maxReadBytes * MAX_INFLATED);
  return { compression, content: await readContent(content, limits) };
}

/** @throws ERR_FORMAT_*, ERR_LIMIT_*; where the number of objects ends the reading, facts are partial */
async function readContent(source: ByteSource, limits: Limits): Promise<JoblibContent> {
  const context = arrayContext(limits);
  const companions = new Set<string>();
  const stream = await scanPickle(openCursor(source, limits), limits, {
    onBuild(object, _state, cursor) {
      const companion = companionOf(object);
      if (companion !== undefined && companions.size < limits.maxItems) companions.add(companion);
      return passArray(object, cursor, context);
    },
  });
  if (stream.error !== undefined && stream.error.code !== 'ERR_LIMIT_COUNT') throw stream.error;
  const opaque = opaqueBytes();
  const tensors = findTensors(stream.root, source.name, limits, (value) => {
    opaque.note(value);
    return arrayView(value) ?? wrappedArray(value);
  });
  return {
    stream,
    arrays: context,
    tensors: numbersOnly(tensors, stream.root, importsOf(stream, context)),
    companions: [...companions],
    opaque: opaque.phrases(),
    extraBytes: source.size - stream.end,
  };
}

function describeJoblib({ compression, content }: JoblibHeader): ModelFacts {
  const metadata = { compression: compression?.name };
  if (content === undefined)
    return knownFacts<ModelFacts>({
      format: 'joblib',
      metadata: smallMetadata(Object.entries(metadata)),
      notInspected: [`content compressed with ${compression?.name}`],
    });
  const { stream, arrays, tensors, companions } = content;
  const found = libraryFacts(stream.root, arrays);
  const imports = importsOf(stream, arrays);
  return knownFacts<ModelFacts>({
    tensors: tensors.length === 0 ? undefined : tensorSummary(tensors),
    ...found,
    // Any program may compress a pickle; without arrays nothing tells joblib's from others.
    format: imports.some((name) => OWN_IMPORT.test(name)) ? 'joblib' : 'pickle',
    formatVersion: String(stream.protocol),
    metadata: { ...smallMetadata([['root', kindName(stream.root)], ...Object.entries(metadata)]), ...found.metadata },
    companions: companions.filter(isInsideDirectory),
    imports,
    notInspected: [...(found.notInspected ?? []), ...unread(content), ...content.opaque],
  });
}

function libraryFacts(root: PickleValue, arrays: JoblibContent['arrays']): Partial<ModelFacts> {
  const estimator = describeEstimator(root, pickleView(arrays));
  if (Object.keys(estimator).length > 0) return estimator;
  const name = className(root) ?? '';
  return DESCRIPTIONS.find(({ module }) => name.startsWith(module))?.describe(root) ?? {};
}

function unread({ stream, arrays, companions, extraBytes }: JoblibContent): readonly string[] {
  const streams = [stream, ...arrays.nested.values()];
  return [
    ...(stream.error !== undefined
      ? [`opcodes after offset ${stream.end}: ${stream.error.message}`]
      : extraBytes > 0
        ? [`${extraBytes} bytes after the pickle`]
        : []),
    ...(companions.length > 0 ? ['arrays in files of their own'] : []),
    ...anomalyGaps(streams),
  ];
}
