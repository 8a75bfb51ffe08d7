/** Known vulnerabilities of what a model stands on, told offline from advisories that the user has. */
export { type Advisory, type AffectedPackage, type RangeEvent, readAdvisory } from './advisory.js';
export { type Decision, decide, nearestFix } from './affects.js';
export { type AuditFinding, type AuditOptions, type AuditResult, audit, keeperFor, type Unevaluated } from './audit.js';
export type { Package } from './packages.js';
export type { Reachability } from './reach.js';
export { auditAsText } from './report.js';
export { readRule } from './rules.js';
export { baseScore } from './severity.js';
export { readOpenVex, toCycloneDXVex, toOpenVex, type VexOptions, type VexStatement } from './vex.js';
