/**
 * Components that need none of the library's care, as the library would write them. A document may have a hundred
 * thousand, and its model of one takes many times the room and time of what is written. A test holds both to be equal.
 */
import { type ComponentParts, MAX_VERSION, makeComponent, type Part, partyExtra, propertiesOf, type ReferencePart } from './component.js';
import type { Context } from './context.js';
import { hashList, writeIdentifiers } from './identifiers.js';
import { isAddress, type Json, nonEmptyList } from './json.js';
import { writeLicenses } from './licenses.js';

/** Addresses that are written as they stand. */
const PLAIN_URL = /^[\w:/?#@!$&()*+,;=.~%-]+$/;
/** Types of references that all versions have. */
const PLAIN_REFERENCES: ReadonlySet<string> = new Set(['vcs', 'distribution', 'website']);

/** A component that is made when it is written. */
export const partOf = (parts: ComponentParts, context: Context): Part => ({
  ref: parts.ref,
  make: () => makeComponent(parts, context),
  json: () => plainComponent(parts, context),
});

/** The component as JSON; undefined when the library must see it. */
function plainComponent(parts: ComponentParts, context: Context): Json | undefined {
  const { version } = parts;
  const references = (parts.references ?? []).filter(({ url }) => isAddress(url));
  if (parts.supplier !== undefined || (version?.length ?? 0) > MAX_VERSION) return undefined;
  if (!references.every(({ type, url }) => PLAIN_REFERENCES.has(type) && PLAIN_URL.test(url))) return undefined;
  const identifiers = writeIdentifiers(parts.identifiers ?? [], parts.name, context.version);
  const nested = (parts.nested ?? []).map(({ json }) => json());
  if (nested.includes(undefined)) return undefined;
  const extra = parts.extra?.(nothing);
  return withValues({
    type: parts.type,
    name: parts.name,
    group: parts.group,
    version,
    'bom-ref': parts.ref,
    description: parts.description,
    hashes: parts.digest === undefined ? undefined : nonEmptyList(hashList(parts.digest)),
    copyright: parts.copyright,
    purl: identifiers.purl,
    externalReferences: nonEmptyList(references.map(referenceJson)),
    properties: nonEmptyList(propertiesOf(parts, identifiers, context).map(([name, value]) => ({ name, value: String(value) }))),
    licenses: writeLicenses(parts.licenses, context.version),
    ...partyExtra(parts, context),
    ...identifiers.extra,
    components: nonEmptyList(nested),
    ...extra,
  });
}

/** Parts that hold components of another kind are made by the library. */
const nothing = (): Json => ({});

function referenceJson({ type, url, comment, digest }: ReferencePart): Json {
  const hashes = digest === undefined ? undefined : nonEmptyList(hashList(digest));
  return withValues({ url, type, hashes, comment });
}

function withValues(members: Json): Json {
  const found: Record<string, unknown> = {};
  for (const key in members) if (members[key] !== undefined) found[key] = members[key];
  return found;
}
