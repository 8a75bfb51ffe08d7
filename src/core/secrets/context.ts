/** Credentials that are told by where they stand: in an address, behind a name, an option or a scheme, in a block, behind a prefix. */
import { type Grade, gradeOf } from './names.js';
import { isIdentifier, isPlaceholder, looksDrawn, looksSecret } from './randomness.js';
import type { Secret } from './rules.js';

const MAX_VALUE = 4096;

/** Private keys, whole or cut off. A certificate or public key is none. */
export function keyBlocks(text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  if (!text.includes('-----BEGIN ')) return secrets;
  const begin = /-----BEGIN (?:[A-Z0-9 ]{0,60}PRIVATE KEY)?/g;
  const marks = [...text.matchAll(begin)];
  for (const [i, { 0: mark, index }] of marks.entries()) {
    const next = marks[i + 1]?.index ?? text.length;
    if (!mark.endsWith('KEY')) continue;
    const block = text.slice(index, next);
    const close = /-----END [A-Z0-9 ]{0,60}-----/.exec(block);
    const end = close === null ? next : index + close.index + close[0].length;
    secrets.push({ kind: 'private-key', start: index, end });
  }
  return secrets;
}

/** `scheme://user:password@host`, and `https://token@host`: the account `git` is everybody's, a short name no credential. */
export function inAddresses(text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    const authority = /^[^\s/?#"'<>`\\]{1,1024}/.exec(text.slice(start, start + 1024))?.[0] ?? '';
    // A password may hold what should have been encoded: `/` and `#` up to an `@` before any space.
    const loose = /^[^\s/@:]{0,256}:[^\s@"'<>`]{1,256}@/.exec(text.slice(start, start + 1024))?.[0];
    const behind = loose !== undefined && !/^[\w.-]*:\d{1,5}[/?#]/.test(loose) ? loose.length - 1 : authority.lastIndexOf('@');
    if (behind <= 0) continue;
    const [user = '', ...rest] = text.slice(start, start + behind).split(':');
    const password = rest.join(':');
    const isCredential = password !== '' ? !isReference(password) : isToken(user);
    if (isCredential)
      secrets.push({
        kind: password === '' ? 'token-in-address' : 'password-in-address',
        start,
        end: start + behind + 1,
        dispensable: true,
      });
  }
  return secrets;
}

const isReference = (text: string): boolean => /^(?:\$\{?\w+\}?|\{\{?[^{}]*\}?\}|<[^<>]*>|\*+|%\w+%)$/.test(text);
const isToken = (user: string): boolean => (user.length >= 20 && /\d/.test(user) && /^[\w.~%+=-]+$/.test(user)) || looksSecret(user);

/** Parameters of addresses that are signatures or credentials, whatever they look like. */
const SIGNED =
  /^(?:x-(?:amz|goog|oss|cos|bce|obs|tos)-(?:signature|credential|security-token)|(?:q-)?sign(?:ature|atures)?|sig|awsaccesskeyid|ossaccesskeyid|googleaccessid|key-pair-id|policy|sas|hdnts|hdnea|token|auth|auth_key|code|key|apikey|st|jwt|sid|pwd?|pass)$/i;

export function inParameters(text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  for (const match of text.matchAll(/[?&;#]([\w.%[\]-]{1,64})=([^\s&#;"'<>`\\)]{4,4096})/g)) {
    const [whole, name = '', value = ''] = match;
    const grade = gradeOf(name);
    const found =
      !isReference(value) &&
      !isPlaceholder(value) &&
      (grade === 'sure' || grade === 'likely' ? looksKept(value) : (grade === 'possible' || SIGNED.test(name)) && looksOpaque(value));
    const end = match.index + whole.length;
    if (found) secrets.push({ kind: 'credential-in-address', start: end - value.length, end });
  }
  return secrets;
}

/** Of no use but as a credential: long, with digits; not a word, a name or a number. */
const looksOpaque = (value: string): boolean =>
  value.length >= 16 &&
  /\d/.test(value) &&
  /[A-Za-z]/.test(value) &&
  (looksSecret(value) || isIdentifier(value) || looksDrawn(value.replace(/%[0-9A-F]{2}/gi, '')));

/** Anything that is no word of explanation. */
const looksKept = (value: string): boolean => value.length >= 4 && !isPlaceholder(value) && (/[^a-z_-]/.test(value) || value.length >= 12);

/** Value behind `=` or `:` of a name, with the quotes that strings in strings have. */
const VALUE =
  /^(\\{0,4}["'`]?)(\s{0,8}(?:=>?|:=?|==)\s{0,8})((?:(?:Bearer|Basic|Token|Digest|ApiKey|Api-Key|Key|SSWS)\s{1,8})?)(\\{0,4}["'`]?)/i;

/** `name=value`, `name: value`, `"name": "value"`, in running text, code, JSON in strings, headers and commands. */
export function assigned(text: string, strict: boolean): readonly Secret[] {
  const secrets: Secret[] = [];
  const pattern = /(?<![\w.-])[\w.-]{1,256}(?=\\{0,4}["'`\]]{0,2}\s{0,8}[=:])/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const grade = gradeOf(match[0]);
    if (grade === undefined) continue;
    const from = match.index + match[0].length;
    const rest = text.slice(from, from + MAX_VALUE + 64);
    const head = VALUE.exec(rest.replace(/^(\\{0,4}["'`])\]/, '$1 '));
    if (head === null) continue;
    const [before, , between = '', scheme = '', quote = ''] = head;
    if (between.includes(':') && rest.startsWith('//', before.length)) continue;
    // Words of a name in a namespace: `urn:example:license:mit`, `#example:license:mit`.
    if (grade === 'possible' && before === ':' && /[:#]/.test(text.charAt(match.index - 1))) continue;
    const value = valueAt(rest.slice(before.length), quote);
    const start = from + before.length;
    const explicit = between.includes('=') || quote !== '' || scheme !== '';
    if (!isSpoken(grade, value, { explicit, strict })) continue;
    secrets.push({ kind: kindOfName(grade), start, end: start + value.length });
    pattern.lastIndex = Math.max(pattern.lastIndex, start + value.length);
  }
  return secrets;
}

function valueAt(rest: string, quote: string): string {
  if (quote === '') return /^[^\s"'`,;<>(){}[\]&|]{1,4096}/.exec(rest)?.[0] ?? '';
  const end = rest.indexOf(quote);
  return rest.slice(0, end < 0 ? MAX_VALUE : end);
}

const kindOfName = (grade: Grade): string => (grade === 'sure' ? 'named-credential' : 'probable-credential');

interface Spoken {
  /** Written as a value: behind `=`, in quotes, with a scheme. */
  readonly explicit: boolean;
  /** In arguments of a program: whatever stands there. */
  readonly strict: boolean;
}

function isSpoken(grade: Grade, value: string, { explicit, strict }: Spoken): boolean {
  if (value === '' || isReference(value)) return false;
  if (grade === 'possible') return looksSecret(value);
  if (strict) return !/^(?:true|false|none|null)$/i.test(value);
  if (isPlaceholder(value)) return false;
  if (grade === 'likely') return looksSecret(value) || (explicit && isIdentifier(value) && value.length >= 20);
  if (isIdentifier(value) || looksSecret(value)) return true;
  return explicit
    ? looksKept(value) && !/^[A-Z][A-Z_]+$|\(/.test(value)
    : value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/[(/]/.test(value);
}

/** `--name value` and `-name value` among the words of a command. */
export function followed(text: string, strict: boolean): readonly Secret[] {
  const secrets: Secret[] = [];
  for (const match of text.matchAll(/(?<![\w-])(--?[A-Za-z][\w.-]{0,127})(\s{1,8})(?=[^\s-])(["'`]?)/g)) {
    const [whole, option = '', , quote = ''] = match;
    const grade = gradeOf(option.replace(/^--?/, ''));
    if (grade === undefined) continue;
    const start = match.index + whole.length;
    const value = valueAt(text.slice(start, start + MAX_VALUE), quote);
    if (isSpoken(grade, value, { explicit: true, strict }))
      secrets.push({ kind: 'credential-in-arguments', start, end: start + value.length });
  }
  return secrets;
}

/** `Bearer …` and `Basic …` (RFC 6750, RFC 7617) without the name of the header before it; cookies. */
export function inHeaders(text: string, strict: boolean): readonly Secret[] {
  const secrets: Secret[] = [];
  for (const match of text.matchAll(/(?<![A-Za-z0-9])(?:Bearer|Basic|Digest|Token)\s{1,8}([\w.~+/=-]{4,4096})/gi)) {
    const [whole, value = ''] = match;
    const found = strict || (value.length >= 12 && /\d/.test(value) && (looksSecret(value) || isIdentifier(value) || looksDrawn(value)));
    const end = match.index + whole.length;
    if (found && !(strict && /^token/i.test(whole))) secrets.push({ kind: 'authorization', start: end - value.length, end });
  }
  for (const match of text.matchAll(/(?<![\w-])(?:Set-)?Cookie:\s{0,8}([^\r\n"']{4,4096})/gi)) {
    const end = match.index + match[0].length;
    secrets.push({ kind: 'cookie', start: end - (match[1] ?? '').length, end });
  }
  return secrets;
}

/** Prefixes of digests and of what is counted, not drawn. */
const COUNTED =
  /^(?:sha\d{0,3}|sha3|md5|blake\w*|crc\w*|xxh\w*|b2|b3|etag|git|rev\w*|commit|hash|digest|checksum|cid|oid|uuid|guid|id|arxiv|doi|isbn|issn|ark|swh|gguf|base64|data|urn|v\d*|e|run|job|exp|trial|ckpt|checkpoint|snapshot|step|epoch|models?|datasets?)$/i;

/** `sk_live_…`, `abc-v1-…`, `xyz_…`: a word or two, and then what nobody would have written. */
export function prefixed(text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  for (const match of text.matchAll(
    /(?<![A-Za-z0-9_./+=%-])([A-Za-z][A-Za-z0-9]{0,11}(?:[-_.:~][A-Za-z0-9]{1,12}){0,3}?[-_.:~$])([A-Za-z0-9+/_~.-]{16,512}={0,2})(?![A-Za-z0-9])/g,
  )) {
    const [whole, prefix = '', body = ''] = match;
    // A path below the name of a host.
    if (/^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\//.test(whole)) continue;
    // What begins so is a certificate, or another structure of ASN.1 (X.690, clause 8.9).
    if (/^MI[I-L]/.test(whole)) continue;
    if (isCoined(prefix.slice(0, -1), body)) secrets.push({ kind: 'prefixed-token', start: match.index, end: match.index + whole.length });
  }
  return secrets;
}

const TELLING =
  /(?:^|[-_.])(?:sk|pk|rk|ak|key|api|apikey|tok|token|pat|secret|live|test|prod|access|auth|priv|private|sess|session|oauth|refresh|bot|svc|service|usr|user|acct|whsec|pass|pwd|cred)$/i;

/** The longest token whose prefix tells nothing; signatures of P-256 in base64url begin at 86 characters. */
const MAX_COINED = 80;

/** A word of a prefix: letters of one case, or with a capital, and a number behind. */
const WORD = /^(?:[a-z]{1,12}\d{0,3}[a-z]{0,2}|[A-Z]{1,12}\d{0,3}|[A-Z][a-z]{1,11}\d{0,2}|\d{1,3})$/;

function isCoined(prefix: string, body: string): boolean {
  const words = prefix.split(/[-_.:~]/);
  // Of letters that are drawn, as in signatures, the beginning is no word.
  if (words.some((word) => COUNTED.test(word)) || !words.every((word) => WORD.test(word))) return false;
  const telling = TELLING.test(prefix) && /^[a-z]/i.test(prefix);
  // So long a text without a telling prefix is a signature.
  if (!telling && prefix.length + body.length > MAX_COINED) return false;
  const core = body.split(/[-_.~/]/).reduce((long, each) => (each.length > long.length ? each : long), '');
  if (isIdentifier(core)) return telling && core.length >= 24 && core.length === body.length;
  if (core.length < 16 || core.length < body.length / 2) return false;
  const both = /[a-z]/.test(core) && /[A-Z]/.test(core);
  return looksDrawn(core) && /\d/.test(core) && (telling || (core.length >= 20 && (both || core.length >= 24)));
}

/**
 * `password is x`, `API_KEY x`: a name, a word or an arrow, and what no sentence goes on with. Where no word stands between, the name
 * must be one of a variable, or nothing but a password.
 */
export function spoken(text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  const pattern = /(?<![\w.])([A-Za-z][\w-]{2,60})\s{1,3}((?:is|was|ist|est|es|->|=>|<<<)\s{1,3})?["'`]?([^\s"'`,;|<>(){}[\]]{8,256})/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, name = '', verb = '', value = ''] = match;
    // The value of one pair may be the name of the next.
    pattern.lastIndex = match.index + name.length;
    const grade = gradeOf(name);
    if (grade !== 'sure' && grade !== 'likely') continue;
    const said = verb !== '' || /[A-Z]_[A-Z]/.test(name) || /^(?:password|passwd|pwd|passwort)$/i.test(name);
    if (!said || isPlaceholder(value) || isReference(value)) continue;
    const ended = value.replace(/[.!?]$/, '');
    if (!looksSecret(ended) && !(grade === 'sure' && isMixed(ended))) continue;
    const end = match.index + whole.length;
    secrets.push({ kind: kindOfName(grade), start: end - value.length, end });
    pattern.lastIndex = end;
  }
  return secrets;
}

/** Letters, digits and marks that no word, version or address has. */
const isMixed = (value: string): boolean =>
  /[A-Za-z]/.test(value) && /\d/.test(value) && /[!@#$%^&*+?~]/.test(value) && !value.includes('://');
