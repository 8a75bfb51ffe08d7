/** Does a text have the form that its type in XML Schema asks for? Source: https://www.w3.org/TR/xmlschema-2/ */
import type { TextRule } from './rule.js';

const OFFSET = '(Z|[+-](0\\d|1[0-3]):[0-5]\\d|[+-]14:00)?';
const DAY = '-?(?!0000)([1-9]\\d{3,}|0\\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';

/** Forms of the built-in types; what is not here has any form. */
const FORMS: Readonly<Record<string, RegExp>> = {
  boolean: /^(true|false|0|1)$/,
  integer: /^[+-]?\d+$/,
  positiveInteger: /^\+?0*[1-9]\d*$/,
  nonNegativeInteger: /^(\+?\d+|-0+)$/,
  decimal: /^[+-]?(\d+(\.\d*)?|\.\d+)$/,
  dateTime: new RegExp(`^${DAY}T(([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?|24:00:00(\\.0+)?)${OFFSET}$`),
  date: new RegExp(`^${DAY}${OFFSET}$`),
  anyURI: addresses(),
};

/** References by RFC 3986, with the further characters that XML Schema allows in them. */
function addresses(): RegExp {
  const further = '[\\u0000-\\u0020\\u007f-\\uffff<>"{}|\\\\^`]';
  const common = `[\\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}|${further}`;
  const inPath = `(?:${common}|[:@])`;
  const authority = `(?:(?:${common}|:)*@)?(?:\\[[^\\]]*\\]|(?:${common})*)(?::\\d+)?`;
  const more = `(?:/${inPath}*)*`;
  const path = (first: string): string => `(?://${authority}${more}|/(?:${inPath}+${more})?|${first}+${more}|)`;
  const start = `(?:[A-Za-z][A-Za-z0-9+.-]*:${path(inPath)}|${path(`(?:${common}|@)`)})`;
  return new RegExp(`^${start}(?:\\?(?:${inPath}|[/?])*)?(?:#(?:${inPath}|[/?\\[\\]])*)?$`);
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 's');
  patterns.set(pattern, known);
  return known;
}

/** Why a text, as it stands in the document, does not meet a rule; undefined when it does. */
export function breachOf(written: string, rule: TextRule): string | undefined {
  if (rule.among !== undefined)
    return rule.among.some((each) => breachOf(written, each) === undefined)
      ? undefined
      : `${show(written)} has none of the forms that are allowed here`;
  const { base, pattern, minLength = 0, maxLength = Infinity, minInclusive = -Infinity, maxInclusive = Infinity } = rule;
  const text = spaced(written, base);
  if (FORMS[base]?.test(text) === false || (/^date/.test(base) && !isDay(text))) return `${show(text)} is not of the form ${base}`;
  if (pattern !== undefined && !patternOf(pattern).test(text)) return `${show(text)} does not have the form ${pattern}`;
  const length = minLength > 0 || maxLength < Infinity ? [...text].length : 0;
  if (length < minLength) return minLength === 1 ? 'it must not be empty' : `it must have at least ${minLength} characters`;
  if (length > maxLength) return `it must have at most ${maxLength} characters`;
  if (Number(text) < minInclusive) return `it must be at least ${minInclusive}`;
  if (Number(text) > maxInclusive) return `it must be at most ${maxInclusive}`;
  return undefined;
}

/** Space as the type has it. */
function spaced(text: string, base: string): string {
  if (base === 'string') return text;
  if (base === 'normalizedString') return text.replace(/[\t\n\r]/g, ' ');
  return text.replace(/[\t\n\r ]+/g, ' ').replace(/^ | $/g, '');
}

/** Does the month have the day? */
function isDay(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^-?(\d+)-(\d\d)-(\d\d)/.exec(text) ?? [];
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = month === '02' ? (isLeap ? 29 : 28) : /^(04|06|09|11)$/.test(month) ? 30 : 31;
  return Number(day) <= days;
}

const show = (text: string): string => {
  const shown = JSON.stringify(text);
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
};
