/** What `msbom collect` leaves out by patterns: files of them, and what tools leave lying about. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { type Ignores, readIgnores } from '../collect/disk/ignore.js';
import { WORKSPACE_PATTERNS } from '../collect/disk/left-out.js';
import { MsbomError } from '../core/error.js';
import { decodeUtf8 } from '../core/json.js';
import { ioError } from '../platform/io-error.js';
import type { Arguments, Options } from './command.js';
import type { Session } from './io.js';
import { say, sayMore } from './printer.js';
import { findUpwards, liesIn } from './project.js';

export const IGNORE_OPTIONS: Options = {
  ignore: {
    type: 'string',
    value: 'FILE|workspace',
    multiple: true,
    help: 'leave out what patterns in FILE match, as .gitignore has them, or `workspace`: environments, caches and settings of tools; default the nearest .msbomignore, from the working directory upwards',
  },
};

const NAME = '.msbomignore';
const MAX_BYTES = 1024 * 1024;

/**
 * A test for paths below the described directory. A file of patterns that lies in it counts only when it is named, for it came with the
 * model.
 * @throws ERR_IO_*, ERR_LIMIT_*, ERR_JSON_ENCODING, ERR_CLI_USAGE
 */
export async function ignoring(args: Arguments, io: Session, described: string): Promise<Ignores> {
  const found = args.given('ignore')
    ? undefined
    : await findUpwards([NAME], io, {
        described,
        note: (name, why) => say(args, io, `note: ${name} ${why} and was not used; name it with --ignore to use it`),
      });
  const tests: Ignores[] = [];
  for (const each of args.texts('ignore'))
    tests.push(
      each === 'workspace' ? readIgnores(WORKSPACE_PATTERNS.join('\n'), each) : await ofFile(resolve(io.cwd, each), each, io, described),
    );
  if (found !== undefined) {
    sayMore(args, io, `patterns of what is left out: ${found}`);
    tests.push(await ofFile(found, NAME, io, described));
  }
  return (path) => tests.some((test) => test(path));
}

/** Patterns begin where their file lies, if that is above what is described; else at what is described. */
async function ofFile(path: string, name: string, io: Session, described: string): Promise<Ignores> {
  await io.guard.reads(path);
  const found = await stat(path).catch((error: unknown) => {
    throw ioError(error, name, 'ERR_IO_READ');
  });
  if (!found.isFile())
    throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: name, hint: 'give a file of patterns, or `workspace`' });
  if (found.size > MAX_BYTES)
    throw new MsbomError('ERR_LIMIT_BYTES', `the file of patterns has more than ${MAX_BYTES} bytes`, { file: name });
  const ignores = readIgnores(decodeUtf8(await readFile(path), name), basename(path));
  const home = dirname(path);
  const root = (await stat(described).catch(() => undefined))?.isFile() === true ? dirname(described) : described;
  if (home === root || !(await liesIn(root, home))) return ignores;
  const prefix = `${relative(home, root).split(sep).join('/')}/`;
  return (each) => ignores(prefix + each);
}
