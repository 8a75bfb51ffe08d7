/** Values as people read them. */

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `1.5 GB`, with powers of 1000. */
export function bytes(value: number): string {
  let unit = 0;
  let amount = value;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${UNITS[unit]}`;
}

export const count = (value: number): string => value.toLocaleString('en-US');
export const date = (timestamp: string): string => timestamp.replace('T', ' ').replace(/(?:\.\d{1,9})?Z$/, ' UTC');

const MAX_TEXT = 300;

export const excerpt = (text: string, max = MAX_TEXT): string => (text.length > max ? `${text.slice(0, max)}…` : text);

/** A word of a vocabulary, a list, or an object's members, as text. */
export function words(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return count(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(words).join(', ');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, member]) => `${key} ${words(member)}`)
    .join(', ');
}
