/** What a consumer refuses, cuts, drops or overlooks in a CycloneDX document, as tables. */
import type { Finding, Severity } from '../../core/finding.js';
import type { Json } from './json.js';
import { walk } from './lint.js';

/** A rule over one object of the document. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly fix: string;
  /** Members that its objects stand in; '' is the document. */
  readonly within: readonly string[];
  /** What is wrong, and at which member; nothing when it is right. */
  readonly check: (node: Json) => readonly (readonly [member: string, message: string])[];
  /** Told once, at the first place, with the number of places. */
  readonly once?: boolean;
}

export type Profile = readonly Rule[];

/** Members that hold components which a consumer of software bills of materials reads. */
export const COMPONENT_PLACES: readonly string[] = ['component', 'components'];

/** Places whose components a consumer does not take for parts of the subject. */
const APART = /^\/(formulation|declarations|annotations|definitions|metadata\/tools)(\/|$)|\/(pedigree|evidence|modelCard)\//;

/** A text that is too long, and what becomes of it. */
export const tooLong = (rule: Pick<Rule, 'id' | 'severity' | 'fix' | 'within'>, member: string, max: number, effect: string): Rule => ({
  ...rule,
  check({ [member]: text }) {
    const isLong = typeof text === 'string' && text.length > max;
    return isLong ? [[member, `${member} has ${text.length} characters: ${effect}`]] : [];
  },
});

/** Members that the consumer does not read. */
export const ignoredBy = (title: string, members: readonly string[], within: readonly string[]): readonly Rule[] =>
  members.map((member) => ({
    id: `${title.toLowerCase()}-ignored`,
    severity: 'info',
    fix: 'Keep what matters there in places that it reads, or keep the document beside it.',
    within,
    once: true,
    check: (node) => (Object.hasOwn(node, member) ? [[member, `${title} does not read \`${member}\``]] : []),
  }));

/** The findings of a profile. What is told once is told at the end. */
export function lintFor(profile: Profile, document: unknown): Finding[] {
  const findings: Finding[] = [];
  const once = new Map<Rule, { pointer: string; message: string; count: number }>();
  const add = ({ id, severity, fix }: Rule, pointer: string, message: string): void =>
    void findings.push({ id, severity, message, fix, pointer });
  walk(document, '', '', (node, pointer, key) => {
    if (APART.test(pointer)) return;
    for (const rule of profile) {
      if (!rule.within.includes(key)) continue;
      for (const [member, message] of rule.check(node)) {
        const at = member === '' ? pointer : `${pointer}/${member}`;
        const seen = once.get(rule);
        if (rule.once !== true) add(rule, at, message);
        else if (seen === undefined) once.set(rule, { pointer: at, message, count: 1 });
        else seen.count++;
      }
    }
  });
  for (const [rule, { pointer, message, count }] of once) add(rule, pointer, count > 1 ? `${message} (${count} places)` : message);
  return findings;
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
