/** Persons, organisations and groups as agents. */
import type { Party, PartyRef } from '../../schema/index.js';
import { type Fields, LINK, TEXTS } from './codecs.js';
import { claim, propertyOf, type Reading, type Writing } from './context.js';
import { isObject, type Json, readFields, writeFields } from './fields.js';
import { joinParts, members, SYNTHETIC } from './graph.js';
import { decodeName, OWN } from './ids.js';
import { listOf } from './source.js';

const FIELDS: Fields = [
  ['name', 'name'],
  ['contact.name', 'msbom:party:contact:name'],
  ['contact.url', 'msbom:party:contact:url', LINK],
  ['contact.phone', 'msbom:party:contact:phone'],
  ['contact.address', 'msbom:party:contact:address'],
  ['country', 'msbom:party:country'],
  ['roles', 'msbom:party:role', TEXTS],
];

const TYPES: Readonly<Record<string, string>> = { organization: 'Organization', person: 'Person', group: 'Agent' };
const KINDS: Readonly<Record<string, Party['kind']>> = { Organization: 'organization', Person: 'person' };
const REGISTERS = ['lei', 'euid'] as const;

/** The id of a party's element, which is added when it is not there yet; undefined for an id that names nobody. */
export function writeParty(writing: Writing, ref: PartyRef | undefined): string | undefined {
  if (ref === undefined) return undefined;
  const party = typeof ref === 'string' ? writing.parties.get(ref) : ref;
  if (party === undefined) return undefined;
  const { graph } = writing;
  const id = party.id === undefined ? graph.ownByContent('party', party) : graph.iri(party.id);
  if (graph.has(id)) return id;
  return graph.add(
    TYPES[party.kind ?? ''] ?? 'Agent',
    id,
    joinParts(writeFields(FIELDS, party), members({ externalIdentifier: identifiers(party) }), {
      members: {},
      properties: party.kind === 'group' ? [['msbom:party:kind', 'group']] : [],
    }),
  );
}

function identifiers({ contact, identifiers: numbers }: Party): readonly Json[] {
  const email =
    contact?.email === undefined ? [] : [{ type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier: contact.email }];
  const registers = REGISTERS.flatMap((name) => {
    const identifier = numbers?.[name];
    return identifier === undefined ? [] : [{ type: 'ExternalIdentifier', externalIdentifierType: 'other', identifier, comment: name }];
  });
  return [...email, ...registers];
}

/** The parties of a document: those with ids of their own, and a way to refer to each. */
export function readParties(
  reading: Omit<Reading, 'party'>,
  order: (nodes: readonly Json[]) => readonly Json[],
): { readonly parties: readonly Party[]; readonly party: Reading['party'] } {
  const { source } = reading;
  const refs = new Map<string, PartyRef>();
  const parties: Party[] = [];
  const agents = ['Organization', 'Person', 'Agent', 'SoftwareAgent'].flatMap((type) => source.ofType(type));
  for (const node of order(agents)) {
    const iri = String(node.spdxId);
    if (source.properties(node).has(SYNTHETIC)) continue;
    const party = readParty(node, reading);
    if (party === undefined) continue;
    if (decodeName(iri, reading.base)?.startsWith(OWN)) {
      refs.set(iri, party);
      continue;
    }
    const id = claim(reading, iri);
    if (id === undefined) continue;
    parties.push({ id, ...party });
    refs.set(iri, id);
  }
  return { parties, party: (id) => (typeof id === 'string' ? refs.get(id) : undefined) };
}

function readParty(node: Json, { source }: Pick<Reading, 'source'>): Party | undefined {
  const found = source.properties(node);
  const fields = readFields(FIELDS, node, found);
  if (typeof fields.name !== 'string') return undefined;
  const kind = KINDS[String(node.type)] ?? (propertyOf(found, 'msbom:party:kind') === 'group' ? 'group' : undefined);
  const contact = isObject(fields.contact) ? fields.contact : {};
  const numbers: Record<string, string> = {};
  let email: string | undefined;
  for (const each of listOf(node.externalIdentifier)) {
    if (!isObject(each) || typeof each.identifier !== 'string') continue;
    if (each.externalIdentifierType === 'email') email ??= each.identifier;
    else if (REGISTERS.some((name) => name === each.comment)) numbers[String(each.comment)] ??= each.identifier;
  }
  return {
    ...fields,
    ...(kind === undefined ? {} : { kind }),
    ...(email === undefined ? {} : { contact: { ...contact, email } }),
    ...(Object.keys(numbers).length > 0 ? { identifiers: numbers } : {}),
  } as unknown as Party; // the table's paths are those of a party, and the name is there
}
