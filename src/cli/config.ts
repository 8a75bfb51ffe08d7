/** The project's own configuration: `msbom.config.json`, or the file that is named. */
import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { nearest } from '../core/nearest.js';
import { ioError } from '../platform/io-error.js';
import { CONFIG_MEMBERS, type Config, wrongMember } from '../verbs/config.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { say } from './printer.js';

/** Found without being named: only data. */
const DATA = 'msbom.config.json';
const PROGRAMS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `msbom.config.${ending}`);
const MAX_BYTES = 1024 * 1024;

/**
 * The configuration named by `--config`, or `msbom.config.json` of the current directory. One that is a program is only run
 * when it is named. Data that lies in the directory that is described is somebody else's: it could leave files out of what is
 * scanned, so that it must be named too.
 * @throws ERR_CLI_USAGE, ERR_IO_*, ERR_JSON_*
 */
export async function readConfig(args: Arguments, io: Session, described?: string): Promise<Config> {
  const named = args.text('config');
  if (named !== undefined) return load(resolve(io.cwd, named), io);
  const note = (name: string, why: string): void =>
    say(args, io, `note: ${name} ${why} and was not loaded; name it with --config to load it`);
  for (const name of PROGRAMS.filter((each) => existsSync(join(io.cwd, each)))) note(name, 'is a program');
  const path = join(io.cwd, DATA);
  if (!existsSync(path)) return {};
  if (described === undefined || !(await liesIn(path, resolve(io.cwd, described)))) return load(path, io);
  note(DATA, 'lies in the directory that is described');
  return {};
}

/** Wherever links lead: by its own place, or by that of what it points to. */
async function liesIn(file: string, directory: string): Promise<boolean> {
  const [inner = file, beside = file, outer = directory] = await Promise.all(
    [file, dirname(file), directory].map((path) => realpath(path).catch(() => path)),
  );
  return [inner, join(beside, basename(file))].some((path) => {
    const way = relative(outer, path);
    return !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
  });
}

async function load(path: string, io: Session): Promise<Config> {
  await io.guard.reads(path);
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
