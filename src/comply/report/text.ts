import type { Printable } from '../../core/printable.js';
import { type Line, type Paint, plain, printLines } from '../../report/lines.js';
import type { Report } from '../comply.js';
import type { Answer } from '../judge.js';
import { gapsOf, OPEN, STATUS_STYLES, statusOf, sums, UNVERIFIED } from './words.js';

/** Gaps of one requirement that are shown. */
const MAX_GAPS = 5;

/** What is not examined, then for each profile its requirements, those that are open with what is missing, and a sum. */
export function complyAsText({ profiles, requirements, notExamined, counts }: Report, paint: Paint = plain): Printable {
  const lines = [
    ...notExamined.map((what): Line => [['yellow', 'not examined'], `  ${what}`]),
    ...profiles.flatMap((head): readonly Line[] => [
      '',
      [['bold', head.title], ` ${head.version ?? ''} `, ['dim', `[${head.id}]`]],
      ...(head.status === undefined ? [] : [[['dim', `  ${head.status}`]] satisfies Line]),
      ...requirements.filter(({ profile }) => profile === head.id).flatMap(answerLines),
      `  ${sums(head.counts)}${head.unverified === 0 ? '' : `; ${head.unverified} of ${UNVERIFIED}`}`,
    ]),
    ...(profiles.length > 1 ? ['', `all profiles: ${sums(counts)}`] : []),
  ];
  return printLines(lines, paint);
}

function answerLines(answer: Answer): readonly Line[] {
  const { id, title, level, status, reading, reasons, disputed = [] } = answer;
  const unverified: Line = reading === 'memory' ? [' ', ['yellow', `(${UNVERIFIED})`]] : [];
  return [
    ['  ', [STATUS_STYLES[status], statusOf(answer)], `  ${level} ${id}  ${title}`, ...unverified],
    ...(OPEN.has(status) ? gapsOf(answer, MAX_GAPS).map((gap): Line => `      ${gap}`) : []),
    ...(status === 'met' ? [] : reasons.slice(0, MAX_GAPS).map((reason): Line => [['dim', `      ${reason}`]])),
    ...(disputed.length === 0
      ? []
      : [[['yellow', `      a source says something else of ${disputed.slice(0, MAX_GAPS).join(', ')}`]] satisfies Line]),
  ];
}
