/** Features of the `datasets` library, as it writes them into dataset_info.json and into the metadata of Arrow and Parquet. */
import { parseJson } from '../../core/json.js';
import { asObject, asText, asTexts, type Loose } from '../values.js';
import type { Column } from './content.js';

const MAX_JSON = 1024 * 1024;

/** Columns from `features`. */
export function featureColumns(features: Loose | undefined): readonly Column[] {
  return Object.entries(features ?? {}).map(([name, feature]) => {
    const { dtype, names, _type } = asObject(feature) ?? {};
    return { name, type: asText(dtype) ?? asText(_type) ?? (Array.isArray(feature) ? 'list' : 'struct'), labels: asTexts(names ?? []) };
  });
}

/** Columns from the value of the key `huggingface`; undefined when it is not what the library writes. */
export function embeddedColumns(text: string | undefined): readonly Column[] | undefined {
  if (text === undefined || text.length > MAX_JSON) return undefined;
  try {
    const features = asObject(asObject(asObject(parseJson(text, { inexactIntegers: 'text' }))?.info)?.features);
    return features === undefined ? undefined : featureColumns(features);
  } catch {
    // A hint that cannot be read is no hint; the columns of the schema stand.
    return undefined;
  }
}

/** Version of pandas in the value of the key `pandas`. */
export function pandasVersion(text: string | undefined): string | undefined {
  return /"pandas_version": ?"([\w.+-]{1,50})"/.exec((text ?? '').slice(0, MAX_JSON))?.[1];
}
