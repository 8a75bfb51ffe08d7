/** What all kinds of components have in common and is more than one value: identifiers, digests, licences, parties, addresses. */
import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import { appendTo } from '../../core/append.js';
import type { JsonValue } from '../../core/canonical-json.js';
import { parseLicenseExpression } from '../../core/spdx.js';
import type { Identifier, License, Party } from '../../schema/index.js';
import { hasForm, statedIdentifier } from '../identifiers.js';
import type { Block, Json } from '../mapping/block.js';
import { digestsAs } from '../mapping/digests.js';
import { branchAt, flatten, type PropertyValues, treeOf, unflatten } from '../mapping/properties.js';
import { atLeast, type Context } from './context.js';
import { isObject, json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique, uriOf } from './json.js';

type CdxBlock = Block<Context>;

// --- identifiers

/** Identifiers that have a member of their own: one of some types, any number of others from 1.6 on. */
const MEMBERS: readonly {
  readonly type: string;
  readonly member: string;
  readonly many?: true;
}[] = [
  { type: 'purl', member: 'purl' },
  { type: 'cpe', member: 'cpe' },
  { type: 'swid', member: 'swid' },
  { type: 'swhid', member: 'swhid', many: true },
  { type: 'omnibor', member: 'omniborId', many: true },
];

export const IDENTIFIERS: CdxBlock = {
  at: ['identifiers'],
  places: MEMBERS.map(({ member }) => member),
  write({ identifiers, name = '' }, { version }) {
    const members: Record<string, JsonValue> = {};
    for (const { type, member, many } of MEMBERS) {
      const values = objectsOf(identifiers).flatMap((each) =>
        each.type === type && hasForm(type, String(each.value)) ? [String(each.value)] : [],
      );
      const [first] = values;
      if (first === undefined || (many && !atLeast(version, '1.6'))) continue;
      members[member] = many ? unique(values) : member === 'swid' ? { tagId: first, name } : first;
    }
    return members;
  },
  read(object) {
    const found = MEMBERS.flatMap(({ type, member, many }): Identifier[] => {
      const value = object[member];
      const texts = many ? textsOf(value) : [textOf(member === 'swid' ? objectOf(value).tagId : value)];
      return texts.flatMap((text) => (text === undefined ? [] : [statedIdentifier(type, text)]));
    });
    return pick({ identifiers: json(found) });
  },
};

// --- digests

export const {
  write: writeHashes,
  read: readHashes,
  DIGEST,
  TREE_DIGEST,
} = digestsAs('cyclonedx', { place: 'hashes', algorithm: 'alg', value: 'content' });

// --- licences

const ACKNOWLEDGED: ReadonlySet<unknown> = new Set(['declared', 'concluded']);

/** Verdicts on texts: a document has few licences, many times. */
const verdicts = new Map<string, boolean>();
const MAX_VERDICTS = 10_000;

export function isExpression(text: string): boolean {
  const known = verdicts.get(text);
  if (known !== undefined) return known;
  const verdict = parseLicenseExpression(text) !== undefined;
  if (verdicts.size < MAX_VERDICTS && text.length < 200) verdicts.set(text, verdict);
  return verdict;
}

/** Until 1.6 a list of licences or exactly one expression, from 1.7 any mix. Ids must be on the list that the schema bundles. */
export const LICENSES: CdxBlock = {
  at: ['licenses'],
  places: ['licenses'],
  write({ licenses }, { version }) {
    // CycloneDX has no word for "none": it would be the name of a licence.
    const list = (objectsOf(licenses) as readonly License[]).filter(({ name }) => name !== 'NONE'); // of the schema
    const written = (each: License, alone: boolean): object => writeLicense(each, alone, atLeast(version, '1.6'));
    const compound = atLeast(version, '1.7') ? undefined : list.find(({ expression }) => expression?.trim().includes(' '));
    // Before 1.7 an expression stands alone, and an expression is worth more than a name that is none.
    const said =
      compound === undefined ? list.map((each) => written(each, list.length === 1 || atLeast(version, '1.7'))) : [written(compound, true)];
    return pick({ licenses: json(unique(said)) });
  },
  read: ({ licenses }) => pick({ licenses: json(objectsOf(licenses).flatMap((choice) => readLicense(choice) ?? [])) }),
};

function writeLicense({ expression, name, url, text, kind, ...others }: License, alone: boolean, hasAcknowledgement: boolean): object {
  const isAcknowledged = hasAcknowledgement && ACKNOWLEDGED.has(kind);
  const acknowledgement = isAcknowledged ? { acknowledgement: kind } : {};
  const isId = expression !== undefined && SPDX.isSupportedSpdxId(expression);
  const rest = pick({ ...others, kind: isAcknowledged ? undefined : kind, name: expression === undefined ? undefined : name });
  const properties = nonEmptyList(flatten('License', json(rest) as Json, 'msbom:license').map(([key, value]) => ({ name: key, value })));
  const said = pick({ text: text === undefined ? undefined : { content: text }, url, properties });
  // An expression has no room for anything else, and is worth more than a name with it.
  if (expression !== undefined && !isId && alone) return { expression, ...acknowledgement };
  const label = isId ? { id: expression } : { name: expression ?? name ?? url ?? 'unnamed' };
  return { license: { ...label, ...said, ...acknowledgement } };
}

function readLicense(choice: Readonly<Record<string, unknown>>): License | undefined {
  const kindOf = ({ acknowledgement }: Readonly<Record<string, unknown>>): Partial<License> =>
    ACKNOWLEDGED.has(acknowledgement) ? { kind: String(acknowledgement) } : {};
  const expression = textOf(choice.expression);
  if (expression !== undefined) return { ...(isExpression(expression) ? { expression } : { name: expression }), ...kindOf(choice) };
  if (!isObject(choice.license)) return undefined;
  const { id, name, url, text, properties } = choice.license;
  const label = textOf(id) ?? textOf(name);
  if (label === undefined) return undefined;
  const own = unflatten('License', branchAt(treeOf(valuesOf(properties)), 'license')) as Partial<License>; // by the schema
  // What is listed as a name is an expression only where the writer had no other place for it.
  const isOne = isExpression(label) && (id !== undefined || own.name !== undefined || label.includes(' '));
  const { content, encoding } = objectOf(text);
  return {
    ...(isOne ? { expression: label } : { name: label }),
    ...pick({ url: uriOf(url), text: encoding === undefined ? textOf(content) : undefined }),
    ...own,
    ...kindOf(choice.license),
  };
}

/** Properties of a document, by name. */
export function valuesOf(list: unknown): PropertyValues {
  const values = new Map<string, string[]>();
  for (const { name, value } of objectsOf(list)) {
    if (typeof name === 'string' && typeof value === 'string') appendTo(values, name, value);
  }
  return values;
}

// --- parties

const EMAIL = /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,9}$/;

/** An organizationalEntity of the schema. */
export function entity({ name, contact }: Party): Json {
  const person = nonEmpty(pick({ name: contact?.name, email: contact?.email, phone: contact?.phone }));
  return {
    name,
    ...(contact?.url === undefined ? {} : { url: [contact.url] }),
    ...(person === undefined ? {} : { contact: [json(person)] }),
  };
}

/** An organizationalContact of the schema. */
export const person = ({ name, contact }: Party): Json => pick({ name, email: contact?.email, phone: contact?.phone });

const emailOf = (value: unknown): string | undefined => (typeof value === 'string' && EMAIL.test(value) ? value : undefined);

/** The party of an organizationalEntity; without a name there is none. */
export function readEntity(value: unknown): Party | undefined {
  const { name, url, contact } = objectOf(value);
  const label = textOf(name);
  if (label === undefined) return undefined;
  const [first] = objectsOf(contact);
  const address = textsOf(url).find((each) => uriOf(each) !== undefined);
  const reached = nonEmpty(pick({ name: textOf(first?.name), email: emailOf(first?.email), url: address, phone: textOf(first?.phone) }));
  return { name: label, kind: 'organization', ...(reached === undefined ? {} : { contact: reached }) };
}

/** The party of an organizationalContact; without a name there is none. */
export function readPerson(value: unknown): Party | undefined {
  const { name, email, phone } = objectOf(value);
  const label = textOf(name);
  if (label === undefined) return undefined;
  const reached = nonEmpty(pick({ email: emailOf(email), phone: textOf(phone) }));
  return { name: label, ...(reached === undefined ? {} : { contact: reached }) };
}

const one = (member: string, ours: string, since?: '1.6'): CdxBlock => ({
  at: [ours],
  places: [member],
  write(thing, { party, version }) {
    const found = since !== undefined && !atLeast(version, since) ? undefined : party(thing[ours]);
    return found === undefined ? {} : { [member]: entity(found) };
  },
  read(object, { partyId }) {
    const found = readEntity(object[member]);
    return found === undefined ? {} : { [ours]: partyId(found) };
  },
});

/** Who provides a service. */
export const PROVIDER: CdxBlock = one('provider', 'provider');

export const PARTIES: readonly CdxBlock[] = [one('manufacturer', 'producer', '1.6'), one('supplier', 'supplier')];
/** Of a dataset, which was made by who issued it. */
export const DATA_PARTIES: readonly CdxBlock[] = [one('manufacturer', 'issuer', '1.6'), one('supplier', 'supplier')];

/** Before 1.6 there is a text for all of them, and an author of it is read as one. */
export const AUTHORS: CdxBlock = {
  at: ['authors'],
  places: ['authors', 'author'],
  write({ authors }, { party, version }) {
    const known = textsOf(authors).flatMap((id) => party(id) ?? []);
    if (known.length === 0) return {};
    if (!atLeast(version, '1.6')) return { author: known.map(({ name }) => name).join(', ') };
    return { authors: json(unique(known.map(person))) };
  },
  read({ authors, author }, { partyId, version }) {
    const name = atLeast(version, '1.6') ? undefined : textOf(author);
    const found = [...objectsOf(authors).flatMap((each) => readPerson(each) ?? []), ...(name === undefined ? [] : [{ name }])];
    return pick({ authors: unique(found.map(partyId)) });
  },
};
