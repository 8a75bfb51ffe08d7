/** Known vulnerabilities of what a model stands on, told offline from advisories that the user has. */

export type { HttpAnswer, HttpRequest } from '../core/http.js';
export { type Advisory, type AffectedPackage, type RangeEvent, readAdvisory } from './advisory.js';
export { type Decision, decide, nearestFix, nearestSafe } from './affects.js';
export {
  type AuditFinding,
  type AuditOptions,
  type AuditResult,
  audit,
  type FindingVex,
  keeperFor,
  type Unevaluated,
} from './audit.js';
export { compareVersions } from './ecosystems.js';
export { constraintsOf, type Fix, fixesFor } from './fixes.js';
export { HEALTH_FLAGS, type Health, type HealthFact, type HealthFlag, type HealthSnapshot, healthOf, readHealth } from './health.js';
export { withVulnerabilities } from './into-manifest.js';
export { type KnownFinding, knownFindings, type ModelReport, readModelReports } from './known.js';
export { advisoriesOnline, askedOnline, type OnlineOptions } from './online.js';
export { type Package, packagesOf } from './packages.js';
export type { Reachability } from './reach.js';
export { readAdvisories } from './read.js';
export { auditAsText } from './report.js';
export { readRule } from './rules.js';
export { baseScore } from './severity.js';
export { readVex } from './vex/read.js';
export type { Disregard, VexPolicy, VexProduct, VexStatement } from './vex/statement.js';
export type { VexJustification, VexStatus } from './vex/words.js';
export { toCsafVex, toCycloneDXVex, toOpenVex, type VexOptions, type WrittenVex } from './vex/write.js';
