/** Which interpreters a run used, in which environments, and which of them ran what belongs to the project. */
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { SeenProgram } from '../platform/processes.js';
import { fileOfTarget, isFile, projectPath } from './project.js';
import { type Language, languageOf, programName, targetOf } from './words.js';

/** An interpreter as a process ran it. */
export interface Interpreter {
  readonly language: Language;
  /** Absolute, as it was called: that decides on a virtual environment. */
  readonly path: string;
  /** Tells one environment from another: the root of a virtual environment, else the program itself. */
  readonly environment: string;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** File of the project that it was told to run, relative to the directory of the run. */
  readonly script?: string;
  /** Notebooks of the project that a module or program was told to run, relative to the directory of the run. */
  readonly notebooks?: readonly string[];
  /** Module that it was told to run, or installed program. */
  readonly module?: string;
  readonly program?: string;
}

/** A program that was seen, and what it is. */
export interface Known {
  readonly seen: SeenProgram;
  readonly interpreter?: Interpreter;
}

/** What a program is that was seen. Files that it names are looked for now: later they may have gone. */
export async function known(seen: SeenProgram, cwd: string): Promise<Known> {
  const language = languageOf(seen.program) ?? languageOf(seen.words[0] ?? '');
  if (language === undefined) return { seen };
  const path = await calledPath(seen);
  const target = targetOf(language, seen.words.slice(1));
  const file = await fileOfTarget(target, language, seen.cwd);
  const script = file === undefined ? undefined : await projectPath(file, cwd);
  const notebooks = script === undefined ? await notebooksIn(seen, cwd) : [];
  return {
    seen,
    interpreter: {
      language,
      path,
      environment: (language === 'python' ? await virtualRoot(path) : undefined) ?? seen.program,
      cwd: seen.cwd,
      variables: seen.variables,
      ...(script === undefined ? {} : { script }),
      ...(notebooks.length === 0 ? {} : { notebooks }),
      ...(target !== undefined && 'module' in target ? { module: target.module.split('.', 1)[0] ?? '' } : {}),
      ...(file !== undefined && script === undefined ? { program: programName(file) } : {}),
    },
  };
}

/** Words of a command that are looked at for notebooks. */
const MAX_WORDS = 100;

async function notebooksIn({ words, cwd: at }: SeenProgram, cwd: string): Promise<readonly string[]> {
  const named = words.slice(1, MAX_WORDS).filter((word) => word.endsWith('.ipynb') && !word.startsWith('-'));
  const paths = await Promise.all(named.map((word) => projectPath(resolve(at, word), cwd)));
  return paths.filter((path) => path !== undefined);
}

/**
 * Where the program lies by the name that it was called by: an environment's own link is followed to the interpreter that it was made
 * from, and only the name tells of the environment. A name without `/` is looked for as the shell did.
 */
async function calledPath({ program, words, cwd, variables }: SeenProgram): Promise<string> {
  const name = words[0] ?? '';
  const places = name.includes('/')
    ? [resolve(cwd, name)]
    : (variables.PATH ?? '')
        .split(delimiter)
        .map((directory) => resolve(cwd, isAbsolute(directory) ? directory : join(cwd, directory), name));
  for (const place of name === '' ? [] : places) {
    if (!(await isRunnable(place))) continue;
    // A wrapper of the same name may stand before it.
    if ((await realpath(place).catch(() => undefined)) === program) return place;
  }
  return program;
}

const isRunnable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Root of the virtual environment that an interpreter is of (PEP 405). */
async function virtualRoot(path: string): Promise<string | undefined> {
  for (const directory of [dirname(path), dirname(dirname(path))]) if (await isFile(join(directory, 'pyvenv.cfg'))) return directory;
  return undefined;
}

/** What is to be described of a run. */
export interface Choice {
  /** The environments that are attested: at most one of each language. */
  readonly used: readonly Interpreter[];
  /** Languages of which several environments ran what may be the training, with the programs. */
  readonly undecided: readonly (readonly Interpreter[])[];
  /** Environments that only launched others, or ran what is none of the project. */
  readonly others: readonly Interpreter[];
}

/**
 * The environments that ran the project's own files; where none did, those that started no other interpreter of their language: a
 * launcher stands in an environment of its own (`pipx run dvc repro`), and what it launches is the training.
 */
export function choose(all: readonly Known[]): Choice {
  const interpreters = all.flatMap(({ interpreter }) =>
    interpreter === undefined || interpreter.language === 'shell' ? [] : [interpreter],
  );
  const groups = groupBy(interpreters, ({ language }) => language);
  const used: Interpreter[] = [];
  const undecided: (readonly Interpreter[])[] = [];
  const ownLanguages = [...groups.values()].filter((group) => group.some(({ script }) => script !== undefined));
  for (const group of ownLanguages.length > 0 ? ownLanguages : groups.values()) {
    const environments = [...groupBy(group, ({ environment }) => environment).values()];
    const own = environments.filter((each) => each.some(({ script }) => script !== undefined));
    const last = own.length > 0 ? own : environments.filter((each) => !startsOther(each, all));
    const chosen = (last.length > 0 ? last : environments).map(speaker);
    if (chosen.length === 1) used.push(...chosen);
    else undecided.push(chosen);
  }
  const told = new Set([...used, ...undecided.flat()].map(({ environment }) => environment));
  const others = [...groupBy(interpreters, ({ environment }) => environment)].flatMap(([environment, [first]]) =>
    told.has(environment) || first === undefined ? [] : [first],
  );
  return { used, undecided, others };
}

/** Of the processes of one environment the one that ran a file of the project. */
const speaker = (group: readonly Interpreter[]): Interpreter =>
  group.find(({ script }) => script !== undefined) ?? (group[0] as Interpreter); // groups are not empty

/** Has a process of these a descendant of the same language in another environment? */
function startsOther([first, ...rest]: readonly Interpreter[], all: readonly Known[]): boolean {
  if (first === undefined) return false;
  const own = new Set([first, ...rest]);
  const starters = new Set(all.filter(({ interpreter }) => interpreter !== undefined && own.has(interpreter)).map(({ seen }) => seen.pid));
  const parents = new Map(all.map(({ seen }) => [seen.pid, seen.parent]));
  return all.some(({ seen, interpreter }) => {
    if (interpreter?.language !== first.language || interpreter.environment === first.environment) return false;
    // A process that is replaced by another program is still its starter.
    const passed = new Set<number>();
    for (let at: number | undefined = seen.pid; at !== undefined && !passed.has(at); at = parents.get(at)) {
      if (starters.has(at)) return true;
      passed.add(at);
    }
    return false;
  });
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
