/** Manifests, indexes and descriptors of the OCI image specification 1.1, read strictly: all of it comes from strangers. */
import { createHash } from 'node:crypto';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { isDigest } from './reference.js';

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A manifest or an index, by what is used of it. */
export interface Manifest {
  readonly mediaType: string;
  /** Of an index or an older manifest its own, else that of its configuration. */
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly layers: readonly Descriptor[];
  /** Of an index. */
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

export const MEDIA_TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

/** What is asked for and taken: those of OCI and, as old registries hold them, of Docker. */
export const MANIFEST_TYPES: readonly string[] = [
  MEDIA_TYPES.manifest,
  MEDIA_TYPES.index,
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const INDEX_TYPES: readonly string[] = [MEDIA_TYPES.index, 'application/vnd.docker.distribution.manifest.list.v2+json'];

/** Registries need not take more than 4 MiB. Source: distribution-spec 1.1, "Pushing Manifests". */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_LAYERS = 100_000;
const MAX_ANNOTATIONS = 1000;
const LIMITS = { maxDocumentBytes: MAX_MANIFEST_BYTES, maxDepth: 20, maxValues: 1_000_000 };

export const sha256Of = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export const wrong = (what: string, file: string, hint?: string): MsbomError =>
  new MsbomError('ERR_OCI_CONTENT', what, { file, hint: hint ?? 'Get the artifact again; if it stays, ask whoever runs the registry.' });

/** @throws ERR_OCI_CONTENT, ERR_JSON_*, ERR_LIMIT_* */
export function readManifest(bytes: Uint8Array, file: string, mediaType?: string): Manifest {
  const value = parseJson(bytes, { file, limits: LIMITS, inexactIntegers: 'text' });
  if (!isObject(value)) throw wrong('the manifest is no object', file);
  const said = own(value, 'mediaType');
  const type =
    typeof said === 'string' ? said : (mediaType ?? (own(value, 'manifests') === undefined ? MEDIA_TYPES.manifest : MEDIA_TYPES.index));
  if (mediaType !== undefined && type !== mediaType)
    throw wrong(`the manifest says that it is ${type}, and was given as ${mediaType}`, file);
  if (!MANIFEST_TYPES.includes(type)) throw wrong(`a manifest of the type ${type} is not known`, file);
  const isIndex = INDEX_TYPES.includes(type);
  // Something that is both could be taken for either. Source: image-spec, "mediaType" of manifests and indexes.
  if (isIndex ? own(value, 'layers') !== undefined || own(value, 'config') !== undefined : own(value, 'manifests') !== undefined)
    throw wrong('it is a manifest and an index at the same time', file);
  const config = isIndex ? undefined : descriptor(own(value, 'config'), '/config', file);
  const subject = own(value, 'subject') === undefined ? undefined : descriptor(own(value, 'subject'), '/subject', file);
  const artifactType = text(own(value, 'artifactType')) ?? config?.mediaType;
  return {
    mediaType: type,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(config === undefined ? {} : { config }),
    layers: isIndex ? [] : descriptors(own(value, 'layers'), '/layers', file),
    manifests: isIndex ? descriptors(own(value, 'manifests'), '/manifests', file) : [],
    ...(subject === undefined ? {} : { subject }),
    annotations: annotationsOf(value),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function descriptors(value: unknown, at: string, file: string): readonly Descriptor[] {
  if (!isList(value)) throw wrong(`${at} is no list`, file);
  if (value.length > MAX_LAYERS) throw new MsbomError('ERR_LIMIT_COUNT', `${at} has more than ${MAX_LAYERS} entries`, { file });
  return value.map((each, i) => descriptor(each, `${at}/${i}`, file));
}

export function descriptor(value: unknown, at: string, file: string): Descriptor {
  const said = isObject(value) ? value : {};
  const [mediaType, digest, size] = [own(said, 'mediaType'), own(said, 'digest'), own(said, 'size')];
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !isDigest(digest))
    throw wrong(`${at} has no media type, or no digest of SHA-256 or SHA-512`, file);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw wrong(`${at} has no size`, file);
  const artifactType = text(own(said, 'artifactType'));
  const annotations = annotationsOf(said);
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** Those that are texts; no others may be. */
function annotationsOf(value: JsonObject): Readonly<Record<string, string>> {
  const said = own(value, 'annotations');
  const kept: Record<string, string> = Object.create(null);
  for (const [key, each] of isObject(said) ? Object.entries(said).slice(0, MAX_ANNOTATIONS) : [])
    if (typeof each === 'string') kept[key] = each;
  return kept;
}

/**
 * The chunks as they come; when they end, they were the bytes that the descriptor is of, and never more than those are taken.
 * @throws ERR_OCI_CONTENT
 */
export async function* verified(chunks: AsyncIterable<Uint8Array>, { digest, size }: Descriptor, file: string): AsyncGenerator<Uint8Array> {
  const [algorithm = '', hex] = digest.split(':');
  const hash = createHash(algorithm);
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.byteLength;
    if (length > size) throw wrong(`${digest} has more than the ${size} bytes that it should have`, file);
    hash.update(chunk);
    yield chunk;
  }
  if (length !== size) throw wrong(`${digest} has ${length} bytes in place of ${size}`, file);
  if (hash.digest('hex') !== hex) throw wrong(`what was given for ${digest} has another digest`, file);
}

/** All of a small blob. @throws ERR_OCI_CONTENT, ERR_LIMIT_BYTES */
export async function bytesOf(
  chunks: AsyncIterable<Uint8Array>,
  { digest, size }: Descriptor,
  max: number,
  file: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (size > max) throw new MsbomError('ERR_LIMIT_BYTES', `${digest} has ${size} bytes, ${max} may be`, { file });
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}
