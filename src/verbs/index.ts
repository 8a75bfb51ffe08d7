/** One function for each verb of the program. */
export { type AuditVerbOptions, type AuditVerbResult, audit } from './audit.js';
export { type CollectVerbOptions, collect } from './collect.js';
export { type ComplyResult, type ComplyVerbOptions, comply } from './comply.js';
export { type ConvertOptions, type ConvertResult, convert } from './convert.js';
export { type DiffOptions, type DiffResult, diff } from './diff.js';
export type { DocumentInput } from './document.js';
export type { DocumentResult } from './document-result.js';
export { type InspectOptions, type InspectResult, inspect } from './inspect.js';
export { type MergeVerbOptions, merge } from './merge.js';
export type { VerbOptions } from './options.js';
export { type NotRun, type RecordResult, record } from './record.js';
export type { AnswerCode, RenderOptions, VerbResult } from './result.js';
export { type ScanVerbOptions, type ScanVerbResult, scan } from './scan.js';
export { type ShowResult, show } from './show.js';
export { type SignVerbOptions, type SignVerbResult, sign } from './sign.js';
export { type ValidateResult, type ValidateVerbOptions, validate } from './validate.js';
export { type ManifestVerdict, type SignatureVerdict, type VerifyByManifest, type VerifyBySignature, verify } from './verify.js';
