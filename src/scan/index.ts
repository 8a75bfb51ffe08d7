/** Static scan: what loading a model file would do, told without loading it. */
export { type Budget, openBudget } from './budget.js';
export { ruleSetDigest } from './digest.js';
export { type FileScan, scanSource } from './engine.js';
export type { Finding as ScanFinding, Inspection, Inspector, Nested, ScanContext, Span } from './inspector.js';
export { judgeRepository, withFindings } from './repository.js';
export type { ScanRule } from './rule.js';
export { ruleOf, SCAN_RULES } from './rules/index.js';
export { DEFAULT_SETTINGS, SCAN_LIMITS, type ScanLimits, type ScanSettings, scanSettings } from './settings.js';
export { type Status, type Verdict, verdictOf } from './verdict.js';
