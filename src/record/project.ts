/** Files of the project that a run is made in: what is installed in an environment below it does not belong to it. */
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Language, Target } from './words.js';

/** The path of a file below the directory of the run, with `/`; undefined for any other, and for what is installed there. */
export async function projectPath(file: string, cwd: string): Promise<string | undefined> {
  if (!(await isFile(file))) return undefined;
  for (const [one, root] of [
    [file, cwd],
    [await realpath(file).catch(() => file), await realpath(cwd).catch(() => cwd)],
  ] as const) {
    const path = relative(root, one).split(sep).join('/');
    if (path !== '' && !path.startsWith('../') && !/^[A-Za-z]:/.test(path)) return (await isInstalled(path, root)) ? undefined : path;
  }
  return undefined;
}

/** Does it lie in an environment (PEP 405), or among the packages of one? */
async function isInstalled(path: string, root: string): Promise<boolean> {
  if (/(?:^|\/)(?:node_modules|site-packages|dist-packages)\//.test(path)) return true;
  for (let at = dirname(path); ; at = dirname(at)) {
    if (await isFile(join(root, at, 'pyvenv.cfg'))) return true;
    if (at === '.') return false;
  }
}

/** The file that an interpreter was told to run, absolute; of a module the one that stands for it in that directory. */
export async function fileOfTarget(target: Target | undefined, language: Language, cwd: string): Promise<string | undefined> {
  if (target === undefined || 'code' in target) return undefined;
  if ('file' in target) return scriptAt(resolve(cwd, target.file), language);
  const place = resolve(cwd, ...target.module.split('.'));
  for (const path of [`${place}.py`, join(place, '__main__.py')]) if (await isFile(path)) return path;
  return undefined;
}

/** A directory is run by its main module. */
async function scriptAt(path: string, language: Language): Promise<string | undefined> {
  if (await isFile(path)) return path;
  const main = join(path, '__main__.py');
  return language === 'python' && (await isFile(main)) ? main : undefined;
}

export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
