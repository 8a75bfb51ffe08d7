/** Documents at the edge of what may be read: what is written of them can be read again, or nothing is written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const bom = (members: object) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'machine-learning-model', 'bom-ref': 'm', name: 'm' } },
  ...members,
});

/** Components within components; nothing but `publisher` has no place in a manifest. */
function nested(levels: number): object {
  let inner: object = { type: 'library', name: 'a', publisher: 'p' };
  for (let i = 1; i < levels; i++) inner = { type: 'library', name: 'a', publisher: 'p', components: [inner] };
  return bom({ components: [inner] });
}

const id = (name: string): string => `https://example.org/d#${name}`;
const info = { type: 'CreationInfo', '@id': '_:c', specVersion: '3.0.1', created: '2026-01-01T00:00:00Z', createdBy: [id('a')] };
const element = (type: string, name: string, more: object = {}) => ({ type, spdxId: id(name), creationInfo: '_:c', name, ...more });
const graph = (...elements: object[]) => ({
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [
    info,
    element('SoftwareAgent', 'a'),
    element('SpdxDocument', 'd', { rootElement: [id('m')] }),
    element('ai_AIPackage', 'm'),
    ...elements,
  ],
});

/** Packages that contain each other, the last the first. */
function ring(count: number): object {
  const of = (i: number): string => `p${i % count}`;
  return graph(
    ...Array.from({ length: count }, (_, i) => [
      element('software_Package', of(i)),
      { ...element('Relationship', `r${i}`), relationshipType: 'contains', from: id(of(i)), to: [id(of(i + 1))] },
    ]).flat(),
  );
}

/** An extension of somebody, which may hold anything. */
function extended(levels: number): object {
  let inner: unknown = 'x';
  for (let i = 0; i < levels; i++) inner = { of: [inner, 'x'] };
  return graph(element('software_Package', 'p', { extension: [{ type: 'https://example.org/Extension', inner }] }));
}

async function there(cwd: string, argv: readonly string[]): Promise<unknown> {
  const { code, err } = await runCli(cwd, [...argv, '-q']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(readFileSync(join(cwd, argv.at(-1) ?? ''), 'utf8'));
}

describe('documents that nest deeply', () => {
  it.each<[string, object, string]>([
    ['CycloneDX', nested(90), 'cyclonedx@1.6'],
    ['SPDX', extended(50), 'spdx'],
  ])('%s comes back from a manifest, which anybody can read', async (_standard, document, target) => {
    const cwd = temporaryDirectory({ 'a.json': JSON.stringify(document) });
    await there(cwd, ['convert', 'a.json', '--to', 'msbom', '-o', 'm.json']);
    expect((await runCli(cwd, ['validate', 'm.json'])).out).toMatch(/^valid/m);
    const back = await there(cwd, ['convert', 'm.json', '--to', target, '-o', 'b.json']);
    const plain = await there(cwd, ['convert', 'a.json', '--to', target, '-o', 'c.json']);
    expect(back).toEqual(plain);
    if (target !== 'spdx') expect(back).toEqual(document);
  });

  it.each(['cyclonedx@1.5', 'cyclonedx@1.6', 'cyclonedx-xml@1.6'])(
    'things that contain each other become %s that can be read',
    async (target) => {
      const cwd = temporaryDirectory({ 'a.json': JSON.stringify(ring(300)) });
      await there(cwd, ['convert', 'a.json', '--to', 'msbom', '-o', 'm.json']);
      expect((await runCli(cwd, ['convert', 'm.json', '--to', target, '--lossless', '-o', 'b', '-q'])).err).toBe('');
      const back = await there(cwd, ['convert', 'b', '--to', 'msbom', '-o', 'n.json']);
      expect(back).toEqual(JSON.parse(readFileSync(join(cwd, 'm.json'), 'utf8')));
    },
  );
});

describe('a circle', () => {
  const parts = bom({
    components: [{ type: 'library', 'bom-ref': 'a', name: 'a', components: [{ type: 'library', 'bom-ref': 'b', name: 'b' }] }],
    dependencies: [
      { ref: 'm', dependsOn: ['a'] },
      { ref: 'b', dependsOn: ['a'] },
    ],
  });
  it.each<[string, object, string]>([
    ['of a part and what contains it', parts, 'cyclonedx@1.6'],
    ['of packages', ring(3), 'spdx'],
  ])('%s is kept, and comes back', async (_what, document, target) => {
    const cwd = temporaryDirectory({ 'a.json': JSON.stringify(document) });
    await there(cwd, ['convert', 'a.json', '--to', 'msbom', '-o', 'm.json']);
    expect((await runCli(cwd, ['validate', 'm.json'])).code).toBe(0);
    const back = await there(cwd, ['convert', 'm.json', '--to', target, '-o', 'b.json']);
    expect(back).toEqual(await there(cwd, ['convert', 'a.json', '--to', target, '-o', 'c.json']));
    if (target !== 'spdx') expect(back).toEqual(document);
  });
  it('as long as a document is told in one line', async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `c${i}`);
    const manifest = {
      bom: {
        specVersion: '1.0',
        serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
        version: 1,
        timestamp: '2026-01-31T09:00:00Z',
      },
      model: { name: 'm' },
      components: Object.fromEntries(ids.map((each) => [each, { name: each }])),
      dependencies: Object.fromEntries(ids.map((ref, i) => [ref, { edges: { 'depends-on': [ids[(i + 1) % ids.length]] } }])),
    };
    const { out: err } = await runCli(temporaryDirectory({ m: JSON.stringify(manifest) }), ['validate', 'm']);
    expect(err).toContain('c0 → c1 → c2 → c3 → c4 → 992 more → c997 → c998 → c999 → c0 [');
  });
});

describe('a document that is valid and says what no manifest may say', () => {
  it('becomes a manifest, with a warning', async () => {
    const document = bom({ components: [{ type: 'library', name: 'a', hashes: [{ alg: 'SHA-256', content: '0'.repeat(64) }] }] });
    const { code, err } = await runCli(temporaryDirectory({ f: JSON.stringify(document) }), ['convert', 'f']);
    expect(code).toBe(0);
    expect(err).toMatch(/the digest is a placeholder: 0+… \[digest-implausible\]\n {2}at \/components\/[^/]+\/digest\/sha256/);
  });
});

describe('values that JSON has no way to hold', () => {
  const score = (text: string): string =>
    JSON.stringify(bom({ vulnerabilities: [{ id: 'x', ratings: [{ score: 0.5 }] }] })).replace('0.5', text);
  it.each(['1e999', '-1E+400', `${'9'.repeat(400)}`])('are the number %s', async (number) => {
    const text = score(number);
    const cwd = temporaryDirectory({ f: text });
    const column = text.indexOf('"score":') + 9;
    for (const verb of ['convert', 'validate']) {
      const { code, out, err } = await runCli(cwd, [verb, 'f']);
      expect(code).toBe(1);
      expect(verb === 'convert' ? err : out).toContain(`f:1:${column}: `);
      expect(verb === 'convert' ? err : out).toMatch(/beyond what a number can hold \[(ERR_JSON_NUMBER|json-number)\]/);
    }
  });
  it('are whole numbers that would change, which are refused', async () => {
    const text = score('12345678901234567890');
    const { code, out, err } = await runCli(temporaryDirectory({ f: text }), ['convert', 'f', '--to', 'cyclonedx']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`f:1:${text.indexOf('"score":') + 9}: 12345678901234567890 is too large to be held exactly [ERR_JSON_NUMBER]`);
  });
  it.each(['9007199254740992', '12345678901234567000', '1e20'])('are not whole numbers that a double keeps: %s', async (number) => {
    const text = score(number);
    const cwd = temporaryDirectory({ f: text });
    const manifest = await runCli(cwd, ['convert', 'f', '-o', 'm', '-q']);
    const back = await runCli(cwd, ['convert', 'm', '--to', 'cyclonedx']);
    expect([manifest.code, back.code, (await runCli(cwd, ['validate', 'm'])).code]).toEqual([0, 0, 0]);
    expect(JSON.parse(back.out)).toEqual(JSON.parse(text));
  });
  it('are small enough to be nothing', async () => {
    expect((await runCli(temporaryDirectory({ f: score('1e-999') }), ['convert', 'f'])).code).toBe(0);
  });
  it('are halves of characters, where a manifest is written', async () => {
    const cwd = temporaryDirectory({ f: JSON.stringify(bom({ components: [{ type: 'library', name: 'a\ud800b' }] })) });
    const { code, out, err } = await runCli(cwd, ['convert', 'f']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^error: f: .*half of a surrogate pair/);
  });
});
