/** All rules of the scanner, by id. */
import type { Finding } from '../inspector.js';
import type { ScanRule } from '../rule.js';
import { CONTAINER_RULES } from './containers.js';
import { FORMAT_RULES } from './formats.js';
import { PICKLE_RULES } from './pickle.js';

export const SCAN_RULES: readonly ScanRule[] = [...PICKLE_RULES, ...CONTAINER_RULES, ...FORMAT_RULES].sort((a, b) =>
  a.id < b.id ? -1 : 1,
);

const BY_ID: ReadonlyMap<string, ScanRule> = new Map(SCAN_RULES.map((rule) => [rule.id, rule]));

/** The rule of an id. */
export const ruleOf = (id: string): ScanRule | undefined => BY_ID.get(id);

/** A finding of a rule, with the rule's severity and verdict unless they are given. */
export function finding(id: string, message: string, more: Partial<Omit<Finding, 'rule' | 'message'>> = {}): Finding {
  const rule = BY_ID.get(id);
  if (rule === undefined) throw new Error(`scan: there is no rule \`${id}\``);
  return { rule: id, severity: rule.severity, verdict: rule.verdict, message, ...more };
}
