/** How bad: the base score of CVSS 2, 3.0, 3.1 or 4.0, or the word of the database. */
import { fromVector } from 'ae-cvss-calculator';
import type { Severity } from '../schema/index.js';
import type { Advisory } from './advisory.js';

/** Signs of a vector at most: one with all metrics of CVSS 4.0 has some 200. */
const MAX_VECTOR = 400;

/** What a vector is called by CycloneDX. Source: CycloneDX 1.6, `scoreMethod`. */
export type ScoreMethod = 'CVSSv2' | 'CVSSv3' | 'CVSSv31' | 'CVSSv4';

/** Of which version of CVSS a vector is. */
export function methodOf(vector: string): ScoreMethod {
  if (vector.startsWith('CVSS:4.')) return 'CVSSv4';
  if (vector.startsWith('CVSS:3.1')) return 'CVSSv31';
  return vector.startsWith('CVSS:3.') ? 'CVSSv3' : 'CVSSv2';
}

/** Base score of a vector, from 0 to 10; undefined when it is none or a metric that counts is missing. */
export function baseScore(vector: string): number | undefined {
  if (vector.length > MAX_VECTOR) return undefined;
  try {
    const read = fromVector(vector);
    if (read === null || !read.isBaseFullyDefined()) return undefined;
    const scores = read.calculateScores();
    const score = 'baseMetricsOnly' in scores ? scores.baseMetricsOnly : scores.base;
    return typeof score === 'number' && score >= 0 && score <= 10 ? score : undefined;
  } catch {
    return undefined;
  }
}

const RATED: Readonly<Record<string, Severity>> = {
  LOW: 'low',
  MODERATE: 'medium',
  MEDIUM: 'medium',
  HIGH: 'high',
  IMPORTANT: 'high',
  CRITICAL: 'critical',
};
const BANDS: readonly (readonly [least: number, severity: Severity])[] = [
  [9, 'critical'],
  [7, 'high'],
  [4, 'medium'],
  [0.1, 'low'],
  [0, 'none'],
];

/** The worst that one of the records says; undefined when none says anything that is scored here. Of one record the newest CVSS counts. */
export function severityOf(
  records: readonly Advisory[],
): { readonly severity: Severity; readonly vector?: string; readonly score?: number } | undefined {
  const scored = records.flatMap(({ vectors }) => {
    const each = vectors.flatMap((vector) => {
      const score = baseScore(vector);
      return score === undefined ? [] : [{ vector, score, method: methodOf(vector) }];
    });
    const newest = each
      .map(({ method }) => method)
      .sort()
      .at(-1);
    return each.filter(({ method }) => method === newest);
  });
  const [worst] = scored.sort((a, b) => b.score - a.score);
  if (worst !== undefined) {
    const { vector, score } = worst;
    return { vector, score, severity: BANDS.find(([least]) => score >= least)?.[1] ?? 'none' };
  }
  const rated = records.flatMap(({ rated = '' }) => (Object.hasOwn(RATED, rated.toUpperCase()) ? (RATED[rated.toUpperCase()] ?? []) : []));
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'none'];
  const severity = order.find((each) => rated.includes(each));
  return severity === undefined ? undefined : { severity };
}
