/** Verifying a model with its ancestry, or by a policy, and the answer as text. */
import { join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { printableDocument, printableJson } from '../core/printable.js';
import {
  type Lineage,
  type LineageNode,
  type LineageOptions,
  lineageAsDot,
  lineageAsJson,
  lineageAsMermaid,
  openStore,
  verifyLineage,
} from '../lineage/index.js';
import { isAskedOf, judgeByPolicy, type PolicyVerdict, rulesAt, signersOf } from '../policy/index.js';
import { type Line, printLines, type Span } from '../report/index.js';
import { type Descriptor, type Parties, presentModel, readParties, type Verdict } from '../sign/index.js';
import { renderFindings } from '../verbs/findings.js';
import { reasonFindings } from '../verbs/signature-text.js';
import type { Arguments } from './command.js';
import { EXIT, type ExitCode, type Session } from './io.js';
import { type GivenPolicy, policyFrom } from './policy-input.js';
import { paintFor } from './printer.js';
import { trustFrom } from './signature.js';
import { givenTrustOption } from './signature-options.js';
import { excluder, nowFrom, numberFrom } from './values.js';
import { signatureInput, summarizer } from './verification-summary.js';

const usage = (message: string, hint: string): MsbomError => new MsbomError('ERR_CLI_USAGE', message, { hint });

/** The form of `--format json`: members are added, none changes its meaning. */
export interface CustodyVerdict {
  readonly version: 1;
  readonly ok: boolean;
  readonly lineage: object;
  readonly policy?: PolicyVerdict;
  /** What speaks against it besides. */
  readonly reasons: readonly string[];
  /** What the caller accepts that is not accepted by itself. */
  readonly relaxed: readonly string[];
}

export async function verifyCustody(args: Arguments, io: Session): Promise<ExitCode> {
  requireUse(args);
  const target = resolve(io.cwd, args.positionals[0] ?? '.');
  const signature = resolve(io.cwd, args.text('signature') ?? join(target, 'model.sig'));
  await io.guard.reads(signature);
  return judgeCustody(args, io, {
    lineage: (options) => verifyLineage(target, signature, options),
    summarized: async (ok, lineage) => [asVerdict(ok, lineage, target), await signatureInput(signature)],
  });
}

/** What custody is asked of. */
export interface CustodyTarget {
  lineage(options: LineageOptions): Promise<Lineage>;
  /** What a summary says of it, and what was judged. */
  summarized(ok: boolean, lineage: Lineage): Promise<readonly [Verdict, Descriptor]>;
}

/** Ancestry, and the rules of a policy if one is given. */
export async function judgeCustody(args: Arguments, io: Session, target: CustodyTarget): Promise<ExitCode> {
  const name = args.text('policy');
  const given = name === undefined ? undefined : await policyFrom(name, args, io);
  const parties: Parties = given?.parties ?? { signer: [await trustFrom(args, io)] };
  const summarize = await summarizer(args, io, () => summaryPolicy(given, args.text('boundary')));
  const lineage = await target.lineage(await optionsFrom(args, io, parties, given));
  const reasons = await baseReasons(args, io, lineage);
  const boundary = args.text('boundary');
  const judged =
    given === undefined
      ? undefined
      : await judgeByPolicy(given.policy, lineage, { now: nowFrom(io), ...(boundary === undefined ? {} : { boundary }) });
  const ok = reasons.length === 0 && (judged?.ok ?? [...lineage.nodes.values()].every(({ state }) => state === 'verified'));
  if (summarize !== undefined) await summarize(...(await target.summarized(ok, lineage)));
  await write(args, io, lineage, {
    version: 1,
    ok,
    lineage: lineageAsJson(lineage),
    ...(judged === undefined ? {} : { policy: judged }),
    reasons,
    relaxed: relaxationsOf(args),
  });
  return ok ? EXIT.clean : EXIT.negative;
}

/** @throws ERR_CLI_USAGE */
export function requireUse(args: Arguments): void {
  const other = ['manifest', 'exclude', 'strict', 'waivers', 'recursive', 'signature-name', 'legacy'].find((name) => args.given(name));
  if (other !== undefined) throw usage(`\`--${other}\` means nothing with --lineage or --policy`, 'leave it out');
  const byOptions = givenTrustOption(args);
  if (!args.given('policy')) {
    const policyOnly = ['boundary', 'role', 'explain'].find((name) => args.given(name));
    if (policyOnly !== undefined) throw usage(`\`--${policyOnly}\` is of a policy`, 'give one with --policy');
  } else if (byOptions !== undefined) {
    throw usage(`\`--${byOptions}\` means nothing with a policy, whose roles say who may sign`, 'use --role');
  } else {
    const [relaxed] = relaxationsOf(args);
    if (relaxed !== undefined) throw usage(`\`--${relaxed}\` means nothing with a policy`, 'let it in by a rule `files` of the policy');
  }
}

/** Options that let in what is not let in by itself. */
const relaxationsOf = (args: Arguments): readonly string[] =>
  ['ignore', 'allow-unsigned', 'allow-loader', 'allow-symlinks', 'any-identity', 'any-usage', 'at'].filter((name) => args.given(name));

async function optionsFrom(args: Arguments, io: Session, parties: Parties, given: GivenPolicy | undefined): Promise<LineageOptions> {
  const base = args.text('base');
  const roots = [...args.texts('roots'), ...(base === undefined ? [] : [base])].map((each) => resolve(io.cwd, each));
  const [jobs, claims, loaders] = [numberFrom(args, 'jobs'), args.text('claims'), args.texts('allow-loader')];
  const rules = given === undefined ? undefined : rulesAt(given.policy, args.text('boundary'));
  const files = (rules ?? []).flatMap((rule) => (rule.require === 'files' && isAskedOf(rule, 'root') ? [rule] : []));
  const allowed = excluder([...loaders, ...files.flatMap((rule) => rule.loaders ?? [])]);
  const { depth, nodes } = given?.policy.limits ?? {};
  return {
    parties: readParties(parties),
    store: await openStore(roots),
    files: {
      ignore: args.texts('ignore'),
      allowUnsigned: args.flag('allow-unsigned') || (files.length > 0 && files.every(({ unsigned }) => unsigned === true)),
      allowSymlinks: args.flag('allow-symlinks'),
      allowLoader: allowed,
    },
    ...(rules === undefined ? {} : { signersOf: (role) => signersOf(rules, role) }),
    ...(depth === undefined ? {} : { maxDepth: depth }),
    ...(nodes === undefined ? {} : { maxNodes: nodes }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(claims === undefined ? {} : { claimsFile: resolve(io.cwd, claims) }),
  };
}

/** An adapter runs on the base that it was made for, and on no other. */
async function baseReasons(args: Arguments, io: Session, { root, nodes }: Lineage): Promise<readonly string[]> {
  const base = args.text('base');
  if (base === undefined) return [];
  const pinned = (nodes.get(root)?.edges ?? []).filter(({ role }) => role === 'base-model').map(({ to }) => to);
  if (pinned.length === 0) return ['no claim that counts states a base model'];
  const there = await rootThere(resolve(io.cwd, base));
  if (pinned.includes(`sha256:${there}`)) return [];
  return [`the base model there is sha256:${there}, the model was made for ${pinned.join(' or ')}`];
}

/** By its signature, if the files are those that were signed; else as it lies there. */
async function rootThere(directory: string): Promise<string> {
  const signature = join(directory, 'model.sig');
  try {
    return (await presentModel(directory, signature)).root;
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return (await presentModel(directory, undefined, { leaveOut: signature })).root;
  }
}

function summaryPolicy(given: GivenPolicy | undefined, boundary: string | undefined): Descriptor {
  if (given === undefined) return { uri: 'urn:msbom:policy:lineage:1' };
  const at = boundary === undefined ? '' : `:${boundary}`;
  return { uri: `urn:msbom:policy:${given.policy.id}${at}`, digest: { sha256: given.sha256 } };
}

/** For a summary: nothing is said of what nobody signed. */
function asVerdict(ok: boolean, { root, nodes }: Lineage, target: string): Verdict {
  const isProven = (nodes.get(root)?.parties.length ?? 0) > 0 && root.startsWith('sha256:');
  const model = target.slice(target.lastIndexOf('/') + 1);
  const sha256 = root.slice('sha256:'.length);
  return { version: 1, ok, model, reasons: [], notes: [], relaxed: [], ...(isProven ? { root: { sha256 } } : {}) };
}

async function write(args: Arguments, io: Session, lineage: Lineage, verdict: CustodyVerdict): Promise<void> {
  const format = args.text('format');
  const file = args.positionals[0] ?? '.';
  if (format === 'sarif' || format === 'github')
    return io.stdout.write(await renderFindings(format, [{ file, valid: verdict.ok, findings: findingsOf(lineage, verdict, file) }]));
  if (format === 'json') io.stdout.write(printableJson(verdict));
  else if (format === 'dot') io.stdout.write(printableDocument(lineageAsDot(lineage)));
  else if (format === 'mermaid') io.stdout.write(printableDocument(lineageAsMermaid(lineage)));
  else io.stdout.write(printLines(verdictLines(args, lineage, verdict), paintFor(io.stdout, io)));
}

function verdictLines(args: Arguments, lineage: Lineage, verdict: CustodyVerdict): readonly Line[] {
  const answers = verdict.policy === undefined ? [] : answerLines(verdict.policy, args.flag('explain'));
  const { ok, reasons } = verdict;
  return [
    ...treeLines(lineage),
    ...lineage.unreadable.map((each): Line => [['yellow', 'not read'], `  ${each}`]),
    ...answers,
    ...(verdict.relaxed.length === 0 ? [] : [[['yellow', 'accepted by option'], `  ${verdict.relaxed.join(', ')}`] satisfies Line]),
    ...reasons.map((each): Line => [['red', 'base'], `  ${each}`]),
    [
      [ok ? 'green' : 'red', ok ? 'verified' : 'not verified'],
      verdict.policy === undefined ? '' : `  by the policy ${verdict.policy.policy}`,
    ],
  ];
}

/** What speaks against the model: a policy that is not met, or else whatever nobody trusted vouches for. */
function findingsOf({ nodes }: Lineage, { policy, reasons }: CustodyVerdict, file: string): readonly Finding[] {
  const answers = (policy?.answers ?? []).filter(({ ok }) => !ok);
  const open = policy === undefined ? [...nodes.values()].filter(({ state }) => state !== 'verified') : [];
  return [
    ...answers.map(
      ({ rule, name, detail, next }): Finding => ({
        id: 'policy-not-met',
        severity: 'high',
        message: `${rule} (${name}): ${detail}`,
        fix: next,
        file,
      }),
    ),
    ...open.flatMap((node): readonly Finding[] =>
      node.reasons.length > 0
        ? reasonFindings(node.reasons, file)
        : [{ id: `lineage-${node.state}`, severity: 'high', message: `${node.name} (${node.id}) is ${node.state}`, file }],
    ),
    ...reasons.map((message): Finding => ({ id: 'base-model', severity: 'high', message, file })),
  ];
}

/** Nodes below each other; what was shown above is not shown again. */
function treeLines({ root, nodes }: Lineage): readonly Line[] {
  const lines: Line[] = [];
  const shown = new Set<string>();
  const add = (id: string, role: string, depth: number): void => {
    const node = nodes.get(id);
    if (node === undefined) return;
    const isAgain = shown.has(id);
    lines.push(['  '.repeat(depth), `${role}  ${node.name}  `, stateSpan(node), ...(isAgain ? [' (see above)'] : tail(node))]);
    if (isAgain) return;
    shown.add(id);
    for (const edge of node.edges) add(edge.to, edge.role, depth + 1);
    const refused = node.claims.filter(({ ok }) => !ok);
    for (const { line, reasons } of refused.slice(0, 5))
      lines.push(['  '.repeat(depth + 1), ['yellow', 'claim left out'], `  line ${line}: ${reasons[0]?.detail ?? ''}`]);
    if (refused.length > 5) lines.push(['  '.repeat(depth + 1), `and ${refused.length - 5} more claims that count for nothing`]);
    for (const { line, missing = [] } of node.claims)
      if (missing.length > 0)
        lines.push([
          '  '.repeat(depth + 1),
          ['yellow', 'claims gone'],
          `  the hand-off in line ${line} names ${missing.length} that do not count`,
        ]);
  };
  add(root, 'model', 0);
  return lines;
}

const stateSpan = ({ state }: LineageNode): Span => [state === 'verified' ? 'green' : 'red', state];

function tail({ parties, id, reasons }: LineageNode): readonly Span[] {
  const [first] = reasons;
  return [
    parties.length === 0 ? '' : `  by ${parties.join(', ')}`,
    ['dim', `  ${id}`],
    first === undefined ? '' : `  ${first.path === undefined ? '' : `${first.path}: `}${first.detail}`,
  ];
}

function answerLines({ answers, boundary }: PolicyVerdict, isExplained: boolean): readonly Line[] {
  const shown = answers.filter(({ ok }) => isExplained || !ok);
  const at: readonly Line[] = boundary === undefined ? [] : [`boundary  ${boundary}`];
  return [
    ...at,
    ...shown.flatMap(({ rule, ok, role, name, detail, evidence, next }): readonly Line[] => [
      [[ok ? 'green' : 'red', ok ? 'met' : 'not met'], `  ${rule} (${role === 'root' ? 'model' : role} ${name}): ${detail}`],
      ...(isExplained ? evidence.filter((each) => each !== '').map((each): Line => `  by the claim ${each}`) : []),
      ...(next === undefined ? [] : [`  ${next}`]),
    ]),
  ];
}
