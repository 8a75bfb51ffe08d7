/** Advisories by the packages that they are about, and which of them hit. */
import type { Advisory, AffectedPackage } from './advisory.js';
import { decide } from './affects.js';
import { baseOf, ecosystemOf } from './ecosystems.js';
import type { Package } from './packages.js';

export interface Hit {
  readonly advisory: Advisory;
  readonly affected: AffectedPackage;
}

export interface Database {
  readonly byName: ReadonlyMap<string, readonly Hit[]>;
  readonly ecosystems: ReadonlySet<string>;
  readonly records: number;
  readonly withdrawn: number;
  /** The latest change of a record. */
  readonly newest?: string | undefined;
}

export interface Judged {
  readonly hits: readonly Hit[];
  /** Records that could not be judged, and why. */
  readonly open: readonly { readonly advisory: string; readonly why: string }[];
  /** All records on the package, of its release. */
  readonly records: readonly AffectedPackage[];
}

export const keyOf = (ecosystem: string, name: string): string => `${ecosystem} ${ecosystemOf(ecosystem).name(name)}`;

/**
 * Takes off a record what is not about the packages, so that many can be held: that it is there, when it was changed and of which
 * ecosystem it is stays.
 */
export function keeperOf(packages: readonly Package[]): (advisory: Advisory) => Advisory {
  const wanted = new Set(packages.map(({ ecosystem, name }) => keyOf(ecosystem, name)));
  return (advisory) => {
    const affected = advisory.affected.filter(({ ecosystem, name }) => wanted.has(keyOf(baseOf(ecosystem), name)));
    if (affected.length > 0) return affected.length === advisory.affected.length ? advisory : { ...advisory, affected };
    const { id, modified, withdrawn } = advisory;
    const ecosystems = [...new Set(advisory.affected.map(({ ecosystem }) => baseOf(ecosystem)))];
    return {
      id,
      aliases: [],
      vectors: [],
      ...(modified === undefined ? {} : { modified }),
      ...(withdrawn === undefined ? {} : { withdrawn }),
      affected: ecosystems.map((ecosystem) => ({ ecosystem, name: '', ranges: [], gitRanges: 0, versions: [] })),
    };
  };
}

/** Withdrawn records are counted and left out. */
export function databaseOf(advisories: Iterable<Advisory>): Database {
  const byName = new Map<string, Hit[]>();
  const ecosystems = new Set<string>();
  let [records, withdrawn] = [0, 0];
  let newest: string | undefined;
  for (const advisory of advisories) {
    records++;
    if (advisory.modified !== undefined && (newest === undefined || advisory.modified > newest)) newest = advisory.modified;
    for (const { ecosystem } of advisory.affected) ecosystems.add(baseOf(ecosystem));
    if (advisory.withdrawn !== undefined) {
      withdrawn++;
      continue;
    }
    for (const affected of advisory.affected) {
      const key = keyOf(baseOf(affected.ecosystem), affected.name);
      const list = byName.get(key);
      if (list === undefined) byName.set(key, [{ advisory, affected }]);
      else list.push({ advisory, affected });
    }
  }
  return { byName, ecosystems, records, withdrawn, newest };
}

/** Of a package whose release is not known, what all releases say alike. */
export function judge(each: Package, { byName }: Database): Judged {
  const about = (byName.get(keyOf(each.ecosystem, each.name)) ?? []).filter(({ affected }) =>
    isOfRelease(affected.ecosystem, each.release),
  );
  const hits: Hit[] = [];
  const open: { advisory: string; why: string }[] = [];
  for (const [advisory, group] of groupedBy(about, ({ advisory: of }) => of)) {
    const decisions = group.map((hit) => ({ hit, decision: decide(hit.affected, each.version) }));
    const affected = decisions.filter(({ decision }) => decision === 'affected').map(({ hit }) => hit);
    const isDivided =
      each.release === undefined &&
      affected.length > 0 &&
      affected.length < group.length &&
      group.some(({ affected: of }) => of.ecosystem.includes(':'));
    if (isDivided) open.push({ advisory: advisory.id, why: `it depends on the release of ${each.ecosystem}, which is not known` });
    else if (affected.length > 0) hits.push(...affected);
    else
      for (const { decision } of decisions)
        if (typeof decision !== 'string') {
          open.push({ advisory: advisory.id, why: decision.unevaluated });
          break;
        }
  }
  return { hits, open, records: about.map(({ affected }) => affected) };
}

/** `Debian:12`, `Alpine:v3.19`, `Ubuntu:Pro:22.04:LTS`, `Red Hat:enterprise_linux:9::baseos`. Minor releases are those of their major one. */
function isOfRelease(ecosystem: string, release: string | undefined): boolean {
  const parts = ecosystem.split(':').slice(1).map(plain);
  if (release === undefined || parts.length === 0) return true;
  const [own = ''] = release.split(':').map(plain);
  return parts.some((part) => part === own || own.startsWith(`${part}.`));
}

const plain = (release: string): string => (release.startsWith('v') ? release.slice(1) : release);

export function groupedBy<T, K>(list: readonly T[], key: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    const of = key(item);
    const group = groups.get(of);
    if (group === undefined) groups.set(of, [item]);
    else group.push(item);
  }
  return groups;
}

/** Records that name each other, or a third one both, are one vulnerability. */
export function united(hits: readonly Hit[]): readonly (readonly Hit[])[] {
  const parent = new Map<string, string>();
  const rootOf = (id: string): string => {
    let at = id;
    while ((parent.get(at) ?? at) !== at) at = parent.get(at) ?? at;
    for (let step = id; step !== at; ) {
      const next = parent.get(step) ?? at;
      parent.set(step, at);
      step = next;
    }
    return at;
  };
  for (const { advisory } of hits) for (const alias of advisory.aliases) parent.set(rootOf(alias), rootOf(advisory.id));
  return [...groupedBy(hits, ({ advisory }) => rootOf(advisory.id)).values()];
}
