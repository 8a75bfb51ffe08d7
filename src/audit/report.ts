/** The answer of an audit for people. */
import type { Printable } from '../core/printable.js';
import { type Line, type Paint, plain, printLines, type Style } from '../report/lines.js';
import type { AuditFinding, AuditResult } from './audit.js';

const STYLES: Readonly<Record<AuditFinding['severity'], Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  none: 'dim',
  unknown: 'yellow',
};

const WORDS: Readonly<Record<AuditFinding['reachability']['status'], string>> = {
  reachable: 'reachable',
  'not-loaded': 'present, not loaded by these files',
  unknown: 'whether it is reached is not known',
};

/** Reasons for which something was not evaluated that are listed one by one. */
const MAX_LISTED = 20;

export function auditAsText(
  { findings, suppressed, unevaluated, evaluated, advisories }: AuditResult,
  age: string,
  paint: Paint = plain,
): Printable {
  const lines: readonly Line[] = [
    ...findings.flatMap(findingLines),
    ...suppressed.map(
      ({ id, package: of, vex }): Line => [
        ['dim', 'suppressed'],
        `  ${id} in ${of.name} ${of.version}: ${vex?.status}, by ${vex?.author ?? 'nobody named'} in ${vex?.document}${vex?.timestamp === undefined ? '' : ` of ${vex.timestamp}`}: ${vex?.justification ?? 'no reason given'}`,
      ],
    ),
    ...unevaluated
      .slice(0, MAX_LISTED)
      .map(
        ({ what, why, advisory }): Line => [
          ['yellow', 'not evaluated'],
          `  ${what}: ${why}${advisory === undefined ? '' : ` (${advisory})`}`,
        ],
      ),
    ...(unevaluated.length > MAX_LISTED
      ? [`and ${unevaluated.length - MAX_LISTED} more that were not evaluated; --format json has all`]
      : []),
    `${advisories.records} advisories, ${age}; ${advisories.withdrawn} withdrawn`,
    `${evaluated} packages were looked up: ${findings.length === 0 ? 'no known vulnerability among those' : `${findings.length} known vulnerabilities`}${suppressed.length > 0 ? `, ${suppressed.length} suppressed by VEX` : ''}`,
  ];
  return printLines(lines, paint);
}

function findingLines({ id, ids, package: of, severity, summary, fix, reachability, vex }: AuditFinding): readonly Line[] {
  const others = ids.filter((each) => each !== id);
  return [
    [
      [STYLES[severity], severity === 'unknown' ? 'not scored' : severity],
      `  ${of.name} ${of.version}  `,
      ['bold', id],
      others.length > 0 ? ` (${others.join(', ')})` : '',
    ],
    ...(summary === undefined ? [] : [`  ${summary}`]),
    `  ${WORDS[reachability.status]}: ${reachability.reason}`,
    ...(fix === undefined ? ['  no fixed version is known'] : [`  fixed in ${fix}`]),
    ...(vex === undefined ? [] : [`  VEX: ${vex.status}, by ${vex.author ?? 'nobody named'} in ${vex.document}`]),
  ];
}
