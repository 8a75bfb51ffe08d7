/** A policy: what must be there and valid before a model may pass a boundary. Its form: schema/policy-1.0. */
import { breachesOf } from '../core/compiled-schema.js';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { nearest } from '../core/nearest.js';
import type { NodeRole } from '../lineage/index.js';
import type { KeylessIdentity, Role } from '../sign/index.js';
import { whyNoNamePattern } from '../sign/name-pattern.js';
import { compileCondition } from './conditions.js';
import validate from './generated/validate-policy.js';

interface RuleBase {
  readonly id: string;
  readonly description?: string;
  /** What to do when it is not met. */
  readonly next?: string;
  /** Default the model itself. */
  readonly on?: '*' | readonly NodeRole[];
}
interface ByRule extends RuleBase {
  /** Roles of the policy. */
  readonly by: readonly string[];
}
export interface SignatureRule extends ByRule {
  readonly require: 'signature';
}
export interface EdgeRule extends ByRule {
  readonly require: 'edge';
  readonly role: Role;
  readonly min?: number;
}
export interface ClaimRule extends ByRule {
  readonly require: 'claim';
  readonly type: string;
  readonly maxAgeDays?: number;
  readonly when?: string;
}
export interface FilesRule extends RuleBase {
  readonly require: 'files';
  readonly only?: readonly string[];
  readonly ignored?: readonly string[];
  readonly unsigned?: boolean;
  readonly loaders?: readonly string[];
}
export interface LicenseRule extends ByRule {
  readonly require: 'license';
  readonly anyOf: readonly string[];
}
export interface ScanRule extends ByRule {
  readonly require: 'scan';
  readonly maxAgeDays?: number;
}
export interface HandoffRule extends ByRule {
  readonly require: 'handoff';
  readonly to?: string;
  readonly maxAgeDays?: number;
}
export type Rule = SignatureRule | EdgeRule | ClaimRule | FilesRule | LicenseRule | ScanRule | HandoffRule;

/** Whose signature counts as that of a role. */
export type RoleTrust =
  | { readonly publicKey: string }
  | { readonly roots: readonly string[]; readonly identities: readonly string[]; readonly anyUsage?: boolean }
  | { readonly trustedRoot: string; readonly signers: readonly KeylessIdentity[] };

export interface Policy {
  readonly policyVersion: '1.0';
  readonly id: string;
  readonly description?: string;
  readonly roles: Readonly<Record<string, { readonly description?: string; readonly anyOf: readonly RoleTrust[] }>>;
  readonly limits?: { readonly depth?: number; readonly nodes?: number };
  readonly rules: readonly Rule[];
  readonly boundaries?: Readonly<Record<string, { readonly description?: string; readonly rules: readonly Rule[] }>>;
}

/** What a policy may cost: bytes, depth and values of its JSON, and rules in all. */
const LIMITS = { maxDocumentBytes: 8 * 1024 * 1024, maxDepth: 24, maxValues: 400_000 };
const MAX_RULES = 10_000;
/** Stars of one glob: each is looked for in what the one before left over. */
const MAX_STARS = 6;

const invalid = (
  message: string,
  file: string | undefined,
  pointer: string,
  hint = 'See docs/policy.md for the form of policies.',
): MsbomError => new MsbomError('ERR_POLICY_INVALID', message, { file, pointer, hint });

/**
 * A policy from the bytes of its file. Nothing of it is left to be found wrong later: every role that a rule names is there, every
 * condition can be evaluated.
 * @throws ERR_POLICY_INVALID with the pointer of what is wrong, ERR_JSON_*, ERR_LIMIT_*
 */
export async function readPolicy(input: string | Uint8Array, file?: string): Promise<Policy> {
  const value = parseJson(input, { ...(file === undefined ? {} : { file }), limits: LIMITS });
  const [breach] = breachesOf(validate, value).filter(({ keyword }) => keyword !== 'oneOf');
  const breaches = breachesOf(validate, value);
  if (breaches.length > 0) {
    const { keyword, instancePath } = nearestBreach(breaches) ?? breach ?? { keyword: 'form', instancePath: '' };
    throw invalid(`it breaks the schema of policies (${keyword})`, file, instancePath);
  }
  const policy = value as unknown as Policy; // the schema was met
  checkRoles(policy, file);
  await checkRules(policy, file);
  return policy;
}

/** Of a rule that is none of its kinds, what is wrong with the kind that it says it is. */
function nearestBreach<T extends { readonly instancePath: string; readonly keyword: string }>(breaches: readonly T[]): T | undefined {
  const deepest = breaches.filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'const');
  return deepest.sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length)[0];
}

function checkRoles({ roles }: Policy, file: string | undefined): void {
  for (const [name, { anyOf }] of Object.entries(roles))
    for (const [i, trust] of anyOf.entries())
      for (const [k, signer] of ('signers' in trust ? trust.signers : []).entries()) {
        const why = 'pattern' in signer ? whyNoNamePattern(signer.pattern) : undefined;
        if (why !== undefined) throw invalid(why, file, `/roles/${name}/anyOf/${i}/signers/${k}/pattern`);
      }
}

async function checkRules(policy: Policy, file: string | undefined): Promise<void> {
  const groups = [
    ['/rules', policy.rules] as const,
    ...Object.entries(policy.boundaries ?? {}).map(([name, { rules }]) => [`/boundaries/${name}/rules`, rules] as const),
  ];
  if (groups.reduce((sum, [, rules]) => sum + rules.length, 0) > MAX_RULES)
    throw new MsbomError('ERR_LIMIT_COUNT', `the policy has more than ${MAX_RULES} rules`, { file });
  for (const [at, rules] of groups) {
    const ids = new Set(at === '/rules' ? [] : policy.rules.map(({ id }) => id));
    for (const [i, rule] of rules.entries()) {
      const pointer = `${at}/${i}`;
      if (ids.has(rule.id)) throw invalid(`the rule ${rule.id} stands twice`, file, `${pointer}/id`);
      ids.add(rule.id);
      await checkRule(rule, policy, file, pointer);
    }
  }
}

async function checkRule(rule: Rule, policy: Policy, file: string | undefined, pointer: string): Promise<void> {
  const known = Object.keys(policy.roles);
  const unknown = 'by' in rule ? rule.by.find((name) => !known.includes(name)) : undefined;
  if (unknown !== undefined) {
    const guess = nearest(unknown, known);
    throw invalid(`there is no role ${unknown}`, file, `${pointer}/by`, guess === undefined ? undefined : `Did you mean ${guess}?`);
  }
  if (rule.require === 'files') {
    const globs = [...(rule.only ?? []), ...(rule.ignored ?? []), ...(rule.loaders ?? [])];
    const costly = globs.find((glob) => glob.split('*').length - 1 > MAX_STARS);
    if (costly !== undefined) throw invalid(`the glob ${costly} has more than ${MAX_STARS} stars`, file, pointer);
  }
  if (rule.require === 'claim' && rule.when !== undefined) {
    const compiled = await compileCondition(rule.when);
    if ('fault' in compiled) throw invalid(`the condition cannot be used: ${compiled.fault}`, file, `${pointer}/when`);
  }
}

/** Rules at a boundary, those of the policy first. @throws ERR_POLICY_INVALID for a boundary that it does not have */
export function rulesAt(policy: Policy, boundary: string | undefined): readonly Rule[] {
  if (boundary === undefined) {
    const [first] = Object.keys(policy.boundaries ?? {});
    if (first === undefined) return policy.rules;
    throw new MsbomError('ERR_POLICY_INVALID', 'the policy has boundaries, and none was named', {
      hint: `Give --boundary with one of ${Object.keys(policy.boundaries ?? {}).join(', ')}.`,
    });
  }
  const found = Object.hasOwn(policy.boundaries ?? {}, boundary) ? policy.boundaries?.[boundary] : undefined;
  if (found === undefined) {
    const guess = nearest(boundary, Object.keys(policy.boundaries ?? {}));
    throw new MsbomError('ERR_POLICY_INVALID', `the policy has no boundary ${boundary}`, {
      hint: guess === undefined ? 'See the boundaries in the policy.' : `Did you mean ${guess}?`,
    });
  }
  return [...policy.rules, ...found.rules];
}

/** Is a rule asked of things in that role? */
export const isAskedOf = ({ on = ['root'] }: Rule, role: NodeRole): boolean => on === '*' || on.includes(role);

/** Roles of the policy whose signature over something in that role counts: all of them where no rule names any. */
export function signersOf(rules: readonly Rule[], role: NodeRole): readonly string[] | undefined {
  const asked = rules.filter((rule): rule is SignatureRule => rule.require === 'signature' && isAskedOf(rule, role));
  return asked.length === 0 ? undefined : [...new Set(asked.flatMap(({ by }) => by))];
}
