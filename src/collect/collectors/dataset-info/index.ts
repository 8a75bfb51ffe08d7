/**
 * What the `datasets` library writes beside its data: dataset_info.json, the older dataset_infos.json, state.json and
 * dataset_dict.json. Source: https://github.com/huggingface/datasets (info.py, arrow_dataset.py, dataset_dict.py)
 */
import { baseName, directoryOf, type MetadataFile, RANKS } from '../../contribution.js';
import { datasetCollector } from '../../dataset/collector.js';
import { contentValues, type Split, splitValues } from '../../dataset/content.js';
import { featureColumns } from '../../dataset/features.js';
import { datasetLicenses } from '../../dataset/license.js';
import {
  citation,
  type DatasetContext,
  type DatasetSource,
  type DatasetStatement,
  fromJsonObject,
  mentions,
  type StatedFile,
  type StatedValue,
  stated,
} from '../../dataset/statement.js';
import { count, digestOf, inside, pathOfUrl, webUrl } from '../../dataset/values.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';

/** Loaders of the library that read any data: their names are no name of a dataset. */
const LOADERS = new Set(
  (
    'arrow audiofolder cache conll csv eval fasta fastq genbank generator harbor hdf5 iceberg imagefolder json lance meshfolder mmcif ' +
    'niftifolder pandas parquet pdb pdffolder spark sql text tsfile videofolder vortex webdataset xml'
  ).split(' '),
);
const MAX_ITEMS = 100_000;

export const datasetInfoSource: DatasetSource = {
  id: 'dataset-info',
  files: '`dataset_info.json`, `dataset_infos.json`, `state.json`, `dataset_dict.json` of the `datasets` library',
  method: 'datasets library metadata',
  rank: RANKS.run,
  mediaType: 'application/json',
  matches: (path) => /^(dataset_infos?|state|dataset_dict)\.json$/.test(baseName(path)),
  read(file, context) {
    const reader = READERS[baseName(file.path)];
    return reader === undefined || !mentions(file, reader.word)
      ? undefined
      : fromJsonObject(file, context.limits, (value) => reader.read(value, file, context));
  },
};

export const datasetInfo = datasetCollector(datasetInfoSource);

interface Reader {
  /** A file without this word is of another kind. */
  readonly word: string;
  readonly read: (value: Loose, file: MetadataFile, context: DatasetContext) => DatasetStatement | undefined;
}

const READERS: Readonly<Record<string, Reader>> = {
  'dataset_info.json': { word: 'features', read: (value, file, context) => readInfos([[undefined, value]], file, context) },
  'dataset_infos.json': {
    word: 'features',
    read: (value, file, context) =>
      readInfos(
        Object.entries(value)
          .slice(0, 1000)
          .flatMap(([name, info]) => [[name, asObject(info) ?? {}] as const]),
        file,
        context,
      ),
  },
  'state.json': { word: '_data_files', read: readState },
  'dataset_dict.json': {
    word: 'splits',
    read: (value) => (Array.isArray(value.splits) ? { values: [], metadata: { splits: asTexts(value.splits).join(', ') } } : undefined),
  },
};

/** One description for each configuration; what is said of the whole is taken from the first that says it. */
function readInfos(
  infos: readonly (readonly [string | undefined, Loose])[],
  file: MetadataFile,
  { paths }: DatasetContext,
): DatasetStatement | undefined {
  // TensorFlow Datasets has a file of the same name; there `splits` is a list and `features` stand elsewhere.
  const known = infos.filter(([, info]) => !Array.isArray(info.splits) && ('features' in info || asObject(info.splits) !== undefined));
  const [first] = known;
  if (first === undefined) return undefined;
  const base = directoryOf(file.path);
  // Beside state.json the counts are those of the dataset that was loaded, before any filter or selection of a split.
  const counts = paths.has(`${base}state.json`)
    ? []
    : splitValues(
        'dataset_info',
        known.flatMap(([name, info]) => splitsOf(info, name)),
        known.length,
      );
  const info = Object.assign({}, ...known.map(([, each]) => withoutEmpty(each)).reverse()) as Loose; // entries of JSON objects
  return {
    values: [
      ...general(info),
      ...counts,
      ...(known.length === 1 ? contentValues('dataset_info', featureColumns(asObject(first[1].features))) : []),
    ],
    items: citation('citation', asText(info.citation)),
    files: known.flatMap(([, each]) => downloads(base, asObject(each.download_checksums))),
    metadata: textsOf(info, ['builder_name', 'config_name']),
  };
}

const withoutEmpty = (info: Loose): Loose => Object.fromEntries(Object.entries(info).filter(([, value]) => value !== null && value !== ''));

function general(info: Loose): readonly StatedValue[] {
  const name = asText(info.dataset_name) ?? asText(info.builder_name);
  const version = asText(asObject(info.version)?.version_str) ?? asText(info.version);
  return [
    ...stated('/name', 'dataset_name', name === undefined || LOADERS.has(name) ? undefined : name),
    // 0.0.0 is what the library writes when nobody gave a version.
    ...stated('/version', 'version', version === '0.0.0' ? undefined : version),
    ...stated('/description', 'description', asText(info.description)),
    ...stated('/uri', 'homepage', webUrl(info.homepage)),
    ...stated('/licenses', 'license', datasetLicenses(info.license)),
  ];
}

function splitsOf(info: Loose, config: string | undefined): readonly Split[] {
  return Object.entries(asObject(info.splits) ?? {})
    .slice(0, 1000)
    .map(([name, split]) => ({ name, config, examples: count(asObject(split)?.num_examples), bytes: count(asObject(split)?.num_bytes) }));
}

/** SHA-256 of what was downloaded to make the data; such a file may lie here under its own name, and need not. */
function downloads(base: string, checksums: Loose | undefined): readonly StatedFile[] {
  return Object.entries(checksums ?? {})
    .slice(0, MAX_ITEMS)
    .flatMap(([url, value]) => {
      const path = /^[a-z]+:/i.test(url) ? pathOfUrl(url) : undefined;
      const place = path === undefined ? undefined : inside(base, path);
      const { checksum, num_bytes } = asObject(value) ?? {};
      if (place === undefined) return [];
      return [{ path: place, digest: digestOf('sha256', checksum), size: count(num_bytes), key: 'download_checksums', required: false }];
    });
}

function readState(state: Loose, { path }: MetadataFile): DatasetStatement | undefined {
  if (!Array.isArray(state._data_files)) return undefined;
  const base = directoryOf(path);
  const files = state._data_files.slice(0, MAX_ITEMS).flatMap((entry: unknown) => {
    const name = asText(asObject(entry)?.filename);
    const place = name === undefined ? undefined : inside(base, name);
    return place === undefined ? [] : [{ path: place, key: '_data_files', required: true }];
  });
  return { values: [], files, metadata: textsOf(state, ['_fingerprint', '_split']) };
}

function textsOf(object: Loose, keys: readonly string[]): { readonly [key: string]: string } {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const text = asText(object[key]);
      return text === undefined || text.length > 512 ? [] : [[key, text] as const];
    }),
  );
}
