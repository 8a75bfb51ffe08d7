/** CycloneDX XML documents made from the official XML schema of a version, in what the JSON schema of the version allows as well. */
import type { SchemaVersion } from '../../src/convert/cyclonedx/schema.js';
import { ALWAYS, FLAT, ONCE, TEXTS, without } from './xml-disagreements.js';
import { generateElement, type XmlElement } from './xml-documents.js';
import { writeDocument } from './xml-text.js';
import { xsdPath } from './xsd.js';
import { readXsdModel } from './xsd-model.js';

/** Enough for every element, attribute and listed value. */
const DOCUMENTS = 24;

export interface Made {
  readonly root: XmlElement;
  readonly text: string;
}

/** The documents of a seed, and the paths that they use, with how often. */
export function documentsByXsd(
  version: SchemaVersion,
  seed: number,
): { readonly made: readonly Made[]; readonly used: ReadonlyMap<string, number> } {
  const model = readXsdModel(xsdPath(version));
  let state = seed * 7919 + Number(version.slice(2));
  const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x80000000;
  const used = new Map<string, number>();
  const options = { random, used, without: without(version), always: ALWAYS, once: ONCE, flat: FLAT, texts: TEXTS };
  const made = Array.from({ length: DOCUMENTS }, (_, i) => {
    const root = generateElement(model, options);
    return { root, text: writeDocument(root, { version, random, prefix: i % 3 === 0 ? 'cdx:' : '' }) };
  });
  return { made, used };
}
