/** Manifests, signatures and claims that travel with an artifact in an OCI registry, and verifying it there. */
export { type Attachment, type AttachOptions, type AttachResult, attach } from './attach.js';
export type { Descriptor, Manifest } from './content.js';
export { type Credentials, credentialsIn, type Found } from './credentials.js';
export { type Attached, type Bundle, type Evidence, evidenceOf } from './evidence.js';
export { openLayout } from './layout.js';
export { DOCUMENT_TYPES, type PulledFile, type PullOptions, pullArtifact } from './pull.js';
export { type LayoutReference, parseReference, type Reference, type RegistryReference } from './reference.js';
export { openRegistry } from './registry.js';
export type { Repository, StoredManifest } from './repository.js';
export type { TransportOptions } from './transport.js';
export {
  type ArtifactOptions,
  type ArtifactVerdict,
  artifactRoot,
  type ClaimAnswer,
  type SignatureAnswer,
  verifyArtifact,
} from './verify.js';
