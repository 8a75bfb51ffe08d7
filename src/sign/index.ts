/** Signatures of OpenSSF Model Signing v1.0: models are signed and verified without a network, by key or by certificate. */
export { type BatchOptions, type BatchResult, type BatchVerdict, verifyTree } from './batch.js';
export {
  type AppendOptions,
  appendClaim,
  type ClaimsOptions,
  type ClaimsVerdict,
  type ClaimVerdict,
  claimIds,
  verifyClaims,
} from './claims.js';
export type { FileAnswer } from './compare.js';
export { isEncrypted } from './keys.js';
export {
  claimsByParties,
  judgeClaims,
  type Parties,
  type PartyAnswer,
  type PartyClaim,
  type PartyVerdict,
  type ReadParties,
  readParties,
  verifyByParties,
  withMissing,
} from './parties.js';
export { PREDICATES } from './predicate-rules.js';
export {
  type Descriptor,
  documentClaim,
  type HandoffFacts,
  handoff,
  type ProvenanceFacts,
  type ProvenanceInput,
  provenance,
  ROLES,
  type Role,
  RUN_KINDS,
  type RunKind,
  type SummaryFacts,
  type TestFacts,
  testResult,
  verificationSummary,
} from './predicates.js';
export type { CertificateTrust, KeylessAnswer, KeylessIdentity, KeylessTrust, KeyTrust, SignerAnswer, Trust } from './proof.js';
export type { Reason, ReasonClass, ReasonCode } from './reasons.js';
export { type RecordedFacts, recordedProvenance, subjectsOf } from './recorded.js';
export { CLAIMS_NAME, type SignOptions, type SignResult, signDirectory } from './sign.js';
export { type PresentModel, presentModel, readSignedModel, type SignedModel } from './signed-model.js';
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
