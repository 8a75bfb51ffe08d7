/**
 * Claims about a model: signed statements, one in each line of `claims.jsonl`. The file as a whole is signed by nobody, so that a line
 * can be taken away unseen; a hand-off names all claims that were there, and shows it.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { isList, isObject, own } from '../core/objects.js';
import { ioError } from '../platform/io-error.js';
import { withLock } from '../platform/lock.js';
import { writeFileAtomic } from '../platform/write.js';
import { jsonOf, readBundle } from './bundle.js';
import { claimId } from './envelope.js';
import { PREDICATES } from './predicate-rules.js';
import { readTrust, type Trust } from './proof.js';
import { type Reason, reason, refusable } from './reasons.js';
import { judgeStatement, type Statement, type StatementVerdict } from './statements.js';

/** Claims of one file, and bytes of one, at most. */
export const MAX_CLAIMS = 10_000;
export const MAX_CLAIM_BYTES = 16 * 1024 * 1024;

export interface AppendOptions {
  /** Milliseconds to wait for another writer. Default ten seconds. */
  readonly waitMs?: number;
  readonly limits?: Limits;
}

/**
 * Adds a claim, unless this very line is there: under a lock, the whole file written anew, forced to disk and moved into place.
 * @returns the name of the claim, and whether it is new
 * @throws ERR_IO_LOCKED, ERR_LIMIT_*, ERR_SIGN_STATEMENT for a bundle that cannot be read, ERR_IO_*
 */
export async function appendClaim(
  file: string,
  bundle: string,
  options: AppendOptions = {},
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const line = bundle.trim();
  const read = refusable(() => readBundle(Buffer.from(line)));
  if ('reason' in read || line.includes('\n'))
    throw new MsbomError('ERR_SIGN_STATEMENT', 'reason' in read ? read.reason.detail : 'a claim is one line', { file: basename(file) });
  if (Buffer.byteLength(line) > MAX_CLAIM_BYTES)
    throw new MsbomError('ERR_LIMIT_BYTES', `the claim has more than ${MAX_CLAIM_BYTES} bytes`, { file: basename(file) });
  const id = claimId(read.value.payloadType, read.value.payload);
  const add = async () => {
    const before = await linesOf(file, options.limits);
    if (before.includes(line)) return { id, isNew: false };
    if (before.length >= MAX_CLAIMS)
      throw new MsbomError('ERR_LIMIT_COUNT', `the file has ${MAX_CLAIMS} claims, and no more may be`, { file: basename(file) });
    await writeFileAtomic(file, [...before, line].map((each) => `${each}\n`).join(''));
    return { id, isNew: true };
  };
  return withLock(file, 'the claims', add, options.waitMs);
}

/**
 * Names of all claims in a file, whoever signed them, and of the hand-off that came last in it: what a new hand-off commits to.
 * @throws ERR_SIGN_STATEMENT for a line that cannot be read, ERR_LIMIT_*, ERR_IO_*
 */
export async function claimIds(file: string, limits?: Limits): Promise<{ readonly all: readonly string[]; readonly lastHandoff?: string }> {
  const all = new Set<string>();
  let lastHandoff: string | undefined;
  for (const [i, line] of (await linesOf(file, limits)).entries()) {
    const read = refusable(() => {
      const bundle = readBundle(Buffer.from(line), limits);
      return { id: claimId(bundle.payloadType, bundle.payload), said: jsonOf(bundle.payload, 'the statement', limits) };
    });
    if ('reason' in read)
      throw new MsbomError('ERR_SIGN_STATEMENT', `a claim cannot be read: ${read.reason.detail}`, {
        file: basename(file),
        line: i + 1,
        hint: 'Take the line out: it counts for nothing, and a hand-off cannot name it.',
      });
    const { id, said } = read.value;
    all.add(id);
    if (isObject(said) && own(said, 'predicateType') === PREDICATES.handoff) lastHandoff = id;
  }
  return { all: [...all], ...(lastHandoff === undefined ? {} : { lastHandoff }) };
}

/** Lines that are not blank; none where there is no file. */
export async function linesOf(file: string, { maxDocumentBytes }: Limits = DEFAULT_LIMITS): Promise<readonly string[]> {
  const name = basename(file);
  try {
    const { size } = await stat(file);
    if (size > maxDocumentBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `the claims have ${size} bytes, the limit is ${maxDocumentBytes}`, { file: name });
    const text = await readFile(file, 'utf8');
    return text.split('\n').filter((line) => line.trim() !== '');
  } catch (error) {
    const known = ioError(error, name, 'ERR_IO_READ');
    if (known.code === 'ERR_IO_NOT_FOUND') return [];
    throw known;
  }
}

export interface ClaimsOptions {
  /** Who may have signed which claim: one of these. */
  readonly trust: readonly Trust[];
  /** The root of the model: claims about something else count for nothing. */
  readonly subject: string;
  readonly limits?: Limits;
}

export interface ClaimVerdict extends StatementVerdict {
  /** From 1. */
  readonly line: number;
}

export interface ClaimsVerdict {
  /** Every line, in its order. A line that is not `ok` counts for nothing; that it is there is no fault of the others. */
  readonly claims: readonly ClaimVerdict[];
  /** That claims are gone which a hand-off names. */
  readonly reasons: readonly Reason[];
}

/**
 * Judges every claim, and whether those that hand-offs name are all there. No file is no claim. What must be there is for the policy of
 * whoever asks: a claim that is missing never makes an answer better.
 * @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE, ERR_LIMIT_*, ERR_IO_*
 */
export async function verifyClaims(file: string, { trust, subject, limits }: ClaimsOptions): Promise<ClaimsVerdict> {
  const trusted = trust.map(readTrust);
  const lines = await linesOf(file, limits);
  if (lines.length > MAX_CLAIMS)
    throw new MsbomError('ERR_LIMIT_COUNT', `the file has more than ${MAX_CLAIMS} claims`, { file: basename(file) });
  const options = { subject, ...(limits === undefined ? {} : { limits }) };
  const claims = lines.map((line, i): ClaimVerdict => {
    const number = { line: i + 1 };
    if (line.length > MAX_CLAIM_BYTES) return { ...number, ok: false, reasons: [reason('bundle-limit', 'the claim is too long')] };
    const verdicts = trusted.map((each) => judgeStatement(Buffer.from(line), each, options));
    // What somebody who is trusted signed tells more than that it is by nobody else.
    const nearest = verdicts.find(({ signer }) => signer !== undefined) ?? verdicts[0];
    return {
      ...number,
      ...(verdicts.find(({ ok }) => ok) ?? nearest ?? { ok: false, reasons: [reason('chain-untrusted', 'nobody is trusted')] }),
    };
  });
  return { claims, reasons: claims.flatMap((each) => missingOf(each, claims)) };
}

/** Claims that a hand-off names and that are not there, or count for nothing now. */
function missingOf({ ok, statement, id, line }: ClaimVerdict, claims: readonly ClaimVerdict[]): readonly Reason[] {
  if (!ok || statement?.predicateType !== PREDICATES.handoff) return [];
  const there = new Set(claims.flatMap((each) => (each.ok && each.id !== undefined && each.id !== id ? [each.id] : [])));
  const handoffs = new Set(claims.flatMap((each) => (each.ok && isHandoff(each.statement) && each.id !== undefined ? [each.id] : [])));
  const prior = own(statement.predicate, 'priorClaims');
  const previous = own(statement.predicate, 'previousHandoff');
  const missing = (isList(prior) ? prior : []).filter((each) => typeof each === 'string' && !there.has(each));
  return [
    ...missing.map((each) => {
      const isThere = claims.some((other) => other.id === each);
      const what = `the hand-off in line ${line} names the claim ${String(each)}, which is ${isThere ? 'not accepted' : 'gone'}`;
      return reason('claim-missing', what, `${line}`);
    }),
    ...(typeof previous === 'string' && (previous === id || !handoffs.has(previous))
      ? [reason('claim-missing', `the hand-off in line ${line} follows the hand-off ${previous}`, `${line}`)]
      : []),
  ];
}

const isHandoff = (statement: Statement | undefined): boolean => statement?.predicateType === PREDICATES.handoff;
