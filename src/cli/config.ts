/** The project's own configuration: `.msbom.yaml` or `.msbom.json`, or the file that is named. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { decodeUtf8, parseJson } from '../core/json.js';
import { nearest } from '../core/nearest.js';
import { ioError } from '../platform/io-error.js';
import { CONFIG_MEMBERS, type Config, wrongMember } from '../verbs/config.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { say, sayMore } from './printer.js';
import { findUpwards } from './project.js';

/** Found without being named: only data. */
const DATA = ['.msbom.yaml', '.msbom.json'];
const PROGRAMS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `msbom.config.${ending}`);
const MAX_BYTES = 1024 * 1024;

/**
 * The configuration named by `--config`, or the nearest that is data, from the working directory upwards. One that is a program is only
 * run when it is named. Data that lies in the directory that is described is somebody else's: it could leave files out of what is
 * described, so that it must be named too.
 * @throws ERR_CLI_USAGE, ERR_IO_*, ERR_JSON_*
 */
export async function readConfig(args: Arguments, io: Session, described?: string): Promise<Config> {
  const named = args.text('config');
  if (named !== undefined) return load(resolve(io.cwd, named), io);
  for (const name of PROGRAMS.filter((each) => existsSync(join(io.cwd, each)))) note(args, io, name, 'is a program');
  return (await findConfig(args, io, described))?.config ?? {};
}

/** The configuration of the project, and where it lies; undefined where there is none that counts. */
export async function findConfig(
  args: Arguments,
  io: Session,
  described?: string,
): Promise<{ readonly path: string; readonly config: Config } | undefined> {
  const path = await findUpwards(DATA, io, { described, note: (name, why) => note(args, io, name, why) });
  if (path === undefined) return undefined;
  sayMore(args, io, `configuration: ${path}`);
  return { path, config: await load(path, io) };
}

const note = (args: Arguments, io: Session, name: string, why: string): void =>
  say(args, io, `note: ${name} ${why} and was not loaded; name it with --config to load it`);

async function load(path: string, io: Session): Promise<Config> {
  await io.guard.reads(path);
  const file = basename(path);
  const value = await (/\.ya?ml$/.test(file)
    ? loadYaml(path, file)
    : file.endsWith('.json')
      ? loadJson(path, file)
      : loadModule(path, file));
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

/** A number that would not be written as it stands, such as the version 1.10, stays text. */
async function loadYaml(path: string, file: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw ioError(error, file, 'ERR_IO_READ');
  });
  if (bytes.byteLength > MAX_BYTES) throw new MsbomError('ERR_LIMIT_BYTES', `the configuration has more than ${MAX_BYTES} bytes`, { file });
  const { parseWrittenYaml } = await import('../core/yaml.js');
  const parsed = parseWrittenYaml(decodeUtf8(bytes, file));
  if ('problem' in parsed)
    throw new MsbomError('ERR_CLI_USAGE', `the configuration is not YAML: ${parsed.problem}`, { file, ...parsed.place });
  return parsed.value ?? {};
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
