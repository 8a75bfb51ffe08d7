/** Signs a model: a directory or one file. */
import { relative, resolve, sep } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Limits } from '../core/limits.js';
import { coverOf, DEFAULT_IGNORED } from '../core/tree-digest.js';
import type { DiskEntry } from '../platform/files.js';
import { bundleText } from './bundle.js';
import { type DigestedEntry, digestEntries, type Model, movedSince, openModel } from './disk.js';
import { PAYLOAD_TYPE, preAuthentication } from './envelope.js';
import { isSignedBy } from './keys.js';
import { type ModelHash, type Resource, writeModelStatement } from './model-statement.js';
import { normalized, whyUnsafe } from './names.js';
import type { KeylessSigner, Signer } from './signer.js';

/** Claims about a model are added after it was signed. */
export const CLAIMS_NAME = 'claims.jsonl';

export interface SignOptions {
  readonly signer: Signer | KeylessSigner;
  /** Where the signature is to lie. In the directory, it is no part of the model. Nothing is written here. */
  readonly signatureFile?: string;
  /** Paths relative to the model, of files or directories, without patterns, that are not signed. They are recorded. */
  readonly ignore?: readonly string[];
  /** Sign what links to files inside the directory lead to. Default false: a link is an error. */
  readonly allowSymlinks?: boolean;
  /** Default SHA-256. */
  readonly hash?: ModelHash;
  /** Sign files in parts of so many bytes; default whole. */
  readonly shardSize?: number;
  /** Threads for hashing at most. */
  readonly jobs?: number;
  readonly limits?: Limits;
  /** Called while hashing. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface SignResult {
  /** The text of the signature. */
  readonly bundle: string;
  /** SHA-256 over the digests of the files: what others refer to the model by. */
  readonly root: string;
  readonly name: string;
  /** Files that were signed. */
  readonly files: number;
  /** Files that are there and were not. */
  readonly ignored: readonly string[];
  /** Files without content, of which a signature in parts says nothing. */
  readonly empty: readonly string[];
}

/** A model as a signature would have it, not yet signed. */
export interface DescribedModel extends Omit<SignResult, 'bundle'> {
  readonly payload: Buffer;
  /** Lower-case hexadecimal of each file, or of each part of one. */
  readonly digests: ReadonlySet<string>;
}

/**
 * What a signature over a directory, or over one file, would be over.
 * @throws ERR_SIGN_CONTENT for a model without files, a link, a name that is not safe; ERR_IO_CHANGED when something wrote into the
 * model meanwhile; ERR_IO_*, ERR_LIMIT_COUNT
 */
export async function describeModel(target: string, options: Omit<SignOptions, 'signer'> = {}): Promise<DescribedModel> {
  const { hash = 'sha256', shardSize, allowSymlinks = false } = options;
  if (shardSize !== undefined && !(Number.isSafeInteger(shardSize) && shardSize > 0))
    throw new MsbomError('ERR_SIGN_CONTENT', 'the size of a part is not a whole number from 1');
  const disk = { own: options.signatureFile === undefined ? [] : [options.signatureFile], limits: options.limits };
  const model = await openModel(target, disk);
  const ignoredPaths = ignoredOf(target, model, options);
  const { covered, ignored } = coverOf(model.entries, { ignored: ignoredPaths });
  requireSignable(covered, allowSymlinks, model.name);
  const { files, problems } = await digestEntries(covered, { ...options, hash, shardSize });
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  const [moved] = await movedSince(target, model, files, disk);
  if (moved !== undefined) throw new MsbomError('ERR_IO_CHANGED', 'the directory changed while it was being read', { file: moved });
  const resources = [...files.values()].flatMap((file) => resourcesOf(file, shardSize));
  if (resources.length === 0) throw nothing(model.name);
  const { payload, root } = writeModelStatement({
    name: model.name,
    resources,
    hash,
    allowSymlinks,
    ignored: ignoredPaths,
    ...(shardSize === undefined ? {} : { shardSize }),
  });
  const empty = shardSize === undefined ? [] : [...files.values()].filter(({ size }) => size === 0).map(({ path }) => path);
  const digests = new Set(resources.map(({ digest }) => digest));
  return { payload, root, name: model.name, files: files.size, ignored: ignored.map(({ path }) => path), empty, digests };
}

/**
 * A signature of OpenSSF Model Signing v1.0 over all files of a directory, or over one file. Names of files, their content and nothing
 * else are signed: no modes, times or empty directories.
 *
 * @throws ERR_SIGN_CONTENT for a model without files, a link, a name that is not safe; ERR_IO_CHANGED when something wrote into the
 * model meanwhile; ERR_IO_*, ERR_LIMIT_COUNT, and what the signer throws
 */
export async function signDirectory(target: string, { signer, ...options }: SignOptions): Promise<SignResult> {
  const { payload, digests: _digests, ...described } = await describeModel(target, options);
  const bundle = 'bundle' in signer ? await signer.bundle(payload) : await bundleBy(signer, payload);
  return { bundle, ...described };
}

async function bundleBy(signer: Signer, payload: Uint8Array): Promise<string> {
  const message = preAuthentication(PAYLOAD_TYPE, payload);
  const signature = await signer.sign(message);
  if (!isSignedBy(signer.publicKey, message, signature))
    throw new MsbomError('ERR_SIGN_KEY', 'the signer gave a signature that its own public key does not verify');
  return bundleText(signer, payload, signature);
}

/** What is recorded as not signed: Git's files at the top, the signature and claims where they lie in the model, what the caller names. */
function ignoredOf(target: string, { isFile }: Model, { ignore = [], signatureFile }: Omit<SignOptions, 'signer'>): readonly string[] {
  if (isFile) return [];
  const own = signatureFile === undefined ? [] : [relative(resolve(target), resolve(signatureFile)).split(sep).join('/')];
  const named = ignore.map((path) => {
    const short = normalized(path);
    const why = path.startsWith('/') ? 'it is absolute' : whyUnsafe(short);
    if (why !== undefined) throw new MsbomError('ERR_SIGN_CONTENT', `a path cannot be ignored: ${why}`, { file: path });
    return short;
  });
  return [...new Set([...DEFAULT_IGNORED, CLAIMS_NAME, ...own.filter((path) => whyUnsafe(path) === undefined), ...named])].sort();
}

function requireSignable(entries: readonly DiskEntry[], allowSymlinks: boolean, name: string): void {
  if (entries.length === 0) throw nothing(name);
  for (const { path, problem, isLink } of entries) {
    if (problem !== undefined) throw problem;
    const why = isLink === true && !allowSymlinks ? 'it is a symbolic link' : whyUnsafe(path);
    if (why !== undefined)
      throw new MsbomError('ERR_SIGN_CONTENT', `the file cannot be signed: ${why}`, {
        file: path,
        hint: 'Put the file itself there or ignore it; links to files are followed with --allow-symlinks.',
      });
  }
}

const nothing = (name: string): MsbomError =>
  new MsbomError('ERR_SIGN_CONTENT', 'there is no file to sign', { file: name, hint: 'A signature over nothing says nothing.' });

function resourcesOf({ path, digests, size }: DigestedEntry, shardSize: number | undefined): readonly Resource[] {
  if (shardSize === undefined) return digests.map((digest) => ({ path, digest }));
  return digests.map((digest, i) => {
    const start = i * shardSize;
    return { path, digest, shard: { path, start, end: Math.min(start + shardSize, size) } };
  });
}
