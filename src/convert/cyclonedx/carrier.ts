/** Where a CycloneDX document names the manifest that it was made from, and carries what CycloneDX does not say of it. */

import { digestManifest } from '../../manifest/digest.js';
import type { Manifest } from '../../schema/index.js';
import { isCarried } from '../carried.js';
import type { Property } from '../mapping/properties.js';
import { withoutCitations } from './citations.js';
import { isObject, type Json, objectOf, objectsOf, textOf } from './json.js';

/** What the reference to the manifest is told by. */
const MANIFEST = 'MSBOM manifest';

/** The document with a reference to the manifest: its address, else its serial number; and the digest of its canonical form. */
export function addReference(document: Json, manifest: Manifest): Json {
  const { uri, serialNumber } = manifest.bom;
  const reference = {
    type: 'bom',
    url: uri ?? serialNumber,
    comment: MANIFEST,
    hashes: [{ alg: 'SHA-256', content: digestManifest(manifest) }],
  };
  const { externalReferences, ...rest } = document;
  const all = [...objectsOf(externalReferences), reference];
  if (externalReferences !== undefined) return { ...document, externalReferences: all };
  // Behind the services, as in the schema.
  const members = Object.entries(rest);
  const at = members.findIndex(([key]) => BEHIND.has(key));
  return Object.fromEntries([
    ...members.slice(0, at === -1 ? members.length : at),
    ['externalReferences', all],
    ...members.slice(at === -1 ? members.length : at),
  ]);
}

const BEHIND: ReadonlySet<string> = new Set(['dependencies', 'compositions', 'vulnerabilities', 'formulation']);

type Change = (home: Json) => Json;

/** Changes what is carried with: the main component, else the metadata. */
function atHome(document: Json, change: Change): Json {
  const metadata = objectOf(document.metadata);
  const main = metadata.component;
  return { ...document, metadata: isObject(main) ? { ...metadata, component: change(main) } : change(metadata) };
}

export function addCarried(document: Json, carried: readonly Property[]): Json {
  if (carried.length === 0) return document;
  const own = carried.map(([name, value]) => ({ name, value }));
  return atHome(document, (home) => ({ ...home, properties: [...objectsOf(home.properties), ...own] }));
}

export interface Bare {
  /** What the document says natively. */
  readonly document: Json;
  readonly carried: readonly Property[];
}

/** Takes out what is carried, wherever others have moved it: the metadata, the main component, a component at the top; and the reference. */
export function takeCarried(document: Json): Bare {
  const carried: Property[] = [];
  const strip: Change = (home) => {
    const { properties, ...rest } = home;
    if (!Array.isArray(properties)) return home;
    const own = properties.filter((each) => isCarried(objectOf(each).name));
    if (own.length === 0) return home;
    for (const { name, value } of objectsOf(own)) if (typeof value === 'string') carried.push([String(name), value]);
    const others = properties.filter((each) => !own.includes(each));
    return others.length === 0 ? rest : { ...home, properties: others };
  };
  let bare = withoutReference(withoutCitations(document));
  if (isObject(bare.metadata)) {
    const own = strip(bare.metadata);
    const metadata = isObject(own.component) ? { ...own, component: strip(own.component) } : own;
    bare = { ...bare, metadata };
  }
  if (
    Array.isArray(bare.components) &&
    bare.components.some((each) => objectsOf(objectOf(each).properties).some(({ name }) => isCarried(name)))
  )
    bare = { ...bare, components: bare.components.map((each: unknown) => (isObject(each) ? strip(each) : each)) };
  if (carried.length === 0) return { document: bare, carried };
  return { document: withoutEmptyMetadata(bare), carried };
}

/** Metadata that only stood there to carry something. */
function withoutEmptyMetadata(document: Json): Json {
  const { metadata, ...rest } = document;
  return isObject(metadata) && Object.keys(metadata).length === 0 ? rest : document;
}

function withoutReference(document: Json): Json {
  const { externalReferences, ...rest } = document;
  if (!Array.isArray(externalReferences)) return document;
  const others = externalReferences.filter((each) => !(isObject(each) && each.type === 'bom' && textOf(each.comment) === MANIFEST));
  if (others.length === externalReferences.length) return document;
  return others.length === 0 ? rest : { ...document, externalReferences: others };
}
