/** All readers of dataset metadata, and of tables. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Limits } from '../../core/limits.js';
import { readArrow } from '../arrow/stream.js';
import { croissantSource } from '../croissant/index.js';
import { datapackageSource } from '../datapackage/index.js';
import { datasetCardSource } from '../dataset-card/index.js';
import { datasetInfoSource } from '../dataset-info/index.js';
import { kaggleMetadataSource } from '../kaggle-metadata/index.js';
import { readParquet } from '../parquet/footer.js';
import { tfdsSource } from '../tfds/index.js';
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
