/**
 * Finds credentials in texts: by the rules of gitleaks and our own, and by where they stand. Linear in the length of a text:
 * each pattern is bounded, and long texts are read in pieces that overlap by more than any credential but a private key is long.
 */
import { assigned, followed, inAddresses, inHeaders, inParameters, keyBlocks, prefixed, spoken } from './context.js';
import { gradeOf } from './names.js';
import { isStandardId, isUnset, looksSecret } from './randomness.js';
import { byRules, namesVendor, type Secret } from './rules.js';

export { gradeOf, isCredentialName } from './names.js';
export type { Secret } from './rules.js';
export { addTraces, type Traces, tracesIn } from './traces.js';

export const LEFT_OUT = '[redacted]';
const PIECE = 16_384;
const OVERLAP = 4096;
const MAX_CACHED = 20_000;
/** Longer texts are not kept for the next time. */
const MAX_CACHED_LENGTH = 2048;
/** In words, what tells a credential that is short. */
const SPOKEN = /private key|sshpass|login|bearer|basic|token|pass|pwd|secret|key|\s-[A-Za-z]/i;
const MIN_RUN = 14;

/** No credential is told without an assignment, an address, letters and digits in a row, or one of the words. */
function mayHold(text: string): boolean {
  if (text.length < 7) return false;
  let run = 0;
  let hasSpace = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 58 || code === 61 || code === 64 || code === 0xff1a) return true; // : = @ ：
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45) {
      if (++run >= MIN_RUN) return true;
    } else {
      run = 0;
      hasSpace ||= code <= 32;
    }
  }
  return hasSpace && SPOKEN.test(text);
}

const known = new Map<string, readonly Secret[]>();
const NONE: readonly Secret[] = [];

/** Credentials in a text, by place, none inside another. */
export function findSecrets(text: string): readonly Secret[] {
  return remembered(text, false);
}

function remembered(text: string, strict: boolean): readonly Secret[] {
  if (!mayHold(text)) return NONE;
  if (text.length > MAX_CACHED_LENGTH || strict) return search(text, strict);
  const before = known.get(text);
  if (before !== undefined) return before;
  const found = search(text, false);
  if (known.size >= MAX_CACHED) known.clear();
  known.set(text, found);
  return found;
}

function search(text: string, strict: boolean): readonly Secret[] {
  const secrets: Secret[] = [...keyBlocks(text)];
  for (let from = 0; from === 0 || from + OVERLAP < text.length; from += PIECE - OVERLAP) {
    const piece = text.length <= PIECE ? text : text.slice(from, from + PIECE);
    for (const secret of inPiece(piece, strict))
      secrets.push(from === 0 ? secret : { ...secret, start: secret.start + from, end: secret.end + from });
    if (from + PIECE >= text.length) break;
  }
  const left = secrets.filter(({ start, end }) => !isMark(text.slice(start, end)));
  return left.length === 0 ? NONE : apart(left);
}

/** What is left of a credential that was taken out already. */
const isMark = (value: string): boolean =>
  /\[redacted\]|REDACTED/.test(value) && !/[^\s"'[\]]{6}/.test(value.replace(/\[redacted\]|REDACTED/g, ''));

function inPiece(text: string, strict: boolean): readonly Secret[] {
  const isAssigned = text.includes('=') || text.includes(':');
  const hasWords = text.includes(' ');
  return [
    ...byRules(text),
    ...(text.includes('://') ? inAddresses(text) : NONE),
    ...(text.includes('=') ? inParameters(text) : NONE),
    ...(isAssigned ? assigned(text, strict) : NONE),
    ...(hasWords && text.includes('-') ? followed(text, strict) : NONE),
    ...(hasWords ? [...inHeaders(text, strict), ...spoken(text)] : NONE),
    ...prefixed(text),
  ];
}

/** Overlapping ones joined; the one that begins first, or the longest, says what it is. */
function apart(secrets: readonly Secret[]): readonly Secret[] {
  const sorted = [...secrets].sort((a, b) => a.start - b.start || b.end - a.end);
  const joined: Secret[] = [];
  for (const secret of sorted) {
    const last = joined.at(-1);
    if (last === undefined || secret.start >= last.end) joined.push(secret);
    else if (secret.end > last.end) joined[joined.length - 1] = { kind: last.kind, start: last.start, end: secret.end };
  }
  return joined;
}

/**
 * Credentials in a value that stands under a name: the whole of it, when the name says so; and where a rule wants the vendor
 * and the value together, both are shown to it.
 */
export function findNamedSecrets(name: string, value: string): readonly Secret[] {
  const grade = gradeOf(name);
  const whole: Secret = { kind: grade === 'sure' ? 'named-credential' : 'probable-credential', start: 0, end: value.length };
  const text = value.trim();
  if (grade === 'sure' && text !== '' && !isUnset(text) && !isStandardId(text)) return [whole];
  if (grade !== undefined && (looksSecret(text) || (grade === 'likely' && /^[0-9a-f]{20,}$/i.test(text)))) return [whole];
  const found = findSecrets(value);
  if (found.length > 0 || !/^\S{11,200}$/.test(value) || !/\d/.test(value) || !namesVendor(name)) return found;
  const before = `${name.slice(-100)}="`;
  const together = byRules(`${before}${value}"`).filter(({ start }) => start >= before.length);
  return together.map(({ kind, start, end }) => ({ kind, start: start - before.length, end: Math.min(end - before.length, value.length) }));
}

/** Credentials in the arguments of a program, by argument: also what stands behind an option that says so. */
export function findArgumentSecrets(command: readonly string[]): readonly (readonly Secret[])[] {
  return command.map((argument, i) => {
    const whole: Secret = { kind: 'credential-in-arguments', start: 0, end: argument.length };
    const [option = '', ...rest] = argument.split(/[=:](.*)/s, 2);
    const grade = /^[-+]*[A-Za-z][\w.-]*$/.test(option) && rest.length > 0 && option.startsWith('-') ? gradeOf(option) : undefined;
    const value = rest.join('');
    if (value !== '' && (grade === 'sure' || grade === 'likely' || (grade === 'possible' && looksSecret(value))))
      return [{ ...whole, start: option.length + 1 }];
    const before = command[i - 1] ?? '';
    // No parser of options takes one that begins with `-` for a value: `--use-auth-token --lr 1`.
    if (argument !== '' && !argument.startsWith('-') && isValueOf(before, command[i - 2] ?? '', argument)) return [whole];
    return remembered(argument, true);
  });
}

const USER = /^(?:-u|--user|--proxy-user|-U)$/;
function isValueOf(option: string, earlier: string, value: string): boolean {
  if (USER.test(option)) return /^[^:/\s]{0,128}:[^\s]+$/.test(value);
  if (option === '-p') return /(?:^|\/)sshpass$/.test(earlier);
  if (option === 'login') return /(?:^|\/)wandb$/.test(earlier) && value.length >= 20;
  if (!/^--?[A-Za-z][\w.-]*$/.test(option)) return false;
  const grade = gradeOf(option.replace(/^-+/, ''));
  return grade === 'sure' || grade === 'likely' || (grade === 'possible' && looksSecret(value));
}

/** A text with a mark where its credentials stood, and which they were. */
export function withoutFound(text: string, secrets: readonly Secret[]): string {
  if (secrets.length === 0) return text;
  let rest = '';
  let at = 0;
  for (const { start, end, dispensable } of secrets) {
    // Brackets would make an address an invalid one (RFC 3986).
    const isAddress = /:\/\/[^\s"'<>]*$/.test(text.slice(Math.max(at, start - 2048), start));
    rest += text.slice(at, start) + (dispensable ? '' : isAddress ? 'REDACTED' : LEFT_OUT);
    at = end;
  }
  return rest + text.slice(at);
}

/** A message or path as it may be shown. */
export const withoutSecrets = (text: string): string => withoutFound(text, findSecrets(text));

/** Arguments with a mark where credentials stood. */
export function argumentsWithoutSecrets(command: readonly string[]): readonly string[] {
  const found = findArgumentSecrets(command);
  return command.map((argument, i) => withoutFound(argument, found[i] ?? NONE));
}

/** Plain data with marks where credentials stood, also under names that say so. */
export function dataWithoutSecrets<T>(value: T, name = ''): T {
  if (typeof value === 'string') return withoutFound(value, name === '' ? findSecrets(value) : findNamedSecrets(name, value)) as T & string;
  if (Array.isArray(value)) return value.map((item: unknown) => dataWithoutSecrets(item, name)) as T & unknown[];
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [withoutSecrets(key), dataWithoutSecrets(member, key)])) as T;
}
