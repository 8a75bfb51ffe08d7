/** What a header says beside the facts that have a name: as text, in small values, not too many of them. */
const MAX_VALUE = 512;
const MAX_KEYS = 256;

/** Entries sorted by key; long values give their length, undefined and empty ones are left out. Undefined when nothing remains. */
export function smallMetadata(
  entries: Iterable<readonly [string, string | number | boolean | undefined]>,
): Readonly<Record<string, string>> | undefined {
  const kept = new Map<string, string>();
  for (const [key, value] of entries) {
    const text = value === undefined ? '' : String(value);
    if (text === '' || key.length > MAX_VALUE || (kept.size >= MAX_KEYS && !kept.has(key))) continue;
    kept.set(key, text.length > MAX_VALUE ? `[${text.length} characters left out]` : text);
  }
  return kept.size === 0 ? undefined : Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A list in one small value: as many items as fit, then how many more there are. */
export function smallList(items: readonly string[]): string {
  let text = '';
  for (const [i, item] of items.entries()) {
    const next = i === 0 ? item : `${text}, ${item}`;
    if (next.length > MAX_VALUE - 20) return `${text === '' ? '' : `${text}, `}and ${items.length - i} more`;
    text = next;
  }
  return text;
}

/** Counts as one small value, sorted by name: `ADD 2, CONV_2D 5`. */
export function countsText(counts: ReadonlyMap<string, number>): string {
  return smallList([...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`));
}

/** Is a path that a file names inside the directory of that file? An absolute one, an address and one with `..` are not. */
export const isInsideDirectory = (path: string): boolean =>
  path !== '' && !/^([/\\]|[A-Za-z][A-Za-z0-9+.-]*:)|(^|[/\\])\.\.([/\\]|$)|\u0000/.test(path);
