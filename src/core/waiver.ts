/** Findings that somebody decided to live with: by name, for a reason, until a day. */
import { MsbomError } from './error.js';
import type { Finding } from './finding.js';
import { globPattern } from './glob.js';
import { nearest } from './nearest.js';
import { isObject } from './objects.js';

/** A decision about findings. It covers those that match all that it says. */
export interface Waiver {
  /** Id of the finding: a rule, an advisory, a requirement. */
  readonly id: string;
  /** Glob of the file, as it was named to the verb; default any. */
  readonly file?: string;
  /** RFC 6901 pointer into the document, for what is there and below; default any. */
  readonly place?: string;
  readonly reason: string;
  /** Who decided. */
  readonly author: string;
  /** The last day on which it holds, in UTC, as `2027-01-31`. */
  readonly expires: string;
}

const MEMBERS = ['id', 'file', 'place', 'reason', 'author', 'expires'] as const;
const NEEDED = ['id', 'reason', 'author', 'expires'] as const;
const MAX_WAIVERS = 10_000;
const MAX_TEXT = 4096;

/** @throws ERR_CLI_USAGE for what is no list of waivers, ERR_LIMIT_COUNT */
export function readWaivers(value: unknown, file: string): readonly Waiver[] {
  const wrong = (message: string, hint = 'docs/waivers.md shows what a waiver says'): MsbomError =>
    new MsbomError('ERR_CLI_USAGE', message, { file, hint });
  if (!Array.isArray(value)) throw wrong('`waivers` is not a list');
  if (value.length > MAX_WAIVERS) throw new MsbomError('ERR_LIMIT_COUNT', `there are more than ${MAX_WAIVERS} waivers`, { file });
  return value.map((each: unknown, i): Waiver => {
    const which = `waiver ${i + 1}`;
    if (!isObject(each)) throw wrong(`${which} is no object`);
    const strange = Object.keys(each).find((key) => !(MEMBERS as readonly string[]).includes(key));
    if (strange !== undefined) {
      const guess = nearest(strange, MEMBERS);
      throw wrong(`${which} has an unknown member \`${strange}\``, guess === undefined ? undefined : `did you mean \`${guess}\`?`);
    }
    const said = Object.entries(each as Readonly<Record<string, unknown>>);
    const odd = said.find(([, text]) => typeof text !== 'string' || text.trim() === '' || text.length > MAX_TEXT);
    if (odd !== undefined) throw wrong(`\`${odd[0]}\` of ${which} is not a text of 1 to ${MAX_TEXT} characters`);
    const missing = NEEDED.find((key) => !Object.hasOwn(each, key));
    if (missing !== undefined) throw wrong(`${which} has no \`${missing}\``);
    const waiver = Object.fromEntries(said) as unknown as Waiver; // its members were checked
    if (!isDay(waiver.expires)) throw wrong(`\`expires\` of ${which} is no day`, 'give the last day on which it holds, such as 2027-01-31');
    if (waiver.place !== undefined && !waiver.place.startsWith('/'))
      throw wrong(`\`place\` of ${which} is no pointer`, 'give a pointer such as /model/licenses');
    return waiver;
  });
}

/** A day of the calendar: JavaScript would take the 30th of February for one in March. */
function isDay(text: string): boolean {
  const time = new Date(`${text}T00:00:00Z`);
  return text.length === 10 && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** Waivers at work: which covers a finding, and, at the end, which covered none. */
export interface Waivers {
  /** The finding, marked where a waiver covers it that has not expired. */
  judged(finding: Finding, file: string): Finding;
  /** Findings about the waivers themselves: those that have expired and those that covered nothing. */
  told(): readonly Finding[];
}

/** No waivers: every finding counts. */
export const NO_WAIVERS: Waivers = { judged: (finding) => finding, told: () => [] };

/** `file`: where they stand. A waiver holds until the end of its last day, by `now`. */
export function waiversOf(waivers: readonly Waiver[], { file, now }: { readonly file: string; readonly now: Date }): Waivers {
  const entries = waivers.map((waiver) => ({
    waiver,
    pattern: waiver.file === undefined ? undefined : globPattern(waiver.file),
    isExpired: Date.parse(`${waiver.expires}T00:00:00Z`) + DAY <= now.getTime(),
    isUsed: false,
  }));
  const byId = new Map<string, typeof entries>();
  for (const entry of entries) {
    const known = byId.get(entry.waiver.id);
    if (known === undefined) byId.set(entry.waiver.id, [entry]);
    else known.push(entry);
  }
  return {
    judged(finding, named) {
      const path = finding.file ?? named;
      const covering = (byId.get(finding.id) ?? []).filter(
        ({ waiver, pattern }) => (pattern === undefined || pattern.test(path)) && covers(waiver.place, finding.pointer),
      );
      for (const each of covering) each.isUsed = true;
      const held = covering.find(({ isExpired }) => !isExpired);
      if (held === undefined) return finding;
      const { reason, author, expires } = held.waiver;
      return { ...finding, waived: { reason, author, expires } };
    },
    told: () =>
      entries.flatMap(({ waiver, isExpired, isUsed }): readonly Finding[] => {
        if (isUsed && !isExpired) return [];
        const [id, message, fix] = isUsed
          ? [
              'waiver-expired',
              `the waiver of ${waiver.id} by ${waiver.author} expired on ${waiver.expires}, and its findings count again`,
              'Decide anew, or mend what was found.',
            ]
          : [
              'waiver-unused',
              `the waiver of ${waiver.id} by ${waiver.author} covers no finding`,
              'Remove it, or say the right `id`, `file` and `place`.',
            ];
        return [{ id, severity: 'info', message, fix, file }];
      }),
  };
}

const DAY = 86_400_000;

const covers = (place: string | undefined, pointer: string | undefined): boolean =>
  place === undefined || pointer === place || pointer?.startsWith(`${place}/`) === true;
