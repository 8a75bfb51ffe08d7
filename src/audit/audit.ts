/** Which known vulnerabilities touch the packages of a manifest. */
import type { Manifest, Severity } from '../schema/index.js';
import type { Advisory, AffectedPackage } from './advisory.js';
import { decide, nearestFix } from './affects.js';
import { baseOf, ECOSYSTEMS, ecosystemOf } from './ecosystems.js';
import { type Package, packagesOf } from './packages.js';
import { type Reachability, reachabilityOf } from './reach.js';
import { severityOf } from './severity.js';
import type { VexStatement } from './vex.js';

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
  /** The least later version that is not affected by it. */
  readonly fix?: string;
  readonly reachability: Reachability;
  /** Who says what of it, where a VEX document does. */
  readonly vex?: VexStatement;
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
  readonly advisories: {
    readonly records: number;
    readonly withdrawn: number /** The latest change of a record. */;
    readonly newest?: string;
  };
}

export interface AuditOptions {
  readonly vex?: readonly VexStatement[];
}

/** Looks the packages of a manifest up in advisories. What could not be looked up or judged is listed: no finding is not the same as none. */
export function audit(manifest: Manifest, advisories: Iterable<Advisory>, { vex = [] }: AuditOptions = {}): AuditResult {
  const index = indexed(advisories);
  const { packages, unevaluated: unknown } = packagesOf(manifest);
  const unevaluated: Unevaluated[] = unknown.map(({ component, why }) => ({ what: component, why }));
  const findings: AuditFinding[] = [];
  let evaluated = 0;
  for (const each of packages) {
    const what = `${each.name} ${each.version}`;
    if (!index.ecosystems.has(each.ecosystem)) {
      unevaluated.push({ what, why: `no advisories of ${each.ecosystem} were given` });
      continue;
    }
    const { hits, open } = judge(each, index);
    unevaluated.push(...open.map(({ advisory, why }): Unevaluated => ({ what, why, advisory })));
    if (Object.hasOwn(ECOSYSTEMS, each.ecosystem)) evaluated++;
    else
      unevaluated.push({ what, why: `versions of ${each.ecosystem} are not ordered here: only what advisories list one by one was found` });
    for (const group of united(hits)) findings.push(findingOf(manifest, each, group));
  }
  const told = findings.map((finding) => withVex(finding, vex));
  return {
    findings: sorted(told.filter((each) => !isSuppressed(each))),
    suppressed: sorted(told.filter(isSuppressed)),
    unevaluated,
    evaluated,
    advisories: { records: index.records, withdrawn: index.withdrawn, ...(index.newest === undefined ? {} : { newest: index.newest }) },
  };
}

/**
 * Takes off a record what is not about packages of the manifest, so that many can be held: that it is there, when it was changed and of
 * which ecosystem it is stays.
 */
export function keeperFor(manifest: Manifest): (advisory: Advisory) => Advisory {
  const wanted = new Set(packagesOf(manifest).packages.map(({ ecosystem, name }) => keyOf(ecosystem, name)));
  return (advisory) => {
    const affected = advisory.affected.filter(({ ecosystem, name }) => wanted.has(keyOf(baseOf(ecosystem), name)));
    if (affected.length > 0) return { ...advisory, affected };
    const { summary: _summary, details: _details, ...rest } = advisory;
    const ecosystems = [...new Set(advisory.affected.map(({ ecosystem }) => baseOf(ecosystem)))];
    return {
      ...rest,
      aliases: [],
      vectors: [],
      affected: ecosystems.map((ecosystem) => ({ ecosystem, name: '', ranges: [], gitRanges: 0, versions: [] })),
    };
  };
}

interface Index {
  readonly byName: ReadonlyMap<string, readonly Hit[]>;
  readonly ecosystems: ReadonlySet<string>;
  readonly records: number;
  readonly withdrawn: number;
  readonly newest?: string | undefined;
}

interface Hit {
  readonly advisory: Advisory;
  readonly affected: AffectedPackage;
}

const keyOf = (ecosystem: string, name: string): string => `${ecosystem} ${ecosystemOf(ecosystem).name(name)}`;

function indexed(advisories: Iterable<Advisory>): Index {
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

interface Open {
  readonly advisory: string;
  readonly why: string;
}

function judge(each: Package, { byName }: Index): { readonly hits: readonly Hit[]; readonly open: readonly Open[] } {
  const hits: Hit[] = [];
  const open: Open[] = [];
  for (const hit of byName.get(keyOf(each.ecosystem, each.name)) ?? []) {
    const decision = decide(hit.affected, each.version);
    if (decision === 'affected') hits.push(hit);
    else if (decision !== 'unaffected') open.push({ advisory: hit.advisory.id, why: decision.unevaluated });
  }
  return { hits, open };
}

/** Records that name each other, or a third one both, are one vulnerability. */
function united(hits: readonly Hit[]): readonly (readonly Hit[])[] {
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
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) groups.set(rootOf(hit.advisory.id), [...(groups.get(rootOf(hit.advisory.id)) ?? []), hit]);
  return [...groups.values()];
}

const PREFERRED = ['CVE-', 'GHSA-'];

function findingOf(manifest: Manifest, each: Package, group: readonly Hit[]): AuditFinding {
  const records = [...new Set(group.map(({ advisory }) => advisory))];
  const ids = [...new Set(records.flatMap(({ id, aliases }) => [id, ...aliases]))].sort();
  const rated = severityOf(records);
  const fixes = group.map(({ affected }) => nearestFix(affected, each.version));
  const fix = latest(
    fixes.flatMap((one) => one ?? []),
    each.ecosystem,
  );
  const summary = records.map((one) => one.summary ?? one.details?.split('\n')[0]).find((text) => text !== undefined);
  return {
    id: PREFERRED.map((prefix) => ids.find((id) => id.startsWith(prefix))).find((id) => id !== undefined) ?? ids[0] ?? '',
    ids,
    package: each,
    ...(summary === undefined ? {} : { summary: summary.slice(0, 300) }),
    severity: rated?.severity ?? 'unknown',
    ...(rated?.vector === undefined ? {} : { vector: rated.vector }),
    ...(fix === undefined ? {} : { fix }),
    reachability: reachabilityOf(manifest, ecosystemOf(each.ecosystem).name(each.name), records),
  };
}

/** Of what records of the same vulnerability call its fix, the latest is safe. */
const latest = (versions: readonly string[], ecosystem: string): string | undefined =>
  [...versions].sort((a, b) => ecosystemOf(ecosystem).compare(b, a) ?? 0)[0];

/** A statement about one of the names, and about this package or about nothing in particular. */
function withVex(finding: AuditFinding, statements: readonly VexStatement[]): AuditFinding {
  const { ids, package: of } = finding;
  const about = statements.filter(
    ({ vulnerability, products }) =>
      ids.includes(vulnerability) &&
      products.some(
        (product) =>
          product.ecosystem === of.ecosystem &&
          product.name === ecosystemOf(of.ecosystem).name(of.name) &&
          (product.version === undefined || product.version === of.version),
      ),
  );
  // Of several, the latest counts.
  const [vex] = about.sort((a, b) => ((a.timestamp ?? '') < (b.timestamp ?? '') ? 1 : -1));
  return vex === undefined ? finding : { ...finding, vex };
}

const isSuppressed = ({ vex }: AuditFinding): boolean => vex !== undefined && (vex.status === 'not_affected' || vex.status === 'fixed');

const ORDER: readonly AuditFinding['severity'][] = ['critical', 'high', 'unknown', 'medium', 'low', 'none'];

const sorted = (findings: readonly AuditFinding[]): readonly AuditFinding[] =>
  [...findings].sort(
    (a, b) =>
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
      (a.package.name < b.package.name ? -1 : a.package.name > b.package.name ? 1 : a.id < b.id ? -1 : 1),
  );
