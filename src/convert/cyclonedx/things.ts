/** Kinds of things, the tables that each is written and read by, and the name that its properties begin with. */

import type { THINGS } from '../graph.js';
import type { Block } from '../mapping/block.js';
import { ARTIFACT, COMPONENT, SERVICE } from '../mapping/component.js';
import { DATASET } from '../mapping/dataset.js';
import type { Kind as Described } from '../mapping/kind.js';
import { MODEL, SUBJECT } from '../mapping/model.js';
import { AUTHORS, DATA_PARTIES, DIGEST, IDENTIFIERS, LICENSES, PARTIES, PROVIDER, TREE_DIGEST } from './blocks.js';
import type { Context } from './context.js';
import { ENERGY, IO, METRICS, RISKS, USE } from './model-card.js';
import { DOCUMENTS, MODEL_REFERENCES, NO_OTHERS, references, SUBJECT_REFERENCES } from './references.js';

export interface Kind extends Described<Context> {
  readonly type: keyof typeof THINGS;
}

const COMMON: readonly Block<Context>[] = [IDENTIFIERS, LICENSES, ...PARTIES];

export const KINDS = {
  /** A model that is not the subject. */
  model: {
    type: 'Model',
    at: 'msbom:model',
    rows: MODEL,
    blocks: [
      ...COMMON,
      AUTHORS,
      TREE_DIGEST,
      METRICS,
      ENERGY,
      IO,
      references([...MODEL_REFERENCES, { at: 'uri', type: 'distribution', isRead: true }]),
    ],
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
      METRICS,
      RISKS,
      ENERGY,
      IO,
      USE,
      references([...MODEL_REFERENCES, ...SUBJECT_REFERENCES], DOCUMENTS),
    ],
  },
  dataset: {
    type: 'Dataset',
    at: 'msbom:dataset',
    rows: DATASET,
    blocks: [IDENTIFIERS, LICENSES, ...DATA_PARTIES, TREE_DIGEST, references([{ at: 'manifest', type: 'bom', holds: 'reference' }])],
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
        { at: 'manifest', type: 'bom', holds: 'reference' },
      ]),
    ],
  },
  file: {
    type: 'Artifact',
    at: 'msbom:artifact',
    rows: ARTIFACT,
    blocks: [LICENSES, DIGEST, references([{ at: 'uri', type: 'distribution' }], NO_OTHERS)],
  },
  service: { type: 'Service', at: 'msbom:service', rows: SERVICE, blocks: [LICENSES, PROVIDER, references([])] },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;
