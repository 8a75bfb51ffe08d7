/** Files of the project: found from the working directory upwards, as far as they may be trusted without being named. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Session } from './io.js';

export interface SearchOptions {
  /** Directory or file that is described: what lies in it came with it, perhaps from somebody else. */
  readonly described?: string | undefined;
  /** Told of each file that is there and does not count, and why. */
  note(file: string, why: string): void;
}

/**
 * The nearest file with one of the names, in the working directory or above it. It does not count in the directory that is described, nor
 * when it belongs to another user of the machine.
 * @throws ERR_CLI_USAGE when one directory has two of them
 */
export async function findUpwards(names: readonly string[], io: Session, { described, note }: SearchOptions): Promise<string | undefined> {
  for (const directory of upwards(resolve(io.cwd))) {
    const found = (await Promise.all(names.map(async (name) => ((await isFile(join(directory, name))) ? [name] : [])))).flat();
    const [name, other] = found;
    if (other !== undefined)
      throw new MsbomError('ERR_CLI_USAGE', `${name} and ${other} lie in the same directory`, {
        file: other,
        hint: 'keep one of them, or name one',
      });
    if (name !== undefined) {
      const path = join(directory, name);
      if (described !== undefined && (await liesIn(path, resolve(io.cwd, described)))) note(name, 'lies in what is described');
      else if (await isForeign(path)) note(name, 'belongs to another user');
      else return path;
    }
  }
  return undefined;
}

function* upwards(directory: string): Generator<string> {
  yield directory;
  for (let above = dirname(directory); above !== directory; directory = above, above = dirname(directory)) yield above;
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() === true;

/** Of somebody else on this machine, who may write above our directory but is not its administrator. */
async function isForeign(path: string): Promise<boolean> {
  const own = process.getuid?.();
  if (own === undefined) return false;
  const { uid } = await stat(path);
  return uid !== own && uid !== 0;
}

/** Wherever links lead: by its own place, or by that of what it points to. */
export async function liesIn(file: string, directory: string): Promise<boolean> {
  const [inner = file, beside = file, outer = directory] = await Promise.all(
    [file, dirname(file), directory].map((path) => realpath(path).catch(() => path)),
  );
  return [inner, join(beside, basename(file))].some((path) => {
    const way = relative(outer, path);
    return !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
  });
}
