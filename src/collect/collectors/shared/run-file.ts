/** What files of training runs have in common: how they are read, and how what they say is put. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { decodeUtf8, parseJson } from '../../../core/json.js';
import { type Limits, metadataLimits } from '../../../core/limits.js';
import { parseTypedYaml } from '../../../core/yaml.js';
import type { Addition, Claim, MetadataFile, Origin } from '../../contribution.js';
import { plainValue } from '../../hyperparameters.js';
import { webUri } from '../../public-uri.js';
import { privateReason } from '../../redact.js';
import { asObject, type Loose } from '../../values.js';
import { unreadable } from './json-file.js';

/** Records of runs are small; a bigger one is not what its name says. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_YAML_BYTES = 2 * 1024 * 1024;
/** Training metrics taken from one source. */
const MAX_METRICS = 200;

export type Read<T> = { readonly value: T; readonly finding?: undefined } | { readonly value?: undefined; readonly finding: Finding };

/** A YAML document of any kind, with typed scalars. */
export function readYaml({ path, bytes }: MetadataFile): Read<JsonValue> {
  if (bytes.byteLength > MAX_YAML_BYTES) return { finding: unreadable(path, `the document has more than ${MAX_YAML_BYTES} bytes`) };
  const text = textOf(bytes);
  if (text === undefined) return { finding: unreadable(path, 'the file is not valid UTF-8') };
  const parsed = parseTypedYaml(text);
  return 'problem' in parsed
    ? { finding: unreadable(path, `the file is not YAML: ${parsed.problem}`, parsed.place) }
    : { value: parsed.value };
}

/** A YAML document that is a map. */
export function readYamlMap(file: MetadataFile): Read<Loose> {
  const read = readYaml(file);
  if (read.finding !== undefined) return read;
  const value = asObject(read.value);
  return value === undefined ? { finding: unreadable(file.path, 'the document is not a map') } : { value };
}

/** A JSON document that is an object. */
export function readJsonObject({ path, bytes }: MetadataFile, limits: Limits): Read<Loose> {
  try {
    const value = asObject(
      parseJson(bytes, {
        file: path,
        limits: metadataLimits(MAX_BYTES, limits),
        inexactIntegers: 'text',
      }),
    );
    return value === undefined ? { finding: unreadable(path, 'the document is not an object') } : { value };
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { finding: unreadable(path, error.message, { line: error.line, column: error.column, offset: error.offset }) };
  }
}

/** The text, or undefined when it is not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** A claim, when there is a value and none of it is private. */
export function claim(pointer: string, value: unknown, rank: number, from: Origin): readonly Claim[] {
  const plain = plainValue(value);
  return plain === undefined || plain === null ? [] : [{ kind: 'claim', pointer, value: plain, rank, from }];
}

export const addition = (list: string, item: { readonly [key: string]: JsonValue }, from: Origin): Addition => ({
  kind: 'addition',
  list,
  item,
  from,
});

/** Last values of metrics, as logged. */
export function metricAdditions(metrics: Iterable<readonly [string, unknown]>, from: Origin): readonly Addition[] {
  const additions: Addition[] = [];
  for (const [name, value] of metrics) {
    if (additions.length >= MAX_METRICS) break;
    if (typeof value !== 'number' || !Number.isFinite(value) || name === '' || name.length > 256 || plainValue(name) === undefined)
      continue;
    additions.push(addition('/model/training/metrics', { name, value: value + 0 }, { ...from, key: from.key ?? name }));
  }
  return additions;
}

/** Address of a repository without user, password and query; undefined when it is a place on a disk. */
export function repositoryUri(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 1024) return undefined;
  const ssh = /^(?:ssh:\/\/)?(?:[\w.-]{1,64}@)?([\w.-]{2,253})[:/]([\w./~-]+)$/.exec(text);
  if (ssh !== null && (text.startsWith('ssh://') || /^[\w.-]{1,64}@/.test(text))) return `ssh://${ssh[1]}/${ssh[2]?.replace(/^\/+/, '')}`;
  return webUri(text);
}

/** A moment in UTC from milliseconds since 1970. */
export function timestampOf(milliseconds: unknown): string | undefined {
  const isTime = typeof milliseconds === 'number' && milliseconds > 0 && milliseconds < 253_402_300_800_000;
  return isTime ? new Date(milliseconds).toISOString().replace(/\.000Z$/, 'Z') : undefined;
}

/** A moment that the source states in UTC: with `Z`, or by its own definition without. */
export function utcTimestamp(text: unknown, assumeUtc = false): string | undefined {
  if (typeof text !== 'string') return undefined;
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|\+00:00)?$/.exec(text);
  if (match === null || (match[4] === undefined && !assumeUtc)) return undefined;
  const moment = `${match[1]}T${match[2]}${/^\.0+$/.test(match[3] ?? '') ? '' : (match[3] ?? '')}Z`;
  return Number.isNaN(Date.parse(moment)) ? undefined : moment;
}

/** A script named relative to the repository; an absolute place says where somebody's disk has it. */
export function entrypointOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '' || text.length > 256 || text.startsWith('<')) return undefined;
  const plain = text.replace(/\\/g, '/').replace(/^\.\//, '');
  return /^([/~]|[A-Za-z]:|\.\.)/.test(plain) ? undefined : plain;
}

/** Arguments of a program, those that are places on a disk replaced by `…`; undefined when there are none. */
export function publicArguments(values: unknown): readonly string[] | undefined {
  if (!Array.isArray(values) || values.length === 0 || values.length > 1000) return undefined;
  return values.map((value) => {
    const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
    const [option = '', given] = text.split(/=(.*)/s, 2);
    if (given !== undefined && isPlace(given)) return `${option}=…`;
    return text.length > 512 || isPlace(text) ? '…' : text;
  });
}

const isPlace = (text: string): boolean =>
  /^([/~]|[A-Za-z]:\\|file:)/.test(text) || privateReason(text) !== undefined || /\p{Surrogate}/u.test(text);

/** What a source says of the machine or the interpreter that the training ran on. */
export const trainingEnvironment = (members: { readonly [key: string]: JsonValue }, from: Origin): readonly Addition[] =>
  Object.keys(members).length === 0 ? [] : [addition('/environments', { id: 'training', purpose: ['training'], ...members }, from)];
