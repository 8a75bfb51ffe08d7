/** In which environments a recorded command ran: watched while it goes on, where the system lets us; else told by the command itself. */
import { once } from 'node:events';
import type { Finding } from '../core/finding.js';
import { interpreterOf } from '../platform/child.js';
import { openWatch } from '../platform/watch.js';
import { choose, type Interpreter, type Known, known } from './interpreters.js';
import type { Roots } from './packages.js';
import type { Traced } from './trace/index.js';
import { seenIn, untraced } from './trace/processes.js';
import { languageOf } from './words.js';

/** What is known so far of the environments of a run. */
export interface Surroundings {
  /** To be described. */
  readonly used: readonly Interpreter[];
  /** Programs that were seen in them: with more of them a description may be out of date. */
  readonly count: number;
  /** Why no environment is described, or that another one took part. */
  readonly findings: readonly Finding[];
  /** What ran in them, which tells what is imported. */
  readonly roots: Omit<Roots, 'cwd'>;
  /** First file of the project that a process ran, relative to the directory of the run. */
  readonly script?: string;
}

export interface Observer {
  /** Settles when all that is started from now on can be seen. */
  readonly ready: Promise<void>;
  /** The command runs in the process of that number. */
  start(pid: number): void;
  /** What is known now; waits until an interpreter was seen or the signal comes. */
  soon(signal: AbortSignal): Promise<Surroundings>;
  /** What is known at the end; nothing is seen after it. */
  end(): Promise<Surroundings>;
}

/**
 * Watches the processes of the command, or where that cannot be, looks at the program alone. `traced`: what the processes tell of
 * themselves, which counts for those that nobody saw.
 */
export function observe(program: string, cwd: string, script?: string, traced?: () => Promise<Traced>): Observer {
  const all: Promise<Known>[] = [];
  let met: () => void = () => {};
  const first = new Promise<void>((done) => {
    met = done;
  });
  const watch = openWatch((seen) => {
    const one = known(seen, cwd);
    all.push(one);
    one.then(
      ({ interpreter }) => {
        if (interpreter !== undefined && interpreter.language !== 'shell') met();
      },
      () => {}, // told by `stateOf`
    );
  });
  if (watch === undefined && traced === undefined) return unwatched(program, cwd, script);
  return {
    ready: watch?.ready ?? Promise.resolve(),
    start: (pid) => watch?.start(pid),
    async soon(signal) {
      if (!signal.aborted) await Promise.race([first, once(signal, 'abort')]);
      return stateOf(await Promise.all(all), false);
    },
    async end() {
      const { isCut } = (await watch?.stop()) ?? { isCut: false };
      const seen = await Promise.all(all);
      if (traced === undefined) return stateOf(seen, isCut);
      const told = await traced();
      const more = await Promise.all((await seenIn(told, seen)).map((each) => known(each, cwd)));
      const state = stateOf([...seen, ...more], isCut, told);
      return { ...state, findings: [...state.findings, ...untraced(told, seen)] };
    },
  };
}

/** The program that was started is one that was used, whatever else was. */
function unwatched(program: string, cwd: string, script: string | undefined): Observer {
  const told = (async (): Promise<Surroundings> => {
    const interpreter = [program, (await interpreterOf(program)) ?? ''].find((each) => languageOf(each) !== undefined);
    const language = interpreter === undefined ? undefined : languageOf(interpreter);
    if (interpreter === undefined || language === undefined || language === 'shell')
      return { used: [], count: 0, findings: [unseen], roots: rootsIn([]) };
    const used = [{ language, path: interpreter, environment: interpreter, cwd, variables: {} }];
    return { used, count: 1, findings: [], roots: rootsIn(script === undefined ? [] : [{ script }]) };
  })();
  return { ready: Promise.resolve(), start: () => {}, soon: () => told, end: () => told };
}

/** The environment that the caller names; of what processes tell only the packages in it count. */
export function told(python: string, cwd: string, script: string | undefined, traced?: () => Promise<Traced>): Observer {
  const used = [{ language: 'python' as const, path: python, environment: python, cwd, variables: {} }];
  const known = Promise.resolve({ used, count: 1, findings: [], roots: rootsIn(script === undefined ? [] : [{ script }]) });
  const end = async (): Promise<Surroundings> => {
    const [state, trace] = await Promise.all([known, traced?.()]);
    if (trace === undefined) return state;
    const files = new Set(trace.processes.flatMap(({ packages }) => packages));
    return { ...state, findings: untraced(trace, []), roots: { ...state.roots, ...(files.size === 0 ? {} : { files }) } };
  };
  return { ready: Promise.resolve(), start: () => {}, soon: () => known, end };
}

const rootsIn = (all: readonly Pick<Interpreter, 'script' | 'notebooks' | 'module' | 'program'>[]): Omit<Roots, 'cwd'> => ({
  scripts: [...new Set(all.flatMap(({ script, notebooks = [] }) => [...(script === undefined ? [] : [script]), ...notebooks]))],
  modules: [...new Set(all.flatMap(({ module }) => module ?? []))],
  programs: [...new Set(all.flatMap(({ program }) => program ?? []))],
});

function stateOf(all: readonly Known[], isCut: boolean, traced?: Traced): Surroundings {
  const { used, undecided, others } = choose(all);
  const places = new Set(used.map(({ environment }) => environment));
  const files = traced?.processes.flatMap(({ packages }) => packages);
  const script = all.map(({ interpreter }) => interpreter?.script).find((each) => each !== undefined);
  return {
    used,
    count: all.filter(({ interpreter }) => interpreter !== undefined && places.has(interpreter.environment)).length,
    findings: [
      ...(isCut ? [cut] : []),
      ...undecided.map(severalUsed),
      ...(used.length + undecided.length === 0 ? [unseen] : []),
      ...(used.length > 0 && others.length > 0 ? [alsoUsed(others)] : []),
    ],
    roots: {
      ...rootsIn(all.flatMap(({ interpreter }) => (interpreter !== undefined && places.has(interpreter.environment) ? [interpreter] : []))),
      ...(files === undefined || files.length === 0 ? {} : { files: new Set(files) }),
    },
    ...(script === undefined ? {} : { script }),
  };
}

const GIVE = 'Name the interpreter or the environment that was used with --python.';

const unseen: Finding = {
  id: 'environment-missing',
  severity: 'medium',
  message: 'no Python or Node was seen in what the command started, so the environment of the run is not known and no packages are listed',
  fix: GIVE,
};

const cut: Finding = {
  id: 'environment-missing',
  severity: 'low',
  message: 'the command started more processes than are watched; environments that were used besides may be missing',
  fix: GIVE,
};

/** Where an environment lies on somebody's disk is no part of a message: how the programs were called tells enough. */
const namesOf = (all: readonly Interpreter[]): string =>
  all
    .slice(0, 5)
    .map(({ language, script }) => `\`${language === 'python' ? 'python' : 'node'}${script === undefined ? '' : ` ${script}`}\``)
    .join(', ');

const severalUsed = (all: readonly Interpreter[]): Finding => ({
  id: 'environment-missing',
  severity: 'medium',
  message: `${all.length} environments were used, and which of them is that of the training is not known (${namesOf(all)}): no packages are listed`,
  fix: GIVE,
});

const alsoUsed = (all: readonly Interpreter[]): Finding => ({
  id: 'environment-missing',
  severity: 'info',
  message: `${all.length === 1 ? 'another environment' : `${all.length} other environments`} took part, by ${namesOf(all)}; the packages there are not listed`,
  fix: 'Launchers often stand in an environment of their own; name the right one with --python where that is not so.',
});
