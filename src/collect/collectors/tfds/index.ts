/**
 * dataset_info.json and features.json of TensorFlow Datasets, which are proto3 messages as JSON.
 * Source: https://github.com/tensorflow/datasets (tensorflow_datasets/core/proto/dataset_info.proto)
 */
import { baseName, directoryOf, type MetadataFile, RANKS } from '../../contribution.js';
import { datasetCollector } from '../../dataset/collector.js';
import { type Column, contentValues, type Split, splitValues } from '../../dataset/content.js';
import { datasetLicenses } from '../../dataset/license.js';
import {
  citation,
  type DatasetSource,
  type DatasetStatement,
  fromJsonObject,
  mentions,
  type StatedFile,
  stated,
} from '../../dataset/statement.js';
import { count, inside, webUrl } from '../../dataset/values.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';

const MAX_SHARDS = 100_000;

export const tfdsSource: DatasetSource = {
  id: 'tfds',
  files: '`dataset_info.json` and `features.json` of TensorFlow Datasets',
  method: 'TensorFlow Datasets metadata',
  rank: RANKS.run,
  mediaType: 'application/json',
  matches: (path) => /^(dataset_info|features)\.json$/.test(baseName(path)),
  read(file, { limits }) {
    const isInfo = baseName(file.path) === 'dataset_info.json';
    if (!mentions(file, isInfo ? '"splits"' : 'pythonClassName')) return undefined;
    return fromJsonObject(file, limits, (value) => (isInfo ? readInfo(value, file) : readFeatures(value)));
  },
};

export const tfds = datasetCollector(tfdsSource);

function readInfo(info: Loose, { path }: MetadataFile): DatasetStatement | undefined {
  if (!Array.isArray(info.splits) || asText(info.name) === undefined) return undefined;
  const splits = info.splits.slice(0, 1000).map((each: unknown) => asObject(each) ?? {});
  return {
    values: [
      ...stated('/name', 'name', asText(info.name)),
      ...stated('/version', 'version', asText(info.version)),
      ...stated('/description', 'description', asText(info.description)),
      ...stated('/uri', 'location.urls', asTexts(asObject(info.location)?.urls).flatMap((url) => webUrl(url) ?? [])[0]),
      ...stated('/licenses', 'redistributionInfo.license', datasetLicenses(asObject(info.redistributionInfo)?.license)),
      ...stated('/content/format', 'fileFormat', asText(info.fileFormat)),
      ...splitValues('dataset_info', splits.flatMap(splitOf), 1),
    ],
    items: citation('citation', asText(info.citation)),
    files: splits.flatMap((split) => shards(directoryOf(path), info, split)),
    metadata: Object.fromEntries(
      ['configName', 'moduleName', 'fileFormat'].flatMap((key) => {
        const text = asText(info[key]);
        return text === undefined || text.length > 512 ? [] : [[key, text] as const];
      }),
    ),
  };
}

function shardLengths(split: Loose): readonly (number | undefined)[] {
  return Array.isArray(split.shardLengths) ? split.shardLengths.slice(0, MAX_SHARDS).map(count) : [];
}

function splitOf(split: Loose): Split[] {
  const name = asText(split.name);
  const lengths = shardLengths(split);
  const examples = lengths.reduce<number | undefined>((sum, each) => (sum === undefined || each === undefined ? undefined : sum + each), 0);
  return name === undefined ? [] : [{ name, examples: lengths.length === 0 ? undefined : examples, bytes: count(split.numBytes) }];
}

/** Files of a split, by the template that names them. */
function shards(base: string, info: Loose, split: Loose): readonly StatedFile[] {
  const template = asText(split.filepathTemplate);
  const total = shardLengths(split).length;
  const name = asText(split.name);
  if (template === undefined || name === undefined || total === 0 || total > MAX_SHARDS) return [];
  const pad = (number: number): string => String(number).padStart(5, '0');
  return Array.from({ length: total }, (_, i) => i).flatMap((i): StatedFile[] => {
    const values: Readonly<Record<string, string>> = {
      DATASET: asText(info.name) ?? '',
      SPLIT: name,
      FILEFORMAT: asText(info.fileFormat) ?? 'tfrecord',
      SHARD_INDEX: pad(i),
      NUM_SHARDS: pad(total),
      SHARD_X_OF_Y: `${pad(i)}-of-${pad(total)}`,
    };
    const path = inside(
      base,
      template.replace(/\{([A-Z_]{1,20})\}/g, (whole, key: string) => values[key] ?? whole),
    );
    return path === undefined || path.includes('{') ? [] : [{ path, key: 'splits.filepathTemplate', required: true }];
  });
}

/** Features are nested messages: each names its Python class and holds its details in one member. */
function readFeatures(document: Loose): DatasetStatement | undefined {
  const features = asObject(asObject(document.featuresDict)?.features);
  if (features === undefined) return undefined;
  const columns = Object.entries(features).map(
    ([name, feature]): Column => ({ name, type: (asText(asObject(feature)?.pythonClassName) ?? 'unknown').split('.').at(-1) ?? 'unknown' }),
  );
  return { values: contentValues('features', columns) };
}
