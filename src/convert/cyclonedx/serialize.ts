/** A document as the official library serialises it: its models and normalisers for what it models, the rest as it stands. */
import type * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import { isObject, type Json, objectOf, objectsOf, textOf, textsOf } from './json.js';
import { type CycloneDXVersion, componentNormalizer, type Extra, MlBom, MlComponent, normalizeBom } from './library.js';

const SPECS = { '1.5': Spec.Spec1dot5, '1.6': Spec.Spec1dot6, '1.7': Spec.Spec1dot7 } as const;

export function serialize(document: Json, version: CycloneDXVersion): Json {
  const { bomFormat: _format, specVersion: _version, serialNumber, version: revision, metadata, components, ...others } = document;
  const bom = new MlBom({
    ...(textOf(serialNumber) === undefined ? {} : { serialNumber: String(serialNumber) }),
    version: Number(revision ?? 1),
  });
  const { component: main, ...more } = objectOf(metadata);
  if (isObject(main)) bom.metadata.component = modelOf(main, version);
  bom.metadataExtra = more;
  const normalize = componentNormalizer(version);
  // The library writes an empty list of components where there is none, and an entry in the graph for what nobody has said anything of.
  bom.extra = () => ({
    dependencies: undefined,
    components: Array.isArray(components) ? components.map((each) => component(objectOf(each), version, normalize)) : undefined,
    ...others,
  });
  return inOrderOfSchema(normalizeBom(bom, version));
}

/** The components stand after the metadata, as in the schema. */
function inOrderOfSchema({ $schema, bomFormat, specVersion, version, serialNumber, metadata, components, ...rest }: Extra): Json {
  const members = { $schema, bomFormat, specVersion, serialNumber, version, metadata, components, ...rest };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

type Normalize = (component: MlComponent) => Extra;

/** Members in the order of the library, for what needs none of its care: its model of a component takes many times the room. */
const ORDER = [
  'type',
  'name',
  'group',
  'version',
  'bom-ref',
  'description',
  'hashes',
  'copyright',
  'purl',
  'externalReferences',
  'properties',
] as const;

function component(value: Json, version: CycloneDXVersion, normalize: Normalize): Json {
  return isPlain(value) ? plain(value, version, normalize) : normalize(modelOf(value, version));
}

/** Addresses that are written as they stand, and types of references that all versions have. */
const PLAIN_URL = /^[\w:/?#@!$&()*+,;=.~%-]+$/;
const PLAIN_REFERENCES: ReadonlySet<unknown> = new Set(['vcs', 'distribution', 'website', 'documentation', 'license']);

const isPlain = ({ supplier, externalReferences }: Json): boolean =>
  supplier === undefined &&
  objectsOf(externalReferences).every(
    ({ type, url, hashes }) => PLAIN_REFERENCES.has(type) && PLAIN_URL.test(String(url)) && hashes === undefined,
  );

function plain(value: Json, version: CycloneDXVersion, normalize: Normalize): Json {
  const found: Record<string, unknown> = {};
  for (const key of ORDER) if (value[key] !== undefined) found[key] = value[key];
  if (found.externalReferences !== undefined)
    found.externalReferences = objectsOf(found.externalReferences).map(({ url, type, comment }) => ({
      url,
      type,
      ...(comment === undefined ? {} : { comment }),
    }));
  return { ...found, ...othersOf(value, version, normalize) };
}

const MODELLED: ReadonlySet<string> = new Set([...ORDER, 'supplier']);

/** What the library does not model, or not all of. */
function othersOf(value: Json, version: CycloneDXVersion, normalize: Normalize): Json {
  const others: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (MODELLED.has(key)) continue;
    if (key === 'components') others[key] = objectsOf(member).map((each) => component(each, version, normalize));
    else if (key === 'pedigree') {
      const { ancestors, ...rest } = objectOf(member);
      others[key] =
        ancestors === undefined ? rest : { ancestors: objectsOf(ancestors).map((each) => component(each, version, normalize)), ...rest };
    } else others[key] = member;
  }
  return others;
}

/** The library's model of a component. */
export function modelOf(value: Json, version: CycloneDXVersion): MlComponent {
  const spec = SPECS[version];
  const text = (key: string): string => String(value[key]);
  const model = new MlComponent(text('type') as Enums.ComponentType, text('name')); // words of the table of kinds
  for (const key of ['group', 'version', 'description', 'copyright', 'purl'] as const) if (value[key] !== undefined) model[key] = text(key);
  if (value['bom-ref'] !== undefined) model.bomRef.value = text('bom-ref');
  if (isObject(value.supplier)) model.supplier = organization(value.supplier);
  for (const { alg, content } of objectsOf(value.hashes)) model.hashes.set(String(alg) as Enums.HashAlgorithm, String(content)); // of the table of algorithms
  for (const { url, type, comment, hashes } of objectsOf(value.externalReferences)) {
    const kind = String(type) as Enums.ExternalReferenceType; // of the tables
    const reference = new Models.ExternalReference(
      String(url),
      spec.supportsExternalReferenceType(kind) ? kind : ('other' as Enums.ExternalReferenceType),
    );
    if (comment !== undefined) reference.comment = String(comment);
    for (const { alg, content } of objectsOf(hashes)) reference.hashes.set(String(alg) as Enums.HashAlgorithm, String(content));
    model.externalReferences.add(reference);
  }
  for (const { name, value: text } of objectsOf(value.properties)) model.properties.add(new Models.Property(String(name), String(text)));
  model.extra = (normalize) => othersOf(value, version, normalize);
  return model;
}

function organization({ name, url, contact }: Json): Models.OrganizationalEntity {
  const entity = new Models.OrganizationalEntity(name === undefined ? {} : { name: String(name) });
  for (const each of textsOf(url)) entity.url.add(each);
  for (const { name: label, email, phone } of objectsOf(contact))
    entity.contact.add(new Models.OrganizationalContact(texts({ name: label, email, phone })));
  return entity;
}

const texts = (members: Json): Record<string, string> =>
  Object.fromEntries(Object.entries(members).flatMap(([key, value]) => (textOf(value) === undefined ? [] : [[key, String(value)]])));
