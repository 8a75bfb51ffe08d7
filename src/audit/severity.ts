/** How bad: the base score of CVSS 3, or the word of the database. Source: https://www.first.org/cvss/v3.1/specification-document */
import type { Severity } from '../schema/index.js';
import type { Advisory } from './advisory.js';

type Weights = Readonly<Record<string, Readonly<Record<string, number>>>>;

const WEIGHTS: Weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const PRIVILEGES: Weights = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } };

/** Base score of a vector of CVSS 3.0 or 3.1; undefined for any other. */
export function baseScore(vector: string): number | undefined {
  if (!vector.startsWith('CVSS:3.0/') && !vector.startsWith('CVSS:3.1/')) return undefined;
  const metrics = new Map(
    vector
      .split('/')
      .slice(1)
      .map((part): [string, string] => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]),
  );
  const scope = metrics.get('S') ?? '';
  const weight = (name: string): number => WEIGHTS[name]?.[metrics.get(name) ?? ''] ?? Number.NaN;
  const privileges = PRIVILEGES[scope]?.[metrics.get('PR') ?? ''] ?? Number.NaN;
  const iss = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = scope === 'C' ? 7.52 * (iss - 0.029) - 3.25 * (iss - 0.02) ** 15 : 6.42 * iss;
  const score = impact + 8.22 * weight('AV') * weight('AC') * privileges * weight('UI');
  if (Number.isNaN(score)) return undefined;
  return impact <= 0 ? 0 : roundUp(Math.min(scope === 'C' ? 1.08 * score : score, 10));
}

/** As the specification defines it, so that no binary fraction decides. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

const RATED: Readonly<Record<string, Severity>> = { LOW: 'low', MODERATE: 'medium', MEDIUM: 'medium', HIGH: 'high', CRITICAL: 'critical' };
const BANDS: readonly (readonly [least: number, severity: Severity])[] = [
  [9, 'critical'],
  [7, 'high'],
  [4, 'medium'],
  [0.1, 'low'],
  [0, 'none'],
];

/** The worst that one of the records says; undefined when none says anything that is scored here. */
export function severityOf(
  records: readonly Advisory[],
): { readonly severity: Severity; readonly vector?: string; readonly score?: number } | undefined {
  const scored = records
    .flatMap(({ vectors }) => vectors)
    .flatMap((vector) => {
      const score = baseScore(vector);
      return score === undefined ? [] : [{ vector, score }];
    });
  const [worst] = scored.sort((a, b) => b.score - a.score);
  if (worst !== undefined) return { ...worst, severity: BANDS.find(([least]) => worst.score >= least)?.[1] ?? 'none' };
  const rated = records.flatMap((each) => RATED[(each.rated ?? '').toUpperCase()] ?? []);
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'none'];
  const severity = order.find((each) => rated.includes(each));
  return severity === undefined ? undefined : { severity };
}
