/**
 * What stands on an element of SPDX 3 and is more than one value. Members that begin with `@` are no members of the element: what
 * SPDX says by relationships (licences) or by elements of their own (parties) is put there while it is read and taken from there
 * when it is written.
 */

import type { JsonValue } from '../../core/canonical-json.js';
import { idFrom } from '../../core/id.js';
import { freeKey } from '../../core/objects.js';
import type { Identifier, License, LinkedDocument, Party } from '../../schema/index.js';
import { isExpression } from '../cyclonedx/blocks.js';
import { json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique, uriOf } from '../cyclonedx/json.js';
import { isPurl, statedIdentifier } from '../identifiers.js';
import type { Block, Json } from '../mapping/block.js';
import { digestsAs } from '../mapping/digests.js';
import { REFERENCE_TYPES } from '../mapping/references.js';
import { valueAt, withValue } from '../mapping/row.js';
import type { Parties } from '../parties.js';
import { DOCUMENT_REFERENCES, fromWord, IDENTIFIER_TYPES, LICENSE_RELATIONS, toWord } from './words.js';

export type SpdxBlock = Block<Parties>;

// --- identifiers and digests

export const IDENTIFIERS: SpdxBlock = {
  at: ['identifiers'],
  places: ['software_packageUrl', 'externalIdentifier'],
  write({ identifiers }) {
    const list = objectsOf(identifiers) as unknown as readonly Identifier[]; // of the schema
    const purl = list.find(({ type, value }) => type === 'purl' && isPurl(value));
    return pick({
      software_packageUrl: purl?.value,
      externalIdentifier: json(list.filter((each) => each !== purl).map(externalIdentifier)),
    });
  },
  read(object) {
    const purl = textOf(object.software_packageUrl);
    const others = objectsOf(object.externalIdentifier).flatMap((each): Identifier[] => {
      const value = textOf(each.identifier);
      const kind = String(each.externalIdentifierType);
      if (value === undefined || kind === 'email') return [];
      const word = kind === 'cpe22' ? 'cpe' : kind === 'packageUrl' ? 'purl' : fromWord(IDENTIFIER_TYPES, kind);
      const type = word ?? (kind === 'other' ? (textOf(each.comment) ?? 'other') : 'other');
      const scheme = textOf(each.issuingAuthority) ?? (type === 'other' && kind !== 'other' ? kind : undefined);
      return [{ ...statedIdentifier(type, value), ...(scheme === undefined ? {} : { scheme }) }];
    });
    return pick({ identifiers: json([...(purl === undefined ? [] : [statedIdentifier('purl', purl)]), ...others]) });
  },
};

/** A file has no member for a purl. */
export const FILE_IDENTIFIERS: SpdxBlock = {
  ...IDENTIFIERS,
  places: ['externalIdentifier'],
  write: ({ identifiers }) =>
    pick({ externalIdentifier: json((objectsOf(identifiers) as unknown as readonly Identifier[]).map(externalIdentifier)) }),
};

function externalIdentifier({ type, value, scheme }: Identifier): Json {
  const known = type === 'purl' ? 'packageUrl' : type === 'cpe' && value.startsWith('cpe:/') ? 'cpe22' : toWord(IDENTIFIER_TYPES, type);
  return pick({
    type: 'ExternalIdentifier',
    externalIdentifierType: known ?? 'other',
    identifier: value,
    comment: known === undefined && type !== 'other' ? type : undefined,
    issuingAuthority: scheme,
  });
}

export const { DIGEST, TREE_DIGEST } = digestsAs('spdx3', {
  place: 'verifiedUsing',
  type: 'Hash',
  algorithm: 'algorithm',
  value: 'hashValue',
});

// --- licences

/** A licence as its relationship and the expression: `{relation, expression, name?, text?, url?}`; `NONE` where there is none. */
export const LICENSES: SpdxBlock = {
  at: ['licenses'],
  places: ['@licenses'],
  write({ licenses }) {
    const list = objectsOf(licenses) as unknown as readonly License[]; // of the schema
    const written = unique(list.map(writeLicense));
    // In the order in which they are read: one relationship after the other.
    const ordered = LICENSE_RELATIONS.flatMap(([, relation]) => written.filter((each) => each.relation === relation));
    return pick({ '@licenses': json(ordered) });
  },
  read(object) {
    const licenses = objectsOf(object['@licenses']).flatMap((each): License[] => {
      const expression = textOf(each.expression);
      const name = textOf(each.name);
      // A licence that had a name only was written with an id made from it.
      const isNamed = name !== undefined && expression === licenseRef(name);
      const label =
        expression !== undefined && isExpression(expression) && !isNamed ? pick({ expression, name }) : { name: name ?? expression };
      const license: Partial<License> = pick({
        ...label,
        kind: fromWord(LICENSE_RELATIONS, each.relation),
        text: textOf(each.text),
        url: uriOf(each.url),
      });
      return license.expression === undefined && license.name === undefined && license.url === undefined ? [] : [license as License]; // it has one of them
    });
    return pick({ licenses: json(licenses) });
  },
};

function writeLicense({ expression, name, kind, text, url }: License): Json {
  const relation = toWord(LICENSE_RELATIONS, kind) ?? 'hasDeclaredLicense';
  // SPDX has a place for the text of a licence of its own.
  const own = expression !== undefined && CUSTOM.test(expression) ? text : undefined;
  if (expression !== undefined && isExpression(expression)) return pick({ relation, expression, name, text: own, url });
  const label = name ?? expression;
  if (label === 'NONE') return { relation, expression: 'NONE' };
  const shown = label ?? url ?? 'unnamed';
  return pick({ relation, expression: licenseRef(shown), name: shown, text, url });
}

/** An expression that is one licence of nobody's list. */
export const CUSTOM = /^LicenseRef-[\w.-]+$/;

const licenseRef = (name: string): string => `LicenseRef-${idFrom(name).replaceAll('_', '-')}`;

// --- parties

/** An agent as SPDX has it: `{type, name, email?}`. */
export function agent({ name, kind, contact }: Party): Json {
  const type = kind === 'person' ? 'Person' : kind === 'organization' ? 'Organization' : 'Agent';
  return pick({ type, name, email: contact?.email });
}

export function readAgent(value: unknown): Party | undefined {
  const { type, name, email } = objectOf(value);
  const label = textOf(name);
  if (label === undefined) return undefined;
  const kind = type === 'Person' ? 'person' : type === 'Organization' ? 'organization' : undefined;
  const address = textOf(email);
  return { name: label, ...(kind === undefined ? {} : { kind }), ...(address === undefined ? {} : { contact: { email: address } }) };
}

export const SUPPLIER: SpdxBlock = {
  at: ['supplier'],
  places: ['@supplier'],
  write({ supplier }, { party }) {
    const found = party(supplier);
    return found === undefined ? {} : { '@supplier': agent(found) };
  },
  read(object, { partyId }) {
    const found = readAgent(object['@supplier']);
    return found === undefined ? {} : { supplier: partyId(found) };
  },
};

/** Where a thing came from: its producer first, then its authors. */
export const ORIGIN = (first: string, others?: string): SpdxBlock => ({
  at: others === undefined ? [first] : [first, others],
  places: ['@origin'],
  write(thing, { party }) {
    const ids = [textOf(thing[first]), ...(others === undefined ? [] : textsOf(thing[others]))];
    return pick({ '@origin': json(unique(ids.flatMap((id) => party(id) ?? []).map(agent))) });
  },
  read(object, { partyId }) {
    const [one, ...more] = objectsOf(object['@origin'])
      .flatMap((each) => readAgent(each) ?? [])
      .map(partyId);
    return pick({ [first]: one, ...(others === undefined ? {} : { [others]: nonEmptyList(more) }) }) as Json; // `pick` leaves undefined out
  },
});

// --- addresses

const reference = (externalRefType: string, url: string, comment?: string): Json =>
  pick({ type: 'ExternalRef', externalRefType, locator: [url], comment });

/** An address of its own and the kind of reference that it is. */
type Link = readonly [at: string, type: string, comment?: string];

/** Types that statements and declarations about the subject are written as. */
const WRITTEN_ONLY: ReadonlySet<unknown> = new Set(['secureSoftwareAttestation', 'certificationReport']);

/** Addresses as external references: of single members, of any type where the thing has such, and of documents about the subject. */
export function references(links: readonly Link[], has: 'one' | 'any' | 'documents' = 'any'): SpdxBlock {
  const withDocuments = has === 'documents';
  return {
    at: [...links.map(([at]) => at), ...(has === 'one' ? [] : ['references']), ...(withDocuments ? ['documents', 'provenance'] : [])],
    places: ['externalRef'],
    details: {
      ...Object.fromEntries(links.map(([at, type]) => [at, type])),
      ...(withDocuments ? { provenance: 'secureSoftwareAttestation' } : {}),
    },
    write(thing) {
      const own = links.flatMap(([at, type, comment]) => {
        const url = valueAt(thing, at);
        return typeof url === 'string' ? [reference(type, url, comment)] : [];
      });
      const documents = withDocuments ? (Object.values(objectOf(thing.documents)) as readonly LinkedDocument[]) : [];
      const statements = withDocuments ? Object.values(objectOf(thing.provenance)).map(objectOf) : [];
      return pick({
        externalRef: json(
          unique([
            ...own,
            ...documents.flatMap(({ type, uri, title }) =>
              uri === undefined ? [] : [reference(toWord(DOCUMENT_REFERENCES, type) ?? 'other', uri, title)],
            ),
            ...statements.flatMap(({ uri, predicateType }) =>
              textOf(uri) === undefined ? [] : [reference('secureSoftwareAttestation', String(uri), textOf(predicateType))],
            ),
            ...objectsOf(thing.references).map(({ type, uri, comment }) => {
              const word = toWord(REFERENCE_TYPES, String(type));
              return reference(word ?? 'other', String(uri), textOf(comment) ?? (word === undefined ? String(type) : undefined));
            }),
          ]),
        ),
      });
    },
    read(object) {
      const list = objectsOf(object.externalRef).flatMap(({ externalRefType: type, locator, comment }) =>
        textsOf(locator).map((url) => ({ type, url, comment: textOf(comment) })),
      );
      const taken = new Set<unknown>();
      let thing: Json = {};
      for (const [at, type, comment] of links) {
        const found = list.find(
          (each) =>
            each.type === type && !taken.has(each) && uriOf(each.url) !== undefined && (comment === undefined || each.comment === comment),
        );
        if (found === undefined) continue;
        taken.add(found);
        thing = withValue(thing, at.split('.'), found.url);
      }
      if (has === 'one') return thing;
      const documents: Record<string, JsonValue> = Object.create(null);
      const others: Json[] = [];
      for (const { type, url, comment } of list.filter((each) => !taken.has(each) && uriOf(each.url) !== undefined)) {
        const word = withDocuments ? fromWord(DOCUMENT_REFERENCES, type) : undefined;
        if (word === undefined) {
          if (!withDocuments || !WRITTEN_ONLY.has(type))
            others.push(pick({ type: fromWord(REFERENCE_TYPES, type) ?? String(type), uri: url, comment }));
          continue;
        }
        documents[freeKey(documents, word)] = pick({ type: word, title: comment, uri: url });
      }
      return { ...thing, ...pick({ documents: nonEmpty(documents), references: json(nonEmptyList(others)) }) };
    },
  };
}
