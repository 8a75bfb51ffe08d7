/** Findings as the known weaknesses of a manifest. */
import type { Manifest, Vulnerability } from '../schema/index.js';
import type { AuditFinding } from './audit.js';
import { member } from './values.js';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * The manifest with the findings in `security.vulnerabilities`, one for each id and status: what it affects are the components, or the
 * models on whose environments it stands. What stood there under another id stays; the status is what a person said, else
 * `under_investigation`. Nothing else changes: whoever writes it gives the document its number and its time.
 */
export function withVulnerabilities(manifest: Manifest, findings: readonly AuditFinding[], date: string): Manifest {
  const found = new Map<string, Vulnerability>();
  for (const finding of findings) {
    const made = weaknessOf(finding, date);
    const key = keyFor(finding.id, found, made);
    const known = found.get(key);
    found.set(key, known === undefined ? made : joined(known, made));
  }
  const ids = new Set([...found.values()].map(({ id }) => id));
  const kept = Object.entries(manifest.security?.vulnerabilities ?? {}).filter(([key, { id }]) => !ids.has(id) && !found.has(key));
  const all = Object.fromEntries([...kept, ...found]);
  return Object.keys(all).length === 0 ? manifest : { ...manifest, security: { ...manifest.security, vulnerabilities: all } };
}

/** Of one id, packages of the same status stand together. */
function keyFor(id: string, found: ReadonlyMap<string, Vulnerability>, made: Vulnerability): string {
  const base = KEY.test(id) ? id.slice(0, 120) : `v${found.size + 1}`;
  for (let i = 1; ; i++) {
    const key = i === 1 ? base : `${base}-${i}`;
    const known = found.get(key);
    if (known === undefined || (known.id === made.id && known.status === made.status && known.justification === made.justification))
      return key;
  }
}

function weaknessOf(finding: AuditFinding, date: string): Vulnerability {
  const { id, package: of, severity, vector, summary, fix, reachability, vex } = finding;
  const counts = vex !== undefined && vex.disregarded === undefined;
  const affects = of.components.length > 0 ? of.components : of.models;
  return {
    id,
    ...(affects.length === 0 ? {} : { affects: [...affects] as [string, ...string[]] }),
    status: counts ? vex.status : 'under_investigation',
    justification: (counts ? vex.justification : undefined) ?? `${reachability.status}: ${reachability.reason}`,
    ...(severity === 'unknown' ? {} : { severity }),
    ...member('score', vector),
    ...member('description', summary),
    ...(fix === undefined ? {} : { fix: `update ${of.name} to ${fix}` }),
    date: (counts ? vex.timestamp?.slice(0, 10) : undefined) ?? date,
    ...(reachability.status === 'reachable' && (reachability.paths?.length ?? 0) > 0
      ? { artifacts: [...(reachability.paths ?? [])] as [string, ...string[]] }
      : {}),
  };
}

function joined(a: Vulnerability, b: Vulnerability): Vulnerability {
  const affects = [...new Set([...(a.affects ?? []), ...(b.affects ?? [])])];
  const artifacts = [...new Set([...(a.artifacts ?? []), ...(b.artifacts ?? [])])];
  const fixes = [...new Set([a.fix, b.fix].flatMap((fix) => fix ?? []))];
  return {
    ...a,
    ...(affects.length === 0 ? {} : { affects: affects as [string, ...string[]] }),
    ...(fixes.length === 0 ? {} : { fix: fixes.join('; ') }),
    ...(artifacts.length === 0 ? {} : { artifacts: artifacts as [string, ...string[]] }),
  };
}
