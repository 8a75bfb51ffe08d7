/** What somebody says about values or the model: what is unknown, where values came from, scans and attestations, as annotations. */
import { canonicalize, type JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import { parseJson } from '../../core/json.js';
import { resolvePointer } from '../../core/json-pointer.js';
import type { Manifest } from '../../schema/index.js';
import { type Fields, LINK } from './codecs.js';
import { propertyOf, type Reading, type Writing } from './context.js';
import { isObject, type Json, type Part, type Properties, pick, readFields, writeFields } from './fields.js';
import { joinParts, KIND, members, properties } from './graph.js';
import { fileName, OWN } from './ids.js';
import { merge } from './model.js';

type Declaration = NonNullable<Manifest['bom']['declarations']>[number];

const CONTACT: Fields = [
  ['contact.name', 'msbom:declaration:contact:name'],
  ['contact.email', 'msbom:declaration:contact:email'],
  ['contact.url', 'msbom:declaration:contact:url', LINK],
  ['contact.phone', 'msbom:declaration:contact:phone'],
  ['contact.address', 'msbom:declaration:contact:address'],
];

/** Items of one list of the manifest. */
interface Kind {
  readonly name: string;
  readonly pointer: string;
  /** SPDX's word: is it an opinion of somebody who looked at the subject? */
  readonly annotationType: 'review' | 'other';
  readonly write: (item: Json) => Part;
  /** undefined where the statement is not of this kind. */
  readonly read: (statement: string, properties: Properties) => Json | undefined;
}

const inWords: Pick<Kind, 'write' | 'read'> = {
  write: (item) => {
    const { pointer, status, reason } = item as unknown as Declaration; // an item of that list
    const statement = `${pointer} ${status}${reason === undefined ? '' : `: ${reason}`}`;
    return joinParts(members({ statement, contentType: 'text/plain' }), writeFields(CONTACT, item));
  },
  read: (statement, found) => {
    const [, pointer, status, reason] = /^(|\/.*?) (unknown|withheld|notApplicable)(?:: (.+))?$/s.exec(statement) ?? [];
    return pointer === undefined ? undefined : { pointer, status, ...pick({ reason }), ...readFields(CONTACT, {}, found) };
  },
};

const asJson: Pick<Kind, 'write' | 'read'> = {
  write: (item) => members({ statement: canonicalize(item), contentType: 'application/json' }),
  read: (statement) => {
    const value = parsed(statement);
    return isObject(value) ? value : undefined;
  },
};

const KINDS: readonly Kind[] = [
  { name: 'declaration', pointer: '/bom/declarations', annotationType: 'other', ...inWords },
  { name: 'scan', pointer: '/security/scans', annotationType: 'review', ...asJson },
  { name: 'attestation', pointer: '/attestations', annotationType: 'review', ...asJson },
  { name: 'evidence', pointer: '/evidence', annotationType: 'other', ...asJson },
];

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text, { inexactIntegers: 'round' });
  } catch (error) {
    if (MsbomError.is(error)) return undefined;
    throw error;
  }
}

export function writeAnnotations(writing: Writing): void {
  const { graph, manifest, root } = writing;
  for (const { name, pointer, annotationType, write } of KINDS) {
    const items = resolvePointer(manifest, pointer);
    if (!Array.isArray(items)) continue;
    (items as readonly Json[]).forEach((item, i) => {
      const scanned = typeof item.target === 'string' ? graph.iri(fileName(item.target)) : root;
      const subject = graph.has(scanned) ? scanned : root;
      const part = joinParts(members({ annotationType, subject }), write(item), properties([KIND, name]));
      graph.add('Annotation', graph.own(name, String(i)), part);
    });
  }
}

/** The lists whose items stand in annotations of our own writer; those of others are about the document, and stay in it. */
export function readAnnotations(reading: Reading, order: (nodes: readonly Json[]) => readonly Json[]): Json {
  const { source, names } = reading;
  const lists = new Map<Kind, Json[]>();
  for (const node of order(source.ofType('Annotation'))) {
    const found = source.properties(node);
    const kind = KINDS.find(({ name }) => name === propertyOf(found, KIND));
    const item = typeof node.statement === 'string' ? kind?.read(node.statement, found) : undefined;
    if (kind === undefined || item === undefined) continue;
    const list = lists.get(kind) ?? [];
    lists.set(kind, list);
    names.set(String(node.spdxId), `${OWN}${kind.name}:${list.length}`);
    list.push(item);
  }
  return merge(...[...lists].map(([{ pointer }, list]) => placed(pointer, list)));
}

function placed(pointer: string, list: readonly Json[]): Json {
  const keys = pointer.slice(1).split('/');
  return keys.reduceRight<unknown>((value, key) => ({ [key]: value }), list) as Json; // a pointer has a key at least
}
