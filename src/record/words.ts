/** What a command line runs: which file, which module. Told from its words alone, by the rules of the interpreter that reads them. */

export type Language = 'python' | 'node' | 'shell';

/** What an interpreter was told to run; undefined when it reads from elsewhere. */
export type Target = { readonly file: string } | { readonly module: string } | { readonly code: string };

/** `python`, `python3.12`, `python3.13t`, `pypy3`; `node`, `nodejs`; shells. */
const LANGUAGES: readonly (readonly [Language, RegExp])[] = [
  ['python', /^(?:python|pypy|graalpy)[\d.]*[a-z]?$/],
  ['node', /^(?:node|nodejs|bun|deno|tsx)$/],
  ['shell', /^(?:sh|bash|dash|zsh|ksh|ash)$/],
];

/** Last part of a path, of Windows too, without `.exe`. */
export function programName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return name.toLowerCase().endsWith('.exe') ? name.slice(0, -4) : name;
}

/** Which language a program runs, by its name. */
export const languageOf = (program: string): Language | undefined =>
  LANGUAGES.find(([, pattern]) => pattern.test(programName(program)))?.[0];

interface Rules {
  /** Options of one letter whose value may be the next word. */
  readonly letters: string;
  /** Long options whose value is the next word. */
  readonly long: ReadonlySet<string>;
  readonly module?: string;
  readonly code: string;
}

const RULES: Readonly<Record<Language, Rules>> = {
  // https://docs.python.org/3/using/cmdline.html
  python: { letters: 'WX', long: new Set(['--check-hash-based-pycs']), module: 'm', code: 'c' },
  // https://nodejs.org/api/cli.html
  node: { letters: 'rC', long: new Set(['--conditions', '--require', '--import', '--loader', '--env-file']), code: 'ep' },
  // https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sh.html
  shell: { letters: 'oO', long: new Set(['--rcfile', '--init-file']), code: 'c' },
};

/** What the words behind the name of an interpreter tell it to run. */
export function targetOf(language: Language, words: readonly string[]): Target | undefined {
  const { letters, long, module, code } = RULES[language];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return fileOf(words[at + 1]);
    if (word.startsWith('--')) {
      if (long.has(word)) at++;
      continue;
    }
    // Subcommands of these are no files: `bun run x`, `deno run x`.
    if (language === 'node' && word === 'run') continue;
    if (!/^[-+]./.test(word)) return fileOf(word);
    for (let letter = 1; letter < word.length; letter++) {
      const each = word[letter] ?? '';
      const value = letter + 1 < word.length ? word.slice(letter + 1) : words[at + 1];
      if (each === module) return value === undefined ? undefined : { module: value };
      // The letters of a shell stand together: `sh -ec "…"`.
      if (code.includes(each)) return { code: (language === 'shell' ? words[at + 1] : value) ?? '' };
      if (!letters.includes(each)) continue;
      if (letter + 1 === word.length) at++;
      break;
    }
  }
  return undefined;
}

const fileOf = (word: string | undefined): Target | undefined => (word === undefined || word === '-' ? undefined : { file: word });
