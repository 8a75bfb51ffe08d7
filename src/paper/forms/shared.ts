/** Pieces that several forms have. */
import { type Each, fields } from '../form.js';

/** Data that the model was trained on. */
export const TRAINING: Each['where'] = { '/roles': ['pretraining', 'finetuning', 'alignment'] };

/** Fields of each dataset that the model was trained on. */
export const trainingData = (...rows: readonly string[]): readonly Each[] => [
  { path: '/datasets', where: TRAINING, name: ['/name'], fields: fields(...rows) },
];

/** Fields of each dataset of a source category. */
export const dataFrom = (category: string, ...rows: readonly string[]): readonly Each[] => [
  { path: '/datasets', where: { '/sourceCategory': [category] }, name: ['/name'], fields: fields(...rows) },
];

export const allData = (...rows: readonly string[]): readonly Each[] => [{ path: '/datasets', name: ['/name'], fields: fields(...rows) }];

/** Fields of each party with a role. */
export const parties = (role: string): readonly Each[] => [
  {
    path: '/parties',
    where: { '/roles': [role] },
    name: ['/name'],
    fields: fields(
      'Name|/name',
      'Contact|/contact',
      'Country|/country',
      'LEI|/identifiers/lei',
      'EUID|/identifiers/euid',
      'Other identifiers|/identifiers/other',
    ),
  },
];

export const components = (where?: Each['where']): readonly Each[] => [
  { path: '/components', ...(where === undefined ? {} : { where }), name: ['/name'], fields: fields('Version|/version') },
];

export const parents: readonly Each[] = [
  {
    path: '/model/lineage/parents',
    name: ['/model/name', '/model'],
    fields: fields(
      'Name|/model/name',
      'Version|/model/version',
      'Relation|/relation',
      'Public summary|/model/summaryUri',
      'Identifiers|/model/identifiers',
    ),
  },
];

export const inputsAndOutputs = (...rows: readonly string[]): readonly Each[] =>
  (['inputs', 'outputs'] as const).map((name) => ({ path: `/model/io/${name}`, name: ['/modality'], fields: fields(...rows) }));

export const evaluations = (...rows: readonly string[]): readonly Each[] => [
  { path: '/evaluations', name: ['/name'], fields: fields(...rows) },
];

export const documents = (type: string): readonly Each[] => [
  {
    path: '/documents',
    where: { '/type': [type] },
    name: ['/title', '#'],
    fields: fields('Title|/title', 'Address|/uri', 'File|/path', 'Digest|/digest', 'Date|/date', 'Signed by|/signer'),
  },
];
