/** Attaching evidence to an artifact that is there: all blobs first, what refers to them last. */
import { MsbomError } from '../core/error.js';
import { MEDIA_TYPE as BUNDLE_TYPE } from '../sign/bundle.js';
import { readSignedModel } from '../sign/index.js';
import { MODEL_PREDICATE } from '../sign/model-statement.js';
import { type StatedClaim, statedClaim } from '../sign/statements.js';
import { type Descriptor, MEDIA_TYPES, sha256Of } from './content.js';
import { layersOf } from './layers.js';
import type { Repository, StoredManifest } from './repository.js';

/** One thing to attach. */
export interface Attachment {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Base name of the file that it came from. */
  readonly name: string;
  /** Missing for a bundle of Sigstore. */
  readonly mediaType?: string;
}

export interface AttachResult {
  readonly name: string;
  /** Digest of the manifest that refers to the artifact. */
  readonly digest: string;
  /** False when the same was attached before. */
  readonly isNew: boolean;
}

export interface AttachOptions {
  /** The time that is stated. */
  readonly now: Date;
}

const EMPTY = new Uint8Array(Buffer.from('{}'));

/**
 * Attaches signatures, claims and documents. What is about something else, or contradicts the layers, is not attached, and then nothing is.
 * Source of the layout: sigstore/cosign 3, `WriteAttestationNewBundleFormat`.
 * @throws ERR_SIGN_STATEMENT, ERR_SIGN_CONTENT, ERR_OCI_*, ERR_LIMIT_*, ERR_IO_*
 */
export async function attach(
  repository: Repository,
  artifact: StoredManifest,
  things: readonly Attachment[],
  { now }: AttachOptions,
): Promise<readonly AttachResult[]> {
  const stated = things.map((thing) => (thing.mediaType === undefined ? statedOf(thing) : undefined));
  requireAbout(artifact, things, stated);
  const there = await attachedBefore(repository, artifact);
  const planned = things.map((thing, i) => ({
    thing,
    layer: { mediaType: thing.mediaType ?? BUNDLE_TYPE, digest: sha256Of(thing.bytes), size: thing.bytes.byteLength },
    said: stated[i],
  }));
  const fresh = planned.filter(({ layer }) => !there.has(layer.digest));
  if (fresh.length > 0) await repository.putBlob(EMPTY, sha256Of(EMPTY));
  for (const { thing, layer } of fresh) await repository.putBlob(thing.bytes, layer.digest);
  const results: AttachResult[] = [];
  for (const { thing, layer, said } of planned) {
    const before = there.get(layer.digest);
    if (before !== undefined) {
      results.push({ name: thing.name, digest: before, isNew: false });
      continue;
    }
    const { bytes, descriptor } = referring(artifact.descriptor, layer, annotationsFor(thing, said, now));
    await repository.putReferrer(bytes, descriptor, artifact.descriptor);
    there.set(layer.digest, descriptor.digest);
    results.push({ name: thing.name, digest: descriptor.digest, isNew: true });
  }
  return results;
}

function statedOf({ bytes, name }: Attachment): StatedClaim {
  const read = statedClaim(bytes);
  if ('value' in read) return read.value;
  throw new MsbomError('ERR_SIGN_STATEMENT', read.reason.detail, { file: name, hint: read.reason.next });
}

function annotationsFor({ name }: Attachment, said: StatedClaim | undefined, now: Date): Readonly<Record<string, string>> {
  const created = { 'org.opencontainers.image.created': now.toISOString().replace(/\.\d{3}Z$/, 'Z') };
  if (said === undefined) return { ...created, 'org.opencontainers.image.title': name };
  return { ...created, 'dev.sigstore.bundle.content': 'dsse-envelope', 'dev.sigstore.bundle.predicateType': said.predicateType };
}

function referring(
  subject: Descriptor,
  layer: Descriptor,
  annotations: Readonly<Record<string, string>>,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly descriptor: Descriptor } {
  const { mediaType, digest, size } = subject;
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    artifactType: layer.mediaType,
    config: { mediaType: MEDIA_TYPES.empty, digest: sha256Of(EMPTY), size: EMPTY.byteLength },
    layers: [layer],
    subject: { mediaType, digest, size },
    annotations,
  };
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(manifest)));
  return {
    bytes,
    descriptor: {
      mediaType: MEDIA_TYPES.manifest,
      digest: sha256Of(bytes),
      size: bytes.byteLength,
      artifactType: layer.mediaType,
      annotations,
    },
  };
}

/** Digests of the blobs that refer to it, and by which manifest. What cannot be read is no reason to attach nothing. */
async function attachedBefore(repository: Repository, artifact: StoredManifest): Promise<Map<string, string>> {
  const there = new Map<string, string>();
  for (const { digest } of await repository.referrers(artifact.descriptor.digest)) {
    try {
      const { manifest } = await repository.manifest(digest);
      if (manifest.subject?.digest === artifact.descriptor.digest) for (const layer of manifest.layers) there.set(layer.digest, digest);
    } catch (error) {
      if (!MsbomError.is(error) || error.code === 'ERR_OCI_AUTH') throw error;
    }
  }
  return there;
}

/** @throws ERR_SIGN_STATEMENT, ERR_SIGN_CONTENT */
function requireAbout(artifact: StoredManifest, things: readonly Attachment[], stated: readonly (StatedClaim | undefined)[]): void {
  const hex = artifact.descriptor.digest.replace('sha256:', '');
  const roots = new Set<string>();
  for (const [i, { bytes, name }] of things.entries()) {
    if (stated[i]?.predicateType !== MODEL_PREDICATE) continue;
    const signed = readSignedModel(bytes);
    if ('reason' in signed) throw new MsbomError('ERR_SIGN_STATEMENT', signed.reason.detail, { file: name, hint: signed.reason.next });
    const { root, specification, hash, files } = signed.value;
    if (hash === 'sha256') requireSameLayers(artifact, files, name);
    roots.add(root);
    if (specification !== undefined) roots.add(specification);
  }
  for (const [i, { name }] of things.entries()) {
    const said = stated[i];
    if (said === undefined || said.predicateType === MODEL_PREDICATE || said.subjects.some((each) => each === hex || roots.has(each)))
      continue;
    throw new MsbomError('ERR_SIGN_STATEMENT', `the claim ${said.id} is about neither the artifact nor the model that is signed`, {
      file: name,
      hint: 'Attach the signature of the model with it, or state the digest of the artifact as its subject (`msbom attest --subject`).',
    });
  }
}

/** A signature of other files would never verify here. */
function requireSameLayers(
  artifact: StoredManifest,
  files: readonly { readonly path: string; readonly digest: string }[],
  name: string,
): void {
  const signed = new Map(files.map(({ path, digest }) => [path, `sha256:${digest}`]));
  for (const { descriptor, packing, path } of layersOf(artifact.manifest)) {
    if (packing !== 'raw' || path === undefined || !descriptor.digest.startsWith('sha256:')) continue;
    const digest = signed.get(path);
    if (digest === undefined || digest === descriptor.digest || digest.length !== descriptor.digest.length) continue;
    throw new MsbomError('ERR_SIGN_CONTENT', `the layer ${path} has another digest than the signature says`, {
      file: name,
      hint: 'Sign the files that were pushed, or push those that were signed.',
    });
  }
}
