/** The options of `msbom verify` for signatures, apart from the work: a manifest needs none of it. */
import type { Arguments, Options } from './command.js';

/** What a signature or a signed statement holds: such a file may be replaced by the next. */
export const SIGNATURE_MARK = 'application/vnd.dev.sigstore.bundle';

/** Whom to trust: everything that says who may have signed. */
export const TRUST_OPTIONS: Options = {
  'public-key': { type: 'string', value: 'FILE', help: 'public key of the signer, in PEM' },
  'cert-root': { type: 'string', value: 'FILE', multiple: true, help: 'certificate that trust begins with, in PEM' },
  identity: {
    type: 'string',
    value: 'NAME',
    multiple: true,
    help: 'who may have signed: an address, host, URI or subject of the certificate',
  },
  'trusted-root': { type: 'string', value: 'FILE', help: 'trusted_root.json of Sigstore or another authority: check an identity of it' },
  'identity-provider': { type: 'string', value: 'URL', help: 'who vouched for --identity, with --trusted-root' },
  'any-identity': { type: 'boolean', help: 'accept everybody whom the root certifies' },
  'any-usage': { type: 'boolean', help: 'accept certificates that are not for code signing' },
  at: { type: 'string', value: 'TIME', help: 'judge certificates by this time (RFC 3339) instead of now' },
};

/** One of the above that was given, if any. */
export const givenTrustOption = (args: Arguments): string | undefined => Object.keys(TRUST_OPTIONS).find((name) => args.given(name));

export const SIGNATURE_OPTIONS: Options = {
  signature: { type: 'string', short: 's', value: 'FILE', help: 'the signature to verify against' },
  ...TRUST_OPTIONS,
  ignore: { type: 'string', value: 'PATH', multiple: true, help: 'this file or directory need not be signed' },
  'allow-unsigned': { type: 'boolean', help: 'accept files that nobody signed, unless they can run' },
  'allow-loader': { type: 'string', value: 'GLOB', multiple: true, help: 'accept these unsigned or ignored files although they can run' },
  'allow-symlinks': { type: 'boolean', help: 'follow links to files where the signer did' },
  legacy: { type: 'boolean', help: 'accept signatures of releases before 1.0 of the reference' },
  recursive: { type: 'boolean', short: 'r', help: 'verify every signed directory below DIRECTORY' },
  'signature-name': { type: 'string', value: 'NAME', help: 'name of the signatures for --recursive; default model.sig' },
  'emit-vsa': {
    type: 'string',
    value: 'FILE',
    isOutput: true,
    mark: SIGNATURE_MARK,
    help: 'write a signed summary of the verdict (SLSA) for others to check',
  },
  'vsa-key': { type: 'string', value: 'FILE', help: 'private key that signs the summary' },
  'passphrase-file': { type: 'string', value: 'FILE', help: 'file with the passphrase of --vsa-key in its first line' },
  verifier: { type: 'string', value: 'URI', help: 'who verifies, for the summary' },
  resource: { type: 'string', value: 'URI', help: 'where the model is found, for the summary' },
};

/** Is it asked for, rather than a manifest? */
export const asksForSignature = (args: Arguments): boolean => args.given('signature') || args.flag('recursive');

/** An option of signatures that was given, if any. */
export const givenSignatureOption = (args: Arguments): string | undefined =>
  Object.keys(SIGNATURE_OPTIONS).find((name) => args.given(name));
