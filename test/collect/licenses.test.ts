import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recognizeLicense } from '../../src/collect/licenses/recognize.js';
import { collected } from '../support/collected.js';

const APACHE = readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8');
const MIT_TEXT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
const MIT = `MIT License\n\nCopyright (c) 2026 Example GmbH\n\n${MIT_TEXT}`;
/** Where Debian keeps it. */
const GPL = '/usr/share/common-licenses/GPL-3';
const card = (yaml: string) => `---\n${yaml}\n---\n`;
const licenses = async (files: Parameters<typeof collected>[0]) => {
  const { subject, ids, dissents } = await collected(files);
  return { licenses: subject?.licenses, ids, dissents };
};

describe('the text of a licence', () => {
  it.each([
    ['MIT', MIT],
    ['MIT', MIT.replaceAll('\n', '\r\n').toUpperCase()],
    [
      'MIT',
      `# The MIT License\n\n© 2020-2026 A. Example <a@example.org>\n\n${MIT_TEXT.replaceAll('"', '“').replace('NONINFRINGEMENT', 'NON-INFRINGEMENT')}`,
    ],
    ['MIT', MIT.replace('THE AUTHORS OR COPYRIGHT HOLDERS', 'EXAMPLE GMBH')],
    ['Apache-2.0', APACHE],
    ['Apache-2.0', APACHE.slice(0, APACHE.indexOf('END OF TERMS'))],
  ])('is %s in every copy of it', (id, text) => {
    expect(recognizeLicense(text)).toMatchObject({ ids: [id], hasMore: false });
  });
  it.each([
    ['a word more', MIT.replace('free of charge', 'free of charge for research')],
    ['a word less', MIT.replace('sublicense, ', '')],
    ['another word', APACHE.replace('perpetual', 'revocable')],
    ['a hole where a name may stand', MIT.replace('AUTHORS OR COPYRIGHT HOLDERS', `AUTHORS ${'AND OTHERS '.repeat(9)}`)],
    ['nothing', ''],
  ])('is none with %s', (_, text) => {
    expect(recognizeLicense(text).ids).toEqual([]);
  });
  it('may be one among others, or with other terms', () => {
    expect(recognizeLicense(`${MIT}\n\n${APACHE}`).ids).toEqual(['MIT', 'Apache-2.0']);
    expect(recognizeLicense(`${MIT}\nThe weights must not be used to make money, nor by anybody who does.`)).toMatchObject({
      ids: ['MIT'],
      hasMore: true,
    });
  });
  it.each([
    ['llama2', 'LLAMA 2 COMMUNITY LICENSE AGREEMENT\nLlama 2 Version Release Date: July 18, 2023'],
    ['llama3', 'META LLAMA 3 COMMUNITY LICENSE AGREEMENT\nMeta Llama 3 Version Release Date: April 18, 2024'],
    ['llama3.1', 'LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024'],
    ['llama4', 'LLAMA 4 COMMUNITY LICENSE AGREEMENT\nLlama 4 Version Effective Date: April 5, 2025'],
  ])('may be the terms of a model: %s', (id, head) => {
    const body = `1. License Rights and Redistribution.\na. Grant of Rights. You are granted a non-exclusive, worldwide, non-transferable and royalty-free limited license. ${'Some words of it. '.repeat(200)}\n2. Additional Commercial Terms. ${'more '.repeat(50)}\n7. Governing Law and Jurisdiction.`;
    expect(recognizeLicense(`${head}\n${body}`).ids).toEqual([`LicenseRef-${id}`]);
    expect(recognizeLicense(head).ids).toEqual([]);
  });
  it.each([
    ['creativeml-openrail-m', 'CreativeML Open RAIL-M\ndated August 22, 2022'],
    ['openrail-plus-plus', 'CreativeML Open RAIL++-M License dated July 26, 2023'],
    ['bigscience-bloom-rail-1.0', 'BigScience RAIL License v1.0\ndated May 19, 2022'],
    ['bigcode-openrail-m', 'BigCode Open RAIL-M v1 License Agreement'],
  ])('may be the terms of a model: %s', (id, head) => {
    const body = `Section I: PREAMBLE\n${'Some words of it. '.repeat(250)}\n5. Use-based restrictions.\nAttachment A\nUse Restrictions\nYou agree not to use the Model or Derivatives of the Model: ${'never '.repeat(50)}`;
    expect(recognizeLicense(`${head}\n${body}`).ids).toEqual([`LicenseRef-${id}`]);
  });
  it('takes no long time, whatever it is', () => {
    recognizeLicense('permission is hereby granted free of charge to '.repeat(5000));
    recognizeLicense('definitions license shall mean the terms '.repeat(6000));
  });
  it('of the packages that are installed here is what they declare', () => {
    const root = new URL('../../node_modules/', import.meta.url).pathname;
    const names = readdirSync(root).flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(root, name)).map((each) => `${name}/${each}`) : [name],
    );
    const seen = names.flatMap((name) => {
      const manifest = join(root, name, 'package.json');
      if (!existsSync(manifest)) return [];
      const { license } = JSON.parse(readFileSync(manifest, 'utf8')) as { license?: unknown };
      const file = readdirSync(join(root, name)).find((each) => /^licen[cs]e(\.md|\.txt)?$/i.test(each));
      if (file === undefined || typeof license !== 'string' || !statSync(join(root, name, file)).isFile()) return [];
      return [{ name, license, found: recognizeLicense(readFileSync(join(root, name, file), 'utf8')) }];
    });
    const known = seen.filter(({ found }) => found.ids.length === 1 && !found.hasMore);
    expect(seen.length).toBeGreaterThan(100);
    expect(known.length / seen.length).toBeGreaterThan(0.9);
    // Its package.json says ISC, and its LICENSE is the text of MIT.
    const wrong = known.filter(({ license, found }) => !license.includes(found.ids[0] ?? '')).map(({ name }) => name);
    expect(wrong).toEqual(['@npmcli/redact']);
  });
});

describe('a file with a licence', () => {
  it('alone is the licence of the model, with its path', async () => {
    expect(await licenses({ LICENSE: MIT })).toEqual({
      licenses: [{ expression: 'MIT', kind: 'declared', path: 'LICENSE' }],
      ids: [],
      dissents: [],
    });
  });
  it.skipIf(!existsSync(GPL))('in LICENSES/ is named by the id that its name says, where that is the licence of the text', async () => {
    const text = readFileSync(GPL, 'utf8');
    const named = async (name: string) => (await licenses({ [`LICENSES/${name}.txt`]: text })).licenses;
    expect(await named('GPL-3.0-or-later')).toMatchObject([{ expression: 'GPL-3.0-or-later' }]);
    expect(await named('LGPL-3.0-or-later')).toMatchObject([{ name: 'GPL-3.0' }]);
  });
  it('that says what the card says is one with it', async () => {
    const { licenses: found, ids } = await licenses({ 'README.md': card('license: mit'), LICENSE: MIT });
    expect(found).toEqual([{ expression: 'MIT', kind: 'declared', path: 'LICENSE' }]);
    expect(ids).toEqual([]);
  });
  it('that the card links to by another name is one with it', async () => {
    const { licenses: found, ids } = await licenses({
      'README.md': card('license: other\nlicense_name: acme\nlicense_link: LICENSE'),
      LICENSE: MIT,
    });
    expect(found).toEqual([{ expression: 'MIT', kind: 'declared', path: 'LICENSE' }]);
    expect(ids).toEqual([]);
  });
  it('that says another one stands beside it, and that is told', async () => {
    const { subject, findings, manifest } = await collected({ 'README.md': card('license: apache-2.0'), LICENSE: MIT });
    expect(subject?.licenses?.map(({ expression }) => expression)).toEqual(['Apache-2.0', 'MIT']);
    expect(findings.map(({ id, severity, message }) => [id, severity, message])).toEqual([
      ['license-conflict', 'medium', '`README.md` says Apache-2.0, `LICENSE` says MIT: the licences do not agree'],
    ]);
    // Who said which stands in the evidence.
    const said = manifest.evidence?.flatMap(({ source, values }) => {
      const at = values['/model/licenses'];
      return at === undefined ? [] : [[source?.path, at.said]];
    });
    expect(said).toEqual([
      ['README.md', [expect.objectContaining({ expression: 'Apache-2.0' })]],
      ['LICENSE', [expect.objectContaining({ expression: 'MIT' })]],
    ]);
  });
  it('of which the card names one of two, or the family, agrees', async () => {
    const both = { 'LICENSE-MIT': MIT, 'LICENSE-APACHE': APACHE };
    expect((await licenses({ 'README.md': card('license: mit'), ...both })).ids).toEqual([]);
    expect((await licenses(both)).licenses?.map(({ expression }) => expression)).toEqual(['Apache-2.0', 'MIT']);
  });
  it('that nobody knows is named by its title where nothing else speaks', async () => {
    const own = 'Acme Model Terms\n\nYou may look at it.';
    expect(await licenses({ LICENSE: own })).toMatchObject({
      licenses: [{ name: 'Acme Model Terms', path: 'LICENSE' }],
      ids: ['license-unrecognized'],
    });
    const both = await licenses({ LICENSE: own, 'README.md': card('license: mit') });
    expect(both).toMatchObject({ licenses: [{ expression: 'MIT' }], ids: ['license-unrecognized'] });
    // Nobody can tell whether the two agree: what the file said stays in the evidence.
    expect(JSON.stringify(both.dissents)).toContain('Acme Model Terms');
  });
  it('of something else is not that of the model', async () => {
    expect((await licenses({ 'third_party/x/LICENSE': MIT, 'x.txt': '' })).licenses).toBeUndefined();
    expect((await licenses({ NOTICE: MIT, 'license.py': MIT })).licenses).toBeUndefined();
  });
});
