/** Addresses of things as external references, with the digests of what they lead to. */

import type { JsonValue } from '../../core/canonical-json.js';
import { freeKey, own } from '../../core/objects.js';
import type { Block, Json } from '../mapping/block.js';
import type { CycloneDXVersion } from '../mapping/row.js';
import { valueAt, withValue } from '../mapping/row.js';
import { readHashes, writeHashes } from './blocks.js';
import { atLeast, type Context } from './context.js';
import { objectOf, objectsOf, pick, textOf, unique, uriOf } from './json.js';

/** A member that is an address, and the type of the reference that it is. */
export interface ReferenceRow {
  readonly at: string;
  readonly type: string;
  /** The type before 1.6, where that does not have it. */
  readonly earlier?: string;
  /** Tells it from others of the type. */
  readonly comment?: string;
  /** Is the member an object with an address, a digest and a title, or a list of those? Default the address itself. */
  readonly holds?: 'reference' | 'references';
  /** Is the reference only read, where no other says the same? */
  readonly isRead?: true;
}

export const MODEL_REFERENCES: readonly ReferenceRow[] = [
  { at: 'uri', type: 'website' },
  { at: 'manifest', type: 'bom', holds: 'reference' },
  { at: 'summaryUri', type: 'documentation', comment: 'training summary' },
  { at: 'training.code.repository', type: 'vcs' },
];

/** Of the sections about the subject. */
export const SUBJECT_REFERENCES: readonly ReferenceRow[] = [
  { at: 'usage.acceptableUsePolicy', type: 'documentation', comment: 'acceptable use policy', holds: 'reference' },
  { at: 'usage.instructions', type: 'documentation', comment: 'instructions for use', holds: 'reference' },
  { at: 'risk.management', type: 'risk-assessment', holds: 'reference' },
  { at: 'security.threatModel', type: 'threat-model', holds: 'reference' },
  { at: 'security.policy.securityTxt', type: 'rfc-9116', earlier: 'security-contact', comment: 'security.txt' },
  { at: 'security.policy.cvdPolicy', type: 'security-contact', comment: 'coordinated vulnerability disclosure policy' },
  { at: 'security.advisoryFeeds', type: 'advisories', holds: 'references' },
];

/** A path of a file as an address that is relative to the document. */
const addressOf = ({ uri, path }: Readonly<Record<string, unknown>>): string | undefined =>
  textOf(uri) ?? (typeof path === 'string' ? path.split('/').map(encodeURIComponent).join('/') : undefined);

/** An object with an address as a reference. */
function written(type: string, value: Readonly<Record<string, unknown>>, comment: unknown): readonly Json[] {
  const url = addressOf(value);
  return url === undefined ? [] : [pick({ type, url, comment: textOf(comment), hashes: writeHashes(value.digest) })];
}

/** The object again; a title only where the comment is not there to tell it from others. */
const readReference = ({ url, comment, hashes }: Readonly<Record<string, unknown>>, isTitled: boolean): Json =>
  pick({ uri: String(url), title: isTitled ? textOf(comment) : undefined, digest: readHashes(hashes) });

const typeIn = ({ type, earlier = type }: ReferenceRow, { version }: Context): string => (atLeast(version, '1.6') ? type : earlier);

function writeRow(row: ReferenceRow, thing: Json, context: Context): readonly Json[] {
  const { at, comment, holds, isRead } = row;
  if (isRead) return [];
  const type = typeIn(row, context);
  const value = valueAt(thing, at);
  if (holds === 'references') return objectsOf(value).flatMap((each) => written(type, each, each.title));
  if (holds === 'reference') return written(type, objectOf(value), comment ?? objectOf(value).title);
  return typeof value === 'string' ? [pick({ type, url: value, comment })] : [];
}

/** What is not the value of one member: how it is written, and read from the references that no row has taken. */
export interface Others {
  readonly at: readonly string[];
  /** Types of references, by member, where there is one. */
  readonly details: Readonly<Record<string, string>>;
  readonly write: (thing: Json, context: Context) => readonly Json[];
  readonly read: (list: readonly Json[]) => Json;
}

/** Of what has no other addresses. */
export const NO_OTHERS: Others = { at: [], details: {}, write: () => [], read: () => ({}) };

/** Types of references that every version that is written has, and those that came later. */
const TYPES: ReadonlySet<string> = new Set(
  'vcs issue-tracker website advisories bom mailing-list social chat documentation support distribution distribution-intake license build-meta build-system release-notes security-contact model-card log configuration evidence formulation attestation threat-model adversary-model risk-assessment vulnerability-assertion exploitability-statement pentest-report static-analysis-report dynamic-analysis-report runtime-analysis-report component-analysis-report maturity-report certification-report codified-infrastructure quality-metrics poam other'.split(
    ' ',
  ),
);
const LATER: Readonly<Record<string, CycloneDXVersion>> = {
  'source-distribution': '1.6',
  'electronic-signature': '1.6',
  'digital-signature': '1.6',
  'rfc-9116': '1.6',
  patent: '1.7',
  'patent-family': '1.7',
  'patent-assertion': '1.7',
  citation: '1.7',
};

/** Addresses of any type; a type that the version does not have is a comment on `other`. */
const ANY: Others = {
  at: ['references'],
  details: {},
  write: ({ references: list }, { version }) =>
    objectsOf(list).flatMap((each) => {
      const type = String(each.type);
      const since = own(LATER, type);
      const isKnown = TYPES.has(type) || (since !== undefined && atLeast(version, since));
      return written(isKnown ? type : 'other', each, each.comment ?? (isKnown ? undefined : type));
    }),
  read: (list) => readAny(list),
};

/** @param without types that stand for something else as well, and are not read */
function readAny(list: readonly Json[], without: ReadonlySet<unknown> = new Set()): Json {
  const found = list.flatMap(({ type, url, comment, hashes }) =>
    uriOf(url) === undefined || without.has(type)
      ? []
      : [pick({ type: String(type), uri: String(url), comment: textOf(comment), digest: readHashes(hashes) })],
  );
  return pick({ references: found as JsonValue }); // plain JSON
}

/** The members that are addresses, as external references. */
export function references(rows: readonly ReferenceRow[], others: Others = ANY): Block<Context> {
  return {
    at: [...rows.map((row) => row.at), ...others.at],
    places: ['externalReferences'],
    details: Object.fromEntries([
      ...rows.filter(({ isRead }) => isRead !== true).map(({ at, type }) => [at, type]),
      ...Object.entries(others.details),
    ]),
    write: (thing, context) =>
      pick({
        externalReferences: unique([...rows.flatMap((row) => writeRow(row, thing, context)), ...others.write(thing, context)]) as JsonValue,
      }),
    read({ externalReferences }, context) {
      const list = objectsOf(externalReferences) as readonly Json[]; // JSON of a document
      const taken = new Set<unknown>();
      let thing: Json = {};
      for (const row of rows) {
        if (row.isRead && valueAt(thing, row.at) !== undefined) continue;
        const found = list.filter(
          (each) =>
            each.type === typeIn(row, context) &&
            !taken.has(each) &&
            (row.comment === undefined || each.comment === row.comment) &&
            uriOf(each.url) !== undefined,
        );
        const some = row.holds === 'references' ? found : found.slice(0, 1);
        for (const each of some) taken.add(each);
        const values = some.map((each) => (row.holds === undefined ? String(each.url) : readReference(each, row.comment === undefined)));
        const value = row.holds === 'references' ? values : values[0];
        if (value !== undefined && some.length > 0) thing = withValue(thing, row.at.split('.'), value as JsonValue);
      }
      return { ...thing, ...others.read(list.filter((each) => !taken.has(each))) };
    },
  };
}

// --- documents, channels and statements

/** Kinds of documents and the type of reference that each is; what is not here is `documentation`. */
const DOCUMENT_TYPES: readonly (readonly [ours: string, theirs: string])[] = [
  ['model-card', 'model-card'],
  ['sbom', 'bom'],
  ['license', 'license'],
  ['changelog', 'release-notes'],
  ['vex', 'exploitability-statement'],
  ['evaluation-report', 'quality-metrics'],
  ['security-policy', 'security-contact'],
  ['other', 'documentation'],
];

/** Kinds that are only one of those that a type of reference stands for: they are written so, and not read. */
const NARROWER_TYPES: readonly (readonly [ours: string, theirs: string])[] = [['eu-declaration', 'certification-report']];

function writeDocuments(thing: Json): readonly Json[] {
  const documents = Object.values(objectOf(thing.documents)).map(objectOf);
  const channels = objectsOf(objectOf(thing.distribution).channels);
  const statements = Object.values(objectOf(thing.provenance)).map(objectOf);
  return [
    ...documents.flatMap((each) => {
      const type = [...DOCUMENT_TYPES, ...NARROWER_TYPES].find(([ours]) => ours === each.type)?.[1] ?? 'documentation';
      return written(type, each, each.title);
    }),
    ...channels.flatMap(({ uri, kind }) => written('distribution', { uri }, kind)),
    ...statements.flatMap((each) => written('attestation', each, each.predicateType)),
  ];
}

/** Types that statements and declarations about the subject are written as. */
const WRITTEN_ONLY: ReadonlySet<unknown> = new Set(['attestation', 'certification-report']);

/** References of other producers as documents, and places to get the model from. */
function readDocuments(list: readonly Json[]): Json {
  const documents: Record<string, Json> = Object.create(null);
  const channels: Json[] = [];
  const others: Json[] = [];
  for (const each of list) {
    const { type, url, comment } = each;
    const uri = uriOf(url);
    if (uri === undefined) continue;
    if (type === 'distribution') channels.push({ kind: textOf(comment) ?? 'other', uri });
    const word = DOCUMENT_TYPES.find(([, theirs]) => theirs === type)?.[0];
    // An address to write to is no document.
    if (word === undefined || /^(mailto|tel):/.test(uri)) {
      if (type !== 'distribution') others.push(each);
      continue;
    }
    documents[freeKey(documents, word)] = { type: word, ...readReference(each, true) };
  }
  return {
    ...(Object.keys(documents).length > 0 ? { documents } : {}),
    ...(channels.length > 0 ? { distribution: { channels } } : {}),
    ...readAny(others, WRITTEN_ONLY),
  };
}

export const DOCUMENTS: Others = {
  at: ['documents', 'distribution.channels', 'provenance', 'references'],
  details: { 'distribution.channels': 'distribution', provenance: 'attestation' },
  write: (thing, context) => [...writeDocuments(thing), ...ANY.write(thing, context)],
  read: readDocuments,
};
