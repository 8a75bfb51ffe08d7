import { describe, expect, it } from 'vitest';
import { bounded } from '../../src/collect/bounded.js';
import { frontMatterOf } from '../../src/collect/collectors/shared/front-matter.js';
import { MAX_TOML_WEIGHT, parseToml } from '../../src/collect/collectors/shared/toml.js';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { MsbomError } from '../../src/core/error.js';
import { decodeUtf8, locatePointers, parseJson } from '../../src/core/json.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { MAX_YAML_MARKS, MAX_YAML_VALUES, parseTypedYaml, parseYaml } from '../../src/core/yaml.js';
import { described, text } from '../support/runs.js';
import { edgeOf, listOf } from '../support/things.js';

/** What reading a text ends with. */
function errorOf(work: () => unknown): MsbomError {
  try {
    work();
  } catch (error) {
    if (MsbomError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('JSON', () => {
  const LONG = 'x'.repeat(12_000_000);
  it.each([
    ['a long string', `{"a":"${LONG}", }`, LONG.length + 10],
    ['long escapes', `{"a":"${'\\n'.repeat(6_000_000)}", }`, 12_000_010],
    ['a string with no end', `["${LONG}`, 2],
    ['a fault in an escape', `["${'\\u0041'.repeat(1_000_000)}\\x"]`, 2],
    ['a long number', `[${'1'.repeat(20)}.${'1'.repeat(3_000_000)}x]`, 2],
  ])('names the place of a fault behind or in %s', (_, text, column) => {
    const error = errorOf(() => parseJson(text));
    expect([error.code, error.line, error.column]).toEqual(['ERR_JSON_SYNTAX', 1, column]);
  });
  it('finds a forbidden key beside many others under a long one without joining them', () => {
    const text = `{"${LONG}":{${Array.from({ length: 100_000 }, (_, i) => `"${i}":1`).join()}},"x":1,\n"x":2}`;
    const error = errorOf(() => parseJson(text));
    expect([error.code, error.pointer, error.line, error.column]).toEqual(['ERR_JSON_DUPLICATE_KEY', '/x', 2, 1]);
  });
  it('shows the beginning of a long key that stands twice', () => {
    const error = errorOf(() => parseJson(`{"${LONG}":1,"${LONG}":2}`));
    expect(error.code).toBe('ERR_JSON_DUPLICATE_KEY');
    expect(error.message.length).toBeLessThan(300);
  });
  it('places many pointers under a long key in one walk', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`);
    const text = `{"${'y'.repeat(200)}":{\n${keys.map((key) => `"${key}":[1,2]`).join(',\n')}}}`;
    const places = locatePointers(
      text,
      keys.map((key) => `/${'y'.repeat(200)}/${key}/1`),
    );
    expect(places.size).toBe(keys.length);
    expect(places.get(`/${'y'.repeat(200)}/k7/1`)).toMatchObject({ line: 9, column: 9 });
  });
  it('keeps the first place of a key that stands twice, and shows what is missing at its parent', () => {
    const places = locatePointers('{"a":{"b":1},\n"a":{"c":1}}', ['/a/b', '/a/c', '/a/b/0', '/z']);
    expect([...places.values()].map(({ line, column }) => [line, column])).toEqual([
      [1, 7],
      [1, 2],
      [1, 7],
      [1, 1],
    ]);
  });
  it.each([
    ['empty lists', '[],', 'ERR_LIMIT_COUNT'],
    ['members', '"a":1,', 'ERR_LIMIT_COUNT'],
  ])('stops at a number of %s', (_, part, code) => {
    const text = part.startsWith('"') ? `{${part.repeat(50)}"z":1}` : `[${part.repeat(50)}1]`;
    const limits = { maxDocumentBytes: 1e9, maxDepth: 10, maxValues: 40 };
    expect(errorOf(() => parseJson(text, { file: 'f.json', limits }))).toMatchObject({ code, file: 'f.json', line: 1 });
    expect(errorOf(() => parseJson('[1,'.repeat(9), { limits })).code).toBe('ERR_JSON_SYNTAX');
  });
  it('counts no commas and brackets of strings', () => {
    expect(parseJson(`["${',[{'.repeat(100)}"]`, { limits: { maxDocumentBytes: 1e9, maxDepth: 3, maxValues: 3 } })).toHaveLength(1);
  });
  it('has a ceiling of its own where the caller names none', () => {
    const error = errorOf(() => parseJson(`[${'1,'.repeat(DEFAULT_LIMITS.maxValues)}1]`));
    expect(error.code).toBe('ERR_LIMIT_COUNT');
  });
  it.each([0, 1, 2, 65_534, 65_535, 65_536, 131_073])('finds a byte that is no UTF-8 at %i among characters of three', (at) => {
    const bytes = new TextEncoder().encode('€'.repeat(100_000)).subarray(0, 200_001);
    const start = at - (at % 3);
    bytes[start] = 0xff;
    expect(errorOf(() => decodeUtf8(bytes)).offset).toBe(start);
  });
});

describe('YAML', () => {
  const DEEP = 60_000;
  it.each([
    ['lists in brackets', `a: ${'['.repeat(DEEP)}`],
    ['maps in braces', `a: ${'{a: '.repeat(DEEP)}`],
    ['lists in one line', `a:\n ${'- '.repeat(DEEP)}x`],
    ['keys with question marks', `a:\n ${'? '.repeat(DEEP)}x`],
    ['lines that go in', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
    ['values of lists that are keys', `${'[a: '.repeat(DEEP)}x`],
  ])('stops at the depth of %s', (_, text) => {
    for (const read of [parseYaml, parseTypedYaml])
      expect(read(text)).toMatchObject({ problem: 'the document nests deeper than 200', place: { line: expect.any(Number) } });
  });
  it('reads what nests as deep as it may', () => {
    expect(parseYaml(`${'['.repeat(150)}x${']'.repeat(150)}`)).toHaveProperty('value');
  });
  it.each([',', '\n', '- \n', '? ', '[]', '{"a":1}', '\r'])('counts %j before the parser holds its values', (mark) => {
    const text = `[${mark.repeat(MAX_YAML_MARKS + 1)}`;
    expect(parseYaml(text)).toMatchObject({ problem: expect.stringContaining(`more than ${MAX_YAML_MARKS}`) });
  });
  it('does not count the marks of words', () => {
    expect(parseYaml(`a: ${'x-y:z?'.repeat(MAX_YAML_MARKS)}`)).toHaveProperty('value');
  });
  it('follows aliases by what they stand for', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]`);
    expect(parseYaml(lines.slice(0, 3).join('\n'))).toHaveProperty('value.a2');
    expect(parseYaml(lines.join('\n'))).toMatchObject({ problem: `the aliases stand for more than ${MAX_YAML_VALUES} values` });
  });
  it.each(['a: &a [*a]', '&a {b: {c: *a}}', '&a\n- - *a'])('refuses a value that holds itself: %s', (text) => {
    expect(parseYaml(text)).toMatchObject({ problem: 'an alias stands in what it names' });
  });
  it('reads a hundred thousand anchors and aliases', () => {
    const n = 100_000;
    const text = `a: [${Array.from({ length: n }, (_, i) => `&a${i} x`).join()}]\nb: [${Array.from({ length: n }, (_, i) => `*a${i}`).join()}]`;
    const read = parseYaml(text) as { readonly value: { readonly b: readonly string[] } };
    expect(read.value.b).toHaveLength(n);
  });
  it.each([
    ['__proto__: {polluted: 1}', { ['__proto__']: { polluted: '1' } }],
    ['constructor: 1\ntoString: 2', { constructor: '1', toString: '2' }],
    // `<<` is a merge, as PyYAML reads it.
    ['<<: {a: 1}\nb: 1', { a: '1', b: '1' }],
    ['<<: {__proto__: {polluted: 1}}\nb: 1', { ['__proto__']: { polluted: '1' }, b: '1' }],
    ['a: !custom x\nb: !!python/tuple [1]\nc: !!set {d}', { a: 'x', b: ['1'], c: { d: '' } }],
    ['a: 1.10\nb: no\nc:\nd: ~', { a: '1.10', b: 'no', c: '', d: '~' }],
  ])('keeps what was written: %s', (text, expected) => {
    const read = parseYaml(text) as { readonly value: object };
    expect(JSON.stringify(read.value)).toBe(JSON.stringify(expected));
    expect(Object.getPrototypeOf(read.value)).toBe(Object.prototype);
  });
  it('reads typed scalars, and leaves out objects of Python', () => {
    const text =
      'a: 1\nb: 1e3\nc: 12345678901234567890\nd: .inf\ne: no\nf: ~\ng: !!python/object:x.Y {z: 1}\nh: [!!python/name:os.system "", 2]';
    expect(parseTypedYaml(text)).toEqual({
      value: { a: 1, b: 1000, c: '12345678901234567890', d: '.inf', e: 'no', f: null, h: [2] },
    });
  });
  it.each([
    ['a: 1\nb: 2\na: 3', 'duplicated mapping key', 3],
    ['a: 1\n--- \nb: 2', 'the file has more than one document', 1],
    ['a: 1\n? [b]\n: 2', 'a key is a list or a map', expect.any(Number)],
    [`a: *${'x'.repeat(100_000)}`, 'unidentified alias', 1],
    ['a: 1\n\tb: 2', '', 2],
  ])('says what is wrong and where: %s', (text, problem, line) => {
    const read = parseYaml(text);
    expect(read).toMatchObject({ problem: expect.stringContaining(problem), place: { line } });
    expect('problem' in read && read.problem.length).toBeLessThanOrEqual(201);
  });
  it.each([
    ['blank lines behind a line of dashes', `---\na: 1\n${'---x\n'.repeat(200_000)}`, undefined],
    ['Windows line ends', '---\r\na: 1\r\n---\r\ntext', 'a: 1'],
    ['nothing in it', '---\n---\n', ''],
    ['spaces behind the fence', '---\na: 1\n---  \t\n', 'a: 1'],
    ['no second fence', `---\n${'a\n'.repeat(500_000)}`, undefined],
  ])('finds the front matter of a card with %s', (_, text, yaml) => {
    expect(frontMatterOf(text)?.yaml).toBe(yaml);
  });
});

it('places the faults of many attributes of one XML tag', () => {
  const attributes = Array.from({ length: 50_000 }, (_, i) => `a${i}="1"`).join(' ');
  const { findings } = readCycloneDXXml(`<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1" ${attributes}/>`);
  expect(findings.length).toBe(50_000);
  expect(findings.every(({ line, column }) => line === 1 && column === 1)).toBe(true);
});

it('describes the rest of a directory when a file is beyond a limit, and names it', async () => {
  const files: Readonly<Record<string, string>> = {
    'README.md': `---\na: ${'['.repeat(1000)}\n---\n`,
    'config.json': `{"a":${'['.repeat(1000)}`,
    'requirements.txt': 'numpy==2.3.1\n',
  };
  const { manifest, findings } = await described(Object.fromEntries(Object.entries(files).map(([path, each]) => [path, text(each)])));
  expect(listOf(manifest.components).map(({ name }) => name)).toEqual(['numpy']);
  for (const path of ['README.md', 'config.json'])
    expect(findings.find(({ file }) => file === path)).toMatchObject({
      id: 'metadata-unreadable',
      message: expect.stringContaining('deeper'),
    });
});

it('takes no more packages of a file than a manifest can bear, and says so', async () => {
  const names = Array.from({ length: 25_003 }, (_, i) => `p${i}`);
  const { manifest, findings } = await described({ 'requirements.txt': text(names.map((name) => `${name}==1`).join('\n')) });
  expect(listOf(manifest.components)).toHaveLength(25_000);
  expect(findings.filter(({ id }) => id === 'limit-count')).toMatchObject([
    {
      file: 'requirements.txt',
      message: 'the file names more packages than there is room for: the first 25000 are in the manifest, 3 more entries are not',
    },
  ]);
}, 60_000);

it('keeps no edge to a package that is left out', async () => {
  const lines = Array.from(
    { length: 25_001 },
    (_, i) => `a${i}@^1:\n  version "1.0.0"\n${i === 0 ? '  dependencies:\n    a25000 "^1"\n    a1 "^1"\n' : ''}`,
  );
  const { manifest } = await described({ 'yarn.lock': text(`# yarn lockfile v1\n\n${lines.join('\n')}`) });
  expect(listOf(manifest.components)).toHaveLength(25_000);
  const ids = new Set(listOf(manifest.components).map(({ id }) => id));
  const edges = Object.keys(manifest.dependencies ?? {}).map((ref) => ({ ref, ...edgeOf(manifest, ref) }));
  expect(edges.flatMap(({ dependsOn = [] }) => dependsOn).filter((id) => !ids.has(id))).toEqual([]);
  expect(edges.find(({ ref }) => ref.includes('a0_'))).toMatchObject({
    completeness: 'partial',
    dependsOn: [expect.stringContaining('a1_')],
  });
}, 60_000);

it('tells of a constraint file with too many lines, and uses those before', async () => {
  const lines = Array.from({ length: 100_002 }, (_, i) => `p${i}==2`);
  const files = { 'requirements.txt': text('-c c.txt\np1\np100001'), 'c.txt': text(lines.join('\n')) };
  const { manifest, findings } = await described(files);
  expect(listOf(manifest.components).map(({ name, version }) => [name, version])).toEqual([
    ['p1', '2'],
    ['p100001', undefined],
  ]);
  expect(findings.filter(({ id }) => id === 'limit-count')).toMatchObject([
    { file: 'c.txt', message: '2 constraints came behind 100000 others and were not used' },
  ]);
}, 60_000);

it('tells of no target among versions of which one is left out', async () => {
  // `a` asks for `b` without a version: of two, the second stands behind the last that is kept.
  const many = Array.from({ length: 24_998 }, (_, i) => `[[package]]\nname="p${i}"\nversion="1"\n`).join('');
  const lock = (more: string) =>
    `[[package]]\nname="a"\nversion="1"\n[package.dependencies]\nb="*"\n[[package]]\nname="b"\nversion="1"\n${many}${more}`;
  for (const [more, targets] of [
    ['', ['pypi.b_1']],
    ['[[package]]\nname="b"\nversion="2"\n', []],
  ] as const) {
    const { manifest } = await described({ 'poetry.lock': text(lock(more)) });
    expect(listOf(manifest.components)).toHaveLength(25_000);
    expect(edgeOf(manifest, 'pypi.a_1')?.dependsOn, more).toEqual(targets);
  }
}, 120_000);

it('finds a package that npm would find further in to be none when it is left out', async () => {
  const packages: Record<string, unknown> = {
    'node_modules/a': { version: '1.0.0', dependencies: { b: '1' } },
    'node_modules/b': { version: '1.0.0' },
  };
  for (let i = 0; i < 24_998; i++) packages[`node_modules/p${i}`] = { version: '1.0.0' };
  packages['node_modules/a/node_modules/b'] = { version: '2.0.0' };
  const { manifest, findings } = await described({ 'package-lock.json': text(JSON.stringify({ lockfileVersion: 3, packages })) });
  expect(edgeOf(manifest, 'npm.a_1.0.0')).toMatchObject({ dependsOn: [], completeness: 'partial' });
  expect(findings.find(({ id }) => id === 'limit-count')?.message).toMatch(/1 more entry is not$/);
}, 60_000);

it('weighs TOML outside of texts and comments', () => {
  const marks = '=[{.,'.repeat(1_000_000);
  for (const held of [`"${marks}"`, `'${marks}'`, `"""${marks}\n"${marks}\\"""""`, `'''${marks}\n'''`, `1 #${marks}\n`])
    expect(parseToml(`a = ${held}`), held.slice(0, 5)).toHaveProperty('value.a');
  expect(parseToml(`a = [${'1,'.repeat(MAX_TOML_WEIGHT)}]`)).toMatchObject({
    problem: expect.stringContaining('more keys'),
    place: { line: 1 },
  });
  expect(parseToml(`a = """x"""\n${Array.from({ length: 600_000 }, (_, i) => `k${i}=1\n`).join('')}`)).toHaveProperty('problem');
});

it('gives at most a thousand findings of one file, the worst first, and says how many more', () => {
  const finding = (severity: 'low' | 'high', i: number) => ({ id: 'x', severity, message: `${i}` });
  const findings = [...Array.from({ length: 1500 }, (_, i) => finding('low', i)), finding('high', 1)];
  const told = bounded({ contributions: [], findings }, 'f').findings ?? [];
  expect(told).toHaveLength(1001);
  expect(told[0]?.severity).toBe('high');
  expect(told.at(-1)).toMatchObject({
    id: 'limit-count',
    severity: 'low',
    message: 'the file gives 501 more findings, none worse than low',
  });
});

it('leaves out one value that is as large as a file, and names it', async () => {
  const modules = Array.from({ length: 50_001 }, (_, i) => `m${i}`);
  const config = (target_modules: readonly string[]) => text(JSON.stringify({ peft_type: 'LORA', r: 8, target_modules }));
  const { manifest, findings } = await described({ 'adapter_config.json': config(modules) });
  expect(Object.values(manifest.model?.training?.hyperparameters ?? {})).toEqual([8]);
  expect(findings.find(({ id }) => id === 'limit-count')?.message).toContain('`target_modules`');
  const kept = await described({ 'adapter_config.json': config(modules.slice(1)) });
  expect(Object.values(kept.manifest.model?.training?.hyperparameters ?? {})).toHaveLength(2);
}, 60_000);

describe('lists of packages that are cut while they are read', () => {
  const cutOf = async (files: Readonly<Record<string, string>>) => {
    const { manifest, findings } = await described(Object.fromEntries(Object.entries(files).map(([path, each]) => [path, text(each)])));
    const cut = findings.filter(({ id }) => id === 'limit-count').map(({ message }) => / (\d+) more entr/.exec(message)?.[1]);
    return { count: listOf(manifest.components).length, cut };
  };
  const many = (count: number, make: (i: number) => string, between: string): string =>
    Array.from({ length: count }, (_, i) => make(i)).join(between);
  it.each<[string, string]>([
    ['explicit.txt', `@EXPLICIT\n${many(25_007, (i) => `https://conda.anaconda.org/conda-forge/noarch/p${i}-1-0.conda`, '\n')}`],
    ['package.json', `{"dependencies":{${many(25_007, (i) => `"p${i}":"1.0.0"`, ',')}}}`],
    ['Pipfile.lock', `{"default":{${many(25_007, (i) => `"p${i}":{"version":"==1"}`, ',')}}}`],
    // The project itself is one of them.
    ['pyproject.toml', `[project]\nname="x"\ndependencies=[${many(25_006, (i) => `"p${i}==1"`, ',')}]`],
    ['environment.yml', `dependencies:\n${many(25_007, (i) => `- p${i}==1`, '\n')}`],
  ])(
    '%s says how many are left out',
    async (path, content) => {
      expect(await cutOf({ [path]: content })).toEqual({ count: 25_000, cut: ['7'] });
    },
    120_000,
  );
  it('all together name no more than a directory may', async () => {
    const list = (letter: string): string => many(25_001, (i) => `${letter}${i}==1`, '\n');
    const files = Object.fromEntries(['a', 'b', 'c', 'd'].map((letter) => [`${letter}/requirements.txt`, list(letter)]));
    expect(await cutOf(files)).toEqual({ count: 40_000, cut: ['1', '10001', '25001', '25001'] });
  }, 240_000);
  it('a line of yarn.lock that is too long asks for nothing, and gives nothing to the entry before', async () => {
    const lock = `# yarn lockfile v1\n\na@1:\n  version "1.0.0"\n\n${'b@1, '.repeat(3000)}b@2:\n  version "2.0.0"\n`;
    const { manifest, findings } = await described({ 'yarn.lock': text(lock) });
    expect(listOf(manifest.components).map(({ name, version }) => [name, version])).toEqual([['a', '1.0.0']]);
    expect(findings.map(({ message }) => message)).toEqual([expect.stringMatching(/^1 entry names no package/)]);
  });
  it('an entry of yarn.lock with too many fields has a partial list', async () => {
    const needs = (count: number): string => many(count, (i) => `    b${i} "1"\n`, '');
    const listed = async (count: number) => {
      const lock = `# yarn lockfile v1\n\na@1:\n  version "1.0.0"\n  dependencies:\n${needs(count)}\n${many(count, (i) => `b${i}@1:\n  version "1.0.0"\n`, '\n')}`;
      const { manifest } = await described({ 'yarn.lock': text(lock) });
      const edge = edgeOf(manifest, 'npm.a_1.0.0');
      return [edge?.dependsOn.length, edge?.completeness];
    };
    expect(await listed(10_000)).toEqual([10_000, 'complete']);
    expect(await listed(10_001)).toEqual([10_000, 'partial']);
  }, 120_000);
  it('a package that needs too many has a partial list', async () => {
    const listed = async (count: number) => {
      const lock = `[[package]]\nname="a"\nversion="1"\n[package.dependencies]\n${many(count, (i) => `b${i}="*"\n`, '')}${many(count, (i) => `[[package]]\nname="b${i}"\nversion="1"\n`, '')}`;
      const { manifest } = await described({ 'poetry.lock': text(lock) });
      const edge = edgeOf(manifest, 'pypi.a_1');
      return [edge?.dependsOn.length, edge?.completeness];
    };
    expect(await listed(10_000)).toEqual([10_000, 'complete']);
    expect(await listed(10_001)).toEqual([10_000, 'partial']);
  }, 120_000);
  it('what yarn.lock asks for beyond what is held is no target', async () => {
    const asked = many(2100, (i) => many(50, (j) => `c${i}@${j}`, ', '), ':\n  version "1.0.0"\n\n');
    const lock = `# yarn lockfile v1\n\na@1:\n  version "1.0.0"\n  dependencies:\n    c0 "1"\n    c2099 "1"\n\n${asked}:\n  version "1.0.0"\n`;
    const { manifest } = await described({ 'yarn.lock': text(lock) });
    expect(edgeOf(manifest, 'npm.a_1.0.0')).toMatchObject({
      dependsOn: ['npm.c0_1.0.0'],
      completeness: 'partial',
    });
  }, 60_000);
});
