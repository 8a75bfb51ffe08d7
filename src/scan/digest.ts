import { canonicalDigest } from '../core/digest.js';
import { ALLOW_GROUPS } from './pickle/allow/index.js';
import { DENIED } from './pickle/deny.js';
import { SCAN_RULES } from './rules/index.js';

/** SHA-256 over all rules and lists of names: two scans with the same digest judge by the same. */
export function ruleSetDigest(): string {
  return canonicalDigest(JSON.parse(JSON.stringify({ rules: SCAN_RULES, allowed: ALLOW_GROUPS, denied: DENIED })));
}
