/** Private things that get into files by accident: where they were made, by whom, and with which credentials. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import {
  addTraces,
  findArgumentSecrets,
  findNamedSecrets,
  findSecrets,
  isCredentialName,
  LEFT_OUT,
  type Secret,
  type Traces,
  tracesIn,
  withoutFound,
} from '../core/secrets/index.js';
import type { Contribution, Origin } from './contribution.js';
import { wellFormed } from './values.js';

type Reason = 'an absolute path' | 'an e-mail address';

/** What stands before a private thing, and the thing. Directories that every machine has (`/usr`, `/etc`, `/proc` …) tell nothing. Bounds keep the search linear. */
const PRIVATE: readonly (readonly [Reason, RegExp])[] = [
  [
    'an absolute path',
    /(^|[\s"'=,:([{<])((?:\/(?:home|Users|root|mnt|media|data\d*|workspaces?|tmp|private|content|kaggle|scratch|gpfs|lustre|nfs|srv|var|Volumes|storage|projects?|work|fsx|efs|dbfs|raid\d*|nvme\d*|ssd\d*|disk\d*|cluster|ceph(?:fs)?|beegfs|nobackup|notebooks)\/|~\/|[A-Za-z]:(?:\\|\/(?!\/))|file:\/\/\/)[^\s"',;)\]}>]*)/g,
  ],
  // `git@host:` is the account that everybody has there, no person's address. A longer name counts from its end.
  [
    'an e-mail address',
    /()((?:(?<![\w.+-])(?!git@[\w.-]{1,253}[:/])[\w.+-]{1,64}|[\w.+-]{64})@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24})/g,
  ],
];

/** Which path or address of a person a text holds; undefined when none. */
export function privateReason(text: string): Reason | undefined {
  return PRIVATE.find(([reason, pattern]) => MAY_HOLD[reason](text) && text.search(pattern) >= 0)?.[0];
}

/** What no text of a kind is without: most texts need no search. */
const MAY_HOLD: Readonly<Record<Reason, (text: string) => boolean>> = {
  'an absolute path': (text) => text.includes('/') || text.includes('\\'),
  // The version stands behind the `@` of a purl: `pkg:pypi/certifi@2026.10.19.post1`.
  'an e-mail address': (text) => text.includes('@') && !/^pkg:[a-z]+\//.test(text),
};

/** Members that hold ids, in which no brackets may be. */
const IDS: ReadonlySet<string> = new Set(['id', 'dataset', 'datasets', 'parent', 'dependsOn', 'ref', 'environment', 'component']);

/** What was left out of one contribution, and whether paths and addresses of persons are. */
interface Pass {
  readonly reasons: Set<Reason>;
  /** Kinds of credentials. */
  readonly kinds: Set<string>;
  readonly includePrivate: boolean;
  /** Of credentials in the files, by which what was made from them is known. */
  readonly traces: Traces;
}
const passOf = (includePrivate: boolean, traces: Traces = new Map()): Pass => ({
  reasons: new Set(),
  kinds: new Set(),
  includePrivate,
  traces,
});
/** For what is told elsewhere. */
const aside = ({ includePrivate, traces }: Pass): Pass => passOf(includePrivate, traces);
const lost = ({ reasons, kinds }: Pass): boolean => reasons.size > 0 || kinds.size > 0;

/** A text without what is private in it; undefined when nothing else is left. */
function cleaned(text: string, pass: Pass, secrets: readonly Secret[] = findSecrets(text), isId = false): string | undefined {
  for (const { kind } of secrets) pass.kinds.add(kind);
  const plain = withoutFound(text, secrets);
  const traced = pass.traces.size === 0 ? [] : tracesIn(plain, pass.traces);
  for (const { kind } of traced) pass.kinds.add(kind);
  let rest = wellFormed(isId ? withoutFound(plain, traced).replaceAll(LEFT_OUT, 'redacted') : withoutFound(plain, traced));
  if (!pass.includePrivate)
    for (const [reason, pattern] of PRIVATE) {
      if (!MAY_HOLD[reason](rest)) continue;
      rest = rest.replace(pattern, (_, before: string) => {
        pass.reasons.add(reason);
        return before + LEFT_OUT;
      });
    }
  return rest.replaceAll(LEFT_OUT, '').trim() === '' ? undefined : rest;
}

/** A value without what is private in it, the very same where there is nothing; members and items of which nothing is left are gone, and items that became equal are one. */
function cleanedValue(value: JsonValue, pass: Pass, name = ''): JsonValue | undefined {
  if (typeof value === 'string') {
    if (value === '') return value;
    return cleaned(value, pass, name === '' ? findSecrets(value) : findNamedSecrets(name, value), IDS.has(name));
  }
  if (typeof value === 'number' && name !== '' && isCredentialName(name) && Math.abs(value) >= 1e5) {
    pass.kinds.add('named-credential');
    return undefined;
  }
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => cleanedValue(item, pass, name));
    const kept = items.filter((item) => item !== undefined);
    if (kept.length === 0 && value.length > 0) return undefined;
    return items.every((item, i) => item === value[i]) ? value : lost(pass) ? unique(kept) : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return cleanedObject(value as { readonly [key: string]: JsonValue }, pass, name); // no list, by the lines above
}

/** What holds nothing private stays the same object: a directory may have hundreds of thousands. */
function cleanedObject(value: { readonly [key: string]: JsonValue }, pass: Pass, name: string): JsonValue | undefined {
  let isSame = true;
  const members: [string, JsonValue][] = [];
  for (const key of Object.keys(value)) {
    const member = value[key] as JsonValue; // a key of its own
    const shown = cleaned(key, pass);
    const isName = shown === wellFormed(key) && member !== undefined;
    const kept = isName ? cleanedValue(member, pass, nameOf(key, value, name)) : undefined;
    isSame &&= shown === key && kept === member;
    if (shown !== undefined && kept !== undefined) members.push([shown, kept]);
  }
  if (isSame) return value;
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** Lists of names and values say in one member what the other is: `{name: api_key, value: …}`. */
function nameOf(key: string, object: { readonly [key: string]: JsonValue }, above: string): string {
  if (!/^(?:value|default|content|data|string|text)$/i.test(key)) return key;
  const said = object.name ?? object.key ?? object.id;
  return typeof said === 'string' ? said : above;
}

function unique(items: readonly JsonValue[]): readonly JsonValue[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const text = canonicalize(item);
    return !seen.has(text) && seen.add(text);
  });
}

/**
 * Contributions without private values, and a finding for each that lost something. Credentials go in any case: a manifest
 * must not hold them. Paths and addresses that the caller supplied stay as they were given.
 */
export function withoutPrivate(
  contributions: readonly Contribution[],
  includePrivate: boolean,
  said: Traces = new Map(),
): { readonly contributions: readonly Contribution[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const traces = new Map(said);
  for (const each of contributions) trace(each.kind === 'claim' ? each.value : each.kind === 'addition' ? each.item : null, traces);
  const kept = contributions.flatMap((contribution): readonly Contribution[] => {
    if (contribution.kind === 'sum') return [contribution];
    const pass = passOf(includePrivate || contribution.from.origin === 'supplied', traces);
    const clean = cleanedContribution(contribution, pass);
    if (lost(pass)) findings.push(leftOut(contribution, pass));
    return clean === undefined ? [] : [clean];
  });
  return { contributions: kept, findings };
}

function trace(value: JsonValue | undefined, traces: Map<string, string>, name = ''): void {
  if (typeof value === 'string') addTraces(traces, value, name === '' ? findSecrets(value) : findNamedSecrets(name, value));
  else if (Array.isArray(value)) for (const item of value) trace(item as JsonValue, traces, name);
  else if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value)) trace((value as { readonly [key: string]: JsonValue })[key], traces, key);
}

function cleanedContribution(contribution: Exclude<Contribution, { kind: 'sum' }>, pass: Pass): Contribution | undefined {
  const from = cleanedOrigin(contribution.from, pass);
  if (contribution.kind === 'claim') {
    const pointer = cleaned(contribution.pointer, pass);
    const value =
      pointer !== wellFormed(contribution.pointer)
        ? undefined
        : /\/arguments$/.test(pointer)
          ? cleanedArguments(contribution.value, pass)
          : cleanedValue(contribution.value, pass, contextOf(contribution.pointer, contribution.from));
    if (value === contribution.value && pointer === contribution.pointer && from === contribution.from) return contribution;
    return value === undefined || pointer === undefined ? undefined : { ...contribution, pointer, value, from };
  }
  if (contribution.kind === 'file') {
    const facts = cleanedValue(contribution.facts, pass);
    if (facts === contribution.facts && from === contribution.from) return contribution;
    return facts === undefined ? undefined : { ...contribution, facts: facts as typeof contribution.facts, from }; // an object stays one
  }
  if (contribution.said !== undefined) {
    const { said: whole, ...rest } = contribution;
    const said = cleanedValue(whole, pass);
    const settled = cleanedContribution(rest, pass);
    return said === undefined || settled === undefined ? undefined : ({ ...settled, said } as Contribution); // an addition stays one
  }
  const item = cleanedValue(contribution.item, pass) as typeof contribution.item | undefined; // an object stays one
  if (item === undefined) return undefined;
  if (item === contribution.item && from === contribution.from) return contribution;
  // A thing needs its name; of a path the last part tells what it is and not where it lay.
  if (item.name === contribution.item.name || typeof contribution.item.name !== 'string') return { ...contribution, item, from };
  const shown = cleaned(contribution.item.name, { ...aside(pass), includePrivate: true });
  const isPlace = shown === wellFormed(contribution.item.name);
  const name = isPlace ? shown.split(/[\\/]/).filter(Boolean).at(-1) : shown;
  const kept = name === undefined ? undefined : cleaned(name, aside(pass));
  return kept === undefined ? undefined : { ...contribution, item: { ...item, name: kept }, from };
}

/** The name that a single value stands under, in the source where that is known. */
function contextOf(pointer: string, { key }: Origin): string {
  const own = pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replace(/~1/g, '/')
    .replace(/~0/g, '~');
  return key !== undefined && key !== own && isCredentialName(key) && pointer.includes('/hyperparameters/') ? key : own;
}

/** Of arguments the place matters: what is left out leaves a mark. */
function cleanedArguments(value: JsonValue, pass: Pass): JsonValue | undefined {
  if (!Array.isArray(value)) return cleanedValue(value, pass);
  const items = value as readonly JsonValue[];
  const secrets = findArgumentSecrets(items.map((item) => (typeof item === 'string' ? item : '')));
  const kept = items.map(
    (item, i) => (typeof item === 'string' ? (item === '' ? '' : cleaned(item, pass, secrets[i])) : cleanedValue(item, pass)) ?? LEFT_OUT,
  );
  return kept.every((item, i) => item === items[i]) ? value : kept;
}

/** The key that a value stood under may be a path on somebody's disk, too. */
function cleanedOrigin(from: Origin, pass: Pass): Origin {
  const { key, name, ...rest } = from;
  const cleanKey = key === undefined ? undefined : cleaned(key, aside(pass));
  const cleanName = name === undefined ? undefined : cleaned(name, aside(pass));
  if (cleanKey === key && cleanName === name) return from;
  return { ...rest, ...(cleanKey === undefined ? {} : { key: cleanKey }), ...(cleanName === undefined ? {} : { name: cleanName }) };
}

const isClean = (text: string): boolean => cleaned(text, passOf(false)) === text;

function leftOut(contribution: Exclude<Contribution, { kind: 'sum' }>, { reasons, kinds }: Pass): Finding {
  const { key, path, name } = contribution.from;
  const where = contribution.kind === 'claim' ? contribution.pointer : contribution.kind === 'addition' ? contribution.list : undefined;
  const what =
    key !== undefined && isClean(key)
      ? `the value of \`${key.slice(0, 100)}\``
      : where === undefined || !isClean(where)
        ? 'the embedded metadata'
        : `a value for \`${where}\``;
  const credentials = [...kinds].sort().map((kind) => `a credential (${kind})`);
  return {
    id: 'private-data',
    severity: kinds.size > 0 ? 'medium' : 'low',
    message: `${what} holds ${[...credentials, ...reasons].join(' and ')}, which was left out`,
    fix: kinds.size > 0 ? 'Revoke the credential: whoever has the file has it.' : 'Collect with --include-private to keep it.',
    ...(path !== undefined ? { file: path } : name !== undefined && isClean(name) ? { file: name } : {}),
  };
}

/** Files of which the path itself holds no credential; the others cannot be listed without telling it. */
export function withoutPrivateNames<T extends { readonly path: string }>(
  entries: readonly T[],
): { readonly entries: readonly T[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const kept = entries.filter(({ path }) => {
    // Parts of a path are apart as words are.
    const [secret] = findSecrets(path.replaceAll('/', '\n'));
    if (secret === undefined) return true;
    const above = path.slice(0, Math.max(0, path.lastIndexOf('/', secret.start)));
    findings.push({
      id: 'private-data',
      severity: 'high',
      message: `the name of a file or directory in \`${above === '' ? '.' : above}\` holds a credential (${secret.kind}); the file is not listed`,
      fix: 'Rename the file and revoke the credential: whoever has the file has it.',
    });
    return false;
  });
  return { entries: kept, findings };
}

/** A finding that says nothing private, whatever text of a file it repeats. */
export function withoutPrivateWords(finding: Finding): Finding {
  const message = withoutFound(finding.message, findSecrets(finding.message));
  return message === finding.message ? finding : { ...finding, message };
}
