/** Verifying an artifact in a registry or an OCI layout, and its answer as text. */
import { resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { printableJson } from '../core/printable.js';
import { verifyLineageOf } from '../lineage/index.js';
import { type ArtifactVerdict, artifactRoot, type ClaimAnswer, verifyArtifact } from '../oci/index.js';
import { type Line, printLines } from '../report/index.js';
import type { Verdict } from '../sign/index.js';
import { readInput } from '../verbs/input.js';
import type { Arguments } from './command.js';
import { judgeCustody, requireUse } from './custody.js';
import { asksForCustody } from './custody-options.js';
import { EXIT, type ExitCode, type Session } from './io.js';
import { paintFor } from './printer.js';
import { type OpenedArtifact, openArtifact } from './registry.js';
import { type Answer, reasonLines, relaxedLines, verdictLines, verifyOptionsFrom } from './signature.js';
import { optionsPolicy, summarizer } from './verification-summary.js';

const usage = (message: string, hint: string): MsbomError => new MsbomError('ERR_CLI_USAGE', message, { hint });

export async function verifyArtifactBy(args: Arguments, io: Session): Promise<ExitCode> {
  const other = ['manifest', 'exclude', 'strict', 'recursive', 'signature-name', 'claims', 'legacy'].find(
    (name) => args.text(name) !== undefined || args.flag(name) || args.texts(name).length > 0,
  );
  if (other !== undefined)
    throw usage(`\`--${other}\` means nothing with an artifact`, 'pull it first (`msbom pull --files`), and verify the directory');
  if (asksForCustody(args)) return custody(args, io);
  const drawn = ['dot', 'mermaid'].find((each) => each === args.text('format'));
  if (drawn !== undefined) throw usage(`\`--format ${drawn}\` is of --lineage or --policy`, 'see `msbom verify --help`');
  const options = await verifyOptionsFrom(args, io);
  const summarize = await summarizer(args, io, (verdict) => optionsPolicy(options, verdict));
  const opened = await openArtifact(args.positionals[0] ?? '', args, io);
  const given = await givenSignature(args, io);
  const verdict = await verifyArtifact(opened.repository, opened.artifact, {
    ...options,
    ...(given === undefined ? {} : { signature: given }),
  });
  const isProven = [...verdict.signatures, ...verdict.claims].some(({ signer }) => signer !== undefined);
  await summarize?.(...summarized(verdict.ok, opened, isProven, verdict.relaxed));
  io.stdout.write(
    args.text('format') === 'json'
      ? printableJson(withoutStatements(verdict))
      : printLines(artifactLines(verdict), paintFor(io.stdout, io)),
  );
  return verdict.ok ? EXIT.clean : EXIT.negative;
}

async function custody(args: Arguments, io: Session): Promise<ExitCode> {
  requireUse(args);
  const opened = await openArtifact(args.positionals[0] ?? '', args, io);
  const root = await artifactRoot(opened.repository, opened.artifact, await givenSignature(args, io));
  return judgeCustody(args, io, {
    lineage: (options) => verifyLineageOf(root, options),
    summarized: async (ok, { root: id, nodes }) => summarized(ok, opened, (nodes.get(id)?.parties.length ?? 0) > 0, []),
  });
}

async function givenSignature(args: Arguments, io: Session): Promise<Uint8Array | undefined> {
  const file = args.text('signature');
  if (file === undefined) return undefined;
  await io.guard.reads(resolve(io.cwd, file));
  return readInput(file, io);
}

/** For a cluster that knows an artifact by its digest: that one is what a summary is about. */
function summarized(ok: boolean, { repository, artifact }: OpenedArtifact, isProven: boolean, relaxed: readonly string[]) {
  const sha256 = artifact.descriptor.digest.slice('sha256:'.length);
  const isKnown = isProven && artifact.descriptor.digest.startsWith('sha256:');
  const verdict: Verdict = {
    version: 1,
    ok,
    model: repository.name,
    reasons: [],
    notes: [],
    relaxed,
    ...(isKnown ? { root: { sha256 } } : {}),
  };
  return [verdict, { uri: 'urn:msbom:input:artifact', digest: { sha256 } }] as const;
}

const withoutStatements = ({ claims, ...verdict }: ArtifactVerdict): object => ({
  ...verdict,
  claims: claims.map(({ statement: _statement, ...claim }) => claim),
});

function artifactLines(verdict: ArtifactVerdict): readonly Line[] {
  const { ok, artifact, digest, covers, signatures, claims, others, unread, reasons, relaxed } = verdict;
  const shown = signatures.filter((each) => each.ok);
  return [
    `${artifact}@${digest}`,
    ...(shown.length > 0 ? shown : signatures).flatMap((each): readonly Line[] => [
      `signature  ${each.from}`,
      ...verdictLines(each satisfies Answer),
    ]),
    ...claims.map(claimLine),
    ...others.map(({ from, artifactType = 'something' }): Line => [['yellow', 'not signed'], `  ${artifactType}  ${from}`]),
    ...unread.map(({ from, detail }): Line => [['yellow', 'not read'], `  ${from}: ${detail}`]),
    ...(signatures.length > 0 ? [] : reasonLines(reasons)),
    ...relaxedLines(relaxed),
    [[ok ? 'green' : 'red', ok ? 'verified' : 'not verified'], covers === 'files' ? '  its files' : '  its digest'],
  ];
}

function claimLine({ ok, from, predicateType, id, reasons, missing = [] }: ClaimAnswer): Line {
  if (!ok) return [['yellow', 'claim left out'], `  ${from}: ${reasons[0]?.detail ?? ''}`];
  const gone = missing.length === 0 ? '' : `, ${missing.length} claims that it names do not count`;
  return [['green', 'claim'], `  ${predicateType ?? ''}  ${id ?? ''}${gone}`];
}
