/** Statements about models besides the signature over their files: in-toto Statement v1, signed as DSSE in a bundle of Sigstore. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import type { Limits } from '../core/limits.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { type Bundle, bundleText, jsonOf, readBundle } from './bundle.js';
import { claimId, PAYLOAD_TYPE, preAuthentication } from './envelope.js';
import { isSignedBy } from './keys.js';
import { STATEMENT_TYPE } from './model-statement.js';
import { breachesOf } from './predicate-rules.js';
import { proofOf, type ReadTrust, readTrust, type SignerAnswer, type Trust } from './proof.js';
import { type Reason, Refusal, reason, refusable } from './reasons.js';
import type { Signer } from './signer.js';

/** What a statement is about. The digest says it; the name is for people. */
export interface Subject {
  readonly name?: string;
  readonly digest: { readonly [algorithm: string]: string };
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export interface Statement {
  /** What is written is of version 1; of others what has the same members is read. */
  readonly _type: typeof STATEMENT_TYPE | 'https://in-toto.io/Statement/v0.1';
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/** Subjects of one statement at most: readers of Sigstore take no more. */
const MAX_SUBJECTS = 1024;

/** A statement that meets the rules of its predicate, where they are known. @throws ERR_SIGN_STATEMENT */
export function statement(subject: readonly Subject[], predicateType: string, predicate: object): Statement {
  const made = { _type: STATEMENT_TYPE, subject, predicateType, predicate: withoutMissing(predicate) as JsonObject } as const;
  const [first] = breachesOf(withoutMissing(made) as JsonObject);
  if (first !== undefined) throw new MsbomError('ERR_SIGN_STATEMENT', `${first.at} ${first.what}`, { pointer: first.at });
  if (subject.length > MAX_SUBJECTS)
    throw new MsbomError('ERR_SIGN_STATEMENT', `it has ${subject.length} subjects, ${MAX_SUBJECTS} may be`, { pointer: '/subject' });
  return made;
}

/** Without members that are `undefined`. */
function withoutMissing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMissing);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, withoutMissing(member)]])),
  );
}

export interface SignedStatement {
  /** `sha256:` and the digest of what is signed: the name of the claim, whoever signs it and however often. */
  readonly id: string;
  /** One line of JSON. */
  readonly bundle: string;
}

/** Signs a statement. The payload is canonical JSON: the same statement is the same claim. @throws what the signer throws */
export async function signStatement(made: Statement, signer: Signer): Promise<SignedStatement> {
  const payload = Buffer.from(canonicalize(withoutMissing(made)));
  const message = preAuthentication(PAYLOAD_TYPE, payload);
  const signature = await signer.sign(message);
  if (!isSignedBy(signer.publicKey, message, signature))
    throw new MsbomError('ERR_SIGN_KEY', 'the signer gave a signature that its own public key does not verify');
  return { id: claimId(PAYLOAD_TYPE, payload), bundle: bundleText(signer, payload, signature) };
}

/** What a claim says of itself, whoever signed it. */
export interface StatedClaim {
  readonly id: string;
  readonly predicateType: string;
  /** SHA-256 of its subjects. */
  readonly subjects: readonly string[];
}

/** Reads a claim; nothing is said of who signed, or of whether it meets the rules of its predicate. */
export function statedClaim(bytes: Uint8Array, limits?: Limits): { readonly value: StatedClaim } | { readonly reason: Reason } {
  return refusable(() => {
    const { payloadType, payload } = readBundle(bytes, limits);
    const value = jsonOf(payload, 'the statement', limits);
    const predicateType = isObject(value) ? own(value, 'predicateType') : undefined;
    if (!isObject(value) || typeof predicateType !== 'string') throw new Refusal('statement-shape', 'it is no statement');
    const subject = own(value, 'subject');
    const digests = (isList(subject) ? subject : []).map((each) => (isObject(each) ? own(each, 'digest') : undefined));
    const subjects = digests.map((each) => (isObject(each) ? own(each, 'sha256') : undefined));
    return { id: claimId(payloadType, payload), predicateType, subjects: subjects.filter((each) => typeof each === 'string') };
  });
}

export interface StatementOptions {
  readonly trust: Trust;
  /** The statement must be about something of this SHA-256, such as the root of a model. */
  readonly subject?: string;
  /** The statement must be of this type. */
  readonly predicateType?: string;
  readonly limits?: Limits;
}

export interface StatementVerdict {
  readonly ok: boolean;
  /** Missing when there is nothing that could have been signed. */
  readonly id?: string;
  readonly signer?: SignerAnswer;
  /** What was signed, once somebody who is trusted is proven to have signed it. Subject and predicate keep what is not known here. */
  readonly statement?: Statement;
  readonly reasons: readonly Reason[];
}

/** Who signed a statement, what it is about, and whether it meets the rules of its predicate. @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE */
export function verifyStatement(bundle: string | Uint8Array, options: StatementOptions): StatementVerdict {
  return judgeStatement(Buffer.from(bundle), readTrust(options.trust), options);
}

/** The same with trust that was read. */
export function judgeStatement(bytes: Uint8Array, trust: ReadTrust, options: Omit<StatementOptions, 'trust'>): StatementVerdict {
  const read = refusable(() => readBundle(bytes, options.limits));
  if ('reason' in read) return { ok: false, reasons: [read.reason] };
  const bundle = read.value;
  const id = claimId(bundle.payloadType, bundle.payload);
  const { signer, reasons } = proofOf(bundle, trust, false);
  const who = signer === undefined ? {} : { signer };
  if (reasons.length > 0) return { ok: false, id, ...who, reasons };
  return { id, ...who, ...contentOf(bundle, options) };
}

function contentOf({ payload }: Bundle, options: Omit<StatementOptions, 'trust'>): Pick<StatementVerdict, 'ok' | 'statement' | 'reasons'> {
  const parsed = refusable(() => jsonOf(payload, 'the statement', options.limits));
  if ('reason' in parsed) return { ok: false, reasons: [parsed.reason] };
  const value = parsed.value;
  if (!isObject(value)) return { ok: false, reasons: [reason('predicate-shape', 'it is no statement')] };
  const breaches = breachesOf(value).map(({ at, what }) => reason('predicate-shape', `${at} ${what}`, at));
  if (breaches.length > 0) return { ok: false, reasons: breaches };
  // Its shape was checked.
  const said = value as unknown as Statement;
  const reasons: Reason[] = [];
  const { predicateType, subject } = options;
  if (predicateType !== undefined && said.predicateType !== predicateType)
    reasons.push(reason('predicate-type', `the statement is of the type ${said.predicateType}`, '/predicateType'));
  if (subject !== undefined && !isAbout(own(value, 'subject'), subject))
    reasons.push(reason('claim-subject', `none of its subjects has the digest ${subject}`, '/subject'));
  return { ok: reasons.length === 0, statement: said, reasons };
}

/** Subjects are matched by digest alone. */
const isAbout = (subjects: JsonValue | undefined, sha256: string): boolean =>
  isList(subjects) &&
  subjects.some((each) => {
    const digest = isObject(each) ? own(each, 'digest') : undefined;
    return isObject(digest) && own(digest, 'sha256') === sha256;
  });
