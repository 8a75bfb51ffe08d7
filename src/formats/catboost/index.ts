/**
 * CatBoost's binary model: `CBM1`, the size of the core, the core as a flatbuffer, then tables of categorical features.
 * Source: https://github.com/catboost/catboost/tree/master/catboost/libs/model/flatbuffers
 */
import type { ByteSource } from '../../core/byte-source.js';
import { openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import { knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { type FlatTable, openFlatbuffer } from '../shared/flatbuffer.js';
import { smallMetadata } from '../shared/small-metadata.js';
import { parseParameters, trainingParameters } from './parameters.js';

export interface CatboostHeader {
  readonly formatVersion: string | undefined;
  /** Texts by key; those that are not wanted or too long have their length only. */
  readonly info: ReadonlyMap<string, string | number>;
  /** `params`, parsed. */
  readonly parameters: unknown;
  /** Numbers of trees, leaf values and features. */
  readonly counts: ReadonlyMap<string, number>;
  /** Tables that lie behind the core. */
  readonly parts: readonly string[];
  readonly extraBytes: number;
}

const MAGIC = 'CBM1';
/** Fields of the tables, by their place in the schema. */
const CORE = { formatVersion: 0, trees: 1, info: 2, parts: 3 } as const;
const APPROX_DIMENSION = 0;
/** Vectors that are counted: name, field, bytes of an element. */
const COUNTED: readonly (readonly [string, number, number])[] = [
  ['trees', 2, 4],
  ['cat_features', 4, 4],
  ['float_features', 5, 4],
  ['leaf_values', 8, 8],
  ['text_features', 12, 4],
];
/** Long texts: histories of metrics and settings of the output. */
const UNREAD: ReadonlySet<string> = new Set(['training', 'output_options']);
const MAX_INFO = 10_000;
const MAX_INFO_BYTES = 4096;
const VERSION = /\b(?:tags\/v|CatBoost release )(\d+(?:\.\d+){1,3})\b/;
const COMMIT = /\bCommit: ([0-9a-f]{7,40})\b/;

export const catboost = defineReader<CatboostHeader>({
  id: 'catboost',
  title: 'CatBoost',
  extensions: ['.cbm'],
  sniff: (head) => head.byteLength >= 12 && String.fromCharCode(...head.subarray(0, 4)) === MAGIC,
  read: readModel,
  describe: describeModel,
  tensors: () => [],
});

async function readModel(source: ByteSource, limits: Limits): Promise<CatboostHeader> {
  const cursor = openCursor(source, limits, 4096);
  await cursor.fill(8);
  if (cursor.text(4) !== MAGIC) throw cursor.malformed('the file does not start with CBM1', 0);
  const end = 8 + cursor.u32();
  if (end > source.size)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the model says it has ${end} bytes, the file has ${source.size}`, {
      file: source.name,
      offset: 4,
      hint: 'Fetch the file again; it is shorter than its own header says.',
    });
  const core = await openFlatbuffer(source, limits, { start: 8, end });
  const trees = await core.table(CORE.trees);
  if (trees === undefined) throw cursor.malformed('the model has no trees', 8);
  const { info, params } = await readInfo(core, source);
  return {
    formatVersion: await core.text(CORE.formatVersion),
    info,
    parameters: params === undefined ? undefined : parseParameters(params, source.name, limits),
    counts: await countAll(trees),
    parts: await core.texts(CORE.parts),
    extraBytes: source.size - end,
  };
}

async function readInfo(core: FlatTable, source: ByteSource): Promise<{ info: Map<string, string | number>; params: string | undefined }> {
  const info = new Map<string, string | number>();
  let params: string | undefined;
  for await (const entry of core.tables(CORE.info)) {
    if (info.size >= MAX_INFO)
      throw new MsbomError('ERR_LIMIT_COUNT', `the model has more than ${MAX_INFO} notes`, { file: source.name, offset: entry.start });
    const key = await entry.text(0);
    if (key === undefined)
      throw new MsbomError('ERR_FORMAT_MALFORMED', 'a note of the model has no key', { file: source.name, offset: entry.start });
    const { length = 0 } = (await entry.vector(1, 1)) ?? {};
    const isShort = length <= MAX_INFO_BYTES && !UNREAD.has(key);
    if (key === 'params') params = await entry.text(1);
    else info.set(key, isShort ? ((await entry.text(1)) ?? '') : length);
  }
  return { info, params };
}

async function countAll(trees: FlatTable): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const [name, field, bytes] of COUNTED) {
    const found = await trees.vector(field, bytes);
    if (found !== undefined && found.length > 0) counts.set(name, found.length);
  }
  counts.set('approx_dimension', trees.number(APPROX_DIMENSION, 'i32', 0));
  return counts;
}

function describeModel({ formatVersion, info, parameters, counts, parts, extraBytes }: CatboostHeader): ModelFacts {
  const built = info.get('catboost_version_info');
  return knownFacts<ModelFacts>({
    format: 'catboost',
    formatVersion,
    role: 'weights',
    producers: typeof built === 'string' ? [{ key: 'catboost_version_info', value: producer(built) }] : undefined,
    hyperparameters: trainingParameters(parameters),
    metadata: smallMetadata([
      ...counts,
      ['class_names', classNames(info.get('class_params'))],
      ['catboost_commit', typeof built === 'string' ? COMMIT.exec(built)?.[1] : undefined],
      ...[...info].filter(([key]) => !OWN_PLACE.has(key) && !UNREAD.has(key)).map(described),
    ]),
    notInspected:
      parts.length > 0
        ? [`model parts behind the trees: ${parts.slice(0, 8).join(', ').slice(0, 200)}`]
        : extraBytes > 0
          ? [`${extraBytes} bytes behind the model`]
          : undefined,
  });
}

/** Told elsewhere; the version info names the people who built the library. */
const OWN_PLACE: ReadonlySet<string> = new Set(['catboost_version_info', 'class_params']);
const described = ([key, value]: readonly [string, string | number]): readonly [string, string] => [
  key,
  typeof value === 'number' ? `[${value} bytes left out]` : value,
];

function producer(built: string): { readonly name: string; readonly version?: string } {
  const version = VERSION.exec(built)?.[1];
  return { name: 'catboost', ...(version === undefined ? {} : { version }) };
}

function classNames(text: string | number | undefined): string | undefined {
  try {
    const { class_names: names } = JSON.parse(String(text)) as { readonly class_names?: unknown };
    return Array.isArray(names) && names.length > 0 && names.every((name) => typeof name !== 'object') ? names.join(', ') : undefined;
  } catch {
    return undefined; // a note that is not JSON names no classes
  }
}
