/** Splits and columns of a dataset, from whatever metadata states them. */
import { entryOf } from '../values.js';
import { inferred, type StatedValue, stated } from './statement.js';

export interface Split {
  readonly name: string;
  readonly config?: string | undefined;
  readonly examples?: number | undefined;
  /** As the library counts them, which need not be the bytes on disk. */
  readonly bytes?: number | undefined;
}

export interface Column {
  readonly name: string;
  /** In the source's own words. */
  readonly type: string;
  readonly labels?: readonly string[];
}

/** Wider tables are data sets of their own kind; their columns are not listed. */
const MAX_COLUMNS = 1000;
const MAX_LABELS = 10_000;

/** Types of columns that say what the data shows, in the words of libraries and vocabularies. */
const MODALITIES: Readonly<Record<string, string>> = {
  image: 'image',
  imageobject: 'image',
  audio: 'audio',
  audioobject: 'audio',
  video: 'video',
  videoobject: 'video',
};

/**
 * What splits say. The number of data points is stated only for one configuration with every split counted: several may
 * hold the same data in several forms.
 */
export function splitValues(key: string, splits: readonly Split[], configs: number): readonly StatedValue[] {
  const examples = splits.map((split) => split.examples);
  const total = examples.reduce<number | undefined>((sum, each) => (sum === undefined || each === undefined ? undefined : sum + each), 0);
  const certain = configs === 1 && splits.length > 0 && total !== undefined && Number.isSafeInteger(total);
  return [
    ...(certain ? stated('/size/dataPoints', `${key}.splits`, total) : []),
    ...stated(
      '/statistics/summary',
      `${key}.splits`,
      splits.length > 0 && splits.length <= 1000 ? splits.map(phrase).join('; ') : undefined,
    ),
  ];
}

function phrase({ name, config, examples, bytes }: Split): string {
  const counts = [
    ...(examples === undefined ? [] : [`${examples} examples`]),
    ...(bytes === undefined ? [] : [`${bytes} bytes as stated by the library`]),
  ];
  return `split ${config === undefined ? name : `${config}/${name}`}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}

/** What columns say of the content; `enumerated` are labels that stand apart from them. */
export function contentValues(key: string, columns: readonly Column[], enumerated: readonly string[] = []): readonly StatedValue[] {
  if (columns.length === 0 || columns.length > MAX_COLUMNS) return [];
  const labels = [...columns.flatMap((column) => column.labels ?? []), ...enumerated];
  const modalities = [...new Set(columns.flatMap(({ type }) => entryOf(MODALITIES, type.toLowerCase()) ?? []))].sort();
  return [
    ...stated('/content/types', `${key}.features`, [...new Set(columns.map(({ name, type }) => `${name}: ${type}`))]),
    ...stated('/content/labels', `${key}.features`, labels.length <= MAX_LABELS ? [...new Set(labels)] : undefined),
    ...inferred('/content/modalities', `${key}.features`, modalities),
  ];
}
