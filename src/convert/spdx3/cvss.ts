/** The base score of a CVSS 3 vector, which SPDX asks for beside the vector. Source: https://www.first.org/cvss/v3.1/specification-document */

const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['AV:N', 0.85],
  ['AV:A', 0.62],
  ['AV:L', 0.55],
  ['AV:P', 0.2],
  ['AC:L', 0.77],
  ['AC:H', 0.44],
  ['PR:N', 0.85],
  ['PR:L', 0.62],
  ['PR:H', 0.27],
  ['UI:N', 0.85],
  ['UI:R', 0.62],
  ...['C', 'I', 'A'].flatMap((metric): [string, number][] => [
    [`${metric}:H`, 0.56],
    [`${metric}:L`, 0.22],
    [`${metric}:N`, 0],
  ]),
]);

/** Privileges weigh more where the scope changes. */
const CHANGED: ReadonlyMap<string, number> = new Map([
  ['PR:L', 0.68],
  ['PR:H', 0.5],
]);

const VECTOR = /^CVSS:3\.[01]\/(AV:[NALP])\/(AC:[LH])\/(PR:[NLH])\/(UI:[NR])\/S:([UC])\/(C:[HLN])\/(I:[HLN])\/(A:[HLN])$/;

/** 0 to 10 in tenths; undefined for what is no vector of the base metrics of CVSS 3 alone. */
export function baseScore(vector: string): number | undefined {
  const [, attack, complexity, privileges, interaction, scope, ...impacts] = VECTOR.exec(vector) ?? [];
  if (scope === undefined) return undefined;
  const changed = scope === 'C';
  const weigh = (metric = ''): number => (changed ? CHANGED.get(metric) : undefined) ?? WEIGHTS.get(metric) ?? 0;
  const untouched = impacts.reduce((rest, metric) => rest * (1 - weigh(metric)), 1);
  const part = 1 - untouched;
  const impact = changed ? 7.52 * (part - 0.029) - 3.25 * (part - 0.02) ** 15 : 6.42 * part;
  if (impact <= 0) return 0;
  const exploitability = 8.22 * weigh(attack) * weigh(complexity) * weigh(privileges) * weigh(interaction);
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10));
}

/** To the next tenth, as appendix A does it, without the errors of floating-point numbers. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

/** SPDX's words for scores, from the lowest. */
const SEVERITIES: readonly (readonly [below: number, word: string])[] = [
  [0.1, 'none'],
  [4, 'low'],
  [7, 'medium'],
  [9, 'high'],
];

export const severityOf = (score: number): string => SEVERITIES.find(([below]) => score < below)?.[1] ?? 'critical';
