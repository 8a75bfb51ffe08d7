/** What the project's own files import, told from their text: nothing is run. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isFile } from './project.js';

const MAX_FILES = 500;
const MAX_BYTES = 2 * 1024 * 1024;
/** Files in which a project declares packages. */
const DECLARATIONS = ['requirements.txt', 'requirements.in', 'requirements-dev.txt', 'environment.yml', 'environment.yaml'];

/** First parts of the names that scripts and the modules of the project behind them import. Paths are relative to the directory. */
export async function importsOf(scripts: readonly string[], cwd: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const met = new Set<string>();
  const open = scripts.filter((script) => /\.(?:py|ipynb)$/.test(script) || !script.includes('.')).map((script) => join(cwd, script));
  for (let file = open.pop(); file !== undefined && met.size < MAX_FILES; file = open.pop()) {
    if (met.has(file)) continue;
    met.add(file);
    for (const module of modulesIn(await textOf(file))) {
      const own = await projectModules(module, dirname(file), cwd);
      open.push(...own);
      if (own.length === 0) names.add(module.split('.', 1)[0] ?? '');
    }
  }
  return names;
}

async function textOf(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size > MAX_BYTES) return '';
  const text = await readFile(file, 'utf8').catch(() => '');
  // The lines of a notebook are texts in JSON.
  return file.endsWith('.ipynb') ? text.replaceAll('\\n"', '"').replaceAll('"', '\n') : text;
}

/** Modules that `import a.b, c as d` and `from a.b import c` name. A line in a text counts too, which does no harm. */
function modulesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => {
      const [word, ...rest] = line.split('#', 1)[0]?.trim().split(/\s+/) ?? [];
      if (word === 'from') return rest[1] === 'import' ? [...(rest[0] === '.' ? [] : [rest[0] ?? '']), ...namesUnder(rest)] : [];
      return word === 'import'
        ? rest
            .join(' ')
            .split(',')
            .map((each) => each.trim().split(' ', 1)[0] ?? '')
        : [];
    })
    .filter((name) => name !== '');
}

/** `from pkg import module`: each may be a module of the project. */
const namesUnder = ([from = '', , ...names]: readonly string[]): readonly string[] =>
  names
    .join(' ')
    .split(',')
    .map((name) => name.replace('(', '').trim().split(' ', 1)[0] ?? '')
    .filter((name) => name !== '' && name !== '*' && name !== ')')
    .map((name) => (from.endsWith('.') ? `${from}${name}` : `${from}.${name}`));

/** Files of the project that stand for a module, looked for beside the file and in the directory of the run. */
async function projectModules(module: string, beside: string, cwd: string): Promise<readonly string[]> {
  const dots = module.length - module.replace(/^\.+/, '').length;
  const parts = module.slice(dots).split('.');
  const up = Array.from({ length: Math.max(0, dots - 1) }, () => '..');
  for (const root of dots > 0 ? [join(beside, ...up)] : [beside, cwd, join(cwd, 'src')]) {
    if (relative(cwd, root).startsWith('..')) continue;
    for (let length = parts.length; length > 0; length--) {
      const place = join(root, ...parts.slice(0, length));
      for (const path of [`${place}.py`, join(place, '__init__.py')]) if (await isFile(path)) return [path];
    }
  }
  return [];
}

/** Names of packages that the project declares, as they are written. */
export async function declaredIn(cwd: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const file of DECLARATIONS) {
    for (const line of (await textOf(join(cwd, file))).split('\n')) {
      const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}/.exec(line.replace('- ', '').trim())?.[0];
      if (name !== undefined) names.add(name);
    }
  }
  const project = await textOf(join(cwd, 'pyproject.toml'));
  // Requirements are quoted there; other quoted words name no installed package, or one that is not wrong to list.
  for (const part of project.split(/["']/)) {
    const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}/.exec(part)?.[0];
    if (name !== undefined) names.add(name);
  }
  return names;
}
