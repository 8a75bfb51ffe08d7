import { Enums, Models, SPDX } from '@cyclonedx/cyclonedx-library';
import type { DigestSet, Identifier, License, Party, PartyRef } from '../../schema/index.js';
import { type CycloneDXVersion, type Extra, MlComponent, type NormalizeComponent } from './library.js';

/** A property: name and value. One without a value is left out. */
export type Property = readonly [name: string, value: string | number | boolean | undefined];

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
  readonly manufacturer?: PartyRef | undefined;
  readonly authors?: readonly PartyRef[] | undefined;
  readonly publisher?: PartyRef | undefined;
  readonly references?: readonly ReferencePart[] | undefined;
  readonly properties?: readonly Property[] | undefined;
  readonly components?: readonly MlComponent[] | undefined;
  readonly extra?: (normalize: NormalizeComponent) => Extra;
}

/** What conversions of one document share. */
export interface Context {
  readonly version: CycloneDXVersion;
  readonly party: (ref: PartyRef) => Party | undefined;
}

/** Is `version` at least `since`? */
export const atLeast = (version: CycloneDXVersion, since: CycloneDXVersion): boolean => Number(version.slice(2)) >= Number(since.slice(2));

/** Longest version that the schema takes. */
const MAX_VERSION = 1024;

export function makeComponent(parts: ComponentParts, context: Context): MlComponent {
  const component = new MlComponent(parts.type, parts.name, { bomRef: parts.ref });
  const { identifiers = [] } = parts;
  const first = (type: Identifier['type']): string | undefined => identifiers.find((identifier) => identifier.type === type)?.value;
  if (parts.group !== undefined) component.group = parts.group;
  const longVersion = (parts.version?.length ?? 0) > MAX_VERSION;
  if (parts.version !== undefined && !longVersion) component.version = parts.version;
  if (parts.description !== undefined) component.description = parts.description;
  if (parts.copyright !== undefined) component.copyright = parts.copyright;
  const purl = first('purl');
  if (purl !== undefined) component.purl = purl;
  const supplier = parts.supplier === undefined ? undefined : context.party(parts.supplier);
  if (supplier !== undefined) component.supplier = organization(supplier);
  const publisher = parts.publisher === undefined ? undefined : context.party(parts.publisher);
  if (publisher !== undefined) component.publisher = publisher.name;
  for (const [algorithm, content] of hashes(parts.digest)) component.hashes.set(algorithm, content);
  for (const reference of parts.references ?? []) addReference(component, reference, context.version);
  for (const nested of parts.components ?? []) component.components.add(nested);
  const properties: readonly Property[] = [
    ...(parts.properties ?? []),
    ['msbom:version', longVersion ? parts.version : undefined],
    ...identifierProperties(identifiers, purl, context.version),
    ...digestProperties(parts.digest),
    ...partyProperties(parts, context),
  ];
  for (const [name, value] of properties) if (value !== undefined) component.properties.add(new Models.Property(name, String(value)));
  component.extra = (normalize) => ({
    ...licenseExtra(parts.licenses, context.version),
    ...partyExtra(parts, context),
    ...identifierExtra(identifiers, context.version),
    ...parts.extra?.(normalize),
  });
  return component;
}

const ALGORITHMS: Readonly<Partial<Record<keyof DigestSet, Enums.HashAlgorithm>>> = {
  md5: Enums.HashAlgorithm.MD5,
  sha1: Enums.HashAlgorithm['SHA-1'],
  sha256: Enums.HashAlgorithm['SHA-256'],
  sha384: Enums.HashAlgorithm['SHA-384'],
  sha512: Enums.HashAlgorithm['SHA-512'],
  sha3_256: Enums.HashAlgorithm['SHA3-256'],
  sha3_384: Enums.HashAlgorithm['SHA3-384'],
  sha3_512: Enums.HashAlgorithm['SHA3-512'],
  blake2b: Enums.HashAlgorithm['BLAKE2b-512'],
  blake3: Enums.HashAlgorithm.BLAKE3,
};

/** The digests that CycloneDX can name. */
export function hashes(digest: DigestSet | undefined): readonly (readonly [Enums.HashAlgorithm, string])[] {
  return Object.entries(digest ?? {}).flatMap(([name, value]) => {
    const algorithm = ALGORITHMS[name as keyof DigestSet]; // a key of a digest set
    return algorithm === undefined || value === undefined ? [] : [[algorithm, value] as const];
  });
}

function digestProperties(digest: DigestSet | undefined): readonly Property[] {
  return Object.entries(digest ?? {}).flatMap(([name, value]) =>
    ALGORITHMS[name as keyof DigestSet] === undefined ? [[`msbom:digest:${name}`, value] as const] : [],
  );
}

/** Of several purls one is native; CPEs and everything without a place of its own become properties. */
function identifierProperties(
  identifiers: readonly Identifier[],
  purl: string | undefined,
  version: CycloneDXVersion,
): readonly Property[] {
  const cpe = nativeCpe(identifiers);
  const placed = atLeast(version, '1.6') ? new Set(['swhid', 'omnibor']) : new Set<string>();
  return identifiers
    .filter(({ type, value }) => value !== purl && value !== cpe && !placed.has(type))
    .map(({ type, scheme, value }) => [`msbom:identifier:${type}${scheme === undefined ? '' : `:${scheme}`}`, value] as const);
}

function identifierExtra(identifiers: readonly Identifier[], version: CycloneDXVersion): Extra {
  const all = (type: Identifier['type']): readonly string[] => [
    ...new Set(identifiers.filter((identifier) => identifier.type === type).map(({ value }) => value)),
  ];
  const [swhid, omniborId] = [all('swhid'), all('omnibor')];
  const cpe = nativeCpe(identifiers);
  return {
    ...(cpe === undefined ? {} : { cpe }),
    ...(atLeast(version, '1.6') && swhid.length > 0 ? { swhid } : {}),
    ...(atLeast(version, '1.6') && omniborId.length > 0 ? { omniborId } : {}),
  };
}

/** The schema takes only well-formed CPE names. */
function nativeCpe(identifiers: readonly Identifier[]): string | undefined {
  return identifiers.find(({ type, value }) => type === 'cpe' && /^cpe:2\.3:[aho](:[A-Za-z0-9._*\-~%]+){10}$/.test(value))?.value;
}

/**
 * The licence choice: until 1.6 a list of licences or exactly one expression, from 1.7 any mix. Ids must be on the
 * list of SPDX licences that the schema bundles; all others go by name.
 */
function licenseExtra(licenses: readonly License[] | undefined, version: CycloneDXVersion): Extra {
  if (licenses === undefined || licenses.length === 0) return {};
  const acknowledged = atLeast(version, '1.6');
  const choices = licenses.map((license) => {
    const { expression, name, url, text, kind } = license;
    const acknowledgement = acknowledged && (kind === 'declared' || kind === 'concluded') ? { acknowledgement: kind } : {};
    const known = expression !== undefined && SPDX.isSupportedSpdxId(expression);
    const label = known ? { id: expression } : { name: expression ?? name ?? url ?? 'unnamed' };
    const properties = licenseProperties(license);
    const plain = pick({ text: text === undefined ? undefined : { content: text }, url, properties });
    // An expression has no room for anything else.
    const alone = licenses.length === 1 || version === '1.7';
    if (expression !== undefined && !known && alone && Object.keys(plain).length === 0) return { expression, ...acknowledgement };
    return { license: { ...label, ...plain, ...acknowledgement } };
  });
  return { licenses: unique(choices) };
}

function licenseProperties({ kind, scope, note, path, name, expression }: License): readonly { name: string; value: string }[] {
  const entries: readonly Property[] = [
    ['msbom:license:kind', kind === 'declared' || kind === 'concluded' ? undefined : kind],
    ['msbom:license:scope', scope],
    ['msbom:license:note', note],
    ['msbom:license:path', path],
    ['msbom:license:name', expression === undefined ? undefined : name],
  ];
  return entries.flatMap(([key, value]) => (value === undefined ? [] : [{ name: key, value: String(value) }]));
}

/** Lists in CycloneDX must not hold the same item twice. */
export function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function partyExtra(parts: ComponentParts, { version, party }: Context): Extra {
  if (!atLeast(version, '1.6')) return {};
  const manufacturer = parts.manufacturer === undefined ? undefined : party(parts.manufacturer);
  const authors = (parts.authors ?? []).flatMap((author) => party(author) ?? []);
  return {
    ...(manufacturer === undefined ? {} : { manufacturer: entity(manufacturer) }),
    ...(authors.length > 0 ? { authors: unique(authors.map(person)) } : {}),
  };
}

/** 1.5 knows neither manufacturer nor authors of a component. */
function partyProperties(parts: ComponentParts, { version, party }: Context): readonly Property[] {
  if (atLeast(version, '1.6')) return [];
  const manufacturer = parts.manufacturer === undefined ? undefined : party(parts.manufacturer);
  return [
    ['msbom:manufacturer', manufacturer?.name],
    ...(parts.authors ?? []).map((author): Property => ['msbom:author', party(author)?.name]),
  ];
}

function organization({ name, contact }: Party): Models.OrganizationalEntity {
  const entry = new Models.OrganizationalEntity({ name });
  if (contact?.url !== undefined) entry.url.add(contact.url);
  const { email, phone } = contact ?? {};
  if (contact?.name !== undefined || email !== undefined || phone !== undefined) {
    entry.contact.add(new Models.OrganizationalContact(pick({ name: contact?.name, email, phone })));
  }
  return entry;
}

/** An organizationalEntity of the schema. */
export function entity({ name, contact }: Party): Extra {
  const { url, email, phone } = contact ?? {};
  const person = pick({ name: contact?.name, email, phone });
  return { name, ...(url === undefined ? {} : { url: [url] }), ...(Object.keys(person).length > 0 ? { contact: [person] } : {}) };
}

/** An organizationalContact of the schema. */
export function person({ name, contact }: Party): Extra {
  return pick({ name, email: contact?.email, phone: contact?.phone });
}

/** The members that are there. */
export function pick<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** External reference types that came with 1.6. */
const SINCE_1_6 = new Set(['source-distribution', 'electronic-signature', 'digital-signature', 'rfc-9116']);

function addReference(component: MlComponent, { type, url, comment, digest }: ReferencePart, version: CycloneDXVersion): void {
  const known = Object.values(Enums.ExternalReferenceType).find(
    (each) => each === type && !(SINCE_1_6.has(type) && !atLeast(version, '1.6')),
  );
  const reference = new Models.ExternalReference(url, known ?? Enums.ExternalReferenceType.Other);
  if (comment !== undefined) reference.comment = comment;
  for (const [algorithm, content] of hashes(digest)) reference.hashes.set(algorithm, content);
  component.externalReferences.add(reference);
}
