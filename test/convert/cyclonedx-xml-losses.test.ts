/** What a document of another producer says and the XML schema refuses is left out of XML, told, and comes back. */
import { expect, it } from 'vitest';
import { readSource } from '../../src/convert/document.js';
import { TARGETS } from '../../src/convert/targets.js';
import { openDocument } from '../../src/convert/validate.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import type { Manifest } from '../../src/schema/index.js';
import { breachesOfXsd } from '../support/xsd.js';

const read = async (text: string): Promise<Manifest> => {
  const { manifest } = await readSource(await openDocument(text), { timestamp: '2026-01-01T00:00:00Z' });
  return manifest;
};
const write = async (manifest: Manifest, lossless: boolean, version = '1.6') => {
  const written = await TARGETS[`cyclonedx-xml@${version}`]?.(manifest, { lossless, reference: false });
  if (written === undefined) throw new Error('no target');
  return written;
};
const document = (component: object, others: object = {}): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { type: 'machine-learning-model', name: 'm', 'bom-ref': 'm', ...component } },
    ...others,
  });
const modelCard = (modelParameters: object): object => ({ modelCard: { modelParameters } });

const CASES: readonly (readonly [what: string, text: string, at: string])[] = [
  ['an input without format', document(modelCard({ inputs: [{}, { format: 'text' }] })), '/modelCard/modelParameters/inputs'],
  [
    'a property without a name',
    document({}, { specVersion: '1.5', properties: [{ value: 'v' }, { name: 'n', value: 'v' }] }),
    '/properties',
  ],
  ['a CPE of another form', document({ cpe: 'cpe:2.3:a:b' }), '/metadata/component/cpe'],
  [
    'an address that is none',
    document({
      externalReferences: [
        { type: 'vcs', url: 'http://[' },
        { type: 'website', url: 'https://example.org/' },
      ],
    }),
    '/externalReferences',
  ],
  [
    'a reference that stands twice',
    document({}, { components: ['a', 'b'].map((name) => ({ type: 'library', name, 'bom-ref': 'twice' })) }),
    '/components',
  ],
];

it.each(CASES)('%s', async (_, text, at) => {
  const manifest = await read(text);
  const { text: xml, losses, problems } = await write(manifest, false);
  expect(problems).toEqual([]);
  expect(losses.filter(({ id }) => id === 'conversion-loss').map(({ message }) => message)).toContainEqual(expect.stringContaining(at));
  const carried = await write(manifest, true);
  expect(carried.problems).toEqual([]);
  expect(canonicalize(await read(carried.text))).toBe(canonicalize(manifest));
  expect(await breachesOfXsd('1.6', { xml, carried: carried.text })).toEqual({});
});

it('content of other namespaces that a version has no place for', async () => {
  const inner = '<services><service><name>s</name><x:a xmlns:x="https://example.org/x"/></service></services>';
  const manifest = await read(`<bom xmlns="http://cyclonedx.org/schema/bom/1.6">${inner}</bom>`);
  const kept = manifest.foreign?.cyclonedx as { readonly xml: readonly object[] };
  const moved = { ...kept, xml: kept.xml.map((each) => ({ ...each, at: '/services/0/name' })) };
  const { text, losses, problems } = await write({ ...manifest, foreign: { cyclonedx: JSON.parse(JSON.stringify(moved)) } }, false);
  expect(problems).toEqual([]);
  expect(losses.map(({ id, message }) => `${id}: ${message}`)).toContainEqual(
    expect.stringMatching(
      /^foreign-overridden: .* at \/services\/0\/name was left out: the XML schema of 1.6 allows nothing of the kind there$/,
    ),
  );
  expect(await breachesOfXsd('1.6', { text })).toEqual({});
});
