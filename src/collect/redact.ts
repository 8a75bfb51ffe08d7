/** Private things that get into files by accident: where they were made and by whom. Bounds keep the search linear. */
import type { JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import type { Contribution, Origin } from './contribution.js';
import { wellFormed } from './values.js';

type Reason = 'an absolute path' | 'an e-mail address' | 'a credential';

/** What stands before a private thing, and the thing. Directories that every machine has (`/usr`, `/etc`, `/proc` …) tell nothing. */
const PRIVATE: readonly (readonly [Reason, RegExp])[] = [
  [
    'a credential',
    /()(\bhf_[A-Za-z0-9]{30,200}|\bgh[pousr]_[A-Za-z0-9]{36,255}|\bgithub_pat_\w{50,255}|\bA[KS]IA[A-Z0-9]{16}|\bglpat-[\w-]{20,200}|\bxox[abeprs]-[\w-]{10,200}|\bAIza[\w-]{35}|\bnpm_[A-Za-z0-9]{36}|\bpypi-AgE[\w-]{50,500}|\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000}|\bsk-[\w-]{32,200}|-----BEGIN[\s\S]{0,10000}|(?<=:\/\/)[^\s/:@]{1,256}:[^\s/@]{1,256}@)/g,
  ],
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
const LEFT_OUT = '[redacted]';

/** What makes a text private; undefined when nothing does. */
export function privateReason(text: string): Reason | undefined {
  return PRIVATE.find(([reason, pattern]) => MAY_HOLD[reason](text) && text.search(pattern) >= 0)?.[0];
}

/** What no text of a kind is without: most texts need no search. */
const MAY_HOLD: Readonly<Record<Reason, (text: string) => boolean>> = {
  'a credential': (text) => text.length >= 15 || text.includes('://') || text.includes('-----BEGIN'),
  'an absolute path': (text) => text.includes('/') || text.includes('\\'),
  // The version stands behind the `@` of a purl: `pkg:pypi/certifi@2026.10.19.post1`.
  'an e-mail address': (text) => text.includes('@') && !/^pkg:[a-z]+\//.test(text),
};

/** A text without what is private in it; undefined when nothing else is left. */
function cleaned(text: string, reasons: Set<Reason>, only?: Reason): string | undefined {
  let rest = wellFormed(text);
  for (const [reason, pattern] of PRIVATE) {
    if ((only !== undefined && reason !== only) || !MAY_HOLD[reason](text)) continue;
    rest = rest.replace(pattern, (_, before: string) => {
      reasons.add(reason);
      return before + LEFT_OUT;
    });
  }
  return rest.replaceAll(LEFT_OUT, '').trim() === '' ? undefined : rest;
}

/** A value without what is private in it; members and items of which nothing is left are gone. */
function cleanedValue(value: JsonValue, reasons: Set<Reason>, only?: Reason): JsonValue | undefined {
  if (typeof value === 'string') return value === '' ? value : cleaned(value, reasons, only);
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => cleanedValue(item, reasons, only)).filter((item) => item !== undefined);
    return items.length === 0 && value.length > 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const name = cleaned(key, reasons, only);
    const kept = name !== wellFormed(key) || member === undefined ? undefined : cleanedValue(member, reasons, only);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return members.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(members);
}

/**
 * Contributions without private values, and a finding for each that lost something. Credentials go in any case: a manifest
 * must not hold them. What the caller supplied stays as it was given.
 */
export function withoutPrivate(
  contributions: readonly Contribution[],
  includePrivate: boolean,
): { readonly contributions: readonly Contribution[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const only = includePrivate ? 'a credential' : undefined;
  const kept = contributions.flatMap((contribution): readonly Contribution[] => {
    if (contribution.kind === 'sum' || contribution.from.origin === 'supplied') return [contribution];
    const reasons = new Set<Reason>();
    const clean = cleanedContribution(contribution, reasons, only);
    if (reasons.size > 0) findings.push(leftOut(contribution, reasons));
    return clean === undefined ? [] : [clean];
  });
  return { contributions: kept, findings };
}

function cleanedContribution(
  contribution: Exclude<Contribution, { kind: 'sum' }>,
  reasons: Set<Reason>,
  only?: Reason,
): Contribution | undefined {
  const from = cleanedOrigin(contribution.from, only);
  if (contribution.kind === 'claim') {
    const name = cleaned(contribution.pointer, reasons, only);
    const value =
      name !== wellFormed(contribution.pointer)
        ? undefined
        : /\/arguments$/.test(name)
          ? cleanedArguments(contribution.value, reasons, only)
          : cleanedValue(contribution.value, reasons, only);
    return value === undefined || name === undefined ? undefined : { ...contribution, pointer: name, value, from };
  }
  if (contribution.kind === 'file') {
    const facts = cleanedValue(contribution.facts, reasons, only);
    return facts === undefined ? undefined : { ...contribution, facts: facts as typeof contribution.facts, from }; // an object stays one
  }
  const item = cleanedValue(contribution.item, reasons, only) as typeof contribution.item | undefined; // an object stays one
  if (item === undefined) return undefined;
  // A thing needs its name; of a path the last part tells what it is and not where it lay.
  if (item.name === contribution.item.name || typeof contribution.item.name !== 'string') return { ...contribution, item, from };
  const last = contribution.item.name.split(/[\\/]/).filter(Boolean).at(-1);
  const name = last === undefined ? undefined : cleaned(last, new Set(), only);
  return name === undefined ? undefined : { ...contribution, item: { ...item, name }, from };
}

/** Of arguments the place matters: what is left out leaves a mark. */
function cleanedArguments(value: JsonValue, reasons: Set<Reason>, only?: Reason): JsonValue | undefined {
  if (!Array.isArray(value)) return cleanedValue(value, reasons, only);
  return value.map((item: JsonValue) => cleanedValue(item, reasons, only) ?? LEFT_OUT);
}

/** The key that a value stood under may be a path on somebody's disk, too. */
function cleanedOrigin(from: Origin, only?: Reason): Origin {
  const { key, name, ...rest } = from;
  const cleanKey = key === undefined ? undefined : cleaned(key, new Set(), only);
  const cleanName = name === undefined ? undefined : cleaned(name, new Set(), only);
  return { ...rest, ...(cleanKey === undefined ? {} : { key: cleanKey }), ...(cleanName === undefined ? {} : { name: cleanName }) };
}

function leftOut(contribution: Exclude<Contribution, { kind: 'sum' }>, reasons: ReadonlySet<Reason>): Finding {
  const { key, path, name } = contribution.from;
  const where = contribution.kind === 'claim' ? contribution.pointer : contribution.kind === 'addition' ? contribution.list : undefined;
  const what =
    key !== undefined && cleaned(key, new Set()) === key
      ? `the value of \`${key.slice(0, 100)}\``
      : where === undefined
        ? 'the embedded metadata'
        : `a value for \`${where}\``;
  return {
    id: 'private-data',
    severity: 'low',
    message: `${what} holds ${[...reasons].join(' and ')} and was left out`,
    fix: reasons.has('a credential') ? 'Revoke the credential: whoever has the file has it.' : 'Collect with --include-private to keep it.',
    ...(path !== undefined ? { file: path } : name !== undefined && cleaned(name, new Set()) === name ? { file: name } : {}),
  };
}
