/** The answer of an audit for people. */
import type { Printable } from '../core/printable.js';
import { type Line, type Paint, plain, printLines, type Style } from '../report/lines.js';
import type { AuditFinding, AuditResult, FindingVex } from './audit.js';
import type { Fix } from './fixes.js';
import type { Health } from './health.js';
import type { KnownFinding } from './known.js';

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

const DISREGARDED: Readonly<Record<NonNullable<FindingVex['disregarded']>, string>> = {
  unsigned: 'it does not count, for nobody who is trusted signed it',
  expired: 'it does not count any more',
  undated: 'it does not count, for it does not say when it was said',
};

/** Reasons for which something was not evaluated that are listed one by one. */
const MAX_LISTED = 20;

export interface AuditReport extends AuditResult {
  readonly fixes?: readonly Fix[];
  readonly health?: readonly Health[];
  readonly known?: readonly KnownFinding[];
}

export function auditAsText(report: AuditReport, age: string, paint: Paint = plain): Printable {
  const { findings, suppressed, unevaluated, evaluated, advisories, fixes = [], health = [], known = [] } = report;
  const lines: readonly Line[] = [
    ...findings.flatMap(findingLines),
    ...suppressed.map(
      ({ id, package: of, vex }): Line => [
        ['dim', 'suppressed'],
        `  ${id} in ${of.name} ${of.version}: ${vex === undefined ? '' : sayingOf(vex)}`,
      ],
    ),
    ...fixes.map(fixLine),
    ...known.map(knownLine),
    ...health.flatMap(healthLines),
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

/** Who says what, when, until when and why. */
const sayingOf = ({ status, author, signer, document, timestamp, until, justification, said }: FindingVex): string =>
  [
    `${status}, by ${author ?? 'nobody named'} in ${document}`,
    timestamp === undefined ? '' : ` of ${timestamp}`,
    until === undefined ? '' : `, until ${until}`,
    signer === undefined ? '' : `, signed by ${signer}`,
    `: ${justification ?? 'no reason given'}`,
    said === undefined ? '' : ` (${said})`,
  ].join('');

function findingLines(finding: AuditFinding): readonly Line[] {
  const { id, ids, package: of, severity, summary, fix, condition, related = [], reachability, vex } = finding;
  const others = ids.filter((each) => each !== id);
  const place = of.environments.length === 0 ? [] : [`environments ${of.environments.join(', ')}`];
  const models = of.models.length === 0 ? [] : [`models ${of.models.join(', ')} stand on them`];
  const known = of.known === undefined ? [] : [`known ${of.known}`];
  return [
    [
      [STYLES[severity], severity === 'unknown' ? 'not scored' : severity],
      `  ${of.name} ${of.version}  `,
      ['bold', id],
      others.length > 0 ? ` (${others.join(', ')})` : '',
    ],
    ...(summary === undefined ? [] : [`  ${summary}`]),
    ...(condition === undefined ? [] : [`  ${condition}`]),
    ...(related.length === 0 ? [] : [`  see also ${related.slice(0, MAX_LISTED).join(', ')}`]),
    ...(place.length + known.length === 0 ? [] : [`  in ${[...place, ...models, ...known].join('; ')}`]),
    `  ${WORDS[reachability.status]}: ${reachability.reason}`,
    ...(fix === undefined ? ['  no fixed version is known'] : [`  fixed in ${fix}`]),
    ...(vex === undefined ? [] : [`  VEX: ${sayingOf(vex)}${vex.disregarded === undefined ? '' : `; ${DISREGARDED[vex.disregarded]}`}`]),
  ];
}

function fixLine({ package: of, version, ids, isDirect, through }: Fix): Line {
  const what = version === undefined ? 'no version is known that none of the advisories affects' : `update to ${version}`;
  const way =
    through.length > 0 ? `, which comes in through ${through.join(' and ')} alone` : isDirect === true ? ', a direct dependency' : '';
  return [
    ['cyan', 'fix'],
    `  ${of.name} ${of.version}${way}: ${what} (${ids.length === 1 ? '1 known vulnerability' : `${ids.length} known vulnerabilities`})`,
  ];
}

function knownLine({ report, model, name, inherited }: KnownFinding): Line {
  const heirs = inherited.map(({ model: heir, relation }) => `${heir} (${relation})`).join(', ');
  return [
    ['yellow', 'reported'],
    `  ${report.id} of ${report.database} is about ${name}, the model ${model}${heirs === '' ? '' : `; made from it: ${heirs}`}${report.title === undefined ? '' : `: ${report.title}`}`,
  ];
}

function healthLines({ package: of, facts, raised, unknown }: Health): readonly Line[] {
  const name = `${of.name} ${of.version}`;
  return [
    ...raised.map(
      ({ flag, fact }): Line => [['yellow', flag], `  ${name}: ${fact.source}${fact.date === undefined ? '' : ` of ${fact.date}`}`],
    ),
    ...(facts.length === 0
      ? []
      : [
          [
            ['dim', 'health'],
            `  ${name}: ${facts.map(({ name: fact, value, source, date }) => `${fact} ${value} (${source}${date === undefined ? '' : ` of ${date}`})`).join('; ')}`,
          ] as Line,
        ]),
    ...(unknown.length === 0 ? [] : [[['yellow', 'not known'], `  ${name}: ${unknown.join(', ')}`] as Line]),
  ];
}
