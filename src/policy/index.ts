/** Policies: what must be there and valid before a model passes a boundary. */
export { timeOf } from './claims.js';
export { type Condition, type ConditionFacts, compileCondition } from './conditions.js';
export { judgeByPolicy, type PolicyVerdict, type RuleAnswer } from './judge.js';
export { POLICY_IDS, readyPolicy } from './policies/index.js';
export {
  type ClaimRule,
  type EdgeRule,
  type FilesRule,
  type HandoffRule,
  isAskedOf,
  type LicenseRule,
  type Policy,
  type RoleTrust,
  type Rule,
  readPolicy,
  rulesAt,
  type ScanRule,
  type SignatureRule,
  signersOf,
} from './policy.js';
