/** Signatures of OpenSSF Model Signing v1.0: models are signed and verified without a network, by key or by certificate. */
export { type BatchOptions, type BatchResult, type BatchVerdict, verifyTree } from './batch.js';
export type { FileAnswer } from './compare.js';
export { isEncrypted } from './keys.js';
export type { Reason, ReasonClass, ReasonCode } from './reasons.js';
export { type SignOptions, type SignResult, signDirectory } from './sign.js';
export {
  type CertificateOptions,
  type CommandSignerOptions,
  commandSigner,
  type KeySignerOptions,
  keySigner,
  type Signer,
} from './signer.js';
export {
  type CertificateTrust,
  type KeyTrust,
  type SignerAnswer,
  type Trust,
  type Verdict,
  type VerifyOptions,
  verifyDirectory,
} from './verify.js';
