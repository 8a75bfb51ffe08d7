/** Advisories in the OSV schema, read tolerantly: what is not of the form is left out of the record, a record without id is none. */
import { isList, isObject, type JsonObject, own } from '../core/objects.js';

/** One event of a range. Source: https://ossf.github.io/osv-schema/#affectedrangesevents-fields */
export interface RangeEvent {
  /** `introduced_after` is of no OSV record: the first version is one later than that. */
  readonly kind: 'introduced' | 'introduced_after' | 'fixed' | 'last_affected' | 'limit';
  readonly version: string;
}

export interface AffectedPackage {
  readonly ecosystem: string;
  readonly name: string;
  /** Ranges that order versions; those over commits are counted alone. */
  readonly ranges: readonly (readonly RangeEvent[])[];
  readonly gitRanges: number;
  /** Versions that are listed one by one. */
  readonly versions: readonly string[];
  /** Versions that are said not to be affected, or to fix it. */
  readonly unaffected?: readonly string[];
  /** What else has to be so, in words. */
  readonly condition?: string;
}

export interface Advisory {
  readonly id: string;
  /** Other ids of the same vulnerability. */
  readonly aliases: readonly string[];
  /** Ids of what it is about in part, or of what it stands in: several vulnerabilities of one update are not one. */
  readonly related?: readonly string[];
  readonly summary?: string;
  readonly details?: string;
  /** RFC 3339. */
  readonly modified?: string;
  readonly withdrawn?: string;
  /** CVSS vectors. */
  readonly vectors: readonly string[];
  /** What the database calls it: `HIGH`. */
  readonly rated?: string;
  readonly affected: readonly AffectedPackage[];
}

/** What one record may hold; more is cut. */
const MAX = { text: 20_000, id: 200, vector: 400, aliases: 200, affected: 20_000, ranges: 1000, events: 5000, versions: 50_000 };

/** A record, or why it is none. */
export function readAdvisory(value: unknown): Advisory | undefined {
  if (!isObject(value)) return undefined;
  const id = textOf(value, 'id', MAX.id);
  const affected = listOf(value, 'affected').slice(0, MAX.affected);
  if (id === undefined || own(value, 'affected') === undefined) return undefined;
  const specific = own(value, 'database_specific');
  return {
    id,
    ...namesOf(value),
    ...member('summary', textOf(value, 'summary', MAX.text)),
    ...member('details', textOf(value, 'details', MAX.text)),
    ...member('modified', textOf(value, 'modified', MAX.id)),
    ...member('withdrawn', textOf(value, 'withdrawn', MAX.id)),
    ...member('rated', isObject(specific) ? textOf(specific, 'severity', MAX.id) : undefined),
    vectors: vectorsOf([value, ...affected.filter(isObject)]),
    affected: affected.flatMap(affectedOf),
  };
}

/** What a record derives from is the same vulnerability, unless there are several. Source: https://ossf.github.io/osv-schema/#upstream-field */
function namesOf(value: JsonObject): Pick<Advisory, 'aliases' | 'related'> {
  const [aliases, upstream] = [texts(own(value, 'aliases'), MAX.id), texts(own(value, 'upstream'), MAX.id).slice(0, MAX.aliases)];
  if (upstream.length > 1) return { aliases: aliases.slice(0, MAX.aliases), related: upstream };
  return { aliases: [...aliases, ...upstream].slice(0, MAX.aliases) };
}

/** Severities stand with the record or with each package. */
const vectorsOf = (places: readonly JsonObject[]): readonly string[] => [
  ...new Set(
    places.flatMap((place) =>
      listOf(place, 'severity').flatMap((each) => (isObject(each) ? (textOf(each, 'score', MAX.vector) ?? []) : [])),
    ),
  ),
];

function affectedOf(value: unknown): readonly AffectedPackage[] {
  const pack = isObject(value) ? own(value, 'package') : undefined;
  if (!isObject(value) || !isObject(pack)) return [];
  const [ecosystem, name] = [textOf(pack, 'ecosystem', MAX.id), textOf(pack, 'name', 1000)];
  if (ecosystem === undefined || name === undefined) return [];
  const ranges = listOf(value, 'ranges').slice(0, MAX.ranges).filter(isObject);
  return [
    {
      ecosystem,
      name,
      ranges: ranges
        .filter((range) => own(range, 'type') !== 'GIT')
        .map((range) => listOf(range, 'events').slice(0, MAX.events).flatMap(eventsOf)),
      gitRanges: ranges.filter((range) => own(range, 'type') === 'GIT').length,
      versions: texts(own(value, 'versions'), MAX.id).slice(0, MAX.versions),
    },
  ];
}

const KINDS = ['introduced', 'fixed', 'last_affected', 'limit'] as const;

const eventsOf = (value: unknown): readonly RangeEvent[] =>
  isObject(value)
    ? KINDS.flatMap((kind) => {
        const version = textOf(value, kind, MAX.id);
        return version === undefined ? [] : [{ kind, version }];
      })
    : [];

const listOf = (value: JsonObject, key: string): readonly unknown[] => {
  const list = own(value, key);
  return isList(list) ? list : [];
};

/** A text of so many signs at most; YAML has numbers and times as they were written. */
function textOf(value: JsonObject, key: string, most: number): string | undefined {
  const text = own(value, key);
  return typeof text === 'string' && text !== '' ? text.slice(0, most) : undefined;
}

const texts = (value: unknown, most: number): readonly string[] =>
  isList(value) ? value.flatMap((each) => (typeof each === 'string' && each !== '' ? [each.slice(0, most)] : [])) : [];

const member = (name: string, value: string | undefined): object => (value === undefined ? {} : { [name]: value });
