/** Who of several named parties signed: what a policy and a lineage ask, where one key is not enough. */
import { basename } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Limits } from '../core/limits.js';
import { isList, own } from '../core/objects.js';
import { type Bundle, readBundle } from './bundle.js';
import { linesOf, MAX_CLAIM_BYTES, MAX_CLAIMS } from './claims.js';
import { type CompareOptions, type Comparison, compareSource, specificationRoot } from './compare.js';
import { readModelStatement } from './model-statement.js';
import { PREDICATES } from './predicate-rules.js';
import { proofOf, type ReadTrust, readTrust, type SignerAnswer, type Trust } from './proof.js';
import { type Reason, reason, refusable } from './reasons.js';
import { diskSource, type ModelFile, type ModelPlace } from './source.js';
import { judgeStatement, type Statement } from './statements.js';
import { readSignature } from './verify.js';

/** By name: whose signature counts as that party's. A party of nobody signs nothing. */
export type Parties = Readonly<Record<string, readonly Trust[]>>;
/** The same with keys and certificates read. */
export type ReadParties = ReadonlyMap<string, readonly ReadTrust[]>;

/** @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE with the name of the party in the hint */
export function readParties(parties: Parties): ReadParties {
  return new Map(Object.entries(parties).map(([name, trust]) => [name, trust.map((each) => readTrust(each))]));
}

export interface PartyAnswer {
  readonly signer?: SignerAnswer;
  /** Names of the parties that the signer is one of, sorted; none when it is not accepted. */
  readonly parties: readonly string[];
  readonly reasons: readonly Reason[];
}

function partiesOf(bundle: Bundle, parties: ReadParties): PartyAnswer {
  const names: string[] = [];
  let signer: SignerAnswer | undefined;
  let reasons: readonly Reason[] | undefined;
  for (const [name, trusted] of parties) {
    for (const trust of trusted) {
      const proof = proofOf(bundle, trust, false);
      if (proof.reasons.length === 0 && proof.signer !== undefined) {
        names.push(name);
        signer ??= proof.signer;
        break;
      }
      reasons ??= proof.reasons;
    }
  }
  if (signer !== undefined) return { signer, parties: [...new Set(names)].sort(), reasons: [] };
  return { parties: [], reasons: reasons ?? [reason('chain-untrusted', 'nobody is trusted')] };
}

export interface PartyVerdict extends PartyAnswer {
  /** Did somebody who is trusted sign these files, and are they all there as they were? */
  readonly ok: boolean;
  /** Roots that the model is known by; none when the signature cannot be read. */
  readonly roots: readonly string[];
  /** The files that were signed; missing when the signature cannot be read. */
  readonly signed?: readonly string[];
  /** Missing when the files were not looked at, because nobody who is trusted signed. */
  readonly files?: Comparison['files'];
  readonly notes: readonly Reason[];
}

/** Verifies a model by whoever of the parties signed it. @throws ERR_IO_*, ERR_LIMIT_* */
export async function verifyByParties(
  target: string,
  signatureFile: string,
  parties: ReadParties,
  options: CompareOptions = {},
): Promise<PartyVerdict> {
  const bytes = await readSignature(signatureFile, options.limits);
  const open = () => diskSource(target, { own: [signatureFile], limits: options.limits });
  return judgeByParties(bytes, { name: basename(target), open }, parties, options);
}

/** The same for a model that lies somewhere else, by the bytes of a signature. @throws what the place throws */
export async function verifyPlaceByParties<File extends ModelFile>(
  place: ModelPlace<File>,
  signature: Uint8Array,
  parties: ReadParties,
  options: CompareOptions = {},
): Promise<PartyVerdict> {
  return judgeByParties(signature, place, parties, options);
}

async function judgeByParties<File extends ModelFile>(
  bytes: Uint8Array,
  place: ModelPlace<File>,
  parties: ReadParties,
  options: CompareOptions,
): Promise<PartyVerdict> {
  const limits = options.limits === undefined ? {} : { limits: options.limits };
  const read = refusable(() => {
    const bundle = readBundle(bytes, options.limits);
    return { bundle, statement: readModelStatement(bundle.payload, limits) };
  });
  if ('reason' in read) return { ok: false, parties: [], roots: [], reasons: [read.reason], notes: [] };
  const { bundle, statement } = read.value;
  const answer = partiesOf(bundle, parties);
  const specification = specificationRoot(statement);
  const signed = [...new Set(statement.resources.map(({ path }) => path))];
  const known = { ...answer, roots: specification === undefined ? [statement.root] : [statement.root, specification], signed };
  if (answer.parties.length === 0) return { ...known, ok: false, notes: [] };
  const compared = await compareSource(await place.open(statement), statement, options);
  return { ...known, ok: compared.reasons.length === 0, files: compared.files, reasons: compared.reasons, notes: compared.notes };
}

/** A line of claims that counts: somebody who is trusted signed it, it is about the model, and it meets its rules. */
export interface PartyClaim extends PartyAnswer {
  /** From 1. */
  readonly line: number;
  readonly ok: boolean;
  readonly id?: string;
  readonly statement?: Statement;
  /** A hand-off alone: claims that it names and that are gone, or count for nothing. */
  readonly missing?: readonly string[];
}

/**
 * Judges every claim in a file. No file is no claim; a line that does not count is no fault of the others.
 * @param roots those that the model is known by
 * @throws ERR_LIMIT_*, ERR_IO_*
 */
export async function claimsByParties(
  file: string,
  parties: ReadParties,
  roots: readonly string[],
  limits?: Limits,
): Promise<readonly PartyClaim[]> {
  const lines = await linesOf(file, limits);
  if (lines.length > MAX_CLAIMS)
    throw new MsbomError('ERR_LIMIT_COUNT', `the file has more than ${MAX_CLAIMS} claims`, { file: basename(file) });
  const claims = judgeClaims(lines, parties, roots, limits);
  return claims.map((claim) => withMissing(claim, claims));
}

/** The same of bundles from elsewhere, each as one claim. */
export function judgeClaims(
  lines: readonly string[],
  parties: ReadParties,
  roots: readonly string[],
  limits?: Limits,
): readonly PartyClaim[] {
  return lines.map((line, i) => ({ line: i + 1, ...judgeClaim(line, parties, roots, limits) }));
}

function judgeClaim(line: string, parties: ReadParties, roots: readonly string[], limits: Limits | undefined): Omit<PartyClaim, 'line'> {
  const refused = (...reasons: readonly Reason[]) => ({ ok: false, parties: [], reasons });
  if (Buffer.byteLength(line) > MAX_CLAIM_BYTES) return refused(reason('bundle-limit', 'the claim is too long'));
  const read = refusable(() => readBundle(Buffer.from(line), limits));
  if ('reason' in read) return refused(read.reason);
  const answer = partiesOf(read.value, parties);
  const [trust] = [...parties]
    .filter(([name]) => answer.parties.includes(name))
    .flatMap(([, trusted]) => trusted.filter((each) => proofOf(read.value, each, false).reasons.length === 0));
  if (trust === undefined) return { ok: false, ...answer };
  const bounded = limits === undefined ? {} : { limits };
  const verdicts = roots.map((subject) => judgeStatement(Buffer.from(line), trust, { subject, ...bounded }));
  const verdict = verdicts.find(({ ok }) => ok) ?? verdicts[0];
  if (verdict === undefined) return refused(reason('claim-subject', 'the model has no root'));
  const { ok, id, statement, reasons } = verdict;
  return { ...answer, ok, reasons, ...(id === undefined ? {} : { id }), ...(statement === undefined ? {} : { statement }) };
}

/** What a hand-off commits to, against what is there and counts. */
export function withMissing(claim: PartyClaim, claims: readonly PartyClaim[]): PartyClaim {
  const { ok, statement, id } = claim;
  if (!ok || statement?.predicateType !== PREDICATES.handoff) return claim;
  const others = claims.filter((each) => each.ok && each.id !== undefined && each.id !== id);
  const there = new Set(others.map((each) => each.id));
  const handoffs = new Set(others.filter((each) => each.statement?.predicateType === PREDICATES.handoff).map((each) => each.id));
  const prior = own(statement.predicate, 'priorClaims');
  const previous = own(statement.predicate, 'previousHandoff');
  const gone = (isList(prior) ? prior : []).filter((each): each is string => typeof each === 'string' && !there.has(each));
  const missing = typeof previous === 'string' && !handoffs.has(previous) ? [...gone, previous] : gone;
  return { ...claim, missing: [...new Set(missing)].sort() };
}
