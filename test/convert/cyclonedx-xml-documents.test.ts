/** XML documents made from the official XML schemas: read, checked by the JSON schema of the same version, and written again. */
import { SaxesParser } from 'saxes';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCycloneDXSchema, SCHEMA_VERSIONS } from '../../src/convert/cyclonedx/schema.js';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX } from '../../src/convert/index.js';
import { documentsByXsd, type Made } from '../support/xml-by-xsd.js';
import { IS_REPEATED, without } from '../support/xml-disagreements.js';
import type { XmlElement } from '../support/xml-documents.js';
import { breachesOfXsd, xsdPath } from '../support/xsd.js';
import { type ContentModel, type ElementModel, type Particle, readXsdModel } from '../support/xsd-model.js';

const SEED = Number(process.env.MSBOM_SEED ?? 1);

/** Paths of all elements and attributes that a document may have. */
function pathsOf(root: ElementModel, left: ReadonlySet<string>): readonly string[] {
  const paths = new Set<string>();
  const seen = new Set<ContentModel>();
  const visitParticle = (particle: Particle): void => {
    if (particle.kind === 'element') visit(particle.element);
    else if (particle.kind !== 'any') particle.parts.forEach(visitParticle);
  };
  const visit = ({ path, type }: ElementModel): void => {
    if (left.has(path)) return;
    paths.add(path);
    if (!('particles' in type) || seen.has(type)) return;
    seen.add(type);
    for (const { name } of type.attributes) paths.add(`${type.path}/@${name}`);
    type.particles.forEach(visitParticle);
  };
  visit(root);
  return [...paths];
}

/** An element as nested lists, whatever the order of its attributes. */
type Canonical = readonly [name: string, attributes: Readonly<Record<string, string>>, content: string | readonly Canonical[]];

function expected({ name, attributes, content }: XmlElement): Canonical {
  const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
  return [name, Object.fromEntries(values), 'value' in content ? content.value : content.length === 0 ? '' : content.map(expected)];
}

/** What a text says, read without our reader. */
function canonical(text: string): Canonical {
  const open: { name: string; attributes: Record<string, string>; children: Canonical[]; text: string }[] = [];
  let root: Canonical = ['', {}, ''];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes: { xmlns: _xmlns, ...attributes } }) => open.push({ name, attributes, children: [], text: '' }));
  parser.on('text', (part) => {
    const top = open.at(-1);
    if (top !== undefined) top.text += part;
  });
  parser.on('closetag', () => {
    const { name, attributes, children, text: own } = open.pop() ?? { name: '', attributes: {}, children: [], text: '' };
    root = [name, attributes, children.length > 0 ? children : own.trim() === '' ? '' : own];
    open.at(-1)?.children.push(root);
  });
  parser.write(text).close();
  return root;
}

describe.each(SCHEMA_VERSIONS)('documents by the XML schema of %s', (version) => {
  let made: readonly Made[] = [];
  let used: ReadonlyMap<string, number> = new Map();
  beforeAll(() => {
    ({ made, used } = documentsByXsd(version, SEED));
  });
  it('have every element and attribute', () => {
    const paths = pathsOf(readXsdModel(xsdPath(version)), without(version));
    expect(paths.length).toBeGreaterThan(200);
    expect(paths.filter((path) => !used.has(path))).toEqual([]);
  });
  it('are valid', async () => {
    expect(await breachesOfXsd(version, Object.fromEntries(made.map(({ text }, i) => [i, text])))).toEqual({});
  });
  it('are read whole, and valid by the JSON schema', async () => {
    for (const { text } of made) {
      const { document, findings } = readCycloneDXXml(text);
      expect(findings, text).toEqual([]);
      const breaches = await checkCycloneDXSchema(document, version);
      expect(
        breaches.filter(({ message }) => !IS_REPEATED.test(message)),
        text,
      ).toEqual([]);
    }
  });
});

describe.each(CYCLONEDX_VERSIONS)('documents by the XML schema of %s, through the manifest', (version) => {
  it('come out equal', async () => {
    const written = documentsByXsd(version, SEED).made.map(({ root, text }): string => {
      const { manifest } = fromCycloneDX(readCycloneDXXml(text).document, { timestamp: '2026-01-01T00:00:00Z' });
      const { text: again } = toCycloneDXXml(manifest, { version });
      expect(canonical(again), text).toEqual(expected(root));
      return again;
    });
    expect(await breachesOfXsd(version, Object.fromEntries(written.entries()))).toEqual({});
  });
});
