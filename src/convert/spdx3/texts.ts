/** Texts of SPDX that have a form. */
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;

/** An absolute URI; undefined for anything else. */
export const linkOf = (value: unknown): string | undefined => (isText(value) && URI.test(value) ? value : undefined);

/** A moment in whole seconds; fractions are cut off. Undefined for what is none. */
export function secondsOf(value: unknown): string | undefined {
  if (!isText(value)) return undefined;
  const text = value.replace(/\.\d+Z$/, 'Z');
  return isMoment(text) ? text : undefined;
}

function isMoment(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  // Days that a month does not have are taken for some of the next.
  return !Number.isNaN(time) && new Date(time).toISOString() === text.replace('Z', '.000Z');
}

/** A number as a decimal text without an exponent, which the RDF type of SPDX does not know. */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  const sign = value < 0 ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return point >= all.length ? sign + all.padEnd(point, '0') : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}
