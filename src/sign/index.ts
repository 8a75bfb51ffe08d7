/** Signatures of OpenSSF Model Signing v1.0: models are signed and verified without a network, by key or by certificate. */
export { type BatchOptions, type BatchResult, type BatchVerdict, verifyTree } from './batch.js';
export {
  type AppendOptions,
  appendClaim,
  type ClaimsOptions,
  type ClaimsVerdict,
  type ClaimVerdict,
  verifyClaims,
} from './claims.js';
export type { FileAnswer } from './compare.js';
export { isEncrypted } from './keys.js';
export { PREDICATES } from './predicate-rules.js';
export {
  type Descriptor,
  type HandoffFacts,
  handoff,
  type ProvenanceFacts,
  provenance,
  type Role,
  type RunKind,
  type SummaryFacts,
  type TestFacts,
  testResult,
  verificationSummary,
} from './predicates.js';
export type { CertificateTrust, KeylessAnswer, KeylessIdentity, KeylessTrust, KeyTrust, SignerAnswer, Trust } from './proof.js';
export type { Reason, ReasonClass, ReasonCode } from './reasons.js';
export { type SignOptions, type SignResult, signDirectory } from './sign.js';
export {
  type CertificateOptions,
  type CommandSignerOptions,
  commandSigner,
  type KeylessSigner,
  type KeySignerOptions,
  keySigner,
  type Signer,
} from './signer.js';
export {
  type SignedStatement,
  type Statement,
  type StatementOptions,
  type StatementVerdict,
  type Subject,
  signStatement,
  statement,
  verifyStatement,
} from './statements.js';
export { type Verdict, type VerifyOptions, verifyDirectory } from './verify.js';
