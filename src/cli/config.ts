/** The project's own configuration: `msbom.config.json` or `msbom.config.ts`. */
import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { nearest } from '../core/nearest.js';
import { CONFIG_MEMBERS, type Config, wrongMember } from '../directory/config.js';
import { ioError } from '../node/io-error.js';
import type { Arguments } from './command.js';
import type { Io } from './io.js';
import { say } from './printer.js';

const NAMES = ['msbom.config.json', 'msbom.config.ts'] as const;
const MAX_BYTES = 1024 * 1024;

/**
 * The configuration named by `--config`, or the one in the current directory. One that lies in the directory that is
 * described is data of somebody else: it is never loaded unless it is named, since it may be a program.
 * @throws ERR_CLI_USAGE, ERR_IO_*, ERR_JSON_*
 */
export async function readConfig(args: Arguments, io: Io, described?: string): Promise<Config> {
  const named = args.text('config');
  if (named !== undefined) return load(resolve(io.cwd, named));
  const found = NAMES.map((name) => join(io.cwd, name)).filter((path) => existsSync(path));
  const [first] = found;
  if (first === undefined) return {};
  if (found.length > 1)
    throw new MsbomError('ERR_CLI_USAGE', `there are both ${NAMES.join(' and ')}`, { hint: 'name one with --config, or remove one' });
  if (described !== undefined && (await liesIn(first, resolve(io.cwd, described)))) {
    say(
      args,
      io,
      `note: ${basename(first)} lies in the directory that is described and was not loaded; name it with --config to load it\n`,
    );
    return {};
  }
  return load(first);
}

/** Wherever links lead. */
async function liesIn(file: string, directory: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([file, directory].map((path) => realpath(path).catch(() => path)));
  return !relative(outer ?? directory, inner ?? file).startsWith('..');
}

async function load(path: string): Promise<Config> {
  const file = basename(path);
  const value = path.endsWith('.json') ? await loadJson(path, file) : await loadModule(path, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MsbomError('ERR_CLI_USAGE', 'the configuration holds no object', {
      file,
      hint: 'export an object, as docs/configuration.md shows',
    });
  for (const [key, member] of Object.entries(value)) {
    if (!isMember(key)) throw unknownMember(key, file);
    const kind = wrongMember(key, member);
    if (kind !== undefined) throw new MsbomError('ERR_CLI_USAGE', `\`${key}\` is not ${kind}`, { file, hint: 'see docs/configuration.md' });
  }
  return value as Config; // its members are; what is inside `authors`, `set` and `overlay` is validated with the manifest
}

const isMember = (key: string): key is keyof Config => Object.hasOwn(CONFIG_MEMBERS, key);

function unknownMember(key: string, file: string): MsbomError {
  const members = Object.keys(CONFIG_MEMBERS);
  const guess = nearest(key, members);
  return new MsbomError('ERR_CLI_USAGE', `there is no member \`${key}\``, {
    file,
    hint: guess === undefined ? `the members are ${members.join(', ')}` : `did you mean \`${guess}\`?`,
  });
}

async function loadJson(path: string, file: string): Promise<unknown> {
  try {
    return parseJson(await readFile(path), { file, limits: { maxDocumentBytes: MAX_BYTES, maxDepth: 64 } });
  } catch (error) {
    throw ioError(error, file, 'ERR_IO_READ');
  }
}

async function loadModule(path: string, file: string): Promise<unknown> {
  if (!existsSync(path)) throw new MsbomError('ERR_IO_NOT_FOUND', 'the configuration does not exist', { file });
  const { createJiti } = await import('jiti');
  try {
    return await createJiti(path, { interopDefault: true, moduleCache: false }).import(path, { default: true });
  } catch (cause) {
    throw new MsbomError('ERR_CLI_USAGE', `the configuration cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      file,
      cause,
    });
  }
}
