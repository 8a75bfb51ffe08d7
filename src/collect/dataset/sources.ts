/** All readers of dataset metadata, and of tables. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Limits } from '../../core/limits.js';
import { readArrow } from '../collectors/arrow/stream.js';
import { croissantSource } from '../collectors/croissant/index.js';
import { datapackageSource } from '../collectors/datapackage/index.js';
import { datasetCardSource } from '../collectors/dataset-card/index.js';
import { datasetInfoSource } from '../collectors/dataset-info/index.js';
import { kaggleMetadataSource } from '../collectors/kaggle-metadata/index.js';
import { readParquet } from '../collectors/parquet/footer.js';
import { tfdsSource } from '../collectors/tfds/index.js';
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
