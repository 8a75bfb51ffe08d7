/** Scans as records of a manifest: what was looked at with which rules, and what was found. */
import type { Finding } from '../core/finding.js';
import { TOOL } from '../core/tool.js';
import { ruleSetDigest } from '../scan/digest.js';
import { type FileScan, ruleOf, type ScanFinding } from '../scan/index.js';
import type { Manifest, Scan, Vulnerability } from '../schema/index.js';
import { asFinding } from './scanning.js';

const MAX_DESCRIPTION = 2000;

export interface Recorded {
  readonly manifest: Manifest;
  /** Findings that make a file suspicious or malicious, as those of other verbs. */
  readonly findings: readonly Finding[];
}

/**
 * Adds the scans of the files that a manifest describes: one record for all files of one status and verdict, and one weakness
 * for each rule that made a file suspicious or malicious. `time` is when the scan ended.
 */
export function withScans(manifest: Manifest, files: readonly FileScan[], time: Date): Recorded {
  const known = manifest.artifacts ?? {};
  const described = files.filter(({ path }) => Object.hasOwn(known, path));
  const scans = scansOf(described, time);
  const found = weaknesses(described, time);
  const { scans: earlier = [], vulnerabilities: others = {}, ...security } = manifest.security ?? {};
  const vulnerabilities = { ...others, ...found };
  return {
    manifest: {
      ...manifest,
      security: {
        ...security,
        ...(Object.keys(vulnerabilities).length > 0 ? { vulnerabilities } : {}),
        scans: [...earlier, ...scans],
      },
      evidence: [...(manifest.evidence ?? []), evidence(Object.keys(found))],
    } as Manifest,
    findings: described.flatMap(({ path, findings }) => findings.filter(counts).map((each) => asFinding(each, path))),
  };
}

const evidence = (keys: readonly string[]): object => ({
  origin: 'observed',
  method: 'static scan of the files',
  values: Object.fromEntries(['/security/scans', ...keys.map((key) => `/security/vulnerabilities/${key}`)].map((pointer) => [pointer, {}])),
});

const counts = ({ verdict }: ScanFinding): boolean => verdict !== 'note';

/** The rules that were judged by are part of the version: two scans of one version and one digest of rules judge alike. */
function scansOf(files: readonly FileScan[], time: Date): readonly Scan[] {
  const tool = { name: `${TOOL.name} scan`, version: `${TOOL.version}+rules.${ruleSetDigest()}` };
  const date = `${time.toISOString().slice(0, 19)}Z`;
  if (files.length === 0) return [{ tool, target: 'model', status: 'not-inspected', date } as Scan];
  const groups = new Map<string, FileScan[]>();
  for (const file of files) {
    const key = `${file.verdict} ${file.status}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.keys()].sort().flatMap((key): readonly Scan[] => {
    const group = groups.get(key) ?? [];
    const [first] = group;
    if (first === undefined) return [];
    const findings = group.reduce((sum, each) => sum + each.findings.filter(counts).length + each.more, 0);
    const artifacts = group.map(({ path }) => path).sort();
    return [{ tool, target: 'model', status: first.status, verdict: first.verdict, findings, date, artifacts } as unknown as Scan];
  });
}

const SEVERITIES: Readonly<Record<string, string>> = { info: 'none', low: 'low', medium: 'medium', high: 'high', critical: 'critical' };

/** Keys are the rule and a number, in the order of the paths. */
function weaknesses(files: readonly FileScan[], time: Date): Readonly<Record<string, Vulnerability>> {
  const numbers = new Map<string, number>();
  const found: Record<string, Vulnerability> = {};
  for (const { path, findings } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    for (const [rule, of] of byRule(findings.filter(counts))) {
      const number = (numbers.get(rule) ?? 0) + 1;
      numbers.set(rule, number);
      found[`${rule}-${number}`] = weakness(rule, path, of, time) as unknown as Vulnerability;
    }
  return found;
}

function byRule(findings: readonly ScanFinding[]): ReadonlyMap<string, readonly ScanFinding[]> {
  const groups = new Map<string, ScanFinding[]>();
  for (const found of findings) groups.set(found.rule, [...(groups.get(found.rule) ?? []), found]);
  return groups;
}

function weakness(rule: string, path: string, findings: readonly ScanFinding[], time: Date): object {
  const [first] = findings;
  const title = ruleOf(rule)?.title ?? rule;
  const told = findings.slice(0, 5).map((found) => asFinding(found, path).message);
  const more = findings.length > told.length ? `, and ${findings.length - told.length} more` : '';
  return {
    id: rule,
    affects: ['model'],
    status: first?.verdict === 'malicious' ? 'affected' : 'under_investigation',
    severity: SEVERITIES[first?.severity ?? 'info'],
    description: `${path}: ${title}: ${told.join('; ')}${more}`.slice(0, MAX_DESCRIPTION),
    ...(ruleOf(rule) === undefined ? {} : { fix: ruleOf(rule)?.fix }),
    date: time.toISOString().slice(0, 10),
    artifacts: [path],
  };
}
