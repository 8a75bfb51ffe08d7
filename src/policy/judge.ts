/**
 * Whether a model passes. Every rule asks that something is there and valid, and none that something is not: whatever claim is taken away,
 * the answer is the same or stricter.
 */
import { firstOf } from '../core/finding.js';
import { globPattern } from '../core/glob.js';
import { edgesOf, idOf, type Lineage, type LineageNode, mayHaveSigned, type NodeRole } from '../lineage/index.js';
import type { PartyClaim } from '../sign/index.js';
import { type ClaimFault, claimsThat, type Judging } from './claims.js';
import { type EdgeRule, type FilesRule, isAskedOf, type Policy, type Rule, rulesAt, type SignatureRule, signersOf } from './policy.js';

/** The answer of one rule about one thing. */
export interface RuleAnswer {
  readonly rule: string;
  readonly require: Rule['require'];
  /** Id of a node of the lineage. */
  readonly node: string;
  readonly name: string;
  readonly role: NodeRole;
  readonly ok: boolean;
  /** Why not, or by what. */
  readonly detail: string;
  /** Names of the claims that it rests on. */
  readonly evidence: readonly string[];
  /** What to do, when it is not met. */
  readonly next?: string;
}

export interface PolicyVerdict {
  readonly ok: boolean;
  readonly policy: string;
  readonly boundary?: string;
  /** Rules about the model itself first. */
  readonly answers: readonly RuleAnswer[];
}

/** The model by a policy at one of its boundaries. @throws ERR_POLICY_INVALID for a boundary that it does not have */
export async function judgeByPolicy(
  policy: Policy,
  lineage: Lineage,
  options: { readonly boundary?: string; readonly now: Date },
): Promise<PolicyVerdict> {
  const { boundary, now } = options;
  const rules = rulesAt(policy, boundary);
  const judge: Judge = { rules, lineage, now, done: new Map(), answers: [] };
  const ok = (await judgeNode(judge, lineage.root, 'root')) && rules.length > 0;
  return { ok, policy: policy.id, ...(boundary === undefined ? {} : { boundary }), answers: judge.answers };
}

interface Judge extends Judging {
  readonly rules: readonly Rule[];
  readonly lineage: Lineage;
  /** By node and role; the ancestry has no cycles, so that an answer never waits for itself. */
  readonly done: Map<string, boolean>;
  readonly answers: RuleAnswer[];
}

/** Something in a role passes when it is verified and meets every rule for that role. */
async function judgeNode(judge: Judge, id: string, role: NodeRole): Promise<boolean> {
  const key = `${role} ${id}`;
  const known = judge.done.get(key);
  if (known !== undefined) return known;
  const node = judge.lineage.nodes.get(id);
  if (node === undefined) return false;
  let ok = node.isIntact && mayHaveSigned(node.parties, signersOf(judge.rules, role));
  for (const rule of judge.rules.filter((each) => isAskedOf(each, role))) {
    const { next = NEXT[rule.require], id: name, require } = rule;
    const answer = await answerOf(judge, rule, node, role);
    judge.answers.push({ rule: name, require, node: id, name: node.name, role, ...answer, ...(answer.ok ? {} : { next }) });
    ok &&= answer.ok;
  }
  judge.done.set(key, ok);
  return ok;
}

const NEXT: Readonly<Record<Rule['require'], string>> = {
  signature: 'Get the thing as its signer has it, with a signature by a role that the rule names.',
  edge: 'Get provenance that states it, and what it states with its signature, and name the place with --roots.',
  claim: 'Ask one of the roles that the rule names for the claim.',
  files: 'Remove the files, or allow them in the policy.',
  license: 'Ask for a manifest with an allowed licence, or allow the licence in the policy.',
  scan: 'Scan the files anew and have the manifest with the result signed.',
  handoff: 'Ask whoever gives the model for a hand-off, and for all claims that it names.',
};

type Answer = Pick<RuleAnswer, 'ok' | 'detail' | 'evidence'>;

async function answerOf(judge: Judge, rule: Rule, node: LineageNode, role: NodeRole): Promise<Answer> {
  if (rule.require === 'signature') return signatureAnswer(rule, node);
  if (rule.require === 'files') return filesAnswer(rule, node);
  if (rule.require === 'edge') return edgeAnswer(judge, rule, node);
  const { found, faults } = await claimsThat(judge, rule, node.claims);
  const [first] = found;
  if (first !== undefined) return { ok: true, detail: `by ${first.parties.join(', ')}`, evidence: [first.id ?? ''] };
  return { ok: false, detail: withFaults(`no such claim about ${role === 'root' ? 'the model' : `the ${role}`}`, faults), evidence: [] };
}

const withFaults = (what: string, faults: readonly ClaimFault[]): string =>
  faults.length === 0
    ? what
    : `${what}: ${faults
        .slice(0, 5)
        .map(({ line, why }) => `line ${line}: ${why}`)
        .join('; ')}`;

function signatureAnswer({ by }: SignatureRule, node: LineageNode): Answer {
  const who = node.parties.filter((each) => by.includes(each));
  if (node.isIntact && who.length > 0) return { ok: true, detail: `signed by ${who.join(', ')}`, evidence: [] };
  const [first] = node.reasons;
  const why = first === undefined ? '' : `: ${first.path === undefined ? '' : `${first.path}: `}${first.detail}`;
  const by_ = node.isIntact ? `signed by ${node.parties.join(', ')}, not by ${by.join(' or ')}` : node.state;
  return { ok: false, detail: `${by_}${why}`, evidence: [] };
}

/** Left out of every signature: files of Git, and claims, which come later. */
const ALWAYS_IGNORED = new Set(['.git', '.gitignore', '.gitattributes', '.github', 'claims.jsonl']);

function filesAnswer({ only, ignored = [] }: FilesRule, { signed, files, state }: LineageNode): Answer {
  if (signed === undefined || files === undefined) return { ok: false, detail: `the files were not looked at: ${state}`, evidence: [] };
  const allowed = only?.map(globPattern);
  const left = ignored.map(globPattern);
  const strange = signed.filter((path) => allowed !== undefined && !allowed.some((glob) => glob.test(path)));
  const holes = files.ignored.map(({ path }) => path).filter((path) => !ALWAYS_IGNORED.has(path) && !left.some((glob) => glob.test(path)));
  if (strange.length > 0) return { ok: false, detail: `not allowed: ${firstOf(strange, 5)}`, evidence: [] };
  if (holes.length > 0) return { ok: false, detail: `left out of the signature: ${firstOf(holes, 5)}`, evidence: [] };
  return { ok: true, detail: `${signed.length} files`, evidence: [] };
}

/** One claim by whom the rule names, all of whose things in that role pass; another claim that says otherwise changes nothing. */
async function edgeAnswer(judge: Judge, { role, min = 1, by }: EdgeRule, node: LineageNode): Promise<Answer> {
  const faults: ClaimFault[] = [];
  for (const claim of node.claims) {
    if (!claim.ok || claim.statement === undefined || !statesEdges(claim)) continue;
    const why = mayHaveSigned(claim.parties, by) ? await whyNoEdge(judge, claim, role, min) : `signed by ${claim.parties.join(', ')}`;
    if (why === undefined) return { ok: true, detail: `all that it states is verified`, evidence: [claim.id ?? ''] };
    faults.push({ line: claim.line, why });
  }
  return { ok: false, detail: withFaults(`no ${role} that is verified`, faults), evidence: [] };
}

/** Provenance says what went in, also when that is nothing. */
const statesEdges = ({ statement }: PartyClaim): boolean =>
  statement !== undefined && (statement.predicateType === 'https://slsa.dev/provenance/v1' || edgesOf(statement).length > 0);

async function whyNoEdge(judge: Judge, { statement }: PartyClaim, role: EdgeRule['role'], min: number): Promise<string | undefined> {
  const stated = statement === undefined ? [] : edgesOf(statement).filter((edge) => edge.role === role);
  if (stated.length < min) return `it states ${stated.length} of ${min}`;
  for (const edge of stated) {
    const id = idOf(edge);
    if (await judgeNode(judge, id, role)) continue;
    const there = judge.lineage.nodes.get(id);
    return `${edge.name ?? id} (${id}) is ${there === undefined ? 'not there' : there.state === 'verified' ? 'verified, and breaks a rule' : there.state}`;
  }
  return undefined;
}
