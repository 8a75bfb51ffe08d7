/** What CycloneDX XML holds of other namespaces, through the manifest and back. */
import { describe, expect, it } from 'vitest';
import { readSource } from '../../src/convert/document.js';
import { TARGETS } from '../../src/convert/targets.js';
import { openDocument } from '../../src/convert/validate.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { checkSchema } from '../../src/schema/check.js';
import type { Manifest } from '../../src/schema/index.js';
import { breachesOfXsd } from '../support/xsd.js';

const timestamp = '2026-01-01T00:00:00Z';
const EXTENSION = 'https://example.org/extension';
const component = (name: string, inner: string, attributes = ''): string =>
  `<component type="file" bom-ref="${name}"${attributes}><name>${name}</name>${inner}</component>`;
const bom = (inner: string, attributes = ''): string =>
  `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" xmlns:x="${EXTENSION}"${attributes}>${inner}</bom>`;
const model = '<metadata><component type="machine-learning-model" bom-ref="model"><name>m</name></component></metadata>';

const read = async (text: string) => readSource(await openDocument(text), { timestamp });
const write = async (manifest: Manifest, target = 'cyclonedx-xml@1.6', lossless = true) => {
  const written = await TARGETS[target]?.(JSON.parse(JSON.stringify(manifest)) as Manifest, { lossless, reference: false });
  if (written === undefined) throw new Error(target);
  expect(written.problems).toEqual([]);
  return written;
};

/** With every place in which something may stand. */
const extended = bom(
  `<metadata><component type="machine-learning-model" bom-ref="model" x:trust="high &amp; low"><name>m</name><x:card/></component>
  <x:review by="Example"><!-- twice --><x:note xmlns:y="${EXTENSION}/y" y:a="1">a &lt; b<![CDATA[<c>]]></x:note><plain/></x:review></metadata>
  <components x:sorted="no" x:checked="yes">${component('a', '')}${component('b', '<x:size unit="MB">5</x:size><z:z xmlns:z="urn:z"/>', ' xml:lang="de"')}</components>
  <x:end/>`,
);

describe('extensions', () => {
  it('come back, as often as the document is converted', async () => {
    const { manifest, findings } = await read(extended);
    expect(findings).toEqual([]);
    expect(checkSchema(manifest)).toEqual([]);
    for (const lossless of [true, false]) {
      const { text, losses } = await write(manifest, 'cyclonedx-xml@1.6', lossless);
      // What the document does not say of itself was made up for the manifest.
      const lost = losses.filter(
        ({ id, pointer }) => id !== 'conversion-carried' && !/^\/bom\/(serialNumber|timestamp)$/.test(pointer ?? ''),
      );
      expect(lost).toEqual([]);
      const again = await read(text);
      expect(canonicalize(again.manifest)).toBe(canonicalize(manifest));
      expect((await openDocument(text)).extensions).toEqual((await openDocument(extended)).extensions);
      expect(await breachesOfXsd('1.6', { text })).toEqual({});
    }
  });
  it('stand in the text as they stood, with the prefixes that they use', async () => {
    const { text } = await write((await read(extended)).manifest);
    expect(text).toContain(`<x:size xmlns:x="${EXTENSION}" unit="MB">5</x:size><z:z xmlns:z="urn:z"/>`);
    expect(text).toContain('<!-- twice --><x:note xmlns:y=');
    expect(text).toContain(`<x:review xmlns="http://cyclonedx.org/schema/bom/1.6" xmlns:x="${EXTENSION}" by="Example">`);
    expect(text).toContain(`<component type="file" bom-ref="b" xml:lang="de">`);
    expect(text).toContain(`<components xmlns:x="${EXTENSION}" x:sorted="no" x:checked="yes">`);
    expect(text).toContain('x:trust="high &#38; low"');
  });
  it('of a document without a default namespace keep theirs', async () => {
    const text = `<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.6" xmlns:x="${EXTENSION}">${model.replace(/<(\/?)/g, '<$1c:')}<x:a><b/></x:a></c:bom>`;
    expect((await write((await read(text)).manifest)).text).toContain(`<x:a xmlns="" xmlns:x="${EXTENSION}"><b/></x:a>`);
  });
  it('come back through JSON, with what is carried', async () => {
    const { manifest } = await read(extended);
    for (const target of ['cyclonedx@1.6', 'cyclonedx@1.7', 'spdx@3.0.1']) {
      const { text } = await write(manifest, target);
      expect(canonicalize((await read(text)).manifest), target).toBe(canonicalize(manifest));
    }
  });
  it('of things that the manifest says differently by now are left out, and told', async () => {
    const { manifest } = await read(extended);
    const edited = JSON.parse(JSON.stringify(manifest).replace('"name":"b"', '"name":"c"')) as Manifest;
    const { text, losses } = await write(edited);
    expect(text).not.toContain('x:size');
    expect(text).not.toContain('xml:lang');
    expect(text).toContain('<x:review');
    const lost = losses.filter(({ id }) => id === 'foreign-overridden').map(({ message }) => /at (\S+) was left out/.exec(message)?.[1]);
    expect(lost).toEqual(['/components/1', '/components/1', '/components/1']);
  });
});

describe('what the other form cannot hold is told', () => {
  const ids = async (manifest: Manifest, target: string, lossless: boolean) =>
    (await write(manifest, target, lossless)).losses
      .filter(({ pointer }) => pointer?.startsWith('/foreign'))
      .map(({ id, message }) => `${id} ${/\bat (\S+)/.exec(message)?.[1]}`);
  it('extensions in JSON', async () => {
    const { manifest } = await read(extended);
    expect(await ids(manifest, 'cyclonedx@1.6', false)).toEqual([
      'conversion-loss /metadata/component',
      'conversion-loss /metadata',
      'conversion-loss /components',
      'conversion-loss /components/1',
      'conversion-loss its',
    ]);
    expect(await ids(manifest, 'cyclonedx@1.6', true)).toEqual(Array(5).fill(expect.stringContaining('conversion-carried')));
  });
  it('signatures in XML', async () => {
    const signed = {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [{ type: 'file', name: 'f', signature: { algorithm: 'ES256', value: 'AA' } }],
    };
    const { manifest } = await read(JSON.stringify(signed));
    expect(await ids(manifest, 'cyclonedx-xml@1.6', false)).toEqual([expect.stringMatching(/^conversion-loss \/components/)]);
    expect(await ids(manifest, 'cyclonedx-xml@1.6', true)).toEqual([expect.stringMatching(/^conversion-carried \/components/)]);
    const { text } = await write(manifest);
    expect(canonicalize((await read(text)).manifest)).toBe(canonicalize(manifest));
  });
});

describe('what has no place in a manifest is told when the document is read', () => {
  const told = async (inner: string) => (await read(bom(`${model}${inner}`))).findings.map(({ id, message }) => `${id}: ${message}`);
  it.each([
    [
      'a signature, which would hold no more',
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>',
      '<ds:Signature> in <bom> was left out: it is of another namespace',
    ],
    [
      'what JSON has one of',
      '<vulnerabilities><vulnerability><source><name>a</name><name>b</name></source></vulnerability></vulnerabilities>',
      '<name> in <source> was left out: JSON has a place for only one',
    ],
    [
      'an attribute of XML Schema itself',
      '<components xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
      'the attribute xsi:nil of <components> was left out: it has no place in JSON',
    ],
  ])('%s', async (_, inner, message) => expect(await told(inner)).toEqual([`cyclonedx-xml-extension: ${message}`]));
});

it('foreign content of any shape does no harm', async () => {
  const { manifest } = await read(extended);
  for (const xml of [[null, 1, { at: 1, xml: '' }, { at: '/x', xml: '<a/>' }, { at: '/metadata', name: 'a' }], {}, 'x']) {
    const hostile = { ...manifest, foreign: { cyclonedx: { version: '1.6', xml } } } as unknown as Manifest;
    const { text } = await write(hostile, 'cyclonedx-xml@1.6', false);
    expect((await openDocument(text)).extensions).toEqual([]);
  }
});
