/** The format of Yarn 1: keys that end with a colon, fields and tables by indentation. */
import type { Loose } from '../../values.js';
import { linesOf } from '../shared/lines.js';

export interface ClassicEntry {
  readonly asked: readonly string[];
  readonly fields: Loose;
  /** Did it have more fields than are held? */
  readonly isPartial: boolean;
}

const MAX_LINE = 10_000;
/** Fields of an entry, and of each of its tables. */
const MAX_FIELDS = 10_000;

interface Open {
  readonly asked: readonly string[];
  readonly fields: Map<string, unknown>;
  table: Map<string, unknown> | undefined;
  isPartial: boolean;
}

/** Entries in the order of the file; lines of no known form are passed over, a line that is too long asks for nothing. */
export function* classicEntries(text: string): Generator<ClassicEntry> {
  let open: Open | undefined;
  for (const line of linesOf(text)) {
    if (line === '' || line.startsWith('#')) continue;
    const bare = line.trim();
    const isLong = line.length > MAX_LINE;
    const indent = line.length - line.trimStart().length;
    if (indent === 0 && bare.endsWith(':')) {
      if (open !== undefined) yield closed(open);
      open = { asked: isLong ? [] : askedIn(bare), fields: new Map(), table: undefined, isPartial: false };
    } else if (open !== undefined && isLong) open.isPartial = true;
    else if (open !== undefined) addField(open, indent, bare);
  }
  if (open !== undefined) yield closed(open);
}

const askedIn = (bare: string): readonly string[] =>
  bare
    .slice(0, -1)
    .split(',')
    .map((each) => unquoted(each.trim()));

function addField(open: Open, indent: number, bare: string): void {
  const { fields, table } = open;
  if (indent === 2 && bare.endsWith(':')) {
    open.table = new Map();
    put(open, fields, bare.slice(0, -1), open.table);
    return;
  }
  const [, key, value] = /^("[^"]*"|\S+) (.+)$/.exec(bare) ?? [];
  if (key !== undefined && value !== undefined)
    put(open, indent >= 4 && table !== undefined ? table : fields, unquoted(key), unquoted(value));
}

function put(open: Open, fields: Map<string, unknown>, key: string, value: unknown): void {
  if (fields.size < MAX_FIELDS) fields.set(key, value);
  else open.isPartial = true;
}

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text);

const closed = ({ asked, fields, isPartial }: Open): ClassicEntry => ({ asked, fields: plain(fields), isPartial });

/** `fromEntries` defines members, so that `__proto__` is one like any other. */
const plain = (map: ReadonlyMap<string, unknown>): Loose =>
  Object.fromEntries([...map].map(([key, value]) => [key, value instanceof Map ? plain(value as ReadonlyMap<string, unknown>) : value])); // tables hold texts
