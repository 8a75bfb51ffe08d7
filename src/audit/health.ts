/**
 * What snapshots say of how a dependency is looked after: OpenSSF Scorecard, deps.dev and the criticality score. Facts are kept with their
 * date and source and judged by flags that the user asks for, by nothing else: there is no score of our own, and what is not known is that.
 */
import { isObject, type JsonObject, own } from '../core/objects.js';
import type { Manifest } from '../schema/index.js';
import { ecosystemOf } from './ecosystems.js';
import { type Package, packagesOf } from './packages.js';
import { member, objectAt, objectsOf, text } from './values.js';

export interface HealthFact {
  /** `scorecard`, `archived`, `maintained`, `last-release`, `deprecated`, `publishers`, `criticality`. */
  readonly name: string;
  readonly value: string | number | boolean;
  /** Date that the snapshot states, RFC 3339 or a day. */
  readonly date?: string;
  /** What the snapshot is of, and the file. */
  readonly source: string;
}

/** Facts on a repository (`github.com/owner/name`) or on a package. */
export interface HealthSnapshot {
  readonly repository?: string;
  readonly package?: { readonly ecosystem: string; readonly name: string };
  readonly facts: readonly HealthFact[];
  /** Repositories of the package. */
  readonly repositories?: readonly string[];
}

export const HEALTH_FLAGS = ['archived', 'deprecated', 'single-publisher', 'no-release-18-months', 'unmaintained'] as const;
export type HealthFlag = (typeof HEALTH_FLAGS)[number];

export interface Health {
  readonly package: Package;
  readonly facts: readonly HealthFact[];
  /** Flags that were asked for and hold, with the facts that say so. */
  readonly raised: readonly { readonly flag: HealthFlag; readonly fact: HealthFact }[];
  /** Flags that were asked for and that nothing is known about. */
  readonly unknown: readonly HealthFlag[];
}

const MAX = { versions: 100_000, text: 500, repositories: 20 };
/** Systems of deps.dev, and what OSV calls them. */
const SYSTEMS: Readonly<Record<string, string>> = {
  PYPI: 'PyPI',
  NPM: 'npm',
  GO: 'Go',
  MAVEN: 'Maven',
  CARGO: 'crates.io',
  NUGET: 'NuGet',
  RUBYGEMS: 'RubyGems',
};

/** A snapshot; undefined when the document is none that is known. */
export function readHealth(value: unknown, file: string): HealthSnapshot | undefined {
  if (!isObject(value)) return undefined;
  return (
    scorecardOf(value, file) ?? projectOf(value, file) ?? packageOf(value, file) ?? publishersOf(value, file) ?? criticalityOf(value, file)
  );
}

const repositoryOf = (name: string | undefined): string | undefined => {
  if (name === undefined) return undefined;
  const at = name.indexOf('://');
  const bare = (at === -1 ? name : name.slice(at + 3)).toLowerCase();
  return (bare.endsWith('.git') ? bare.slice(0, -4) : bare).split(/[/?#]/, 3).join('/');
};

/** Source: https://github.com/ossf/scorecard, JSON output */
function scorecardOf(value: JsonObject, file: string): HealthSnapshot | undefined {
  const repository = repositoryOf(text(objectAt(value, 'repo') ?? {}, 'name', MAX.text));
  if (repository === undefined || own(value, 'checks') === undefined) return undefined;
  return {
    repository,
    facts: scored(value, own(value, 'score'), { source: `OpenSSF Scorecard, ${file}`, ...member('date', text(value, 'date', MAX.text)) }),
  };
}

function scored(value: JsonObject, score: unknown, from: Pick<HealthFact, 'date' | 'source'>): readonly HealthFact[] {
  const maintained = objectsOf(own(value, 'checks')).find((each) => own(each, 'name') === 'Maintained');
  const [points, reason] = [
    maintained === undefined ? undefined : own(maintained, 'score'),
    maintained === undefined ? '' : (text(maintained, 'reason') ?? ''),
  ];
  return [
    ...(typeof score === 'number' ? [{ name: 'scorecard', value: score, ...from }] : []),
    // -1 is what Scorecard gives where it could not tell.
    ...(typeof points === 'number' && points >= 0 ? [{ name: 'maintained', value: points, ...from }] : []),
    ...(typeof points === 'number' && points >= 0 ? [{ name: 'archived', value: reason.toLowerCase().includes('archived'), ...from }] : []),
  ];
}

/** Source: https://docs.deps.dev/api/v3/, GetProject */
function projectOf(value: JsonObject, file: string): HealthSnapshot | undefined {
  const repository = repositoryOf(text(objectAt(value, 'projectKey') ?? {}, 'id', MAX.text));
  if (repository === undefined) return undefined;
  const card = objectAt(value, 'scorecard');
  const from = card === undefined ? {} : member('date', text(card, 'date', MAX.text));
  return {
    repository,
    facts: card === undefined ? [] : scored(card, own(card, 'overallScore'), { source: `OpenSSF Scorecard by deps.dev, ${file}`, ...from }),
  };
}

/** Source: https://docs.deps.dev/api/v3/, GetPackage and GetVersion */
function packageOf(value: JsonObject, file: string): HealthSnapshot | undefined {
  const key = objectAt(value, 'packageKey') ?? objectAt(value, 'versionKey');
  const named = namedBy(key);
  if (named === undefined) return undefined;
  const versions = [
    ...objectsOf(own(value, 'versions')).slice(0, MAX.versions),
    ...(own(value, 'publishedAt') === undefined ? [] : [value]),
  ];
  // One version says when it was released, and nothing of later ones.
  const isWhole = objectAt(value, 'packageKey') !== undefined;
  const times = versions.flatMap((each) => text(each, 'publishedAt', MAX.text) ?? []).filter((time) => !Number.isNaN(Date.parse(time)));
  const [newest] = times.sort((a, b) => Date.parse(b) - Date.parse(a));
  const source = `deps.dev, ${file}`;
  const newestVersion = versions.find((each) => own(each, 'isDefault') === true);
  const deprecated = newestVersion === undefined ? undefined : own(newestVersion, 'isDeprecated');
  const repositories = objectsOf(own(value, 'relatedProjects')).flatMap(
    (each) => repositoryOf(text(objectAt(each, 'projectKey') ?? {}, 'id', MAX.text)) ?? [],
  );
  return {
    package: named,
    ...(repositories.length === 0 ? {} : { repositories: repositories.slice(0, MAX.repositories) }),
    facts: [
      ...(isWhole && newest !== undefined ? [{ name: 'last-release', value: newest, source }] : []),
      ...(typeof deprecated === 'boolean' ? [{ name: 'deprecated', value: deprecated, source }] : []),
    ],
  };
}

function namedBy(key: JsonObject | undefined): HealthSnapshot['package'] | undefined {
  const [system, name] = [text(key ?? {}, 'system', MAX.text)?.toUpperCase(), text(key ?? {}, 'name', MAX.text)];
  return system === undefined || name === undefined || !Object.hasOwn(SYSTEMS, system)
    ? undefined
    : { ecosystem: SYSTEMS[system] ?? '', name };
}

/** Who may publish a package of npm. Source: https://github.com/npm/registry, package metadata */
function publishersOf(value: JsonObject, file: string): HealthSnapshot | undefined {
  const [name, maintainers] = [text(value, 'name', MAX.text), own(value, 'maintainers')];
  if (name === undefined || !Array.isArray(maintainers) || own(value, 'dist-tags') === undefined) return undefined;
  const date = text(objectAt(value, 'time') ?? {}, 'modified', MAX.text);
  return {
    package: { ecosystem: 'npm', name },
    facts: [{ name: 'publishers', value: maintainers.length, source: `package metadata of npm, ${file}`, ...member('date', date) }],
  };
}

/** Source: https://github.com/ossf/criticality_score, JSON output */
function criticalityOf(value: JsonObject, file: string): HealthSnapshot | undefined {
  const repository = repositoryOf(text(objectAt(value, 'repo') ?? {}, 'url', MAX.text));
  const score = own(value, 'default_score');
  const number = typeof score === 'string' ? Number(score) : score;
  if (repository === undefined || typeof number !== 'number' || Number.isNaN(number)) return undefined;
  return {
    repository,
    facts: [
      {
        name: 'criticality',
        value: number,
        source: `criticality score, ${file}`,
        ...member('date', text(value, 'collection_date', MAX.text)),
      },
    ],
  };
}

const MONTH = 30.44 * 86_400_000;

interface Rule {
  readonly fact: string;
  /** Does the fact raise the flag? Undefined where it cannot say. */
  readonly raises: (value: HealthFact['value'], now: number) => boolean | undefined;
}

/** What the flags mean. */
const RULES: Readonly<Record<HealthFlag, Rule>> = {
  archived: { fact: 'archived', raises: (value) => value === true },
  deprecated: { fact: 'deprecated', raises: (value) => value === true },
  'single-publisher': { fact: 'publishers', raises: (value) => (typeof value === 'number' ? value === 1 : undefined) },
  'no-release-18-months': { fact: 'last-release', raises: (value, now) => now - Date.parse(String(value)) > 18 * MONTH },
  unmaintained: { fact: 'maintained', raises: (value) => value === 0 },
};

/** Facts on the packages of a manifest, by name, or by the repository that the manifest or a snapshot names. */
export function healthOf(
  manifest: Manifest,
  snapshots: readonly HealthSnapshot[],
  { flags, now }: { readonly flags: readonly HealthFlag[]; readonly now: Date },
): readonly Health[] {
  return packagesOf(manifest).packages.flatMap((each): readonly Health[] => {
    const name = ecosystemOf(each.ecosystem).name(each.name);
    const own_ = snapshots.filter(
      ({ package: of }) => of?.ecosystem === each.ecosystem && ecosystemOf(each.ecosystem).name(of.name) === name,
    );
    const sources = each.components.flatMap((id) => repositoryOf(manifest.components?.[id]?.uris?.source) ?? []);
    const repositories = new Set([...sources, ...own_.flatMap((snapshot) => snapshot.repositories ?? [])]);
    const facts = [...own_, ...snapshots.filter(({ repository }) => repository !== undefined && repositories.has(repository))].flatMap(
      (snapshot) => snapshot.facts,
    );
    if (facts.length === 0 && flags.length === 0) return [];
    const judged = flags.map((flag) => {
      const { fact: key, raises } = RULES[flag];
      const about = facts.filter((fact) => fact.name === key).map((fact) => ({ fact, raised: raises(fact.value, now.getTime()) }));
      return { flag, hit: about.find(({ raised }) => raised === true)?.fact, isKnown: about.some(({ raised }) => raised !== undefined) };
    });
    return [
      {
        package: each,
        facts,
        raised: judged.flatMap(({ flag, hit }) => (hit === undefined ? [] : [{ flag, fact: hit }])),
        unknown: judged.filter(({ isKnown }) => !isKnown).map(({ flag }) => flag),
      },
    ];
  });
}
