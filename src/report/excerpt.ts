/** The beginning of a value as people read it: a text as it is, anything else as JSON, of `max` characters at most. */
export function excerpt(value: unknown, max: number): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > max ? `${text.slice(0, max)}…` : text;
}
