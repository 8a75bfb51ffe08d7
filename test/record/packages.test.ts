/** Of an environment a record lists what the run can have used. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Contribution } from '../../src/collect/contribution.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { openHost } from '../../src/platform/host.js';
import { probeHost } from '../../src/probe/index.js';
import { declaredIn, importsOf } from '../../src/record/imports.js';
import { packagesUsed } from '../../src/record/packages.js';
import { temporaryDirectory } from '../support/temporary.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const site = (name: string, file: string) => `venv/lib/python3.11/site-packages/${name}${file}`;
function installed(name: string, version: string, record: readonly string[], requires: readonly string[] = []) {
  return {
    [site(`${name}-${version}.dist-info`, '/METADATA')]:
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires.map((each) => `Requires-Dist: ${each}\n`).join('')}`,
    [site(`${name}-${version}.dist-info`, '/RECORD')]: record.map((path) => `${path},,\n`).join(''),
  };
}
const SBOM = JSON.stringify({
  bomFormat: 'CycloneDX',
  components: [{ type: 'library', name: 'zlib', version: '1.3', purl: 'pkg:generic/zlib@1.3' }],
});
const ENVIRONMENT = {
  'venv/pyvenv.cfg': 'home = /opt/none/bin\nversion = 3.11.2\n',
  ...installed('scikit_learn', '1.5.0', ['sklearn/__init__.py'], ['numpy>=1.19']),
  ...installed('numpy', '2.0.0', ['numpy/__init__.py', '../../../bin/f2py']),
  [site('numpy-2.0.0.dist-info', '/sboms/x.json')]: SBOM,
  ...installed('six', '1.16.0', ['six.py']),
  ...installed('flask', '3.0.0', ['flask/__init__.py', '../../../bin/flask']),
  ...installed('rich', '13.0.0', ['rich/__init__.py']),
};

async function listed(project: Readonly<Record<string, string>>, roots: object = {}, wish: object = {}) {
  const root = temporaryDirectory({
    ...ENVIRONMENT,
    ...Object.fromEntries(Object.entries(project).map(([path, text]) => [`work/${path}`, text])),
  });
  const host = openHost({ cwd: `${root}/work`, env: {} });
  const python = `${root}/venv`;
  const context = { environment: 'machine', purpose: ['training' as const], limits: DEFAULT_LIMITS, includePrivate: false, python };
  const { contributions } = await probeHost(host, ['python'], { ...context, purpose: ['training'] });
  const all = { scripts: ['train.py'], modules: [], programs: [], ...roots, cwd: `${root}/work` };
  const kept = await packagesUsed(contributions, { installed: false, vendored: false, ...wish }, { host, python, roots: all });
  const of = (list: string) => kept.flatMap((each: Contribution) => (each.kind === 'addition' && each.list === list ? [each.item] : []));
  return {
    names: of('/components').map(({ name }) => name),
    others: of('/components').find(({ id }) => id === 'other-packages'),
    edges: of('/dependencies').map(({ ref }) => ref),
  };
}

describe('the packages of a record', () => {
  it('are what is imported, with what that needs; the rest is one line with the digest of its list', async () => {
    const { names, others, edges } = await listed({ 'train.py': 'from sklearn.linear_model import Ridge\n' });
    expect(names).toEqual(['numpy', 'scikit-learn', '3 other packages of the environment']);
    expect(others).toMatchObject({ digest: { sha256: sha256('flask==3.0.0\nrich==13.0.0\nsix==1.16.0\n') }, environment: 'machine' });
    expect(edges).toHaveLength(2);
  });
  it('are found through the modules of the project', async () => {
    const project = {
      'train.py': 'import pkg.model as m, os\n',
      'pkg/model.py': 'from . import deep\n',
      'pkg/deep.py': 'if True:\n    import six  # late\n',
    };
    expect((await listed(project)).names.slice(0, 1)).toEqual(['six']);
  });
  it('are what is declared beside what is imported', async () => {
    expect((await listed({ 'train.py': 'import six\n', 'requirements.txt': '# x\nRich>=13\n' })).names.slice(0, 2)).toEqual([
      'rich',
      'six',
    ]);
  });
  it('are what the program or module is of that was run', async () => {
    expect((await listed({}, { scripts: [], programs: ['flask'] })).names[0]).toBe('flask');
    expect((await listed({}, { scripts: [], modules: ['rich'] })).names[0]).toBe('rich');
  });
  it('are all where nothing tells what was imported, or when that is wished', async () => {
    expect((await listed({}, { scripts: [] })).names).toHaveLength(5);
    expect((await listed({ 'train.py': 'import six' }, {}, { installed: true })).names).toHaveLength(5);
  });
  it('have what is built into them only when that is wished', async () => {
    const script = { 'train.py': 'import numpy' };
    expect((await listed(script)).names).not.toContain('zlib');
    expect((await listed(script, {}, { vendored: true })).names).toContain('zlib');
  });
});

describe('what a project imports', () => {
  it('is told from scripts and notebooks, by first names', async () => {
    const notebook = JSON.stringify({ cells: [{ cell_type: 'code', source: ['import torch\n', 'x = 1'] }] });
    const cwd = temporaryDirectory({
      'a.py': 'import a.b, c as d\nfrom e.f import g\nfrom .own import x\nimport own\nprint("import")\n',
      'own.py': 'import h',
      'n.ipynb': notebook,
    });
    expect([...(await importsOf(['a.py', 'n.ipynb'], cwd))].sort()).toEqual(['c', 'e', 'h', 'torch']);
  });
  it('is declared in requirements and pyproject.toml', async () => {
    const cwd = temporaryDirectory({
      'requirements.txt': 'torch==2.0\n-r other.txt\n',
      'pyproject.toml': '[project]\ndependencies = ["numpy>=1", \'rich\']\n',
    });
    expect([...(await declaredIn(cwd))]).toEqual(expect.arrayContaining(['torch', 'numpy', 'rich']));
  });
});
