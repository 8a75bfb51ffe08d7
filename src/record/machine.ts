/** What the machine and the environments of a run say, by the probes that the caller wants. */
import { realpath } from 'node:fs/promises';
import { probeMachine } from '../collect/disk/directory.js';
import type { CommandOptions, Host } from '../core/host.js';
import type { Limits } from '../core/limits.js';
import { findProgram } from '../platform/child.js';
import { openHost } from '../platform/host.js';
import type { Interpreter } from './interpreters.js';
import { packagesUsed } from './packages.js';
import type { Surroundings } from './surroundings.js';
import type { Language } from './words.js';

export type Probed = Awaited<ReturnType<typeof probeMachine>>;

export interface MachineRequest {
  /** Groups or ids of probes; default env, git, hardware and os. */
  readonly probes?: readonly string[];
  readonly without?: readonly string[];
  readonly python?: string;
  readonly host?: Host;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly includePrivate?: boolean;
  readonly limits: Limits;
  /** Directory of the run. */
  readonly cwd: string;
}

const DEFAULT_PROBES = ['env', 'git', 'hardware', 'os'] as const;
/** Probes of what is installed for an interpreter, all of the group `env`. */
const OF_LANGUAGE: Readonly<Record<Language, readonly string[]>> = { python: ['python', 'conda'], node: ['node-packages'], shell: [] };
const OF_INTERPRETERS = Object.values(OF_LANGUAGE).flat();
export const NOTHING: Probed = { contributions: [], findings: [] };

/** Words of `--with` that are no probes: how much of an environment is listed. */
export const PACKAGE_WORDS = ['installed', 'vendored'] as const;

function wantedOf({ probes }: MachineRequest): readonly string[] {
  if (probes === undefined) return DEFAULT_PROBES;
  const own = probes.filter((name) => !PACKAGE_WORDS.some((word) => word === name));
  return own.length === 0 && probes.length > 0 ? DEFAULT_PROBES : own;
}

/** The state of the repository. */
export const probeRepository = (request: MachineRequest): Promise<Probed> =>
  wantedOf(request).includes('git') ? probe(request, ['git'], request.without) : Promise.resolve(NOTHING);

/** The machine itself; with the environment that the variables and the search path name when nothing tells a better one. */
export function probeRest(request: MachineRequest, withEnvironment: boolean): Promise<Probed> {
  const names = wantedOf(request).filter((name) => name !== 'git');
  return probe(request, names, [...(request.without ?? []), ...(withEnvironment ? [] : OF_INTERPRETERS)]);
}

/** What is installed for the interpreters that were used, as far as the run can have used it. */
export async function probeEnvironments(request: MachineRequest, { used, roots }: Surroundings): Promise<Probed> {
  const names = wantedOf(request);
  const found: Probed[] = [];
  for (const interpreter of used) {
    const own = OF_LANGUAGE[interpreter.language].filter((id) => names.includes('env') || names.includes(id));
    if (own.length === 0) continue;
    const host = request.host?.live === false ? request.host : await hostOf(interpreter, request);
    const { path, language } = interpreter;
    const isPython = language === 'python';
    const probed = await probe({ ...request, host, ...(isPython ? { python: path } : {}) }, own, request.without);
    const wish = { installed: request.probes?.includes('installed') === true, vendored: request.probes?.includes('vendored') === true };
    const where = { host, python: path, roots: { ...roots, cwd: request.cwd } };
    found.push(isPython ? { ...probed, contributions: await packagesUsed(probed.contributions, wish, where) } : probed);
  }
  return { contributions: found.flatMap(({ contributions }) => contributions), findings: found.flatMap(({ findings }) => findings) };
}

/**
 * The machine as a process saw it: its directory and its variables. What a process was told decides on what is read, never on what is
 * started: only an interpreter that our own search path names is asked for its version.
 */
async function hostOf({ cwd, variables }: Interpreter, { env = process.env, cwd: here }: MachineRequest): Promise<Host> {
  const isTold = Object.keys(variables).length > 0;
  const own = openHost({ cwd: here, env });
  const seen = isTold ? openHost({ cwd, env: variables, described: [here] }) : own;
  const known = new Set<string>();
  for (const name of ['python3', 'python', 'node']) {
    const place = await findProgram(name, here, env.PATH);
    const real = place === undefined ? undefined : await realpath(place).catch(() => undefined);
    if (real !== undefined) known.add(real);
  }
  return {
    ...seen,
    async run(command: string, args: readonly string[], options?: CommandOptions) {
      const isPath = command.includes('/');
      const real = isPath ? await realpath(command).catch(() => undefined) : undefined;
      return !isPath || (real !== undefined && known.has(real)) ? own.run(command, args, options) : undefined;
    },
  };
}

function probe(request: MachineRequest, probes: readonly string[], without: readonly string[] = []): Promise<Probed> {
  const { limits, includePrivate, host, python } = request;
  return probeMachine({
    limits,
    ...(includePrivate === undefined ? {} : { includePrivate }),
    machine: {
      probes,
      without,
      purpose: ['training'],
      ...(host === undefined ? {} : { host }),
      ...(python === undefined ? {} : { python }),
    },
  });
}
