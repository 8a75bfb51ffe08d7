/**
 * LightGBM's text model: the lines before the trees, and the parameters behind them. Trees are skipped.
 * Source: https://github.com/microsoft/LightGBM/blob/master/src/boosting/gbdt_model_text.cpp
 */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import { knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';

export interface LightgbmHeader {
  /** Lines `key=value` before the trees. */
  readonly head: ReadonlyMap<string, string>;
  /** Words of the head that have no value, such as `average_output`. */
  readonly flags: readonly string[];
  readonly trees: number;
  /** Lines `[name: value]` behind the trees; undefined when there is no such block. */
  readonly parameters?: ReadonlyMap<string, string>;
}

const START = /^tree\r?\n(version=v\d+\r?\n)?num_class=\d+\r?\n/;
const END_OF_TREES = 'end of trees';
const PARAMETERS = 'parameters:';
const END_OF_PARAMETERS = 'end of parameters';
const MAX_PARAMETERS = 1000;
const MAX_VALUE = 512;
/** Files and machines of whoever trained the model: they say nothing of the model. */
const PRIVATE = new Set(
  (
    'data valid input_model output_model output_result snapshot_freq machines machine_list_filename local_listen_port ' +
    'forcedsplits_filename forcedbins_filename parser_config_file initscore_filename valid_data_initscores convert_model'
  ).split(' '),
);
const SHOWN: readonly string[] = ['num_class', 'num_tree_per_iteration', 'label_index', 'max_feature_idx', 'objective'];

export const lightgbm = defineReader<LightgbmHeader>({
  id: 'lightgbm',
  title: 'LightGBM',
  extensions: ['.lgb'],
  sniff: (head) => head[0] === 0x74 && START.test(new TextDecoder('latin1').decode(head.subarray(0, 128))),
  read: readModel,
  describe: describeModel,
  tensors: () => [],
});

async function readModel(source: ByteSource, limits: Limits): Promise<LightgbmHeader> {
  const cursor = openCursor(source, limits);
  const head = new Map<string, string>();
  const flags: string[] = [];
  if ((await readLine(cursor, limits)) !== 'tree') throw cursor.malformed('the model does not start with `tree`', 0);
  let line = await readLine(cursor, limits);
  for (; line !== undefined && !isTree(line) && line !== END_OF_TREES; line = await readLine(cursor, limits)) {
    const [key = '', value] = split(line, '=');
    if (value === undefined) {
      if (line !== '') flags.push(line);
    } else if (head.has(key)) throw cursor.malformed(`the key \`${key.slice(0, 80)}\` stands twice`);
    else head.set(key, value);
    if (head.size + flags.length > MAX_PARAMETERS) throw tooMany(cursor);
  }
  if (!head.has('num_class')) throw cursor.malformed('the model does not say how many classes it has', 0);
  const trees = await skipTrees(cursor, line, head, limits);
  const parameters = await readParameters(cursor, limits);
  return { head, flags, trees, ...(parameters === undefined ? {} : { parameters }) };
}

const isTree = (line: string): boolean => line.startsWith('Tree=');
const isEnd = (line: string): boolean => line === END_OF_TREES || /^feature[ _]importances:$/.test(line);

/**
 * Moves behind the trees: in one step where `tree_sizes` leads to their end, else line by line. `line` is the one that was
 * read last. The result is the number of trees.
 */
async function skipTrees(cursor: Cursor, line: string | undefined, head: LightgbmHeader['head'], limits: Limits): Promise<number> {
  if (line === undefined || !isTree(line)) return 0;
  const sizes = (head.get('tree_sizes') ?? '').split(' ').filter((size) => size !== '');
  const firstTree = cursor.position - line.length - 1;
  const behind = sizes.reduce((sum, size) => sum + (/^\d{1,15}$/.test(size) ? Number(size) : Number.NaN), firstTree);
  const resume = cursor.position;
  if (behind > resume && behind < cursor.source.size) {
    cursor.seek(behind);
    if ((await readLine(cursor, limits)) === END_OF_TREES) return sizes.length;
    cursor.seek(resume);
  }
  let trees = 1;
  for (let next = await readLine(cursor, limits); next !== undefined && !isEnd(next); next = await readLine(cursor, limits)) {
    if (isTree(next)) trees++;
    if (next === PARAMETERS) cursor.seek(cursor.position - PARAMETERS.length - 1);
    if (next === PARAMETERS) break;
  }
  return trees;
}

async function readParameters(cursor: Cursor, limits: Limits): Promise<ReadonlyMap<string, string> | undefined> {
  let line = await readLine(cursor, limits);
  while (line !== undefined && line !== PARAMETERS) line = await readLine(cursor, limits);
  if (line === undefined) return undefined;
  const parameters = new Map<string, string>();
  for (;;) {
    const offset = cursor.position;
    const next = await readLine(cursor, limits);
    if (next === END_OF_PARAMETERS) return parameters;
    if (next === undefined)
      throw new MsbomError('ERR_FORMAT_TRUNCATED', 'the parameters have no end', { file: cursor.source.name, offset: cursor.position });
    if (next === '') continue;
    const [, name, value = ''] = /^\[([^:[\]]{1,100}): ?(.*)\]$/.exec(next) ?? [];
    if (name === undefined) throw cursor.malformed('a parameter is not of the form `[name: value]`', offset);
    if (parameters.size >= MAX_PARAMETERS) throw tooMany(cursor);
    parameters.set(name, value);
  }
}

const lenient = new TextDecoder('utf-8');

/** The next line without its end; undefined behind the last one. */
async function readLine(cursor: Cursor, limits: Limits): Promise<string | undefined> {
  if (cursor.position >= cursor.source.size) return undefined;
  const start = cursor.position;
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let ended = false; !ended && cursor.position < cursor.source.size; ) {
    if (cursor.buffered < 1) await cursor.fill(1);
    const at = cursor.position;
    const page = cursor.bytes(cursor.buffered);
    const end = page.indexOf(0x0a);
    ended = end !== -1;
    const part = page.slice(0, ended ? end : page.byteLength);
    parts.push(part);
    length += part.byteLength;
    if (ended) cursor.seek(at + end + 1);
    if (length > limits.maxStringBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `a line has more than ${limits.maxStringBytes} bytes`, {
        file: cursor.source.name,
        offset: start,
      });
  }
  const text = parts.map((part) => lenient.decode(part, { stream: true })).join('') + lenient.decode();
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function split(line: string, mark: string): readonly [string, string?] {
  const at = line.indexOf(mark);
  return at === -1 ? [line] : [line.slice(0, at), line.slice(at + mark.length)];
}

function tooMany(cursor: Cursor): MsbomError {
  return new MsbomError('ERR_LIMIT_COUNT', `the model has more than ${MAX_PARAMETERS} settings`, {
    file: cursor.source.name,
    offset: cursor.position,
  });
}

function describeModel({ head, flags, trees, parameters }: LightgbmHeader): ModelFacts {
  const names = (head.get('feature_names') ?? '').split(' ').filter((name) => name !== '').length;
  const metadata: [string, string][] = SHOWN.flatMap((key): [string, string][] => {
    const value = head.get(key);
    return value === undefined || value === '' || value.length > MAX_VALUE ? [] : [[key, value]];
  });
  metadata.push(['trees', String(trees)]);
  if (names > 0) metadata.push(['feature_names', String(names)]);
  if (flags.includes('average_output')) metadata.push(['average_output', 'true']);
  return knownFacts<ModelFacts>({
    format: 'lightgbm',
    formatVersion: head.get('version')?.slice(0, 40),
    role: 'weights',
    hyperparameters: hyperparameters(head, parameters),
    metadata: Object.fromEntries(metadata),
    notInspected: parameters === undefined ? ['training parameters: the model has no block of them'] : undefined,
  });
}

type Settings = NonNullable<ModelFacts['hyperparameters']>;

function hyperparameters(head: LightgbmHeader['head'], parameters: LightgbmHeader['parameters']): Settings {
  const [objective = ''] = (head.get('objective') ?? '').split(' ');
  const known: readonly (readonly [string, string])[] =
    parameters === undefined ? (objective === '' ? [] : [['objective', objective]]) : [...parameters];
  const block = parameters === undefined ? '' : 'parameters.';
  return known.flatMap(([name, value]) =>
    value === '' || value.length > MAX_VALUE || PRIVATE.has(name)
      ? []
      : [{ key: `${block}${name}`, value: { name, value: scalar(value) } }],
  );
}

/** Whole numbers that a double cannot hold stay texts. */
function scalar(text: string): string | number {
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text;
  const number = Number(text);
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !Number.isInteger(number)) ? number : text;
}
