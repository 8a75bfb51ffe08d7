/** Configuration files of git (https://git-scm.com/docs/git-config#_syntax), without the files that they include. */

/** Values by `section.subsection.name`; section and name in lower case, in the order of the file. */
export type GitConfig = ReadonlyMap<string, readonly string[]>;

const MAX_ENTRIES = 20_000;

/** Lines that are no configuration are skipped: whoever needs them valid runs git. */
export function parseGitConfig(text: string | undefined): GitConfig {
  const values = new Map<string, string[]>();
  let section = '';
  let entries = 0;
  for (const line of joinedLines(text ?? '')) {
    const header = /^\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header !== null)
      section = [header[1]?.toLowerCase(), ...(header[2] === undefined ? [] : [header[2].replace(/\\(.)/g, '$1')])].join('.');
    const rest = header === null ? line : line.slice(header[0].length);
    const match = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=(.*))?$/.exec(rest);
    if (match?.[1] === undefined || section === '' || ++entries > MAX_ENTRIES) continue;
    const key = `${section}.${match[1].toLowerCase()}`;
    const value = match[2] === undefined ? 'true' : plainValue(match[2]);
    const known = values.get(key);
    if (known === undefined) values.set(key, [value]);
    else known.push(value);
  }
  return values;
}

/** Lines, with those that end in a backslash joined to the next. */
function joinedLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    const slashes = /\\*$/.exec(line)?.[0].length ?? 0;
    if (slashes % 2 === 1) open += line.slice(0, -1);
    else {
      lines.push(open + line);
      open = '';
    }
  }
  if (open !== '') lines.push(open);
  return lines;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** A value without quotes, escapes, comment and the white space around it. */
function plainValue(text: string): string {
  let value = '';
  let quoted = false;
  let trailing = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '"') quoted = !quoted;
    else if (char === '\\') {
      const next = text[++i] ?? '';
      value += ESCAPES[next] ?? next;
      trailing = 0;
    } else if (!quoted && (char === '#' || char === ';')) break;
    else if (!quoted && /\s/.test(char)) {
      if (value !== '') {
        value += char;
        trailing++;
      }
    } else {
      value += char;
      trailing = 0;
    }
  }
  return trailing === 0 ? value : value.slice(0, -trailing);
}

/** The last value: the one that counts. */
export const lastValue = (config: GitConfig, key: string): string | undefined => config.get(key)?.at(-1);

/** What Git LFS writes into a configuration. */
const LFS = /^git-lfs (?:clean -- %f|smudge (?:--skip )?-- %f|filter-process(?: --skip)?)$/;

/** The first entry that makes reading the state of the working directory run a program of the configuration's choice. */
export function programEntry(config: GitConfig): string | undefined {
  for (const [key, values] of config) {
    if (/^filter\..*\.(clean|smudge|process)$/s.test(key) && !values.every((value) => value === '' || LFS.test(value))) return key;
    if (/^include(if\..*)?\.path$/s.test(key)) return key; // it may name any
  }
  return undefined;
}
