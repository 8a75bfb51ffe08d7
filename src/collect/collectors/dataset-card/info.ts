/** `dataset_info` and `configs` of a card: splits, features, data files. */
import { contentValues, type Split, splitValues } from '../../dataset/content.js';
import type { DatasetStatement, StatedFile, StatedPattern, StatedValue } from '../../dataset/statement.js';
import { count, inside } from '../../dataset/values.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';

/** A card with more is no card. */
const MAX_ITEMS = 10_000;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MAX_ITEMS) : []);
const oneOrMany = (value: unknown): readonly Loose[] =>
  (Array.isArray(value) ? list(value) : [value]).map(asObject).filter((each) => each !== undefined);

export function infoValues(info: unknown): readonly StatedValue[] {
  const configs = oneOrMany(info);
  const splits = configs.flatMap((config) => list(config.splits).flatMap((split) => splitOf(asObject(split), asText(config.config_name))));
  const [only] = configs.length === 1 ? configs : [];
  return [
    ...splitValues('dataset_info', splits, configs.length),
    ...(only === undefined
      ? []
      : contentValues(
          'dataset_info',
          list(only.features).flatMap((feature) => columnOf(asObject(feature))),
        )),
  ];
}

function splitOf(split: Loose | undefined, config: string | undefined): Split[] {
  const name = asText(split?.name);
  return name === undefined ? [] : [{ name, config, examples: count(split?.num_examples), bytes: count(split?.num_bytes) }];
}

/** A feature as YAML has it: `dtype` is a word, or an object whose only key says what the feature is. */
function columnOf(feature: Loose | undefined): { name: string; type: string; labels: readonly string[] }[] {
  const name = asText(feature?.name);
  if (feature === undefined || name === undefined) return [];
  const { dtype } = feature;
  const classes = asObject(asObject(dtype)?.class_label)?.names;
  const key = Object.keys(asObject(dtype) ?? {})[0] ?? Object.keys(feature).find((each) => each !== 'name' && each !== 'dtype');
  const type = asText(dtype) ?? (classes === undefined ? key : 'ClassLabel') ?? 'unknown';
  const names = Array.isArray(classes) ? classes : Object.values(asObject(classes) ?? {});
  return [{ name, type, labels: asTexts(names) }];
}

/** Files that `configs` lists: exact paths are files, others patterns. */
export function dataFiles(base: string, configs: unknown): Pick<DatasetStatement, 'files' | 'patterns'> {
  const files: StatedFile[] = [];
  const patterns: StatedPattern[] = [];
  for (const config of oneOrMany(configs)) {
    const directory = asText(config.data_dir);
    const root = directory === undefined ? base : `${inside(base, directory) ?? base.replace(/\/$/, '')}/`.replace(/^\//, '');
    for (const text of pathsOf(config.data_files)) {
      const path = inside(root, text);
      if (path === undefined) continue;
      if (/[*?[{]/.test(path)) patterns.push({ glob: path, key: 'configs' });
      else files.push({ path, key: 'configs', required: true });
    }
  }
  return { files, patterns };
}

/** `data_files` is a path, a list of paths, a map of splits to paths, or a list of splits with paths. */
function pathsOf(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? list(value) : [value];
  return items.flatMap((item) => {
    const object = asObject(item);
    if (object === undefined) return asTexts(item);
    return 'path' in object ? asTexts(object.path) : Object.values(object).slice(0, MAX_ITEMS).flatMap(asTexts);
  });
}
