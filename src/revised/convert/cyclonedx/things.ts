/** Kinds of things, the tables that each is written and read by, and the name that its properties begin with. */

import { objectOf, objectsOf, pick, textOf, uriOf } from '../../../convert/cyclonedx/json.js';
import type { TypeName } from '../../schema/index.js';
import type { Block, Json } from '../mapping/block.js';
import { ARTIFACT, COMPONENT, SERVICE } from '../mapping/component.js';
import { DATASET } from '../mapping/dataset.js';
import { MODEL, SUBJECT } from '../mapping/model.js';
import type { Row } from '../mapping/row.js';
import { AUTHORS, DIGEST, IDENTIFIERS, LICENSES, PARTIES, type ReferenceRow, references, TREE_DIGEST } from './blocks.js';
import type { Context } from './context.js';
import { ENERGY, IO, METRICS, RISKS, USE } from './model-card.js';

export interface Kind {
  readonly type: TypeName;
  /** Name that its properties begin with. */
  readonly at: string;
  readonly rows: readonly Row[];
  readonly blocks: readonly Block<Context>[];
}

const MODEL_REFERENCES: readonly ReferenceRow[] = [
  { at: 'uri', type: 'website' },
  { at: 'manifest.uri', type: 'bom' },
  { at: 'summaryUri', type: 'documentation', comment: 'training summary' },
  { at: 'training.code.repository', type: 'vcs' },
];

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

/** A path of a file as an address that is relative to the document. */
const addressOf = ({ uri, path }: Readonly<Record<string, unknown>>): string | undefined =>
  textOf(uri) ?? (typeof path === 'string' ? path.split('/').map(encodeURIComponent).join('/') : undefined);

function writeDocuments(thing: Json): readonly Json[] {
  const documents = Object.values(objectOf(thing.documents)).map(objectOf);
  const channels = objectsOf(objectOf(thing.distribution).channels);
  const statements = Object.values(objectOf(thing.provenance)).map(objectOf);
  return [
    ...documents.flatMap((each) => {
      const type = DOCUMENT_TYPES.find(([ours]) => ours === each.type)?.[1] ?? 'documentation';
      const url = addressOf(each);
      return url === undefined ? [] : [pick({ type, url, comment: textOf(each.title) })];
    }),
    ...channels.flatMap(({ uri, kind }) =>
      textOf(uri) === undefined ? [] : [pick({ type: 'distribution', url: String(uri), comment: textOf(kind) })],
    ),
    ...statements.flatMap((each) => {
      const url = addressOf(each);
      return url === undefined ? [] : [pick({ type: 'attestation', url, comment: textOf(each.predicateType) })];
    }),
  ];
}

/** References of other producers as documents, and places to get the model from. */
function readDocuments(list: readonly Json[]): Json {
  const documents: Record<string, Json> = Object.create(null);
  const channels: Json[] = [];
  for (const { type, url, comment } of list) {
    const uri = uriOf(url);
    if (uri === undefined) continue;
    if (type === 'distribution') channels.push({ kind: textOf(comment) ?? 'other', uri });
    const word = DOCUMENT_TYPES.find(([, theirs]) => theirs === type)?.[0];
    if (word === undefined) continue;
    let id = word;
    for (let i = 2; Object.hasOwn(documents, id); i++) id = `${word}-${i}`;
    documents[id] = pick({ type: word, title: textOf(comment), uri });
  }
  return {
    ...(Object.keys(documents).length > 0 ? { documents } : {}),
    ...(channels.length > 0 ? { distribution: { channels } } : {}),
  };
}

const COMMON: readonly Block<Context>[] = [IDENTIFIERS, LICENSES, ...PARTIES];
const CARD: readonly Block<Context>[] = [METRICS, RISKS, ENERGY, IO];

export const KINDS = {
  /** A model that is not the subject. */
  model: {
    type: 'Model',
    at: 'msbom:model',
    rows: MODEL,
    blocks: [...COMMON, AUTHORS, TREE_DIGEST, ...CARD, references(MODEL_REFERENCES)],
  },
  /** The model that is the subject, with the sections about it. */
  subject: {
    type: 'Model',
    at: 'msbom:model',
    rows: [...MODEL, ...SUBJECT],
    blocks: [
      ...COMMON,
      AUTHORS,
      TREE_DIGEST,
      ...CARD,
      USE,
      references(MODEL_REFERENCES, writeDocuments, readDocuments, ['documents', 'distribution.channels', 'provenance']),
    ],
  },
  dataset: {
    type: 'Dataset',
    at: 'msbom:dataset',
    rows: DATASET,
    blocks: [IDENTIFIERS, LICENSES, TREE_DIGEST, references([{ at: 'manifest.uri', type: 'bom' }])],
  },
  component: {
    type: 'Component',
    at: 'msbom:component',
    rows: COMPONENT,
    blocks: [
      ...COMMON,
      DIGEST,
      references([
        { at: 'uris.homepage', type: 'website' },
        { at: 'uris.distribution', type: 'distribution' },
        { at: 'uris.source', type: 'vcs' },
        { at: 'manifest.uri', type: 'bom' },
      ]),
    ],
  },
  file: {
    type: 'Artifact',
    at: 'msbom:artifact',
    rows: ARTIFACT,
    blocks: [LICENSES, DIGEST, references([{ at: 'uri', type: 'distribution' }])],
  },
  service: { type: 'Service', at: 'msbom:service', rows: SERVICE, blocks: [] },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;
