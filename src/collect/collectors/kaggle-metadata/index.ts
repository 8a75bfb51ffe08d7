/** dataset-metadata.json of the Kaggle API. Source: https://github.com/Kaggle/kaggle-api/blob/main/docs/datasets_metadata.md */
import { baseName, directoryOf, type MetadataFile, RANKS } from '../../contribution.js';
import { datasetCollector } from '../../dataset/collector.js';
import { type Column, contentValues } from '../../dataset/content.js';
import { datasetLicenses } from '../../dataset/license.js';
import { type DatasetSource, type DatasetStatement, fromJsonObject, identifier, type StatedFile, stated } from '../../dataset/statement.js';
import { inside } from '../../dataset/values.js';
import { asObject, asText, type Loose } from '../../values.js';

export const kaggleMetadataSource: DatasetSource = {
  id: 'kaggle-metadata',
  files: '`dataset-metadata.json` of Kaggle',
  method: 'Kaggle dataset metadata',
  rank: RANKS.card,
  mediaType: 'application/json',
  matches: (path) => baseName(path) === 'dataset-metadata.json',
  read: (file, { limits }) => fromJsonObject(file, limits, (value) => readMetadata(value, file)),
};

export const kaggleMetadata = datasetCollector(kaggleMetadataSource);

function readMetadata(document: Loose, { path }: MetadataFile): DatasetStatement | undefined {
  // What the service hands out is wrapped in `info`; what is uploaded is not.
  const metadata = asObject(document.info) ?? document;
  const slug = asText(document.id) ?? asText(metadata.id);
  if (asText(metadata.title) === undefined && slug === undefined) return undefined;
  const resources = objects(metadata.resources ?? metadata.data);
  const isSlug = slug !== undefined && /^[\w-]+\/[\w-]+$/.test(slug) && !slug.startsWith('INSERT_');
  return {
    values: [
      ...stated('/name', 'title', asText(metadata.title) ?? (isSlug ? slug : undefined)),
      ...stated('/uri', 'id', isSlug ? `https://www.kaggle.com/datasets/${slug}` : undefined),
      ...stated('/description', 'description', asText(metadata.description) ?? asText(metadata.subtitle)),
      ...stated('/licenses', 'licenses', datasetLicenses(metadata.licenses)),
      ...stated('/maintenance/updateMechanism', 'expectedUpdateFrequency', asText(metadata.expectedUpdateFrequency)),
      ...stated('/collection/description', 'userSpecifiedSources', asText(metadata.userSpecifiedSources)),
      ...contentValues('resources.schema', resources.flatMap(columnsOf)),
    ],
    items: isSlug ? [identifier('id', { type: 'other', scheme: 'kaggle', value: slug })] : [],
    // The list need not be whole.
    partial: true,
    files: resources.flatMap((resource): StatedFile[] => {
      const name = asText(resource.path) ?? asText(resource.name);
      const place = name === undefined ? undefined : inside(directoryOf(path), name);
      return place === undefined ? [] : [{ path: place, key: 'resources', required: true }];
    }),
  };
}

const objects = (value: unknown): readonly Loose[] =>
  (Array.isArray(value) ? value.slice(0, 100_000) : []).map(asObject).filter((each) => each !== undefined);

function columnsOf(resource: Loose): readonly Column[] {
  return objects(asObject(resource.schema)?.fields).flatMap((field): Column[] => {
    const name = asText(field.name);
    return name === undefined ? [] : [{ name, type: asText(field.type) ?? 'any' }];
  });
}
