/**
 * How layers of model artifacts hold files. A layer that is a file has the digest of the file; of one that is an archive the files are
 * known only when it is unpacked.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { MsbomError } from '../core/error.js';
import { type Descriptor, type Manifest, wrong } from './content.js';

export type Packing = 'raw' | 'tar' | 'tar+gzip' | 'tar+zstd';

export interface Layer {
  readonly descriptor: Descriptor;
  /** Undefined for one that holds no files of a model by a rule that is known. */
  readonly packing?: Packing;
  /** Of a raw layer, where it has a name. */
  readonly path?: string;
}

/**
 * Media types of model artifacts begin so; how the layer is packed stands at the end.
 * Sources: https://github.com/modelpack/model-spec (`cncf`, before that `cnai`), https://github.com/kitops-ml/kitops `pkg/lib/constants`,
 * https://github.com/docker/model-spec
 */
const MODEL_TYPES = [
  'application/vnd.cncf.model.',
  'application/vnd.cnai.model.',
  'application/vnd.kitops.modelkit.',
  'application/vnd.docker.ai.',
];
const PACKINGS: readonly Packing[] = ['tar', 'tar+gzip', 'tar+zstd'];
const PATH = 'org.cncf.model.filepath';
const TITLE = 'org.opencontainers.image.title';
/** A directory that ORAS packed. Source: https://github.com/oras-project/oras-go `content/file` */
const UNPACK = 'io.deis.oras.content.unpack';

export const layersOf = ({ layers }: Pick<Manifest, 'layers'>): readonly Layer[] => layers.map(layerOf);

function layerOf(descriptor: Descriptor): Layer {
  const { mediaType, annotations = {} } = descriptor;
  const isModel = MODEL_TYPES.some((each) => mediaType.startsWith(each));
  const path = annotations[PATH] ?? annotations[TITLE];
  const named = path === undefined ? {} : { path };
  if (annotations[UNPACK] === 'true') return { descriptor, packing: 'tar+gzip' };
  if (isModel) return { descriptor, packing: PACKINGS.find((each) => mediaType.endsWith(`.${each}`)) ?? 'raw', ...named };
  return annotations[TITLE] === undefined ? { descriptor } : { descriptor, packing: 'raw', ...named };
}

/** What comes out may be so many times what goes in, and so much more. */
const MAX_RATIO = 100;
const MAX_MORE = 16 * 1024 * 1024;

/** Zstandard is part of Node from 22.15 on. */
const createZstd = (zlib as unknown as { readonly createZstdDecompress?: () => NodeJS.ReadWriteStream }).createZstdDecompress;

/** The archive that a layer holds; its bytes are taken to their end. @throws ERR_FORMAT_*, ERR_LIMIT_BYTES, and what the bytes throw */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  packing: Packing,
  { size, digest }: Descriptor,
): AsyncGenerator<Uint8Array> {
  if (packing === 'tar' || packing === 'raw') {
    yield* chunks;
    return;
  }
  if (packing === 'tar+zstd' && createZstd === undefined)
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', 'the layer is packed with Zstandard, which this version of Node does not unpack', {
      hint: 'Use Node 22.15 or later.',
    });
  const unpacker = (packing === 'tar+gzip' || createZstd === undefined ? zlib.createGunzip() : createZstd()) as zlib.Gunzip;
  let isTaken = false;
  async function* noted(): AsyncGenerator<Uint8Array> {
    yield* chunks;
    isTaken = true;
  }
  const running = pipeline(Readable.from(noted(), { objectMode: false }), unpacker);
  // The error comes out where the bytes are taken.
  running.catch(() => {});
  let length = 0;
  try {
    for await (const chunk of unpacker as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength;
      if (length > size * MAX_RATIO + MAX_MORE)
        throw new MsbomError('ERR_LIMIT_BYTES', `${digest} unpacks to more than ${MAX_RATIO} times its size`);
      yield chunk;
    }
    await running;
  } catch (error) {
    if (MsbomError.is(error)) throw error;
    throw new MsbomError('ERR_FORMAT_MALFORMED', `${digest} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    unpacker.destroy();
  }
  // A digest is over all of it, so that nothing may lie behind the end.
  if (!isTaken) throw wrong(`bytes stand behind the end of ${digest}`, digest);
}
