/** SPDX documents in other forms of JSON-LD than the official JSON schema takes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

type Node = Readonly<Record<string, unknown>>;
interface Document {
  readonly '@context': string;
  readonly '@graph': readonly Node[];
}

const document = JSON.parse(readFileSync(new URL('../fixtures/convert/energy.spdx3.json', import.meta.url), 'utf8')) as Document;
const nodes = document['@graph'];
const convert = (value: unknown) => runCli(temporaryDirectory({ f: JSON.stringify(value) }), ['convert', 'f', '--to', 'msbom']);

const forms: Readonly<Record<string, unknown>> = {
  'its context in a list': { ...document, '@context': [document['@context'], { note: 'https://example.org/note' }] },
  '`@id` and `@type`': {
    ...document,
    '@graph': nodes.map(({ type, spdxId, ...rest }) => ({ '@type': type, ...(spdxId === undefined ? {} : { '@id': spdxId }), ...rest })),
  },
  'single values in place of lists': {
    ...document,
    '@graph': nodes.map((node) =>
      Object.fromEntries(Object.entries(node).map(([key, value]) => [key, Array.isArray(value) && value.length === 1 ? value[0] : value])),
    ),
  },
  'references as objects': {
    ...document,
    '@graph': nodes.map((node) => (typeof node.from === 'string' ? { ...node, from: { '@id': node.from } } : node)),
  },
};

describe('convert', () => {
  it.each(Object.entries(forms))('reads SPDX with %s, and says so', async (_form, value) => {
    const [plain, other] = [await convert(document), await convert(value)];
    expect(other.err).toMatch(/^f:1:\d+: low the document is written in a form of JSON-LD .* \[spdx-schema\]/);
    expect({ code: other.code, manifest: JSON.parse(other.out) as unknown }).toEqual({ code: 0, manifest: JSON.parse(plain.out) });
  });

  it.each<[string, unknown]>([
    ['content beside its graph', { ...document, '@id': 'https://example.org/graph' }],
    ['something in its graph that is no node', { ...document, '@graph': [...nodes, 'a word'] }],
    [
      'a property of another vocabulary',
      { ...document, '@context': [document['@context'], {}], '@graph': [...nodes.slice(1), { ...nodes[0], note: '1' }] },
    ],
  ])('refuses SPDX with %s', async (_what, value) => {
    const { code, out, err } = await convert(value);
    expect(err).toMatch(/^error: f:1:\d+: .*\[ERR_CONVERT_INPUT\]/);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });
});
