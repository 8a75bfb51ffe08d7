/** Signatures over whatever a test wants to be signed. */
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export interface BundleShape {
  readonly key: KeyObject;
  readonly payload: string | Uint8Array;
  readonly payloadType?: string;
  /** What is signed in place of the payload's own type. */
  readonly signedType?: string;
  readonly hash?: string;
  readonly dsaEncoding?: 'der' | 'ieee-p1363';
  readonly certificates?: readonly Buffer[];
  readonly hint?: string;
}

/** A bundle as an object, to be changed. */
export function bundleObject({ key, payload, certificates, ...rest }: BundleShape) {
  const { payloadType = 'application/vnd.in-toto+json', hash = 'sha256', dsaEncoding = 'der' } = rest;
  const bytes = Buffer.from(payload);
  const type = rest.signedType ?? payloadType;
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${bytes.byteLength} `), bytes]);
  const hint = rest.hint ?? sha256(createPublicKey(key).export({ type: 'spki', format: 'pem' }));
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      ...(certificates === undefined
        ? { publicKey: { hint } }
        : { x509CertificateChain: { certificates: certificates.map((each) => ({ rawBytes: each.toString('base64') })) } }),
      tlogEntries: [] as unknown[],
    },
    dsseEnvelope: {
      payload: bytes.toString('base64'),
      payloadType,
      signatures: [{ sig: sign(hash, message, { key, dsaEncoding }).toString('base64'), keyid: hint }],
    },
  };
}

export interface Listed {
  readonly name: string;
  readonly digest: string;
  readonly algorithm: string;
}

/** Resources of files, in the order given. */
export const listed = (files: Readonly<Record<string, string>>): readonly Listed[] =>
  Object.entries(files).map(([name, content]) => ({ name, digest: sha256(content), algorithm: 'sha256' }));

/** A statement as OpenSSF Model Signing has it; `change` gets to it before it becomes text. */
export function statementText(resources: readonly Listed[], change: (statement: Record<string, unknown>) => void = () => {}): string {
  const root = createHash('sha256');
  for (const { digest } of resources) root.update(digest, 'hex');
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'model', digest: { sha256: root.digest('hex') } }],
    predicateType: 'https://model_signing/signature/v1.0',
    predicate: {
      resources,
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ['.git'] } as Record<string, unknown>,
    },
  };
  change(statement);
  return JSON.stringify(statement);
}
