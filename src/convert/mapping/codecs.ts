/** How values of the manifest are written in another standard, and read. Either answers undefined where the value has no form there. */

import { canonicalize, type JsonValue } from '../../core/canonical-json.js';
import { uriOf } from '../cyclonedx/json.js';

export interface Codec {
  readonly write: (value: JsonValue) => JsonValue | undefined;
  readonly read: (value: JsonValue) => JsonValue | undefined;
}

const texts = (value: JsonValue): readonly string[] =>
  (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
const someTexts = (value: JsonValue): JsonValue | undefined => {
  const found = texts(value);
  return found.length === 0 ? undefined : [...new Set(found)];
};
const text = (value: JsonValue): JsonValue | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A number as JSON writes it; none where it would lose digits. */
export function numberOf(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 40 || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) && (!/^-?\d+$/.test(value) || Number.isSafeInteger(number)) ? number : undefined;
}

/** Words of one standard for words of the other. */
function words(table: Readonly<Record<string, string>>): Codec {
  const back = new Map(Object.entries(table).map(([ours, theirs]) => [theirs, ours]));
  return {
    write: (value) => (typeof value === 'string' && Object.hasOwn(table, value) ? table[value] : undefined),
    read: (value) => (typeof value === 'string' ? back.get(value) : undefined),
  };
}

/** Two words for a flag. */
const flag = (yes: string, no: string): Codec => ({
  write: (value) => (value === true ? yes : value === false ? no : undefined),
  read: (value) => (value === yes ? true : value === no ? false : undefined),
});

const identity = (list: readonly string[]): Codec => words(Object.fromEntries(list.map((word) => [word, word])));

/** Status of a weakness, in the words of OpenVEX and of CycloneDX; the first row of a word is what is written, or read. */
const VEX: readonly (readonly [ours: string, theirs: string])[] = [
  ['not_affected', 'not_affected'],
  ['exploitable', 'exploitable'],
  ['affected', 'exploitable'],
  ['fixed', 'resolved'],
  ['under_investigation', 'in_triage'],
  ['not_affected', 'false_positive'],
  ['fixed', 'resolved_with_pedigree'],
];

/** A number as a decimal text without an exponent, which neither the RDF type of SPDX nor XML Schema knows. */
export function decimalText(value: number): string {
  const [, sign = '', first = '', others = '', exponent] = /^(-?)(\d)\.?(\d*)e([+-]\d+)$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const point = 1 + Number(exponent);
  const digits = first + others;
  return point > 0 ? `${sign}${digits.padEnd(point, '0')}` : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

/** A moment in UTC and whole seconds, as SPDX writes it: fractions are cut off. None of a day that its month does not have. */
function seconds(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(value)) return undefined;
  const moment = `${value.slice(0, 19)}Z`;
  const time = Date.parse(moment);
  return !Number.isNaN(time) && new Date(time).toISOString() === moment.replace('Z', '.000Z') ? moment : undefined;
}

/** A media type as the schema of CycloneDX takes it. */
const mediaType = (value: JsonValue): JsonValue | undefined =>
  typeof value === 'string' && /^[-+a-z0-9.]+\/[-+a-z0-9.]+$/.test(value) ? value : undefined;

export const CODECS = {
  /** As it is. */
  same: { write: (value) => value, read: (value) => value },
  text: { write: text, read: text },
  /** A text; the word for "nothing is said" is none. */
  said: { write: text, read: (value) => (value === 'NOASSERTION' ? undefined : text(value)) },
  /** An absolute address. */
  address: { write: text, read: uriOf },
  texts: { write: someTexts, read: someTexts },
  /** A number where the other standard wants a text. */
  numberText: { write: (value) => canonicalize(value), read: numberOf },
  /** A list where the other standard has room for one. */
  first: { write: (value) => texts(value)[0], read: (value) => someTexts(value) },
  /** A text where the other standard has a list. */
  oneOfList: { write: (value) => (text(value) === undefined ? undefined : [value]), read: (value) => texts(value)[0] },
  /** A list where the other standard has one text: a line each. */
  lines: {
    write: (value) => (texts(value).length === 0 ? undefined : texts(value).join('\n')),
    read: (value) => (typeof value === 'string' ? someTexts(value.split('\n')) : undefined),
  },
  /** A text of several lines where the other standard has a list. */
  lineList: {
    write: (value) => (typeof value === 'string' ? someTexts(value.split('\n')) : undefined),
    read: (value) => (texts(value).length === 0 ? undefined : texts(value).join('\n')),
  },
  seconds: { write: seconds, read: seconds },
  /** A day where the other standard has a moment. */
  day: {
    write: (value) => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : undefined),
    read: (value) => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) ? value.slice(0, 10) : undefined),
  },
  mediaType: { write: mediaType, read: mediaType },
  executable: flag('executable', 'non-executable'),
  archive: flag('archive', 'no archive'),
  structured: flag('structured', 'unstructured'),
  presence: words({ yes: 'yes', no: 'no' }),
  presenceFlag: {
    write: (value) => (value === true ? 'yes' : 'no'),
    read: (value) => (value === 'yes' ? true : value === 'no' ? false : undefined),
  },
  safetyRisk: identity(['serious', 'high', 'medium', 'low']),
  vexState: {
    write: (value) => VEX.find(([ours]) => ours === value)?.[1],
    read: (value) => VEX.find(([, theirs]) => theirs === value)?.[0],
  },
  confidentiality: identity(['red', 'amber', 'green', 'clear']),
  approach: {
    write: (value) => texts(value).find((each) => APPROACHES.has(each)),
    read: (value) => (typeof value === 'string' && APPROACHES.has(value) ? [value] : undefined),
  },
  /** How a dataset can be got; ours are open words. */
  availability: identity(['clickthrough', 'directDownload', 'query', 'registration', 'scrapingScript']),
} as const satisfies Readonly<Record<string, Codec>>;

export type CodecName = keyof typeof CODECS;

/** `approach.type` of CycloneDX. */
const APPROACHES: ReadonlySet<string> = new Set([
  'supervised',
  'unsupervised',
  'reinforcement-learning',
  'semi-supervised',
  'self-supervised',
]);
