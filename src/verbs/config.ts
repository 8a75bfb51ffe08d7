import type { JsonValue } from '../core/canonical-json.js';
import type { Waiver } from '../core/waiver.js';
import type { Manifest, Party } from '../schema/index.js';

/** What a configuration may say: the options of `collect` and `record`, for a whole project. */
export interface Config {
  readonly name?: string;
  readonly group?: string;
  readonly version?: string;
  readonly authors?: readonly Party[];
  /** Groups or ids of probes (`env`, `git`, `hardware`, `os`, `packages`). */
  readonly with?: readonly string[];
  /** Ids of the metadata sources to read; default all. */
  readonly only?: readonly string[];
  /** Paths by glob, or ids of metadata sources and probes, to leave out. */
  readonly exclude?: readonly string[];
  /** Values by pointer or dotted path. */
  readonly set?: Readonly<Record<string, JsonValue>>;
  /** A part of a manifest that is added to what the files say, and overrules it. */
  readonly overlay?: Partial<Omit<Manifest, '$schema' | 'evidence'>>;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly python?: string;
  readonly sha512?: boolean;
  readonly includePrivate?: boolean;
  /** Findings to live with, for the verbs that look at documents. */
  readonly waivers?: readonly Waiver[];
}

/** Types a configuration; the identity function. */
export function defineConfig(config: Config): Config {
  return config;
}

/** What the members hold, in the order of the documentation. */
export const CONFIG_MEMBERS = {
  name: 'a text',
  group: 'a text',
  version: 'a text',
  authors: 'a list of objects',
  with: 'a list of texts',
  only: 'a list of texts',
  exclude: 'a list of texts',
  set: 'an object',
  overlay: 'an object',
  inputs: 'a list of texts',
  outputs: 'a list of texts',
  python: 'a text',
  sha512: '`true` or `false`',
  includePrivate: '`true` or `false`',
  waivers: 'a list of objects',
} as const satisfies Readonly<Record<keyof Config, string>>;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const HOLDS: Readonly<Record<(typeof CONFIG_MEMBERS)[keyof Config], (value: unknown) => boolean>> = {
  'a text': (value) => typeof value === 'string',
  'a list of texts': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  'a list of objects': (value) => Array.isArray(value) && value.every(isObject),
  'an object': isObject,
  '`true` or `false`': (value) => typeof value === 'boolean',
};

/** What a member should hold and does not; undefined when it is right. A configuration is not always checked by a compiler. */
export function wrongMember(member: keyof Config, value: unknown): string | undefined {
  const kind = CONFIG_MEMBERS[member];
  return value === undefined || HOLDS[kind](value) ? undefined : kind;
}
