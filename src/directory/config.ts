import type { JsonValue } from '../core/canonical-json.js';
import type { Manifest, PartyRef } from '../schema/index.js';

/** What `msbom.config.json` or `msbom.config.ts` may say: the options of `collect` and `record`, for a whole project. */
export interface Config {
  readonly name?: string;
  readonly group?: string;
  readonly version?: string;
  readonly authors?: readonly PartyRef[];
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
}

/** Types a configuration; the identity function. */
export function defineConfig(config: Config): Config {
  return config;
}

/** Names of the members, in the order of the documentation. */
export const CONFIG_KEYS = [
  'name',
  'group',
  'version',
  'authors',
  'with',
  'only',
  'exclude',
  'set',
  'overlay',
  'inputs',
  'outputs',
  'python',
  'sha512',
  'includePrivate',
] as const satisfies readonly (keyof Config)[];
