/** What all components have in common, whatever they are of the manifest. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type { DigestSet, Identifier, License, Party, PartyRef } from '../../schema/index.js';
import { atLeast, type Context, type Normalize } from './context.js';
import { digestProperties, hashes, readDigest, readIdentifiers, type WrittenIdentifiers, writeIdentifiers } from './identifiers.js';
import { isAddress, type Json, nonEmptyList, objectOf, objectsOf, pick, textOf, unique } from './json.js';
import { type CycloneDXVersion, type Extra, MlComponent } from './library.js';
import { readLicenses, writeLicenses } from './licenses.js';
import { entity, organization, person, readEntity, readPersons } from './parties.js';
import { type Property, type PropertyRow, type PropertyValues, propertyValues, readProperties, writeProperties } from './properties.js';

export interface ReferencePart {
  readonly type: string;
  readonly url: string;
  readonly comment?: string | undefined;
  readonly digest?: DigestSet | undefined;
}

/** Everything a component can be given; missing members are left out. */
export interface ComponentParts {
  readonly ref: string;
  readonly type: Enums.ComponentType;
  readonly name: string;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly copyright?: string | undefined;
  readonly identifiers?: readonly Identifier[] | undefined;
  readonly digest?: DigestSet | undefined;
  readonly licenses?: readonly License[] | undefined;
  readonly supplier?: PartyRef | undefined;
  readonly producer?: PartyRef | undefined;
  readonly authors?: readonly PartyRef[] | undefined;
  readonly references?: readonly ReferencePart[] | undefined;
  readonly properties?: readonly Property[] | undefined;
  /** What the rows say of an object, after `properties`. */
  readonly table?: readonly [rows: readonly PropertyRow[], source: object | undefined];
  readonly nested?: readonly Part[] | undefined;
  readonly extra?: (normalize: Normalize) => Extra;
}

/** A component that is made when it is written: a document has many, and the library's model of one is large. */
export interface Part {
  readonly ref: string;
  readonly make: () => MlComponent;
  /** The same as JSON, where the library need not see it. */
  readonly json: () => Json | undefined;
}

/** Longest version that the schema takes. */
export const MAX_VERSION = 1024;

export function makeComponent(parts: ComponentParts, context: Context): MlComponent {
  const { version } = context;
  const component = new MlComponent(parts.type, parts.name, { bomRef: parts.ref });
  const identifiers = writeIdentifiers(parts.identifiers ?? [], parts.name, version);
  const longVersion = (parts.version?.length ?? 0) > MAX_VERSION;
  if (parts.group !== undefined) component.group = parts.group;
  if (parts.version !== undefined && !longVersion) component.version = parts.version;
  if (parts.description !== undefined) component.description = parts.description;
  if (parts.copyright !== undefined) component.copyright = parts.copyright;
  if (identifiers.purl !== undefined) component.purl = identifiers.purl;
  const supplier = context.party(parts.supplier);
  if (supplier !== undefined) component.supplier = organization(supplier);
  for (const [algorithm, content] of hashes(parts.digest)) component.hashes.set(algorithm, content);
  for (const reference of parts.references ?? [])
    if (isAddress(reference.url)) component.externalReferences.add(makeReference(reference, version));
  for (const [name, value] of propertiesOf(parts, identifiers, context)) component.properties.add(new Models.Property(name, String(value)));
  component.extra = (normalize) => ({
    licenses: writeLicenses(parts.licenses, version),
    ...partyExtra(parts, context),
    ...identifiers.extra,
    components: nonEmptyList((parts.nested ?? []).map(({ json, make }) => json() ?? normalize(make()))),
    ...parts.extra?.(normalize),
  });
  return component;
}

/** All properties of a component that have a value. */
export function propertiesOf(parts: ComponentParts, identifiers: WrittenIdentifiers, context: Context): readonly Property[] {
  const properties: Property[] = [];
  const add = (property: Property): void => {
    if (property[1] !== undefined) properties.push(property);
  };
  parts.properties?.forEach(add);
  if (parts.table !== undefined) writeProperties(...parts.table).forEach(add);
  if ((parts.version?.length ?? 0) > MAX_VERSION) add(['msbom:version', parts.version]);
  identifiers.properties.forEach(add);
  digestProperties(parts.digest).forEach(add);
  partyProperties(parts, context).forEach(add);
  return properties;
}

/** Before 1.6 a component had neither manufacturer nor authors. */
export function partyExtra(parts: ComponentParts, { version, party }: Context): Extra {
  if (!atLeast(version, '1.6')) return {};
  const producer = party(parts.producer);
  const authors = (parts.authors ?? []).flatMap((author) => party(author) ?? []);
  return { manufacturer: producer && entity(producer), authors: nonEmptyList(unique(authors.map(person))) };
}

function partyProperties(parts: ComponentParts, { version, party }: Context): readonly Property[] {
  if (atLeast(version, '1.6')) return [];
  return [
    ['msbom:manufacturer', party(parts.producer)?.name],
    ...(parts.authors ?? []).map((author): Property => ['msbom:author', party(author)?.name]),
  ];
}

/** External reference types that came with 1.6. */
const SINCE_1_6 = new Set(['source-distribution', 'electronic-signature', 'digital-signature', 'rfc-9116']);
const REFERENCE_TYPES = new Map(Object.values(Enums.ExternalReferenceType).map((type) => [type as string, type]));

export function makeReference({ type, url, comment, digest }: ReferencePart, version: CycloneDXVersion): Models.ExternalReference {
  const known = SINCE_1_6.has(type) && !atLeast(version, '1.6') ? undefined : REFERENCE_TYPES.get(type);
  const reference = new Models.ExternalReference(url, known ?? Enums.ExternalReferenceType.Other);
  if (comment !== undefined) reference.comment = comment;
  for (const [algorithm, content] of hashes(digest)) reference.hashes.set(algorithm, content);
  return reference;
}

/** The external references of something; those without an address are none. */
function readReferences(list: unknown): readonly ReferencePart[] {
  const references: ReferencePart[] = [];
  for (const { type, url, comment, hashes: digests } of objectsOf(list)) {
    const [kind, address] = [textOf(type), textOf(url)];
    if (kind !== undefined && address !== undefined)
      references.push({
        type: kind,
        url: address,
        comment: textOf(comment),
        digest: digests === undefined ? undefined : readDigest(digests),
      });
  }
  return references;
}

/** What is the same for all components of a document. */
export interface ComponentRead {
  readonly type: string;
  readonly name: string;
  readonly properties: PropertyValues;
  readonly references: readonly ReferencePart[];
  readonly common: {
    readonly group?: string;
    readonly version?: string;
    readonly description?: string;
    readonly copyright?: string;
    readonly identifiers?: Identifier[];
    readonly licenses?: License[];
    readonly producer?: Party;
    readonly supplier?: Party;
  };
  readonly digest: DigestSet | undefined;
  readonly authors: Party[] | undefined;
}

/** A component without a name is none. */
export function readComponent(value: Json): ComponentRead | undefined {
  const name = textOf(value.name);
  if (name === undefined) return undefined;
  // Properties of models stand at the component or in its model card.
  const { properties, modelParameters } = objectOf(value.modelCard);
  const all = propertyValues(value.properties, properties, objectOf(modelParameters).properties);
  return {
    type: textOf(value.type) ?? '',
    name,
    properties: all,
    references: readReferences(value.externalReferences),
    common: pick({
      group: textOf(value.group),
      version: textOf(value.version) ?? all.get('msbom:version')?.[0],
      description: textOf(value.description),
      copyright: textOf(value.copyright),
      identifiers: readIdentifiers(value, all),
      licenses: readLicenses(value.licenses),
      producer: readEntity(value.manufacturer) ?? named(all.get('msbom:manufacturer')?.[0]),
      supplier: readEntity(value.supplier),
    }),
    digest: readDigest(value.hashes, all),
    authors: nonEmptyList(
      value.authors === undefined ? (all.get('msbom:author') ?? []).map((each) => ({ name: each })) : readPersons(value.authors),
    ),
  };
}

const named = (name: string | undefined): Party | undefined => (name === undefined ? undefined : { name });

/** What the rows find among the properties of a component. */
export const readTable = <T extends object>(rows: readonly PropertyRow[], { properties }: ComponentRead): Partial<T> =>
  readProperties<T>(rows, properties);
