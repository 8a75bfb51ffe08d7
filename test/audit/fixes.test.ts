import { describe, expect, it } from 'vitest';
import { dominatorsOf } from '../../src/audit/dominators.js';
import {
  audit,
  constraintsOf,
  fixesFor,
  healthOf,
  knownFindings,
  readAdvisories,
  readHealth,
  readModelReports,
} from '../../src/audit/index.js';
import type { Manifest } from '../../src/schema/index.js';

const bom = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
};
const component = (name: string, more: object = {}) => ({
  type: 'library',
  name,
  identifiers: [{ type: 'purl', value: `pkg:pypi/${name}@1.0` }],
  ...more,
});
const needs = (...ids: readonly string[]) => ({ edges: { 'depends-on': ids } });
const record = (id: string, name: string, fixed: string, introduced = '0') => ({
  id,
  affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] }] }],
});

describe('fixes', () => {
  const manifest = {
    bom,
    model: { name: 'm' },
    components: Object.fromEntries(['app', 'web', 'lib', 'deep', 'shared', 'alone'].map((name) => [name, component(name)])),
    dependencies: { model: needs('app', 'web'), app: needs('lib', 'shared'), lib: needs('deep'), deep: needs('lib'), web: needs('shared') },
  } as unknown as Manifest;
  const fixes = (...records: readonly object[]) => fixesFor(manifest, audit(manifest, readAdvisories(records).advisories));
  it('name the direct dependencies on every way', () => {
    const found = fixes(record('A', 'deep', '2.0'), record('B', 'shared', '2.0'), record('C', 'app', '2.0'), record('D', 'alone', '2.0'));
    expect(found.map(({ package: of, isDirect, through }) => [of.name, isDirect, through])).toEqual([
      ['app', true, []],
      ['deep', false, ['app']],
      ['shared', false, []],
      ['alone', undefined, []],
    ]);
  });
  it('are the nearest version that nothing known affects', () => {
    expect(fixes(record('A', 'app', '1.1'), record('B', 'app', '1.5', '1.1'), record('C', 'app', '1.3'))).toMatchObject([
      { version: '1.5', ids: ['A', 'C'] },
    ]);
    expect(
      fixes(record('A', 'app', '1.1'), {
        id: 'B',
        affected: [{ package: { ecosystem: 'PyPI', name: 'app' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1.1' }] }] }],
      })[0],
    ).not.toHaveProperty('version');
  });
  it('are constraints for pip, of which strangers write no line', () => {
    expect(constraintsOf(fixes(record('A', 'app', '1.1')))).toBe('# PyPI app 1.0: A\napp>=1.1\n');
    expect(constraintsOf(fixes(record('A\n--index-url x', 'app', '1.1')))).toBe('# PyPI app 1.0: A --index-url x\napp>=1.1\n');
    expect(constraintsOf(fixes({ id: 'A', affected: [{ package: { ecosystem: 'PyPI', name: 'app' }, versions: ['1.0'] }] }))).toContain(
      '# no version is known',
    );
    expect(constraintsOf([])).toBe('');
  });
  it('go through graphs of any depth, and circles', () => {
    const chain = new Map(Array.from({ length: 50_000 }, (_, i) => [`n${i}`, [`n${i + 1}`, 'n0']] as const));
    expect(dominatorsOf(new Map([...chain].slice(0, 2000)), new Set(['n0']))?.get('n2000')?.size).toBe(2001);
    expect(
      dominatorsOf(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['d']],
          ['c', ['d']],
          ['d', ['a']],
        ]),
        new Set(['a']),
      )?.get('d'),
    ).toEqual(new Set(['d', 'a']));
    expect(dominatorsOf(chain, new Set(['n0']))).toBeUndefined();
  });
});

describe('health', () => {
  const manifest = {
    bom,
    model: { name: 'm' },
    components: { a: component('a', { uris: { source: 'https://github.com/Acme/A.git' } }), b: component('b') },
  } as unknown as Manifest;
  const card = {
    date: '2026-01-01',
    repo: { name: 'github.com/acme/a', commit: 'x' },
    score: 3.2,
    checks: [{ name: 'Maintained', score: 0, reason: 'project is archived' }],
  };
  const pack = {
    packageKey: { system: 'PYPI', name: 'B' },
    versions: [
      { versionKey: {}, publishedAt: '2024-01-01T00:00:00Z', isDefault: true, isDeprecated: false },
      { versionKey: {}, publishedAt: '2023-01-01T00:00:00Z', isDefault: false },
    ],
  };
  const now = new Date('2026-01-02T00:00:00Z');
  const snapshots = [card, pack].flatMap((each) => readHealth(each, 'f.json') ?? []);
  it('is facts with date and source, judged by flags alone', () => {
    const [a, b] = healthOf(manifest, snapshots, { flags: [], now });
    expect(a?.facts).toEqual([
      { name: 'scorecard', value: 3.2, source: 'OpenSSF Scorecard, f.json', date: '2026-01-01' },
      { name: 'maintained', value: 0, source: 'OpenSSF Scorecard, f.json', date: '2026-01-01' },
      { name: 'archived', value: true, source: 'OpenSSF Scorecard, f.json', date: '2026-01-01' },
    ]);
    expect(b?.facts).toEqual([
      { name: 'last-release', value: '2024-01-01T00:00:00Z', source: 'deps.dev, f.json' },
      { name: 'deprecated', value: false, source: 'deps.dev, f.json' },
    ]);
    expect([...(a?.raised ?? []), ...(b?.raised ?? [])]).toEqual([]);
  });
  it('says which flags hold, and which nothing is known about', () => {
    const found = healthOf(manifest, snapshots, { flags: ['archived', 'no-release-18-months', 'single-publisher'], now });
    expect(found.map(({ package: of, raised, unknown }) => [of.name, raised.map(({ flag }) => flag), unknown])).toEqual([
      ['a', ['archived'], ['no-release-18-months', 'single-publisher']],
      ['b', ['no-release-18-months'], ['archived', 'single-publisher']],
    ]);
    expect(readHealth({ checks: [] }, 'x')).toBeUndefined();
    const unknown = readHealth({ ...card, checks: [{ name: 'Maintained', score: -1, reason: 'x' }] }, 'x');
    expect(unknown?.facts.map(({ name }) => name)).toEqual(['scorecard']);
  });
});

describe('reports on models', () => {
  const avid = (id: string, ...names: readonly string[]) => ({
    data_type: 'AVID',
    metadata: { report_id: id },
    affects: { artifacts: names.map((name) => ({ type: 'Model', name })) },
  });
  const manifest = {
    bom,
    model: { name: 'mine', lineage: { parents: { base: { model: 'tuned', relation: 'adapter' } } } },
    models: {
      tuned: { name: 'tuned', lineage: { parents: { base: { model: 'base', relation: 'finetune' } } } },
      base: { group: 'acme', name: 'Base-7B', lineage: { parents: { odd: { model: 'tuned', relation: 'derived' } } } },
    },
  } as unknown as Manifest;
  it('follow the lineage, and only whole names count', () => {
    const reports =
      readModelReports([
        avid('AVID-1', 'acme/base-7b'),
        avid('AVID-2', 'Base'),
        { ...avid('AVID-3', 'x'), affects: { artifacts: [{ type: 'System', name: 'mine' }] } },
      ]) ?? [];
    expect(knownFindings(manifest, reports).map(({ report, model, inherited }) => [report.id, model, inherited])).toEqual([
      [
        'AVID-1',
        'base',
        [
          { model: 'tuned', relation: 'finetune' },
          { model: 'model', relation: 'adapter' },
        ],
      ],
    ]);
  });
  it('are read from ATLAS too', () => {
    const atlas = { id: 'ATLAS', 'case-studies': [{ id: 'AML.CS1', name: 'Study', target: 'Mine', 'incident-date': '2026-01-01' }] };
    expect(knownFindings(manifest, readModelReports(atlas) ?? [])).toMatchObject([
      { report: { id: 'AML.CS1', database: 'ATLAS', date: '2026-01-01' }, model: 'model', inherited: [] },
    ]);
    expect(readModelReports({ id: 'ATLAS' })).toBeUndefined();
  });
});
