/** The format of Yarn 1: keys that end with a colon, fields and tables by indentation. */
import type { Loose } from '../../values.js';

/** Entries in the order of the file; lines of no known form are passed over. */
export function classicEntries(text: string): readonly { readonly asked: readonly string[]; readonly fields: Loose }[] {
  const entries: { asked: readonly string[]; fields: Map<string, unknown> }[] = [];
  let table: Map<string, unknown> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#') || line.length > 10_000) continue;
    const indent = line.length - line.trimStart().length;
    const bare = line.trim();
    if (indent === 0 && bare.endsWith(':')) {
      entries.push({
        asked: bare
          .slice(0, -1)
          .split(',')
          .map((each) => unquoted(each.trim())),
        fields: new Map(),
      });
      table = undefined;
      continue;
    }
    const fields = entries.at(-1)?.fields;
    if (fields === undefined) continue;
    if (indent === 2 && bare.endsWith(':')) {
      table = new Map();
      fields.set(bare.slice(0, -1), table);
      continue;
    }
    const [, key, value] = /^("[^"]*"|\S+) (.+)$/.exec(bare) ?? [];
    if (key === undefined || value === undefined) continue;
    (indent >= 4 && table !== undefined ? table : fields).set(unquoted(key), unquoted(value));
  }
  return entries.map(({ asked, fields }) => ({ asked, fields: plain(fields) }));
}

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text);

/** `fromEntries` defines members, so that `__proto__` is one like any other. */
const plain = (map: ReadonlyMap<string, unknown>): Loose =>
  Object.fromEntries([...map].map(([key, value]) => [key, value instanceof Map ? plain(value as ReadonlyMap<string, unknown>) : value])); // tables hold texts
