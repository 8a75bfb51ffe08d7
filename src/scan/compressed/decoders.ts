/** Decoders by name, as makers of chunks. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { inflateStream } from '../../formats/shared/inflate.js';
import { chunksOf, type MakeChunks } from '../streamed.js';
import { type Input, need, openInput } from './input.js';

/** `size` is the size of the content where the container tells it, else -1. */
export type Decoder = (source: ByteSource, size: number) => MakeChunks;

const platform =
  (kind: 'gzip' | 'deflate'): Decoder =>
  (source) =>
  () =>
    inflateStream(chunksOf(source), kind, { file: source.name, offset: 0 });

type Decode = (input: Input) => AsyncGenerator<Uint8Array>;

/** Decoders are loaded when there is something to decode. */
function late(load: () => Promise<Decode>): Decoder {
  return (source) =>
    async function* () {
      yield* (await load())(openInput(source));
    };
}

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: platform('gzip'),
  zlib: platform('deflate'),
  bzip2: late(async () => (await import('./bzip2.js')).bzip2),
  xz: late(async () => (await import('./xz.js')).xz),
  lzma: late(async () => (await import('./lzma.js')).lzmaAlone),
  lz4: late(async () => (await import('./lz4.js')).lz4),
  zstd: late(async () => (await import('./zstd.js')).zstd),
  'zip-lzma': (source, size) => () => zipLzma(source, size),
};

/** LZMA in zip: a version, the length of the properties, the properties, the stream. */
async function* zipLzma(source: ByteSource, size: number): AsyncGenerator<Uint8Array> {
  const input = openInput(source);
  await need(input, 16);
  const properties = input.buf.slice(4, 9);
  if (input.buf[2] !== 5)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the properties of LZMA have a wrong length', { file: source.name, offset: 2 });
  input.pos = 9;
  const { lzmaRaw } = await import('./lzma.js');
  yield* lzmaRaw(input, properties, size);
}

/** The decoder of a name; undefined where there is none. */
export const decoderFor = (name: string): Decoder | undefined => DECODERS[name];
