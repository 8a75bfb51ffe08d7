/** A document as the official library serialises it: its models and normalisers for what it models, the rest as it stands. */
import type * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import type { CycloneDXVersion } from '../mapping/row.js';
import { isObject, type Json, objectOf, objectsOf, pick, plain, textOf, textsOf } from './json.js';

const SPECS = { '1.5': Spec.Spec1dot5, '1.6': Spec.Spec1dot6, '1.7': Spec.Spec1dot7 } as const;

type Factory = Serialize.JSON.Normalize.Factory;

export function serialize(document: Json, version: CycloneDXVersion): Json {
  const {
    bomFormat: _format,
    specVersion: _version,
    serialNumber,
    version: revision,
    metadata,
    components,
    dependencies,
    ...others
  } = document;
  const factory = new Serialize.JSON.Normalize.Factory(SPECS[version]);
  const bom = new Models.Bom({ ...pick({ serialNumber: textOf(serialNumber) }), version: Number(revision ?? 1) });
  const head = factory.makeForBom().normalize(bom, OPTIONS);
  const { component: main, ...more } = objectOf(metadata);
  return {
    ...pick({ $schema: head.$schema, bomFormat: head.bomFormat, specVersion: head.specVersion, serialNumber: head.serialNumber }),
    version: head.version,
    metadata: { ...(isObject(main) ? { component: component(main, factory) } : {}), ...more },
    ...(Array.isArray(components) ? { components: objectsOf(components).map((each) => component(each, factory)) } : {}),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...others,
  };
}

/** bom-refs are unique already, so the step of the library's serialiser that renames them at random is not needed. */
const OPTIONS = { sortLists: false };

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

const component = (value: Json, factory: Factory): Json => ({
  ...(isPlain(value) ? inOrder(value) : plain(factory.makeForComponent().normalize(modelOf(value, factory), OPTIONS) as Json | undefined)),
  ...othersOf(value, factory),
});

/** Addresses that are written as they stand, and types of references that all versions have. */
const PLAIN_URL = /^[\w:/?#@!$&()*+,;=.~%-]+$/;
const PLAIN_REFERENCES: ReadonlySet<unknown> = new Set(['vcs', 'distribution', 'website', 'documentation', 'license']);

const isPlain = ({ supplier, externalReferences }: Json): boolean =>
  supplier === undefined &&
  objectsOf(externalReferences).every(
    ({ type, url, hashes }) => PLAIN_REFERENCES.has(type) && PLAIN_URL.test(String(url)) && hashes === undefined,
  );

function inOrder(value: Json): Json {
  const references = objectsOf(value.externalReferences).map(({ url, type, comment }) => pick({ url, type, comment }));
  return pick(Object.fromEntries(ORDER.map((key) => [key, key === 'externalReferences' ? references : value[key]])));
}

const MODELLED: ReadonlySet<string> = new Set([...ORDER, 'supplier']);

/** What the library does not model, or not all of. */
function othersOf(value: Json, factory: Factory): Json {
  const all = (list: unknown): readonly Json[] => objectsOf(list).map((each) => component(each, factory));
  const others = Object.entries(value).filter(([key]) => !MODELLED.has(key));
  return Object.fromEntries(
    others.map(([key, member]) => {
      if (key === 'components') return [key, all(member)];
      return [key, key === 'pedigree' ? { ...pick({ ancestors: all(objectOf(member).ancestors) }), ...withoutAncestors(member) } : member];
    }),
  );
}

const withoutAncestors = (pedigree: unknown): Json =>
  Object.fromEntries(Object.entries(objectOf(pedigree)).filter(([key]) => key !== 'ancestors'));

/** The library's model of a component. */
function modelOf(value: Json, { spec }: Factory): Models.Component {
  const text = (key: string): string => String(value[key]);
  const model = new Models.Component(text('type') as Enums.ComponentType, text('name')); // words of the table of kinds
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
  return model;
}

function organization({ name, url, contact }: Json): Models.OrganizationalEntity {
  const entity = new Models.OrganizationalEntity(name === undefined ? {} : { name: String(name) });
  for (const each of textsOf(url)) entity.url.add(each);
  for (const { name: label, email, phone } of objectsOf(contact))
    entity.contact.add(new Models.OrganizationalContact(pick({ name: textOf(label), email: textOf(email), phone: textOf(phone) })));
  return entity;
}
