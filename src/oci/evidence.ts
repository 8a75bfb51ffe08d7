/**
 * What refers to an artifact: signatures and claims as bundles of Sigstore in the layout of cosign 3, documents by their own type.
 * Everybody who may push may attach, so that one that is broken is told and counts for nothing, and is no fault of the others.
 */
import { MsbomError } from '../core/error.js';
import { MEDIA_TYPE as BUNDLE_TYPE } from '../sign/bundle.js';
import { CLAIMS_NAME } from '../sign/index.js';
import { MODEL_PREDICATE } from '../sign/model-statement.js';
import { statedClaim } from '../sign/statements.js';
import { bytesOf, type Descriptor, MEDIA_TYPES } from './content.js';
import { layersOf } from './layers.js';
import type { Repository, StoredManifest } from './repository.js';

export const BUNDLE_PREFIX = 'application/vnd.dev.sigstore.bundle';
/** Bytes of one bundle, and of all that is read for one artifact. */
const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

export interface Bundle {
  /** Digest of the manifest that refers to the artifact, or the name of the file in it. */
  readonly from: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
  /** Is it a signature over files (OpenSSF Model Signing), rather than a claim? */
  readonly isSignature: boolean;
}

export interface Attached {
  readonly from: string;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The one blob that it has. */
  readonly layer: Descriptor;
}

export interface Evidence {
  readonly bundles: readonly Bundle[];
  /** What refers to the artifact and is no bundle. */
  readonly others: readonly Attached[];
  /** What could not be read, and why. */
  readonly unread: readonly { readonly from: string; readonly detail: string }[];
}

/** @throws ERR_OCI_REGISTRY, ERR_OCI_AUTH when the list cannot be had, ERR_LIMIT_COUNT */
export async function evidenceOf(repository: Repository, artifact: StoredManifest): Promise<Evidence> {
  const bundles: Bundle[] = [];
  const others: Attached[] = [];
  const unread: { from: string; detail: string }[] = [];
  let total = 0;
  const read = async (from: string, layer: Descriptor): Promise<Uint8Array> => {
    total += layer.size;
    if (total > MAX_TOTAL_BYTES)
      throw new MsbomError('ERR_LIMIT_BYTES', `all bundles together have more than ${MAX_TOTAL_BYTES} bytes`, { file: from });
    return bytesOf(repository.blob(layer), layer, MAX_BUNDLE_BYTES, from);
  };
  const tell = async (from: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!MsbomError.is(error) || error.code === 'ERR_OCI_AUTH') throw error;
      unread.push({ from, detail: error.message });
    }
  };
  const seen = new Set<string>();
  const add = (bundle: Omit<Bundle, 'isSignature'>): void => {
    if (seen.has(bundle.digest)) return;
    seen.add(bundle.digest);
    const stated = statedClaim(bundle.bytes);
    if ('reason' in stated) unread.push({ from: bundle.from, detail: stated.reason.detail });
    else bundles.push({ ...bundle, isSignature: stated.value.predicateType === MODEL_PREDICATE });
  };
  for (const referrer of await repository.referrers(artifact.descriptor.digest)) {
    const from = referrer.digest;
    await tell(from, async () => {
      if (referrer.mediaType !== MEDIA_TYPES.manifest) throw new MsbomError('ERR_OCI_CONTENT', `it is of the type ${referrer.mediaType}`);
      const { manifest } = await repository.manifest(from);
      // The list is a word of the registry; what it lists has the subject in its own bytes.
      if (manifest.subject?.digest !== artifact.descriptor.digest) throw new MsbomError('ERR_OCI_CONTENT', 'it refers to something else');
      const [layer, ...more] = manifest.layers;
      if (layer === undefined || more.length > 0) throw new MsbomError('ERR_OCI_CONTENT', `it has ${manifest.layers.length} blobs`);
      const { artifactType, annotations } = manifest;
      if (!layer.mediaType.startsWith(BUNDLE_PREFIX))
        others.push({ from, annotations, layer, ...(artifactType === undefined ? {} : { artifactType }) });
      else if (layer.mediaType !== BUNDLE_TYPE) throw new MsbomError('ERR_OCI_CONTENT', `it is a bundle of the type ${layer.mediaType}`);
      else add({ from, digest: layer.digest, bytes: await read(from, layer) });
    });
  }
  // A signed directory that was pushed whole has its signature and claims with it.
  for (const { descriptor, packing, path } of layersOf(artifact.manifest)) {
    if (packing !== 'raw' || (path !== 'model.sig' && path !== CLAIMS_NAME)) continue;
    await tell(path, async () => {
      const bytes = await read(path, descriptor);
      if (path === 'model.sig') return add({ from: path, digest: descriptor.digest, bytes });
      for (const [i, line] of Buffer.from(bytes).toString('utf8').split('\n').entries())
        if (line.trim() !== '') add({ from: `${path}:${i + 1}`, digest: `${descriptor.digest}:${i}`, bytes: Buffer.from(line) });
    });
  }
  return { bundles, others, unread };
}
