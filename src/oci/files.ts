/** The files of an artifact as a model that is verified: by the digests of its layers where a layer is a file, else unpacked and hashed. */
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { hasherOf } from '../platform/algorithms.js';
import { loaderOf } from '../sign/loaders.js';
import { MODEL_HASHES } from '../sign/model-statement.js';
import { whyUnsafe } from '../sign/names.js';
import type { FileDigests, ModelFile, ModelPlace, ModelSource, StatedFiles } from '../sign/source.js';
import type { Descriptor } from './content.js';
import { type Layer, layersOf, unpacked } from './layers.js';
import type { Repository, StoredManifest } from './repository.js';
import { tarEntries } from './tar.js';

export interface ArtifactFile extends ModelFile {
  readonly layer: Descriptor;
  /** Known already, because a layer had to be unpacked to find it. */
  readonly read?: { readonly digests: readonly string[]; readonly start: Uint8Array };
}

/** Does any layer hold files by name, so that a signature over files means something? */
export const holdsFiles = ({ manifest }: StoredManifest): boolean => layersOf(manifest).some(({ packing }) => packing !== undefined);

/** @param own digests (`sha256:…`) of files that are no part of the model, such as the signature itself */
export function artifactPlace(
  repository: Repository,
  artifact: StoredManifest,
  own: ReadonlySet<string> = new Set(),
): ModelPlace<ArtifactFile> {
  /** Unpacked once for each way of hashing. */
  const opened = new Map<string, Promise<ModelSource<ArtifactFile>>>();
  return {
    name: `${repository.name}@${artifact.descriptor.digest}`,
    open(stated) {
      const key = `${stated.hash} ${stated.shardSize ?? ''} ${layersOf(artifact.manifest).some(isNameless) ? JSON.stringify(stated.resources) : ''}`;
      const source = opened.get(key) ?? openSource(repository, artifact, stated, own);
      opened.set(key, source);
      return source;
    },
  };
}

const isNameless = ({ packing, path }: Layer): boolean => packing === 'raw' && path === undefined;

async function openSource(
  repository: Repository,
  artifact: StoredManifest,
  stated: StatedFiles,
  own: ReadonlySet<string>,
): Promise<ModelSource<ArtifactFile>> {
  const files: ArtifactFile[] = [];
  const problems: MsbomError[] = [];
  const layers = layersOf(artifact.manifest);
  const named = namesFor(layers, stated);
  for (const layer of layers) {
    const { descriptor, packing, path = named.get(descriptor) } = layer;
    if (own.has(descriptor.digest)) continue;
    try {
      if (packing === undefined)
        throw new MsbomError('ERR_FORMAT_UNSUPPORTED', `a layer of the type ${descriptor.mediaType} is not looked into`, {
          file: descriptor.digest,
        });
      if (packing === 'raw')
        files.push(checkedFile({ path: path ?? `layer ${descriptor.digest}`, size: descriptor.size, layer: descriptor }));
      else for await (const file of unpackedFiles(repository, layer, stated)) files.push(file);
    } catch (error) {
      if (!MsbomError.is(error)) throw error;
      problems.push(new MsbomError(error.code, error.message, { file: descriptor.digest }));
    }
    if (files.length > DEFAULT_LIMITS.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the artifact has more than ${DEFAULT_LIMITS.maxFiles} files`, { file: repository.name });
  }
  const entries = withoutTwins(files);
  const [only] = entries;
  return {
    name: entries.length === 1 && only !== undefined ? only.path : repository.name,
    isFile: entries.length === 1,
    entries,
    async digest(wanted) {
      const digested = new Map<string, FileDigests>();
      const failed = [...problems];
      for (const file of wanted) {
        try {
          digested.set(file.path, { path: file.path, size: file.size, digests: await digestsOf(repository, file, stated) });
        } catch (error) {
          if (!MsbomError.is(error)) throw error;
          failed.push(new MsbomError(error.code, error.message, { file: file.path }));
        }
      }
      return { files: digested, problems: failed };
    },
    // What has a digest does not change.
    moved: async () => [],
    loaderKind: async (file) => loaderOf(file.path, file.read?.start ?? (await startOf(repository, file))),
  };
}

/** Layers without a name are the signed files of their digest, as far as no other layer has the name: a digest says what is meant. */
function namesFor(layers: readonly Layer[], { resources, hash, shardSize }: StatedFiles): ReadonlyMap<Descriptor, string> {
  const taken = new Set(layers.map(({ path }) => path));
  const free = hash === 'sha256' && shardSize === undefined ? resources.filter(({ path }) => !taken.has(path)) : [];
  const names = new Map<Descriptor, string>();
  for (const { descriptor, packing, path } of layers) {
    if (packing !== 'raw' || path !== undefined) continue;
    const at = free.findIndex(({ digest }) => descriptor.digest === `sha256:${digest}`);
    const [found] = at === -1 ? [] : free.splice(at, 1);
    if (found !== undefined) names.set(descriptor, found.path);
  }
  return names;
}

function checkedFile(file: ArtifactFile): ArtifactFile {
  const why = whyUnsafe(file.path);
  return why === undefined
    ? file
    : { ...file, problem: new MsbomError('ERR_OCI_CONTENT', `its name is not safe: ${why}`, { file: file.path }) };
}

/** Whoever unpacks takes the last or the first; nobody can know which is meant. */
function withoutTwins(files: readonly ArtifactFile[]): readonly ArtifactFile[] {
  const counts = new Map<string, number>();
  for (const { path } of files) counts.set(path, (counts.get(path) ?? 0) + 1);
  const first = [...new Map(files.map((file) => [file.path, file])).values()];
  return first.map((file) =>
    (counts.get(file.path) ?? 0) > 1
      ? { ...file, problem: new MsbomError('ERR_OCI_CONTENT', 'several layers hold a file of that name', { file: file.path }) }
      : file,
  );
}

/** Nothing of a layer is given before all of it had its digest. */
async function* unpackedFiles(
  repository: Repository,
  { descriptor, packing = 'tar' }: Layer,
  stated: StatedFiles,
): AsyncGenerator<ArtifactFile> {
  const found: ArtifactFile[] = [];
  for await (const { path, size, kind, content } of tarEntries(unpacked(repository.blob(descriptor), packing, descriptor))) {
    if (kind === 'directory') continue;
    const base = { path, size, layer: descriptor };
    if (kind === 'other')
      found.push({ ...base, isLink: true, problem: new MsbomError('ERR_IO_LINK', 'it is a link or a device in a layer', { file: path }) });
    else found.push(checkedFile({ ...base, read: await hashed(content, size, stated) }));
    if (found.length > DEFAULT_LIMITS.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `a layer has more than ${DEFAULT_LIMITS.maxFiles} files`, { file: descriptor.digest });
  }
  yield* found;
}

async function digestsOf(repository: Repository, { layer, size, read }: ArtifactFile, stated: StatedFiles): Promise<readonly string[]> {
  if (read !== undefined) return read.digests;
  const [algorithm, hex = ''] = layer.digest.split(':');
  if (stated.hash === 'sha256' && stated.shardSize === undefined && algorithm === 'sha256') return [hex];
  return (await hashed(repository.blob(layer), size, stated)).digests;
}

/** In one pass, as the signature has it. */
async function hashed(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  { hash, shardSize }: StatedFiles,
): Promise<NonNullable<ArtifactFile['read']>> {
  const wanted = { algorithm: hash, digits: MODEL_HASHES[hash] };
  const part = shardSize ?? Number.POSITIVE_INFINITY;
  const digests: string[] = [];
  let start = new Uint8Array(0);
  let [hasher, left] = [hasherOf(wanted, size), Math.min(part, size)];
  for await (const chunk of chunks) {
    if (start.byteLength < 4) start = new Uint8Array(Buffer.concat([start, chunk.subarray(0, 4)]));
    for (let rest = chunk; rest.byteLength > 0; ) {
      const now = rest.subarray(0, left);
      hasher.update(now);
      left -= now.byteLength;
      rest = rest.subarray(now.byteLength);
      if (left === 0 && rest.byteLength > 0) {
        digests.push(hasher.hex());
        [hasher, left] = [hasherOf(wanted, size), part];
      }
    }
  }
  // Parts of a file without content are none.
  return { digests: shardSize !== undefined && size === 0 ? [] : [...digests, hasher.hex()], start };
}

async function startOf(repository: Repository, { layer }: ArtifactFile): Promise<Uint8Array> {
  let start = Buffer.alloc(0);
  for await (const chunk of repository.blob(layer)) {
    start = Buffer.concat([start, chunk.subarray(0, 4)]);
    if (start.byteLength >= 4) break;
  }
  return start;
}
