/** One repository: in a registry, or the OCI image layout that is its offline twin. */
import type { Descriptor, Manifest } from './content.js';

/** A manifest with its very bytes, which have its digest. */
export interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly manifest: Manifest;
}

export interface Repository {
  /** As it is shown: `oci://HOST/NAME` or `oci:DIRECTORY`. */
  readonly name: string;
  /** By tag or digest. @throws ERR_OCI_NOT_FOUND, ERR_OCI_CONTENT, ERR_OCI_REGISTRY, ERR_OCI_AUTH, ERR_LIMIT_BYTES, ERR_IO_* */
  manifest(reference: string): Promise<StoredManifest>;
  /** Bytes as they come; they were those of the descriptor when they end without an error. @throws the same */
  blob(descriptor: Descriptor): AsyncIterable<Uint8Array>;
  /** What refers to a manifest, as far as the place knows; that it does is for the caller to check. @throws the same, ERR_LIMIT_COUNT */
  referrers(digest: string): Promise<readonly Descriptor[]>;
  /** Adds a blob, unless it is there. @throws the same, ERR_IO_* */
  putBlob(bytes: Uint8Array<ArrayBuffer>, digest: string): Promise<void>;
  /** Adds a manifest whose blobs are there, and has its subject know it. @throws the same, ERR_IO_LOCKED */
  putReferrer(bytes: Uint8Array<ArrayBuffer>, descriptor: Descriptor, subject: Descriptor): Promise<void>;
}

/** Things that refer to one manifest, at most. */
export const MAX_REFERRERS = 2000;

/** The tag of those who know no referrers API. Source: distribution-spec 1.1, "Referrers Tag Schema". */
export const referrersTag = (digest: string): string => digest.replace(':', '-').slice(0, 7 + 64);
