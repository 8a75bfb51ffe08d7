/** Patterns of files that metadata lists, and data that no metadata lists. */
import type { Finding } from '../../core/finding.js';
import type { ReadStatement } from './check.js';
import { matchesGlob } from './values.js';

/** Comparisons of a pattern with a path: some seconds of work. */
const MAX_COMPARISONS = 20_000_000;

/** Sets and ranges (`[0-9]`, `{a,b}`) are not evaluated, so that nothing follows from them. */
const isPlain = (glob: string): boolean => !/[[\]{}]/.test(glob);

/** Findings for patterns without a file, and for data without a listing, unless a listing cannot be evaluated. */
export function checkListings(
  statements: readonly ReadStatement[],
  data: readonly string[],
  paths: readonly string[],
  directories: ReadonlySet<string>,
): readonly Finding[] {
  const patterns = statements.flatMap(({ path, statement }) => (statement.patterns ?? []).map((pattern) => ({ ...pattern, source: path })));
  const [first] = patterns;
  if (first !== undefined && patterns.length * paths.length > MAX_COMPARISONS)
    return [tooMany(first.source, patterns.length, paths.length)];
  const empty = patterns.filter(({ glob }) => isPlain(glob) && !paths.some((path) => matchesGlob(glob, path)));
  return [...empty.map(({ glob, key, source }) => nothingThere(source, key, glob)), ...unlisted(statements, data, directories)];
}

/** Data that no listing names; said once. */
function unlisted(statements: readonly ReadStatement[], data: readonly string[], directories: ReadonlySet<string>): readonly Finding[] {
  const listings = statements.filter(
    ({ statement: { files = [], patterns = [], partial } }) =>
      partial !== true && (files.some(({ required }) => required) || patterns.length > 0),
  );
  const globs = listings.flatMap(({ statement }) => (statement.patterns ?? []).map(({ glob }) => glob));
  if (listings.length === 0 || !globs.every(isPlain)) return [];
  const named = new Set(statements.flatMap(({ statement }) => (statement.files ?? []).map(({ path }) => path)));
  const whole = [...named].filter((path) => directories.has(path)).map((path) => `${path}/`);
  const isListed = (path: string): boolean =>
    named.has(path) || whole.some((directory) => path.startsWith(directory)) || globs.some((glob) => matchesGlob(glob, path));
  const strangers = data.filter((path) => !isListed(path));
  if (strangers.length === 0) return [];
  const shown = strangers.slice(0, 5).map((path) => `\`${path}\``);
  return [
    {
      id: 'dataset-file-unlisted',
      severity: 'info',
      message: `${strangers.length === 1 ? '1 file is' : `${strangers.length} files are`} listed by no metadata: ${shown.join(', ')}${strangers.length > shown.length ? ' …' : ''}`,
      fix: 'Add them to the metadata, or find out where they come from.',
      file: strangers[0],
    },
  ];
}

const nothingThere = (source: string, key: string, glob: string): Finding => ({
  id: 'dataset-file-missing',
  severity: 'medium',
  message: `\`${source}\` (${key}) lists \`${glob}\`, and no file of that name is there`,
  fix: 'Fetch the rest of the dataset, or correct its metadata.',
  file: source,
});

const tooMany = (source: string, patterns: number, paths: number): Finding => ({
  id: 'limit-count',
  severity: 'low',
  message: `the metadata has ${patterns} patterns for ${paths} files, too many to compare; nothing is said of files that are missing or not listed`,
  fix: 'Check the listing with the program that wrote it.',
  file: source,
});
