/** Which known vulnerabilities touch the packages of a manifest and what stands below them. */
import type { Manifest, Severity } from '../schema/index.js';
import type { Advisory } from './advisory.js';
import { fixesOf, nearestSafe } from './affects.js';
import { databaseOf, type Hit, judge, keeperOf, united } from './database.js';
import { ECOSYSTEMS, ecosystemOf } from './ecosystems.js';
import { type Package, packagesOf } from './packages.js';
import { type Reachability, reachabilityOf } from './reach.js';
import { severityOf } from './severity.js';
import { type Disregard, disregardOf, endOf, type VexPolicy, type VexStatement } from './vex/statement.js';

/** What a VEX document says of a finding. */
export interface FindingVex extends VexStatement {
  /** Why it does not take the finding out although it says so; missing where it counts. */
  readonly disregarded?: Disregard;
}

/** One vulnerability of one package, by all its names. */
export interface AuditFinding {
  /** The name that is known best: CVE, else GHSA, else any. */
  readonly id: string;
  readonly ids: readonly string[];
  readonly package: Package;
  readonly summary?: string;
  readonly severity: Severity | 'unknown';
  /** CVSS vector of that. */
  readonly vector?: string;
  /** The least later version that this vulnerability does not affect. */
  readonly fix?: string;
  /** What else has to be so for it to be affected, in words. */
  readonly condition?: string;
  /** Other updates or records that it stands in. */
  readonly related?: readonly string[];
  readonly reachability: Reachability;
  /** Who says what of it, where a VEX document does. */
  readonly vex?: FindingVex;
}

export interface Unevaluated {
  /** A package with its version, or a component. */
  readonly what: string;
  readonly why: string;
  /** Of an advisory that could not be judged. */
  readonly advisory?: string;
}

export interface AuditResult {
  readonly findings: readonly AuditFinding[];
  /** Those that a VEX document takes out: said, not hidden. */
  readonly suppressed: readonly AuditFinding[];
  /** What nothing can be said of. */
  readonly unevaluated: readonly Unevaluated[];
  /** Packages that were looked up in the advisories of their ecosystem. */
  readonly evaluated: number;
  /** Versions that no record given affects, of packages with findings: the nearest, where there is one. */
  readonly safe: readonly { readonly package: Package; readonly version?: string }[];
  readonly advisories: {
    readonly records: number;
    readonly withdrawn: number;
    /** The latest change of a record. */
    readonly newest?: string;
  };
}

export interface AuditOptions extends VexPolicy {
  readonly vex?: readonly VexStatement[];
  /** Ecosystems of which a service was asked for all records on these packages: that it has none is an answer. */
  readonly asked?: readonly string[];
}

/** Looks the packages of a manifest up in advisories. What could not be looked up or judged is listed: no finding is not the same as none. */
export function audit(
  manifest: Manifest,
  advisories: Iterable<Advisory>,
  { vex = [], asked = [], ...policy }: AuditOptions = {},
): AuditResult {
  const database = databaseOf(advisories);
  const { packages, unevaluated: unknown } = packagesOf(manifest);
  const unevaluated: Unevaluated[] = unknown.map(({ component, why }) => ({ what: component, why }));
  const findings: AuditFinding[] = [];
  const safe: { package: Package; version?: string }[] = [];
  let evaluated = 0;
  for (const each of packages) {
    const what = `${each.name} ${each.version}`;
    if (!database.ecosystems.has(each.ecosystem) && !asked.includes(each.ecosystem)) {
      unevaluated.push({ what, why: `no advisories of ${each.ecosystem} were given` });
      continue;
    }
    const { hits, open, records } = judge(each, database);
    unevaluated.push(...open.map(({ advisory, why }): Unevaluated => ({ what, why, advisory })));
    if (Object.hasOwn(ECOSYSTEMS, each.ecosystem) || (asked.includes(each.ecosystem) && records.length === 0)) evaluated++;
    else
      unevaluated.push({ what, why: `versions of ${each.ecosystem} are not ordered here: only what advisories list one by one was found` });
    for (const group of united(hits)) findings.push(findingOf(manifest, each, group));
    const version = hits.length === 0 ? undefined : nearestSafe(records, each.version);
    if (hits.length > 0) safe.push({ package: each, ...(version === undefined ? {} : { version }) });
  }
  const told = withVex(findings, vex, { policy, subject: addressesOf(manifest) });
  return {
    findings: sorted(told.filter((each) => !isSuppressed(each))),
    suppressed: sorted(told.filter(isSuppressed)),
    unevaluated,
    evaluated,
    safe,
    advisories: {
      records: database.records,
      withdrawn: database.withdrawn,
      ...(database.newest === undefined ? {} : { newest: database.newest }),
    },
  };
}

/** Takes off a record what is not about packages of the manifest, so that many can be held. */
export const keeperFor = (manifest: Manifest): ((advisory: Advisory) => Advisory) => keeperOf(packagesOf(manifest).packages);

const PREFERRED = ['CVE-', 'GHSA-'];
const MAX_SUMMARY = 300;

function findingOf(manifest: Manifest, each: Package, group: readonly Hit[]): AuditFinding {
  const records = [...new Set(group.map(({ advisory }) => advisory))];
  const ids = [...new Set(records.flatMap(({ id, aliases }) => [id, ...aliases]))].sort();
  const related = [...new Set(records.flatMap((record) => record.related ?? []))].filter((id) => !ids.includes(id)).sort();
  const rated = severityOf(records);
  const affected = group.map((hit) => hit.affected);
  const fix =
    nearestSafe(affected, each.version) ??
    latest(
      affected.flatMap((one) => fixesOf(one, each.version)[0] ?? []),
      each.ecosystem,
    );
  const summary = records.map((one) => one.summary ?? one.details?.split('\n')[0]).find((text) => text !== undefined);
  const [condition] = affected.every((one) => one.condition !== undefined) ? affected.flatMap((one) => one.condition ?? []) : [];
  return {
    id: PREFERRED.map((prefix) => ids.find((id) => id.startsWith(prefix))).find((id) => id !== undefined) ?? ids[0] ?? '',
    ids,
    package: each,
    ...(summary === undefined ? {} : { summary: summary.slice(0, MAX_SUMMARY) }),
    severity: rated?.severity ?? 'unknown',
    ...(rated?.vector === undefined ? {} : { vector: rated.vector }),
    ...(fix === undefined ? {} : { fix }),
    ...(condition === undefined ? {} : { condition }),
    ...(related.length === 0 ? {} : { related }),
    reachability: reachabilityOf(manifest, ecosystemOf(each.ecosystem).name(each.name), records),
  };
}

/** Of what records of the same vulnerability call its fix, the latest is safe. */
const latest = (versions: readonly string[], ecosystem: string): string | undefined =>
  [...versions].sort((a, b) => ecosystemOf(ecosystem).compare(b, a) ?? 0)[0];

/** Statements about one of the names and about this package; of several, the latest counts, and of those of one time the one that takes least out. */
function withVex(
  findings: readonly AuditFinding[],
  statements: readonly VexStatement[],
  { policy, subject }: { readonly policy: VexPolicy; readonly subject: ReadonlySet<string> },
): readonly AuditFinding[] {
  const byName = new Map<string, VexStatement[]>();
  for (const statement of statements)
    for (const name of new Set([statement.vulnerability, ...(statement.aliases ?? [])])) {
      const list = byName.get(name);
      if (list === undefined) byName.set(name, [statement]);
      else list.push(statement);
    }
  return findings.map((finding) => {
    const about = [...new Set(finding.ids.flatMap((id) => byName.get(id) ?? []))].filter((statement) =>
      isAbout(statement, finding.package, subject),
    );
    const usable = about.filter((statement) => disregardOf(statement, policy) === undefined);
    const [chosen] = [...(usable.length > 0 ? usable : about)].sort(byWeight);
    if (chosen === undefined) return finding;
    const [disregarded, end] = [disregardOf(chosen, policy), endOf(chosen, policy.maxAgeDays)];
    return {
      ...finding,
      vex: {
        ...chosen,
        ...(end === undefined ? {} : { until: new Date(end).toISOString().replace('.000Z', 'Z') }),
        ...(disregarded === undefined ? {} : { disregarded }),
      },
    };
  });
}

/** By what others name what the manifest describes. */
function addressesOf({ bom, model, components = {} }: Manifest): ReadonlySet<string> {
  const subject = model ?? (bom.subject !== undefined && Object.hasOwn(components, bom.subject) ? components[bom.subject] : undefined);
  return new Set([bom.serialNumber, ...(subject?.identifiers ?? []).map(({ value }) => value)]);
}

/** Versions are compared as texts: what is said of a build of one's own (`1.13.0+patched`) is not said of the public one. */
const isAbout = ({ products }: VexStatement, of: Package, subject: ReadonlySet<string>): boolean => {
  const name = ecosystemOf(of.ecosystem).name(of.name);
  return products.some(
    (product) =>
      product.ecosystem === of.ecosystem &&
      product.name === name &&
      (product.version === undefined || product.version === of.version) &&
      (product.within === undefined || product.within.some((address) => subject.has(address))),
  );
};

const timeOf = ({ timestamp }: VexStatement): number => {
  const time = Date.parse(timestamp ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
};

function byWeight(a: VexStatement, b: VexStatement): number {
  const [x, y] = [timeOf(a), timeOf(b)];
  return x === y ? Number(takesOut(a)) - Number(takesOut(b)) : x > y ? -1 : 1;
}

const takesOut = ({ status }: VexStatement): boolean => status === 'not_affected' || status === 'fixed';

const isSuppressed = ({ vex }: AuditFinding): boolean => vex !== undefined && vex.disregarded === undefined && takesOut(vex);

const ORDER: readonly AuditFinding['severity'][] = ['critical', 'high', 'unknown', 'medium', 'low', 'none'];

const sorted = (findings: readonly AuditFinding[]): readonly AuditFinding[] =>
  [...findings].sort(
    (a, b) =>
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
      (a.package.name < b.package.name ? -1 : a.package.name > b.package.name ? 1 : a.id < b.id ? -1 : 1),
  );
