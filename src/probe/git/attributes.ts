/** Attributes of paths (https://git-scm.com/docs/gitattributes). */
import { type MatchBudget, type Pattern, readPattern } from './patterns.js';

/** True for `text`, false for `-text`, the text of `text=auto`; undefined for none of them. */
export type Attribute = boolean | string | undefined;
export type Attributes = ReadonlyMap<string, Attribute>;

interface Line {
  readonly pattern: Pattern;
  readonly states: readonly (readonly [string, Attribute])[];
}

export interface AttributeFile {
  /** Directory below which it holds; '' for the root. */
  readonly base: string;
  readonly lines: readonly Line[];
  readonly macros: ReadonlyMap<string, Line['states']>;
}

const MAX_LINES = 20_000;
/** git passes over longer lines. */
const MAX_LINE = 2048;
const BINARY: ReadonlyMap<string, Line['states']> = new Map([
  [
    'binary',
    [
      ['diff', false],
      ['merge', false],
      ['text', false],
    ],
  ],
]);

/** The lines of a text; undefined when there are too many. */
export function readAttributeFile(text: string, base: string, foldCase: boolean): AttributeFile | undefined {
  const all = text.replace(/^\ufeff/, '').split('\n', MAX_LINES + 1);
  if (all.length > MAX_LINES) return undefined;
  const lines: Line[] = [];
  const macros = new Map<string, Line['states']>();
  for (const raw of all) {
    const line = raw.replace(/^[ \t\r]+/, '');
    if (line === '' || line.startsWith('#') || line.length >= MAX_LINE) continue;
    const { name, rest } = nameOf(line);
    const states = rest.split(/[ \t\r]+/).flatMap(stateOf);
    if (name.startsWith('[attr]')) macros.set(name.slice('[attr]'.length), states);
    else if (!name.startsWith('!')) {
      const pattern = readPattern(name, foldCase);
      if (pattern !== undefined && !pattern.onlyDirectories) lines.push({ pattern, states });
    }
  }
  return { base, lines, macros };
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The pattern, which may stand in quotes as in C, and what follows it. */
function nameOf(line: string): { readonly name: string; readonly rest: string } {
  const quoted = /^"((?:[^"\\]|\\.)*)"(?=[ \t\r]|$)/.exec(line);
  if (quoted === null) {
    const end = line.search(/[ \t\r]/);
    return end === -1 ? { name: line, rest: '' } : { name: line.slice(0, end), rest: line.slice(end) };
  }
  const name = (quoted[1] ?? '').replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
  return { name, rest: line.slice(quoted[0].length) };
}

function stateOf(text: string): readonly (readonly [string, Attribute])[] {
  const match = /^([-!]?)([A-Za-z0-9_.][A-Za-z0-9_.-]*)(?:=(.*))?$/s.exec(text);
  const [, sign, name = '', value] = match ?? [];
  if (match === null) return [];
  return [[name, sign === '-' ? false : sign === '!' ? undefined : (value ?? true)]];
}

/** Files come in order of precedence, lowest first; what a later line or file says of an attribute counts. */
export function attributesOf(files: readonly AttributeFile[], path: string, budget: MatchBudget): Attributes {
  const macros = new Map([...BINARY, ...files.flatMap((each) => [...each.macros])]);
  const found = new Map<string, Attribute>();
  const fill = (name: string, value: Attribute, depth: number): void => {
    if (found.has(name)) return;
    found.set(name, value);
    if (value === true && depth < 8) for (const [each, inner] of [...(macros.get(name) ?? [])].reverse()) fill(each, inner, depth + 1);
  };
  for (const { base, lines } of [...files].reverse()) {
    const inside = base === '' ? path : path.slice(base.length + 1);
    for (let i = lines.length - 1; i >= 0; i--) {
      const line = lines[i];
      if (line?.pattern.matches(inside, budget) !== true) continue;
      for (const [name, value] of [...line.states].reverse()) fill(name, value, 0);
    }
  }
  return found;
}
