import { canonicalDigest } from '../../core/digest.js';
import type { Manifest } from '../schema/index.js';

/** SHA-256 of the manifest's canonical form (RFC 8785), signatures over the document left out. */
export function digestManifest(manifest: Manifest): string {
  const { signatures: _signatures, ...bom } = manifest.bom;
  return canonicalDigest({ ...manifest, bom });
}
