/** Why a signature is not accepted: every code, its class, and what to do about it, in one table. */

/** Content differs; the bytes are not signed by the key; the signer is not trusted; a rule of the verifier; the bundle is broken. */
export type ReasonClass = 'integrity' | 'signature' | 'trust' | 'policy' | 'malformed';

/** Code: class, and what to do. */
export const REASONS = {
  'bundle-encoding': ['malformed', 'Get the signature again from its signer: this file is damaged or was not written by a signing tool.'],
  'bundle-json': ['malformed', 'Get the signature again from its signer: this file is no strict JSON.'],
  'bundle-limit': ['malformed', 'Get the signature again from its signer; one of this size or depth is not read.'],
  'bundle-method': ['malformed', 'Get a signature that says by one method, key or certificate, who signed.'],
  'bundle-shape': ['malformed', 'Get the signature again from its signer: a part of it is missing or has another form.'],
  'bundle-version': ['malformed', 'Ask the signer to sign again with a tool that writes Sigstore bundles v0.3.'],
  'payload-type': ['malformed', 'Get the signature of the model itself: this one is over something else.'],
  'predicate-legacy': ['malformed', 'Ask the signer to sign again, or accept signatures of this age by name (`--legacy`).'],
  'predicate-type': ['malformed', 'Get the signature of the model itself: this statement says something else.'],
  'resource-duplicate': ['malformed', 'Do not use the signature: it says two things of one file.'],
  'resource-path': ['malformed', 'Do not use the signature: it names a path that is not inside a model.'],
  'resource-shard': ['malformed', 'Do not use the signature: its parts of a file leave a hole or lie over each other.'],
  'root-mismatch': ['malformed', 'Do not use the signature: the digest of its subject is not that of the files it lists.'],
  'statement-shape': ['malformed', 'Get the signature again from its signer: a part of the statement is missing or has another form.'],
  'hint-mismatch': ['signature', 'Use the public key that the signature names, from a source that you trust.'],
  'key-unsupported': ['signature', 'Ask the signer to sign with a key of the curve P-256, P-384 or P-521.'],
  'signature-invalid': [
    'signature',
    'Check that the public key is the one of the signer; if it is, the signature was changed or is of another content.',
  ],
  'certificate-expired': ['trust', 'Ask for a signature by a certificate that is valid, or judge by an earlier time with `--at`.'],
  'certificate-malformed': ['trust', 'Ask the signer for a signature with a certificate in strict DER.'],
  'certificate-not-yet-valid': ['trust', 'Check the clock of this machine, then the one that issued the certificate.'],
  'certificate-not-ca': ['trust', 'Get the chain from the signer: a certificate in it may not issue others.'],
  'certificate-unsupported': ['trust', 'Ask for a chain without this extension: it limits the chain in a way that is not checked here.'],
  'certificate-usage': ['trust', 'Ask for a certificate for code signing, or accept any usage by name (`--any-usage`).'],
  'certificate-weak': ['trust', 'Ask for a chain whose signatures use SHA-256 or better and whose RSA keys have 2048 bits or more.'],
  'chain-too-long': ['trust', 'Ask the signer for the shortest chain to the root.'],
  'chain-untrusted': [
    'trust',
    'Give the root of the signer (`--cert-root`); if it is the right one, the chain in the signature lacks a link.',
  ],
  'identity-mismatch': ['trust', 'Check who was to sign; give that name with `--identity`.'],
  'keyless-certificate': [
    'trust',
    'Check that the trusted root is that of the authority that the signer used, and get the signature again.',
  ],
  'keyless-log': ['trust', 'Check that the trusted root is that of the authority that the signer used: no log of it proves the signature.'],
  'keyless-time': [
    'trust',
    'Check that the trusted root is that of the authority that the signer used: no time of it proves when this was signed.',
  ],
  'method-mismatch': [
    'trust',
    'Give what the signature is checked by: `--public-key` for keys, `--cert-root` for certificates, `--trusted-root` for identities of Sigstore.',
  ],
  'file-changed': ['integrity', 'Get the file again from the signer.'],
  'file-missing': ['integrity', 'Get the file again from the signer.'],
  'file-unreadable': ['integrity', 'Make the file readable, then verify again.'],
  'file-unsigned': ['integrity', 'Remove the file, or accept files that nobody signed (`--allow-unsigned`).'],
  'link-refused': [
    'policy',
    'Put the file itself there; links are accepted only where the signer signed through them and `--allow-symlinks` says so.',
  ],
  'loader-unsigned': ['policy', 'Remove the file, or name it with `--allow-loader`: it can run, or decide what is run.'],
  'nothing-signed': ['policy', 'Check the directory and the name of the signatures: there was nothing to verify.'],
  'directory-changed': ['integrity', 'Verify again when nothing writes into the directory.'],
  'claim-missing': ['integrity', 'Get the claims again from whoever handed the model over: one that was there then is gone.'],
  'claim-subject': ['integrity', 'Leave the claim out: it is about something else.'],
  'predicate-shape': ['malformed', 'Ask whoever made the statement to make it again: it breaks a rule of its own type.'],
  'name-twins': ['policy', 'Rename one of the files: some systems take the two names for one.'],
  'empty-uncovered': ['policy', 'Nothing: a signature in parts says nothing of files without content.'],
  'timestamp-unchecked': ['policy', 'Nothing: the time in the signature was not used, the present was.'],
} as const satisfies Readonly<Record<string, readonly [ReasonClass, string]>>;

export type ReasonCode = keyof typeof REASONS;

/** One thing that was noticed. Stable in JSON: no member changes its meaning. */
export interface Reason {
  readonly class: ReasonClass;
  readonly code: ReasonCode;
  /** Of the file, relative to the model, or the place in the signature as a JSON pointer. */
  readonly path?: string;
  readonly detail: string;
  /** What to do, in one sentence. */
  readonly next: string;
}

export function reason(code: ReasonCode, detail: string, path?: string): Reason {
  const [kind, next] = REASONS[code];
  return { class: kind, code, ...(path === undefined || path === '' ? {} : { path }), detail, next };
}

/** Stops the reading of a signature with the reason that the verdict is to have. */
export class Refusal extends Error {
  readonly reason: Reason;
  constructor(code: ReasonCode, detail: string, path?: string) {
    super(detail);
    this.reason = reason(code, detail, path);
  }
}

/** The answer of `work`, or the reason for which it refused. */
export function refusable<T>(work: () => T): { readonly value: T } | { readonly reason: Reason } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.reason };
    throw error;
  }
}
