/** Plain vocabularies of tokenizers, which no magic number tells: by their names, and only when all of the content fits. */
import { MsbomError } from '../../../core/error.js';
import { decodeUtf8, parseJson } from '../../../core/json.js';
import type { Limits } from '../../../core/limits.js';
import { baseName, type Collector, type Contribution, type MetadataFile } from '../../contribution.js';
import { asObject } from '../../values.js';
import { unreadable } from '../kernel/json-file.js';

/** How many entries a file has, by its name; undefined when the content is not what the name says. */
const KINDS: readonly {
  readonly name: RegExp;
  readonly what: 'tokens' | 'merges';
  count(file: MetadataFile, limits: Limits): number | undefined;
}[] = [
  { name: /^vocab\.json$/, what: 'tokens', count: countIds },
  { name: /^vocab\.txt$/, what: 'tokens', count: (file) => lines(file).length },
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

const lines = ({ bytes, path }: MetadataFile): readonly string[] => {
  const all = decodeUtf8(bytes, path).split(/\r?\n/);
  return all.at(-1) === '' ? all.slice(0, -1) : all;
};

/** Tokens with their ids. */
function countIds({ bytes, path }: MetadataFile, limits: Limits): number | undefined {
  const entries = Object.values(asObject(parseJson(bytes, { file: path, limits, inexactIntegers: 'text' })) ?? {});
  return entries.length > 0 && entries.every((id) => Number.isSafeInteger(id)) ? entries.length : undefined;
}

/** Pairs of tokens; the first line may give the version. */
function countMerges(file: MetadataFile): number | undefined {
  const pairs = lines(file).filter((line, i) => line !== '' && !(i === 0 && line.startsWith('#version')));
  return pairs.every((pair) => pair.split(' ').length === 2) ? pairs.length : undefined;
}

/** Tokens in base64 with their ranks. */
function countRanks(file: MetadataFile): number | undefined {
  const ranks = lines(file).filter((line) => line !== '');
  return ranks.length > 0 && ranks.every((line) => /^[A-Za-z0-9+/]+={0,2} \d{1,9}$/.test(line)) ? ranks.length : undefined;
}
