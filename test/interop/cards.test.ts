/** The front matter of cards of every odd form, as huggingface_hub reads it. What is not the same is explained in a row of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFrontMatter } from '../../src/collect/collectors/shared/front-matter.js';
import { asText } from '../../src/collect/values.js';
import { PYTHON } from './python.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const hasHub = spawnSync(PYTHON, ['-c', 'import huggingface_hub']).status === 0;

/** What may stand in front matter, by what is odd about it. */
const CONTENTS: Readonly<Record<string, string>> = {
  plain: 'license: mit\nlanguage: en',
  empty: '',
  comment: '# nothing\nlicense: mit # but this',
  'license unknown': 'license: unknown',
  'license other': 'license: other\nlicense_name: acme\nlicense_link: LICENSE',
  'list of licenses': 'license: [mit, apache-2.0]',
  'indented list': 'language:\n  - en\n  - de',
  'list without indent': 'language:\n- en\n- de',
  'anchor and alias': 'language: &l [en, de]\ntags: *l',
  'merge key': 'a: &a\n  license: mit\n  x: 1\nb:\n  <<: *a\n  x: 2',
  'merge of several': 'a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc:\n  <<: [*a, *b]\n  z: 4',
  'merge at the top': 'defaults: &d\n  license: mit\n<<: *d\nlanguage: en',
  'duplicate key': 'license: mit\nlanguage: en\nlicense: apache-2.0',
  'nested duplicate': 'a:\n  b: 1\n  b: 2',
  'norwegian is false': 'language: no',
  'norwegian in a list': 'language: [en, no, yes, on, off]',
  'quoted norwegian': 'language: "no"',
  date: 'date: 2024-01-31\ntime: 2024-01-31T10:00:00Z',
  'numbers as text': 'a: "1.0"\nb: \'007\'\nc: "1e3"',
  numbers: 'a: 1\nb: 1.5\nc: -3\nd: 1e3\ne: 1.0e+3\nf: 1_000\ng: 0x1F\nh: 010\ni: 0b11',
  sexagesimal: 'a: 1:30\nb: 190:20:30',
  'odd numbers': 'a: .5\nb: 5.\nc: +1\nd: .inf\ne: .nan\nf: 08\ng: 0o17\nh: 1.2.3\ni: 1e-05\nj: 1.5e-05',
  nulls: 'a: ~\nb: null\nc:\nd: ""',
  'block text': 'text: |\n  one\n  two\nfolded: >-\n  three\n  four',
  'block with indicator': 'text: |2+\n    one\n\nx: 1',
  'plain over lines': 'text: one\n  two\n  three',
  'flow over lines': 'tags: [a,\n  b,\n  c]',
  'quoted with escapes': "a: \"x\\ty\\u00e9\\n\"\nb: 'it''s'",
  'colon in text': 'title: "a: b"\nurl: https://example.org/x#y',
  'unquoted colon': 'title: a: b',
  emoji: 'title: 🤗 model\nlanguage: zh',
  'tab as indent': 'a:\n\tb: 1',
  'tab after colon': 'a:\tb',
  'tab at the end': 'a: b\t\nc: d',
  'spaces at the end': 'a: b   \nc: d',
  'tagged text': 'a: !!str 1\nb: !!int "2"',
  'unknown tag': 'a: !thing 1',
  'number as key': '1: a\n2: b',
  'truth as key': 'yes: a',
  'list at the top': '- a\n- b',
  'text at the top': 'just words',
  'unclosed flow': 'a: [b, c',
  'unclosed quote': 'a: "b',
  'bad indent': 'a: 1\n  b: 2',
  'document end': 'a: 1\n...',
  'deep list':
    'model-index:\n- name: m\n  results:\n  - task:\n      type: text-generation\n    dataset:\n      name: D\n      type: d\n    metrics:\n    - type: acc\n      value: 0.5',
  'base models': 'base_model:\n- a/b\n- c/d\nbase_model_relation: merge',
  'at sign': 'a: @b',
  percent: '%a: b',
  backtick: 'a: `b`',
  'star without anchor': 'a: *b',
  'question mark': '? a\n: b',
  'json inside': 'a: {"b": [1, 2, {"c": null}]}',
  'empty items': 'tags:\n-\n- a',
  'long text': `text: ${'word '.repeat(300).trim()}`,
  'dash in key': 'co2_eq_emissions:\n  emissions: 12.5\n  source: "x"\nmodel-index: []',
  'windows path': 'a: C:\\models\\x\nb: "C:\\\\x"',
  equals: 'a: =\nb: <<',
  'no-break space': 'a: b\u00a0c',
  'line separator': 'a: b\u2028c: d',
  'control character': 'a: b\u0007',
  'next line': 'a: b\u0085c: d',
};
/** How the fences and the lines may stand, by what is odd about it. */
const FORMS: Readonly<Record<string, (yaml: string) => string>> = {
  plain: (yaml) => `---\n${yaml}\n---\n# Model\n`,
  CRLF: (yaml) => `---\n${yaml}\n---\n# Model\n`.replaceAll('\n', '\r\n'),
  'blank lines before': (yaml) => `\n \n\t\n---\n${yaml}\n---\n`,
  'end of file': (yaml) => `---\n${yaml}\n---`,
};
/** Fences of other forms, with something plain inside. */
const FENCES: Readonly<Record<string, string>> = {
  BOM: '\ufeff---\nlicense: mit\n---\n',
  'blanks behind the first fence': '--- \nlicense: mit\n---\n',
  'blanks behind the second fence': '---\nlicense: mit\n---  \n# x\n',
  'four dashes': '----\nlicense: mit\n----\n',
  'text before': 'Model\n---\nlicense: mit\n---\n',
  'no second fence': '---\nlicense: mit\n# x\n',
  'dashes in the text': '---\na: b --- c\nlicense: mit\n---\n',
  'line of dashes in the text': '---\na: |\n  ---\n  x\nlicense: mit\n---\n',
  'second block': '---\nlicense: mit\n---\n---\nlicense: isc\n---\n',
  'empty block': '---\n---\n# x\n',
  'fence with text': '---\nlicense: mit\n--- x\n---\n',
  'carriage returns': '---\rlicense: mit\r---\r',
  'indented fence': '  ---\nlicense: mit\n---\n',
  'heading only': '# Model\n',
  nothing: '',
};
/** Where we read what the library does not, or the other way round, and why that is right. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'tab after colon': 'YAML 1.2 (6.2) lets tabs separate; PyYAML refuses them',
  'tab at the end': 'YAML 1.2 (6.2) lets tabs separate; PyYAML refuses them',
  'unknown tag': 'the value is what is written; PyYAML refuses to build an object of it',
  'number as key': 'the library takes keys for names of arguments, which must be texts',
  'truth as key': 'the library takes keys for names of arguments, which must be texts',
  equals: 'PyYAML knows a value `=` of YAML 1.1 and cannot build it',
  'line separator': 'YAML 1.2 (5.4) has no such line end; the card is reported as unreadable',
  'next line': 'YAML 1.2 (5.4) has no such line end; the card is reported as unreadable',
  BOM: 'it stands before the fence in the text that is given to the library, and not in what editors show',
  'carriage returns': 'the library opens files with line ends of every system, and is given a text here',
};

/** Cards that lie in the project. */
function fixtures(): readonly (readonly [string, string])[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /readme[^/]*\.md$/i.test(path))
    .map((path) => [path, readFileSync(join(root, 'test', path), 'utf8')]);
}

/** Scalars as texts, keys in order. */
const normal = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'number') return String(value);
  // Nulls are texts that name nothing.
  if (typeof value === 'string') return value === '' ? '' : (asText(value) ?? '');
  if (value === null) return '';
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, each]) => [key, normal(each)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return value;
};

describe.runIf(hasHub)('front matter', () => {
  const cards = Object.fromEntries([
    ...Object.entries(CONTENTS).flatMap(([content, yaml]) =>
      Object.entries(FORMS).map(([form, whole]) => [`${content}, ${form}`, whole(yaml)] as const),
    ),
    ...Object.entries(FENCES),
    ...fixtures(),
  ]);
  const theirs: Readonly<Record<string, unknown>> = JSON.parse(
    execFileSync(PYTHON, [join(root, 'scripts/interop/cards.py')], { input: JSON.stringify(cards), encoding: 'utf8', maxBuffer: 1 << 28 }),
  );
  it('is of many cards', () => expect(Object.keys(cards).length).toBeGreaterThanOrEqual(100));
  it('is what the library of the Hub says', () => {
    const different = Object.entries(cards).flatMap(([name, text]) => {
      const { card } = readFrontMatter({ path: 'README.md', bytes: new TextEncoder().encode(text) });
      const ours = card === undefined || Object.keys(card).length === 0 ? null : card;
      const isSame = JSON.stringify(normal(ours)) === JSON.stringify(normal(theirs[name]));
      return isSame ? [] : [[name, ours, theirs[name]] as const];
    });
    const isExplained = (name: string): boolean => EXPLAINED[name.split(', ')[0] ?? ''] !== undefined;
    expect(different.filter(([name]) => !isExplained(name)).map((each) => JSON.stringify(each))).toEqual([]);
    // What is explained is there to be explained.
    const names = new Set(different.map(([name]) => name.split(', ')[0]));
    expect(Object.keys(EXPLAINED).filter((name) => !names.has(name))).toEqual([]);
    console.log(`${Object.keys(cards).length} cards compared`);
  });
});
