import { FORMS } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const timeInvalid = defineRule({
  meta: {
    id: 'time-invalid',
    clause: '8.4',
    severity: 'high',
    title: 'A date or time is none of the calendar',
    fix: 'Write a day that there is; a leap second stands at the end of June or December only.',
  },
  check(_manifest, report, { forms }) {
    for (const { pointer, value, member } of forms) {
      const form = FORMS[member];
      if ((form === 'date' || form === 'time') && !exists(value)) report(pointer, `${JSON.stringify(value)} is not in the calendar`);
    }
  },
});

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Is it a year, month, day or moment that there is (RFC 3339 section 5.7 and appendix C)? */
function exists(text: string): boolean {
  const [year = 0, month = 1, day = 1] = text.slice(0, 10).split('-').map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  const second = text.slice(11, 19);
  const leapSecond = !second.endsWith(':60') || (second === '23:59:60' && ['06-30', '12-31'].includes(text.slice(5, 10)));
  return day <= days && leapSecond;
}
