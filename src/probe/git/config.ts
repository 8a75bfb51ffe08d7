/** Configuration files of git, read as its own parser reads them (https://git-scm.com/docs/git-config#_syntax); nothing is included. */

export interface GitConfig {
  /** Values by `section.subsection.name`; section and name in lower case, in the order of the file. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** False when the file breaks off at something that is no configuration, has too many entries or includes other files. */
  readonly whole: boolean;
}

const MAX_ENTRIES = 100_000;
/** Characters that git takes for white space. */
const SPACE = /[ \t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '\\': '\\', '"': '"' };

class Malformed extends Error {}

/** One pass over the text; what stands before a fault is kept. */
export function parseGitConfig(text: string | undefined): GitConfig {
  const values = new Map<string, string[]>();
  const characters = reader(text ?? '');
  let section = '';
  let entries = 0;
  const entry = (first: string): void => {
    const key = `${section}.${nameFrom(characters, first)}`;
    if (section === '' || ++entries > MAX_ENTRIES) throw new Malformed();
    const value = valueAfterName(characters);
    const known = values.get(key);
    if (known === undefined) values.set(key, [value]);
    else known.push(value);
  };
  try {
    while (!characters.ended()) {
      const char = characters.next();
      if (char === '#' || char === ';') characters.skipLine();
      else if (char === '[') section = sectionFrom(characters);
      else if (!SPACE.test(char)) entry(char);
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { values, whole: false };
  }
  return { values, whole: ![...values.keys()].some((key) => /^include(if\..*)?\.path$/s.test(key)) };
}

interface Reader {
  /** The next character; at the end a line feed. */
  next(): string;
  back(): void;
  ended(): boolean;
  skipLine(): void;
}

function reader(text: string): Reader {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  return {
    next() {
      if (text[at] === '\r' && text[at + 1] === '\n') at++;
      return text[at++] ?? '\n';
    },
    back: () => void at--,
    ended: () => at >= text.length,
    skipLine() {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end + 1;
    },
  };
}

/** `[section]`, `[section.sub]` or `[section "Sub"]`, after the bracket. */
function sectionFrom(characters: Reader): string {
  const name: string[] = [];
  for (;;) {
    const char = characters.next();
    if (char === ']') return name.join('');
    if (SPACE.test(char)) return `${name.join('')}.${subsectionFrom(characters, char)}`;
    if (!/[A-Za-z0-9.-]/.test(char)) throw new Malformed();
    name.push(char.toLowerCase());
  }
}

function subsectionFrom(characters: Reader, first: string): string {
  let char = first;
  while (SPACE.test(char)) {
    if (char === '\n') throw new Malformed();
    char = characters.next();
  }
  if (char !== '"') throw new Malformed();
  const name: string[] = [];
  for (;;) {
    char = characters.next();
    if (char === '"') break;
    if (char === '\\') char = characters.next();
    if (char === '\n') throw new Malformed();
    name.push(char);
  }
  if (characters.next() !== ']') throw new Malformed();
  return name.join('');
}

function nameFrom(characters: Reader, first: string): string {
  if (!/[A-Za-z]/.test(first)) throw new Malformed();
  const name = [first];
  for (;;) {
    const char = characters.next();
    if (!/[A-Za-z0-9-]/.test(char)) {
      characters.back();
      return name.join('').toLowerCase();
    }
    name.push(char);
  }
}

/** What follows `=`; a name alone is true. */
function valueAfterName(characters: Reader): string {
  let char = characters.next();
  while (char === ' ' || char === '\t') char = characters.next();
  if (char === '\n') return 'true';
  if (char !== '=') throw new Malformed();
  return valueFrom(characters);
}

function valueFrom(characters: Reader): string {
  const value: string[] = [];
  let quoted = false;
  let spaces = 0;
  for (;;) {
    const char = characters.next();
    if (char === '\n') {
      if (quoted) throw new Malformed();
      return value.join('');
    }
    if (!quoted && SPACE.test(char)) {
      if (value.length > 0) spaces++;
    } else if (!quoted && (char === '#' || char === ';')) {
      characters.skipLine();
      return value.join('');
    } else {
      for (; spaces > 0; spaces--) value.push(' ');
      if (char === '"') quoted = !quoted;
      else if (char !== '\\') value.push(char);
      else value.push(...escapedFrom(characters));
    }
  }
}

/** What a backslash stands before: nothing for a line that goes on. */
function escapedFrom(characters: Reader): readonly string[] {
  const char = characters.next();
  const escaped = ESCAPES[char];
  if (escaped === undefined && char !== '\n') throw new Malformed();
  return escaped === undefined ? [] : [escaped];
}

/** The last value: the one that counts. */
export const lastValue = ({ values }: GitConfig, key: string): string | undefined => values.get(key)?.at(-1);

/** A value as git reads a boolean; undefined for one that is none or not there. */
export function booleanValue(config: GitConfig, key: string): boolean | undefined {
  const value = lastValue(config, key)?.toLowerCase();
  if (value === undefined) return undefined;
  if (/^(true|yes|on|[1-9]\d*)$/.test(value)) return true;
  return /^(false|no|off|0*)$/.test(value) ? false : undefined;
}

/** Several files as one: what comes later counts. */
export function joinedConfig(configs: readonly GitConfig[]): GitConfig {
  const values = new Map<string, readonly string[]>();
  for (const config of configs) for (const [key, more] of config.values) values.set(key, [...(values.get(key) ?? []), ...more]);
  return { values, whole: configs.every(({ whole }) => whole) };
}
