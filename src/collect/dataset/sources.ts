/** All readers of dataset metadata, and of tables. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Limits } from '../../core/limits.js';
import { readArrow } from '../sources/arrow/stream.js';
import { croissantSource } from '../sources/croissant/index.js';
import { datapackageSource } from '../sources/datapackage/index.js';
import { datasetCardSource } from '../sources/dataset-card/index.js';
import { datasetInfoSource } from '../sources/dataset-info/index.js';
import { kaggleMetadataSource } from '../sources/kaggle-metadata/index.js';
import { readParquet } from '../sources/parquet/footer.js';
import { tfdsSource } from '../sources/tfds/index.js';
import { dvcFileSource } from './dvc-file.js';
import type { DatasetSource } from './statement.js';
import type { TableFacts } from './tables.js';

/** Sorted by id. */
export const DATASET_SOURCES: readonly DatasetSource[] = [
  croissantSource,
  datapackageSource,
  datasetCardSource,
  datasetInfoSource,
  dvcFileSource,
  kaggleMetadataSource,
  tfdsSource,
];

export interface TableReader {
  /** The format's own name. */
  readonly title: string;
  readonly pattern: RegExp;
  readonly read: (source: ByteSource, limits: Limits) => Promise<TableFacts>;
}

export const TABLE_READERS: readonly TableReader[] = [
  { title: 'Arrow', pattern: /\.arrow$/i, read: readArrow },
  { title: 'Parquet', pattern: /\.parquet$/i, read: readParquet },
];
