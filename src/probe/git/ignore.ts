/** Which files git ignores (https://git-scm.com/docs/gitignore). */
import { type MatchBudget, type Pattern, readPattern } from './patterns.js';

/** Patterns of one file, which hold below a directory (''  for the root). */
export interface IgnoreFile {
  readonly base: string;
  readonly patterns: readonly Pattern[];
}

const MAX_PATTERNS = 20_000;

/** The patterns of a text; undefined when there are too many. */
export function readIgnoreFile(text: string, base: string, foldCase: boolean): IgnoreFile | undefined {
  const lines = text.replace(/^\ufeff/, '').split('\n', MAX_PATTERNS + 1);
  if (lines.length > MAX_PATTERNS) return undefined;
  const patterns = lines.flatMap((raw) => {
    const line = withoutTrailingSpaces(raw.replace(/\r$/, ''));
    if (line === '' || line.startsWith('#')) return [];
    return readPattern(line, foldCase) ?? [];
  });
  return { base, patterns };
}

/** Spaces at the end count only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  if (end === line.length) return line;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  return line.slice(0, slashes % 2 === 1 ? end + 1 : end);
}

/** Files come in order of precedence, lowest first; the last pattern that matches decides. */
export function isIgnored(files: readonly IgnoreFile[], path: string, isDirectory: boolean, budget: MatchBudget): boolean {
  for (const { base, patterns } of [...files].reverse()) {
    const inside = base === '' ? path : path.slice(base.length + 1);
    for (let i = patterns.length - 1; i >= 0; i--) {
      const pattern = patterns[i];
      if (pattern === undefined || (pattern.onlyDirectories && !isDirectory)) continue;
      if (pattern.matches(inside, budget)) return !pattern.negated;
    }
  }
  return false;
}
