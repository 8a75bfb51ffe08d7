/** Plain vocabularies of tokenizers, which no magic number tells: by their names, and only when all of the content fits. */
import { MsbomError } from '../../../core/error.js';
import { decodeUtf8, parseJson } from '../../../core/json.js';
import type { Limits } from '../../../core/limits.js';
import { baseName, type Collector, type Contribution, type MetadataFile } from '../../contribution.js';
import { asObject, membersOf } from '../../values.js';
import { unreadable } from '../shared/json-file.js';
import { linesOf } from '../shared/lines.js';

/** How many entries a file has, by its name; undefined when the content is not what the name says. */
const KINDS: readonly {
  readonly name: RegExp;
  readonly what: 'tokens' | 'merges';
  count(file: MetadataFile, limits: Limits): number | undefined;
}[] = [
  { name: /^vocab\.json$/, what: 'tokens', count: countIds },
  { name: /^vocab\.txt$/, what: 'tokens', count: (file) => lineCount(file, () => true) },
  { name: /^merges\.txt$/, what: 'merges', count: countMerges },
  { name: /\.tiktoken$/, what: 'tokens', count: countRanks },
];

export const vocabulary: Collector = {
  id: 'vocabulary',
  files: '`vocab.json`, `vocab.txt`, `merges.txt`, `*.tiktoken`',
  matches: (path) => KINDS.some(({ name }) => name.test(baseName(path))),
  collect(file, { limits }) {
    const kind = KINDS.find(({ name }) => name.test(baseName(file.path)));
    try {
      const count = kind?.count(file, limits);
      // Other things have these names too; then nothing is said of them.
      if (kind === undefined || count === undefined) return { contributions: [] };
      return { contributions: [note(file.path, kind.what, count)] };
    } catch (error) {
      if (!MsbomError.is(error)) throw error;
      return {
        contributions: [],
        findings: [unreadable(file.path, error.message, { line: error.line, column: error.column, offset: error.offset })],
      };
    }
  },
};

function note(path: string, what: string, count: number): Contribution {
  return {
    kind: 'file',
    path,
    facts: { role: 'tokenizer', metadata: { [what]: String(count) } },
    from: { origin: 'observed', path, method: 'entries of the vocabulary' },
  };
}

/** Lines that count; undefined when one is not what it has to be. An empty one behind the last line end is none. */
function lineCount({ bytes, path }: MetadataFile, counts: (line: string, i: number) => boolean | undefined): number | undefined {
  let count = 0;
  let i = 0;
  // The line before: of the last it is not known that it is the last.
  let before: string | undefined;
  const add = (line: string): boolean => {
    const isOne = counts(line, i++);
    if (isOne) count++;
    return isOne !== undefined;
  };
  for (const line of linesOf(decodeUtf8(bytes, path))) {
    if (before !== undefined && !add(before)) return undefined;
    before = line;
  }
  return before === undefined || before === '' || add(before) ? count : undefined;
}

/** Tokens with their ids. */
function countIds({ bytes, path }: MetadataFile, limits: Limits): number | undefined {
  let count = 0;
  for (const [, id] of membersOf(asObject(parseJson(bytes, { file: path, limits, inexactIntegers: 'text' })))) {
    if (!Number.isSafeInteger(id)) return undefined;
    count++;
  }
  return count === 0 ? undefined : count;
}

/** Pairs of tokens; the first line may give the version. */
function countMerges(file: MetadataFile): number | undefined {
  return lineCount(file, (line, i) => {
    if (line === '' || (i === 0 && line.startsWith('#version'))) return false;
    return line.split(' ', 3).length === 2 ? true : undefined;
  });
}

/** Tokens in base64 with their ranks. */
function countRanks(file: MetadataFile): number | undefined {
  const count = lineCount(file, (line) => (line === '' ? false : /^[A-Za-z0-9+/]+={0,2} \d{1,9}$/.test(line) ? true : undefined));
  return count === 0 ? undefined : count;
}
