/** Kinds of things as classes of SPDX 3, and the tables that each is written and read by. */
import type { THINGS } from '../graph.js';
import type { Block } from '../mapping/block.js';
import { ARTIFACT, COMPONENT, SERVICE } from '../mapping/component.js';
import { DATASET } from '../mapping/dataset.js';
import type { Kind as Described } from '../mapping/kind.js';
import { MODEL, SUBJECT } from '../mapping/model.js';
import type { Parties } from '../parties.js';
import { DIGEST, FILE_IDENTIFIERS, IDENTIFIERS, LICENSES, ORIGIN, references, SUPPLIER, TREE_DIGEST } from './blocks.js';
import { RUN } from './build.js';
import { BIASES, COLLECTION, DATASET_TYPE, PRIVACY, PROCESSING, SENSORS } from './dataset.js';
import { DOWNLOAD, ENERGY, HYPERPARAMETERS, METRICS, STANDARDS, USE } from './model.js';

export interface Kind extends Described<Parties> {
  readonly type: keyof typeof THINGS;
  readonly class: string;
}

const MODEL_BLOCKS: readonly Block<Parties>[] = [
  IDENTIFIERS,
  TREE_DIGEST,
  LICENSES,
  SUPPLIER,
  ORIGIN('producer', 'authors'),
  HYPERPARAMETERS,
  RUN,
  METRICS,
  ENERGY,
];
const MODEL_LINKS = [
  ['summaryUri', 'documentation', 'training summary'],
  ['training.code.repository', 'vcs'],
] as const;

export const KINDS = {
  model: { type: 'Model', class: 'ai_AIPackage', at: 'msbom:model', rows: MODEL, blocks: [...MODEL_BLOCKS, references(MODEL_LINKS)] },
  subject: {
    type: 'Model',
    class: 'ai_AIPackage',
    at: 'msbom:model',
    rows: [...MODEL, ...SUBJECT],
    blocks: [...MODEL_BLOCKS, USE, STANDARDS, DOWNLOAD, references(MODEL_LINKS, 'documents')],
  },
  dataset: {
    type: 'Dataset',
    class: 'dataset_DatasetPackage',
    at: 'msbom:dataset',
    rows: DATASET,
    blocks: [
      IDENTIFIERS,
      TREE_DIGEST,
      LICENSES,
      SUPPLIER,
      ORIGIN('issuer'),
      DATASET_TYPE,
      COLLECTION,
      BIASES,
      PRIVACY,
      PROCESSING,
      SENSORS,
      references([]),
      references([]),
    ],
  },
  component: {
    type: 'Component',
    class: 'software_Package',
    at: 'msbom:component',
    rows: [
      ...COMPONENT,
      { at: 'uris.distribution', spdx3: 'software_downloadLocation', spdx2: 'downloadLocation', codec: 'text' },
      { at: 'uris.homepage', spdx3: 'software_homePage', spdx2: 'homepage', codec: 'text' },
    ],
    blocks: [IDENTIFIERS, DIGEST, LICENSES, SUPPLIER, ORIGIN('producer'), references([['uris.source', 'vcs']])],
  },
  /** Software that is a file, and no package. */
  softwareFile: {
    type: 'Component',
    class: 'software_File',
    at: 'msbom:component',
    rows: COMPONENT.filter(({ at }) => at !== 'version'),
    blocks: [FILE_IDENTIFIERS, DIGEST, LICENSES, SUPPLIER, ORIGIN('producer'), references([['uris.source', 'vcs']])],
  },
  file: {
    type: 'Artifact',
    class: 'software_File',
    at: 'msbom:artifact',
    rows: ARTIFACT,
    blocks: [LICENSES, DIGEST, references([['uri', 'altDownloadLocation']], 'one')],
  },
  service: {
    type: 'Service',
    class: 'software_Package',
    at: 'msbom:service',
    rows: SERVICE,
    blocks: [LICENSES, ORIGIN('provider'), references([])],
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;
