/** What laws, guidelines and forms ask of a manifest, as data, and which of it a manifest has. */
export { type ComplyOptions, comply, type ProfileHead, type Report } from './comply.js';
export type { SchemaNode } from './examples.js';
export { type Answer, STATUSES, type Status } from './judge.js';
export { builtInProfile, PROFILE_IDS, readProfile } from './load.js';
export type { Judged, Level, Op, Predicate, Profile, Reading, Requirement, Where } from './profile.js';
export { complyAsCycloneDX } from './report/cyclonedx.js';
export { complyAsHtml } from './report/html.js';
export { complyAsJson } from './report/json.js';
export { complyAsMarkdown } from './report/markdown.js';
export { complyAsOscal } from './report/oscal.js';
export { complyAsSarif } from './report/sarif.js';
export { complyAsText } from './report/text.js';
export type { DocumentSignature } from './special.js';
export { todoAsYaml } from './todo.js';
export type { By, Recomputed } from './vouched.js';
export { conditionInWords } from './words.js';
