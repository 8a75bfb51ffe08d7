import { describe, expect, it } from 'vitest';
import { collected } from '../support/collected.js';

const card = (yaml: string) => `---\n${yaml}\n---\n`;
const npm = JSON.stringify({
  name: '@example/detector',
  version: '2.3.1',
  license: 'BSD-3-Clause',
  description: 'detects',
  author: 'Example GmbH <a@example.org> (https://example.org)',
  repository: { type: 'git', url: 'git+https://github.com/example/detector.git' },
  dependencies: { tensor: '4.22.0' },
});
const metadata = (...more: readonly string[]) =>
  [
    'Metadata-Version: 2.4',
    'Name: Vad.Model',
    'Version: 1.0',
    'Summary: hears',
    'Author: Example GmbH',
    ...more,
    '',
    'License: none, this is prose',
  ].join('\n');
const wheel = (...more: readonly string[]) => ({ 'vad/__init__.py': '', 'vad-1.0.dist-info/METADATA': metadata(...more) });
const pyproject =
  '[project]\nname = "tiny-recommender"\nversion = "0.4.0"\nlicense = "MPL-2.0"\nauthors = [{name = "A. Example", email = "a@example.org"}]\ndependencies = ["numpy>=1.26"]\n';

describe('the package that a model was supplied in', () => {
  it('is a component that holds the model, and says what nothing nearer says', async () => {
    const { manifest, subject, ids } = await collected({ 'package.json': npm, 'index.js': '' });
    expect(subject).toMatchObject({
      name: 'detector',
      group: '@example',
      version: '2.3.1',
      description: 'detects',
      licenses: [{ expression: 'BSD-3-Clause' }],
    });
    const [id, component] = Object.entries(manifest.components ?? {}).find(([, { name }]) => name === 'detector') ?? [''];
    expect(component).toMatchObject({
      group: '@example',
      version: '2.3.1',
      licenses: [{ expression: 'BSD-3-Clause' }],
      identifiers: [{ type: 'purl', value: 'pkg:npm/%40example/detector@2.3.1' }],
      composition: { model: { model: 'model', relation: 'part' } },
      uris: { source: 'https://github.com/example/detector.git' },
    });
    expect(component).not.toHaveProperty('status');
    expect(manifest.parties?.[component?.producer ?? '']).toEqual({ name: 'Example GmbH' });
    expect(manifest.dependencies?.[id]).toEqual({ edges: { 'depends-on': [expect.stringContaining('tensor')] }, completeness: 'complete' });
    expect(ids).toEqual([]);
  });
  it('comes behind the card, which is nearer, and before the name of the directory', async () => {
    const own = card('license: mit\nmodel-index:\n- name: own\n  results: []');
    const { subject, manifest, ids } = await collected({ 'package.json': npm, 'README.md': own });
    expect(subject).toMatchObject({ name: 'own', version: '2.3.1', licenses: [{ expression: 'MIT' }] });
    expect(ids).toEqual(['license-conflict', 'source-conflict']);
    const said = manifest.evidence?.flatMap(({ source, values }) => (values['/model/licenses']?.said === undefined ? [] : [source?.path]));
    expect(said).toEqual(['package.json']);
  });
  it('may be a wheel, whose licence is read from the best of its fields', async () => {
    const { subject, manifest } = await collected(
      wheel(
        'License-Expression: MIT OR Apache-2.0',
        'License: prose',
        'Requires-Dist: numpy>=1.26',
        'Requires-Dist: pytest; extra == "test"',
      ),
    );
    expect(subject).toMatchObject({
      name: 'Vad.Model',
      version: '1.0',
      description: 'hears',
      licenses: [{ expression: 'MIT OR Apache-2.0' }],
    });
    expect(Object.values(manifest.components ?? {}).map(({ name }) => name)).toEqual(['vad-model', 'numpy']);
    expect(manifest.components?.['pypi.vad-model_1.0']?.identifiers).toEqual([{ type: 'purl', value: 'pkg:pypi/vad-model@1.0' }]);
    expect((await collected(wheel('License: MIT'))).subject?.licenses).toEqual([{ expression: 'MIT', kind: 'declared' }]);
    expect((await collected(wheel('Classifier: License :: OSI Approved :: MIT License'))).subject?.licenses).toMatchObject([
      { expression: 'MIT' },
    ]);
  });
  it('is none of several that are installed', async () => {
    const { subject, manifest } = await collected({ ...wheel(), 'other-2.dist-info/METADATA': 'Name: other\nVersion: 2\n' });
    expect(subject).toMatchObject({ name: 'a-model' });
    expect(manifest.components).toBeUndefined();
  });
  it.each([
    [{ 'pyproject.toml': pyproject }, { name: 'tiny-recommender', version: '0.4.0', licenses: [{ expression: 'MPL-2.0' }] }],
    [
      {
        'pyproject.toml': pyproject
          .replace('[project]', '[tool.poetry]')
          .replace('[{name = "A. Example", email = "a@example.org"}]', '["A. Example <a@example.org>"]'),
      },
      { name: 'tiny-recommender', version: '0.4.0', licenses: [{ expression: 'MPL-2.0' }] },
    ],
    [{ 'PKG-INFO': metadata('License: MIT') }, { name: 'Vad.Model', version: '1.0' }],
    [
      {
        'CITATION.cff':
          'cff-version: 1.2.0\ntitle: Tiny\nversion: 1.10\nlicense: MIT\nauthors:\n- given-names: A.\n  family-names: Example\n- name: Acme\ndoi: 10.5281/zenodo.1\n',
      },
      { name: 'Tiny', version: '1.10', licenses: [{ expression: 'MIT' }], identifiers: [{ type: 'doi', value: '10.5281/zenodo.1' }] },
    ],
  ])('may be described by %j', async (files, facts) => {
    const { subject, text } = await collected(files as Record<string, string>).then(({ subject: model, manifest }) => ({
      subject: model,
      text: JSON.stringify(manifest),
    }));
    expect(subject).toMatchObject(facts);
    expect(text).not.toContain('a@example.org');
  });
  it('further down is not that of the whole', async () => {
    const { subject } = await collected({ 'web/package.json': npm, 'py/pyproject.toml': pyproject });
    expect(subject?.name).toBe('a-model');
  });
});

describe('names that a framework counts up', () => {
  const model = (name: string) =>
    JSON.stringify({
      format: 'layers-model',
      generatedBy: 'keras v2.15.0',
      modelTopology: { model_config: { class_name: 'Sequential', config: { name, layers: [] } } },
      weightsManifest: [],
    });
  it.each(['sequential_1', 'model', 'functional_12', 'Generator'])('are no identity: %s', async (name) => {
    expect((await collected({ 'model.json': model(name) })).subject?.name).toBe('a-model');
  });
  it('are told from those that somebody gave', async () => {
    expect((await collected({ 'model.json': model('emotions') })).subject?.name).toBe('emotions');
  });
});
