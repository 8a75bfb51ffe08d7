import type { Finding, Severity } from '../../core/finding.js';
import type { Report } from '../comply.js';
import type { Answer } from '../judge.js';
import { gapsOf, OPEN, STATUS_WORDS } from './words.js';

const SEVERITIES: Readonly<Record<Answer['level'], Severity>> = { MUST: 'high', SHOULD: 'medium', MAY: 'low' };
const MAX_GAPS = 5;

/** What is open, as findings: the id is that of the requirement, after that of its profile. */
export function complyAsFindings({ requirements }: Report): readonly Finding[] {
  return requirements.filter(({ status }) => OPEN.has(status)).map(findingOf);
}

/** The same of one answer. */
export function findingOf(answer: Answer): Finding {
  const { profile, id, title, level, status, gaps, waived } = answer;
  const pointer = gaps[0]?.pointer;
  return {
    id: `${profile}/${id}`,
    severity: SEVERITIES[level],
    message: [`${title}: ${STATUS_WORDS[status]}`, ...gapsOf(answer, MAX_GAPS)].join('; '),
    ...(pointer === undefined ? {} : { pointer }),
    ...(waived === undefined ? {} : { waived }),
  };
}
