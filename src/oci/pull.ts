/** Takes an artifact's evidence, and its files, out of a registry: into a directory beside the one that is wanted, and from there all at once. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, mkdtemp, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { ioError } from '../platform/io-error.js';
import { CLAIMS_NAME, readSignedModel } from '../sign/index.js';
import { whyUnsafe } from '../sign/names.js';
import { bytesOf, wrong } from './content.js';
import type { Attached, Bundle, Evidence } from './evidence.js';
import { type Layer, layersOf, unpacked } from './layers.js';
import type { Repository, StoredManifest } from './repository.js';
import { tarEntries } from './tar.js';

const SIGNATURE_NAME = 'model.sig';
const MAX_DOCUMENT_BYTES = 128 * 1024 * 1024;
/** Documents that are known, and the ends of their names. */
export const DOCUMENT_TYPES: Readonly<Record<string, string>> = {
  'application/vnd.msbom+json': '.msbom.json',
  'application/vnd.cyclonedx+json': '.cdx.json',
  'application/vnd.cyclonedx+xml': '.cdx.xml',
  'application/spdx+json': '.spdx.json',
};

export interface PullOptions {
  /** Where signature, claims and files go. */
  readonly directory: string;
  /** Where documents go that nobody signed; without it they stay where they are. */
  readonly documents?: string;
  /** The signature that counts, where several refer to the artifact. */
  readonly signature?: Bundle;
  /** The files of the model too. */
  readonly files?: boolean;
  /** Replace what is there. */
  readonly force?: boolean;
}

export interface PulledFile {
  /** Relative to the directory of its kind. */
  readonly path: string;
  readonly kind: 'signature' | 'claims' | 'file' | 'document';
  /** Bytes. */
  readonly size: number;
}

/**
 * Every byte has its digest before anything gets its name, and nothing that is there is replaced unasked.
 * @throws ERR_OCI_CONTENT for several signatures of which none was chosen, ERR_IO_EXISTS, ERR_IO_LINK, ERR_FORMAT_*, ERR_LIMIT_*, ERR_OCI_*, ERR_IO_*
 */
export async function pullArtifact(
  repository: Repository,
  artifact: StoredManifest,
  evidence: Evidence,
  options: PullOptions,
): Promise<readonly PulledFile[]> {
  const signature = options.signature ?? oneSignature(evidence, repository.name);
  const claims = evidence.bundles.filter(({ isSignature }) => !isSignature);
  const staged = await stagingFor(options.directory);
  try {
    const pulled: PulledFile[] = [];
    const keep = async (path: string, kind: PulledFile['kind'], bytes: Uint8Array): Promise<void> => {
      await writeNew(join(staged, path), [bytes]);
      pulled.push({ path, kind, size: bytes.byteLength });
    };
    if (signature !== undefined) await keep(SIGNATURE_NAME, 'signature', signature.bytes);
    if (claims.length > 0) await keep(CLAIMS_NAME, 'claims', Buffer.from(claims.map(({ bytes }) => `${oneLine(bytes)}\n`).join('')));
    if (options.files === true) pulled.push(...(await pullFiles(repository, artifact, signature, staged)));
    if (pulled.length > 0) await settle(staged, pulled, options.directory, options.force === true);
    if (options.documents !== undefined)
      pulled.push(...(await pullDocuments(repository, evidence.others, options.documents, options.force === true)));
    return pulled;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

function oneSignature({ bundles }: Evidence, file: string): Bundle | undefined {
  const [first, ...more] = bundles.filter(({ isSignature }) => isSignature);
  if (more.length === 0) return first;
  throw wrong(
    `${more.length + 1} signatures refer to the artifact`,
    file,
    'Say whom you trust (`--public-key`, `--cert-root`): theirs is taken.',
  );
}

/** A claim is a line; what it means is in its payload, which stays as it is. */
function oneLine(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8').trim();
  return /[\r\n]/.test(text) ? JSON.stringify(JSON.parse(text)) : text;
}

async function stagingFor(directory: string): Promise<string> {
  const target = resolve(directory);
  try {
    return await mkdtemp(join(dirname(target), `.${basename(target)}.`));
  } catch (error) {
    throw ioError(error, basename(target), 'ERR_IO_WRITE');
  }
}

/** A new file, whole, with nothing in its place before. */
async function writeNew(path: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
  let handle: FileHandle | undefined;
  let size = 0;
  try {
    await mkdir(dirname(path), { recursive: true });
    handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      size += chunk.byteLength;
    }
    await handle.sync();
    return size;
  } catch (error) {
    throw ioError(error, basename(path), 'ERR_IO_WRITE');
  } finally {
    await handle?.close();
  }
}

async function pullFiles(
  repository: Repository,
  artifact: StoredManifest,
  signature: Bundle | undefined,
  staged: string,
): Promise<readonly PulledFile[]> {
  const pulled: PulledFile[] = [];
  const keep = async (path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    const why = whyUnsafe(path);
    if (why !== undefined) throw wrong(`a file of the artifact has a name that is not safe: ${why}`, path);
    if (pulled.length >= DEFAULT_LIMITS.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the artifact has more than ${DEFAULT_LIMITS.maxFiles} files`, { file: repository.name });
    pulled.push({ path, kind: 'file', size: await writeNew(join(staged, ...path.split('/')), chunks) });
  };
  const layers = layersOf(artifact.manifest);
  const names = signature === undefined ? new Map<string, string>() : pathsByDigest(signature.bytes);
  for (const layer of layers) {
    const { descriptor, packing, path = names.get(descriptor.digest) } = layer;
    // They are taken as evidence.
    if (packing === 'raw' && (path === SIGNATURE_NAME || path === CLAIMS_NAME)) continue;
    if (packing === undefined || (packing === 'raw' && path === undefined)) throw notTaken(layer);
    if (packing === 'raw') await keep(path ?? '', repository.blob(descriptor));
    else
      for await (const entry of tarEntries(unpacked(repository.blob(descriptor), packing, descriptor))) {
        if (entry.kind === 'other') throw wrong('a layer holds a link or a device, which is not unpacked', entry.path);
        if (entry.kind === 'file') await keep(entry.path, entry.content);
      }
  }
  return pulled;
}

const notTaken = ({ descriptor: { mediaType, digest }, packing }: Layer): MsbomError =>
  new MsbomError(
    'ERR_FORMAT_UNSUPPORTED',
    packing === 'raw' ? 'a layer has no name' : `a layer of the type ${mediaType} holds no files of a model`,
    {
      file: digest,
      hint: 'Leave out --files, or pull the artifact with the tool that made it.',
    },
  );

/** What files are called that have no name in the artifact. */
function pathsByDigest(bytes: Uint8Array): Map<string, string> {
  const read = readSignedModel(bytes);
  return new Map(
    'reason' in read || read.value.hash !== 'sha256' ? [] : read.value.files.map(({ path, digest }) => [`sha256:${digest}`, path]),
  );
}

async function pullDocuments(
  repository: Repository,
  others: readonly Attached[],
  directory: string,
  force: boolean,
): Promise<readonly PulledFile[]> {
  const staged = await stagingFor(directory);
  try {
    const pulled: PulledFile[] = [];
    for (const { from, layer } of others) {
      const end = DOCUMENT_TYPES[layer.mediaType];
      if (end === undefined) continue;
      const bytes = await bytesOf(repository.blob(layer), layer, MAX_DOCUMENT_BYTES, from);
      // A name that a stranger gave would decide what lies beside what.
      const path = `${layer.digest.slice(7, 19)}${end}`;
      if (pulled.some((each) => each.path === path)) continue;
      await writeNew(join(staged, path), [bytes]);
      pulled.push({ path, kind: 'document', size: bytes.byteLength });
    }
    if (pulled.length > 0) await settle(staged, pulled, directory, force);
    return pulled;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** Each file to its place, once all may have theirs. */
async function settle(staged: string, pulled: readonly PulledFile[], directory: string, force: boolean): Promise<void> {
  const target = resolve(directory);
  try {
    if ((await lstat(target).catch(() => undefined)) === undefined) {
      await mkdir(dirname(target), { recursive: true });
      return await rename(staged, target);
    }
    const real = await realpath(target);
    for (const { path } of pulled) await requireFree(real, path, force);
    for (const { path } of pulled) {
      const place = join(real, ...path.split('/'));
      await mkdir(dirname(place), { recursive: true });
      await rename(join(staged, ...path.split('/')), place);
    }
  } catch (error) {
    throw ioError(error, basename(target), 'ERR_IO_WRITE');
  }
}

async function requireFree(root: string, path: string, force: boolean): Promise<void> {
  const parts = path.split('/');
  for (const [i] of parts.entries()) {
    const found = await lstat(join(root, ...parts.slice(0, i + 1))).catch(() => undefined);
    if (found === undefined) return;
    const isLast = i === parts.length - 1;
    if (!isLast && found.isDirectory()) continue;
    if (isLast && force && found.isFile()) return;
    if (found.isSymbolicLink())
      throw new MsbomError('ERR_IO_LINK', 'a link is not written through', {
        file: path,
        hint: 'Remove the link, or pull into another directory.',
      });
    throw new MsbomError('ERR_IO_EXISTS', 'it is there already', {
      file: path,
      hint: 'Pull into another directory, or replace it with --force; nothing was written.',
    });
  }
}
