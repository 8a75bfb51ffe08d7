/** Claims that a rule of a policy asks for. */
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { mayHaveSigned } from '../lineage/index.js';
import { type PartyClaim, PREDICATES, type Statement } from '../sign/index.js';
import { compileCondition } from './conditions.js';
import type { ClaimRule, HandoffRule, LicenseRule, ScanRule } from './policy.js';

export interface Judging {
  readonly now: Date;
}

/** A claim that is of the right type and does not count for the rule. */
export interface ClaimFault {
  readonly line: number;
  readonly why: string;
}

type AskingRule = ClaimRule | LicenseRule | ScanRule | HandoffRule;

/** Claims that meet the rule, and why others of the type do not. */
export async function claimsThat(
  { now }: Judging,
  rule: AskingRule,
  claims: readonly PartyClaim[],
): Promise<{ readonly found: readonly PartyClaim[]; readonly faults: readonly ClaimFault[] }> {
  const found: PartyClaim[] = [];
  const faults: ClaimFault[] = [];
  for (const claim of claims) {
    const { statement, line, ok, parties } = claim;
    if (!ok || statement === undefined || statement.predicateType !== typeOf(rule)) continue;
    const why = mayHaveSigned(parties, rule.by) ? await whyNot(rule, claim, statement, now) : `signed by ${parties.join(', ')}`;
    if (why === undefined) found.push(claim);
    else faults.push({ line, why });
  }
  return { found, faults };
}

function typeOf(rule: AskingRule): string {
  if (rule.require === 'claim') return rule.type;
  return rule.require === 'handoff' ? PREDICATES.handoff : PREDICATES.manifest;
}

async function whyNot(rule: AskingRule, claim: PartyClaim, statement: Statement, now: Date): Promise<string | undefined> {
  const { predicate } = statement;
  if (rule.require === 'license') return whyNoLicense(rule.anyOf, predicate);
  if (rule.require === 'scan') return whyNoScan(rule.maxAgeDays, predicate, now);
  const age = ageOf(timeOf(statement), now);
  if (rule.maxAgeDays !== undefined) {
    const old = whyTooOld(age, rule.maxAgeDays);
    if (old !== undefined) return old;
  }
  if (rule.require === 'handoff') return whyNoHandoff(rule, claim, predicate);
  if (rule.when === undefined) return undefined;
  const compiled = await compileCondition(rule.when);
  if ('fault' in compiled) return compiled.fault;
  const { holds, fault } = compiled.condition({ predicate, signers: claim.parties, ageDays: age ?? -1 });
  return holds ? undefined : `the condition does not hold${fault === undefined ? '' : `: ${fault}`}`;
}

const DAY_MS = 86_400_000;
/** Clocks of others may be ahead by so much. */
const CLOCK_MS = 300_000;

/** In days; undefined without a time, and for one in the future. */
function ageOf(time: string | undefined, now: Date): number | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  const age = now.getTime() - at;
  return Number.isNaN(age) || age < -CLOCK_MS ? undefined : Math.max(0, age) / DAY_MS;
}

function whyTooOld(age: number | undefined, max: number): string | undefined {
  if (age === undefined) return 'it states no time, or one in the future';
  return age <= max ? undefined : `it is ${Math.floor(age)} days old, ${max} may be`;
}

const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  let at: unknown = value;
  for (const step of path) at = isObject(at) ? own(at, step) : undefined;
  return typeof at === 'string' ? at : undefined;
};

/** The time that a claim states of itself; the earliest where it states several. */
export function timeOf({ predicateType, predicate }: Statement): string | undefined {
  if (predicateType === PREDICATES.provenance)
    return textAt(predicate, 'runDetails', 'metadata', 'finishedOn') ?? textAt(predicate, 'runDetails', 'metadata', 'startedOn');
  if (predicateType === PREDICATES.verificationSummary) return textAt(predicate, 'timeVerified');
  if (predicateType === PREDICATES.handoff) return textAt(predicate, 'at');
  if (predicateType === PREDICATES.manifest) return textAt(predicate, 'bom', 'timestamp');
  if (predicateType === PREDICATES.cyclonedx) return textAt(predicate, 'metadata', 'timestamp');
  if (predicateType !== PREDICATES.testResult) return undefined;
  const configuration = own(predicate, 'configuration');
  const times = (isList(configuration) ? configuration : []).flatMap((each) => textAt(each, 'annotations', 'finishedOn') ?? []);
  return times.sort()[0];
}

/** Every licence that is stated must be one of those; a licence without an expression is none of them. */
function whyNoLicense(anyOf: readonly string[], predicate: JsonObject): string | undefined {
  const model = own(predicate, 'model');
  const licenses = isObject(model) ? own(model, 'licenses') : undefined;
  if (!isList(licenses) || licenses.length === 0) return 'it states no licence';
  const other = licenses.find((each) => !anyOf.includes(textAt(each, 'expression') ?? ''));
  return other === undefined
    ? undefined
    : `the licence ${textAt(other, 'expression') ?? textAt(other, 'name') ?? 'without a name'} is not allowed`;
}

function whyNoScan(maxAgeDays: number | undefined, predicate: JsonObject, now: Date): string | undefined {
  const security = own(predicate, 'security');
  const scans = isObject(security) ? own(security, 'scans') : undefined;
  if (!isList(scans) || scans.length === 0) return 'it has no scan';
  const whys = scans.map((each) => {
    if (textAt(each, 'status') !== 'complete') return `the scan is ${textAt(each, 'status') ?? 'of no status'}`;
    if (textAt(each, 'verdict') !== 'clean') return `the scan says ${textAt(each, 'verdict') ?? 'nothing'}`;
    return maxAgeDays === undefined ? undefined : whyTooOld(ageOf(textAt(each, 'date'), now), maxAgeDays);
  });
  return whys.find((why) => why !== undefined);
}

function whyNoHandoff({ to }: HandoffRule, { missing = [] }: PartyClaim, predicate: JsonObject): string | undefined {
  if (to !== undefined && textAt(predicate, 'to', 'id') !== to) return `it goes to ${textAt(predicate, 'to', 'id') ?? 'nobody'}`;
  return missing.length === 0
    ? undefined
    : `it names ${missing.length} claims that are gone or do not count: ${missing.slice(0, 3).join(', ')}`;
}
