import { ownText, type Printable } from '../../core/printable.js';
import { markdownRow, markdownText } from '../../report/markup.js';
import type { Report } from '../comply.js';
import type { Answer } from '../judge.js';
import { gapsOf, statusOf, sums, UNVERIFIED } from './words.js';

const MAX_GAPS = 10;

/** A table for each profile. */
export function complyAsMarkdown({ profiles, requirements, notExamined, counts }: Report, file: string): Printable {
  const lines = [
    `# What is asked for, and what ${markdownText(file)} has`,
    '',
    'Not examined:',
    '',
    ...notExamined.map((what) => `- ${markdownText(what)}`),
    '',
    `All profiles: ${sums(counts)}.`,
    ...profiles.flatMap((head) => [
      '',
      `# ${markdownText(`${head.title}${head.version === undefined ? '' : `, ${head.version}`}`)}`,
      '',
      ...(head.status === undefined ? [] : [markdownText(head.status), '']),
      `${sums(head.counts)}${head.unverified === 0 ? '' : `; ${head.unverified} of ${UNVERIFIED}`}.`,
      '',
      '| id | level | what | status | rests on, or lacks |',
      '|---|---|---|---|---|',
      ...requirements.filter(({ profile }) => profile === head.id).map(row),
    ]),
  ];
  return ownText(lines.map((line) => `${line}\n`).join(''));
}

function row(answer: Answer): string {
  const { id, level, title, requirement, reading, reasons, pointers, morePointers = 0 } = answer;
  const lacks = [...gapsOf(answer, MAX_GAPS), ...reasons];
  const rests = [...pointers.slice(0, MAX_GAPS), ...more(pointers.length - MAX_GAPS + morePointers)];
  const what = `${title}: ${requirement}${reading === 'memory' ? ` (${UNVERIFIED})` : ''}`;
  const cells = [id, level, what, statusOf(answer), (lacks.length > 0 ? lacks : rests).join('; ')];
  return markdownRow(cells);
}

const more = (left: number): readonly string[] => (left > 0 ? [`and ${left} more`] : []);
