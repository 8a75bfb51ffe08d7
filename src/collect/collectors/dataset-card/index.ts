/** README.md of a dataset repository. Source: https://github.com/huggingface/hub-docs/blob/main/datasetcard.md */
import { baseName, directoryOf, type MetadataFile, RANKS } from '../../contribution.js';
import { datasetCollector } from '../../dataset/collector.js';
import {
  type DatasetContext,
  type DatasetSource,
  type DatasetStatement,
  identifier,
  stated,
  type Upstream,
} from '../../dataset/statement.js';
import { doiOf, languageTags } from '../../dataset/values.js';
import { asText, asTexts, entryOf, isRepositoryName, type Loose } from '../../values.js';
import { cardKind, readFrontMatter, tellingKeys } from '../shared/front-matter.js';
import { dataFiles, infoValues } from './info.js';
import { cardLicenses } from './license.js';

/** Tags `modality:…` of the Hub, in the words of the specification. */
const MODALITIES: Readonly<Record<string, string>> = {
  text: 'text',
  image: 'image',
  audio: 'audio',
  video: 'video',
  tabular: 'tabular',
  timeseries: 'timeseries',
  '3d': 'point-cloud',
  geospatial: 'other',
  document: 'other',
};

export const datasetCardSource: DatasetSource = {
  id: 'dataset-card',
  files: '`README.md` with the front matter of a dataset',
  method: 'dataset card front matter',
  rank: RANKS.card,
  mediaType: 'text/markdown',
  matches: (path) => /^readme\.md$/i.test(baseName(path)),
  read: readCard,
};

export const datasetCard = datasetCollector(datasetCardSource);

function readCard(file: MetadataFile, context: DatasetContext): DatasetStatement | undefined {
  const { card, finding } = readFrontMatter(file);
  const isSubject = context.subject === 'dataset' && directoryOf(file.path) === '';
  // What is wrong with a README is said where it is the card of the thing described: for a model, by its own collector.
  if (finding !== undefined) return isSubject ? { values: [], findings: [finding] } : undefined;
  if (card === undefined) return undefined;
  const kind = cardKind(card);
  if (kind === 'both') return { values: [], findings: [ambiguous(file.path, card)] };
  if (kind === 'model')
    return isSubject ? { values: [], findings: [otherSubject(file.path, 'model', tellingKeys(card).model)] } : undefined;
  if (kind === 'unknown' && !isSubject) return undefined;
  const wrongPlace = context.subject === 'model' && directoryOf(file.path) === '';
  return {
    ...cardStatement(file.path, card, context),
    findings: wrongPlace ? [otherSubject(file.path, 'dataset', tellingKeys(card).dataset)] : [],
  };
}

function cardStatement(path: string, card: Loose, { paths }: DatasetContext): DatasetStatement {
  const tags = asTexts(card.tags);
  const tagged = (prefix: string): readonly string[] =>
    tags.flatMap((tag) => (tag.startsWith(`${prefix}:`) ? [tag.slice(prefix.length + 1)] : []));
  const modalities = [...new Set(tagged('modality').flatMap((word) => entryOf(MODALITIES, word) ?? []))].sort();
  const formats = tagged('format');
  const catalogue = asText(card.paperswithcode_id);
  return {
    values: [
      ...stated('/name', 'pretty_name', asText(card.pretty_name)),
      ...stated('/licenses', 'license', cardLicenses(card, paths)),
      ...stated('/languages', 'language', languageTags(asTexts(card.language))),
      ...stated('/size/bin', 'size_categories', asTexts(card.size_categories).join(', ')),
      ...stated('/labelling/annotators', 'annotations_creators', asTexts(card.annotations_creators).join(', ')),
      ...stated('/collection/method', 'language_creators', [...new Set(asTexts(card.language_creators))]),
      ...stated('/intendedUse', 'task_categories', [...new Set([...asTexts(card.task_categories), ...asTexts(card.task_ids)])].join(', ')),
      ...stated('/accessTerms', 'extra_gated_prompt', asText(card.extra_gated_prompt)),
      ...stated('/content/modalities', 'tags', modalities),
      ...stated('/content/format', 'tags', formats.length === 1 ? formats[0] : undefined),
      ...infoValues(card.dataset_info),
    ],
    items: [
      ...(catalogue === undefined ? [] : [identifier('paperswithcode_id', { type: 'other', scheme: 'paperswithcode', value: catalogue })]),
      ...tagged('doi').flatMap((doi) => (doiOf(doi) === undefined ? [] : [identifier('tags', { type: 'doi', value: doi })])),
    ],
    ...dataFiles(directoryOf(path), card.configs),
    upstream: asTexts(card.source_datasets).flatMap(upstreamOf),
  };
}

/** `original` is no source, `extended|squad` names one, `extended|other-…` names none that can be looked up. */
function upstreamOf(text: string): readonly Upstream[] {
  const name = text.startsWith('extended|') ? text.slice('extended|'.length) : text;
  if (/^(original|extended|other([-_].*)?)$/.test(name) || !isRepositoryName(name)) return [];
  return [{ key: 'source_datasets', name, uri: name.includes('/') ? `https://huggingface.co/datasets/${name}` : undefined }];
}

function ambiguous(path: string, card: Loose) {
  const { dataset, model } = tellingKeys(card);
  return {
    id: 'card-ambiguous',
    severity: 'medium',
    message: `the card has keys of a dataset (${dataset.join(', ')}) and of a model (${model.join(', ')}); it was used for neither`,
    fix: 'Remove the keys that do not belong to it.',
    file: path,
  } as const;
}

function otherSubject(path: string, kind: 'model' | 'dataset', keys: readonly string[]) {
  return {
    id: 'card-other-subject',
    severity: 'low',
    message: `the card at the root is that of a ${kind} (${keys.join(', ')}), the directory is described as a ${kind === 'model' ? 'dataset' : 'model'}`,
    fix:
      kind === 'model'
        ? 'Collect it without `--subject dataset`, or correct the card.'
        : 'Collect it with `--subject dataset`, or correct the card.',
    file: path,
  } as const;
}
