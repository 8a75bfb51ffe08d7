/** What is known of a recorded run, as contributions. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim } from '../collect/claim.js';
import { type Contribution, type Origin, RANKS } from '../collect/contribution.js';
import type { JsonValue } from '../core/canonical-json.js';
import { pointerStep } from '../core/json-pointer.js';
import { hashFile } from '../platform/hash.js';

export type RunStatus = 'running' | 'completed' | 'failed' | 'killed';

/** What was run, by its path in the directory of the run. */
export interface Entrypoint {
  readonly path: string;
  /** Of the bytes that were run; missing when they may have been others. */
  readonly sha256?: string;
}

/** A run, as far as it got. */
export interface RunState {
  /** UUID of the run. */
  readonly id: string;
  readonly start: Date;
  readonly end?: Date;
  readonly status: RunStatus;
  /** Of a command that ended by itself. */
  readonly exitCode?: number;
  /** Signal that ended the command. */
  readonly signal?: string;
  /** The command and its arguments, of a recorded command. */
  readonly command?: readonly string[];
  /** The program that was run, relative to the working directory, with the digest of its bytes before the run. */
  readonly entrypoint?: Entrypoint;
  /** False when no environment is described because none was seen. */
  readonly isEnvironmentKnown?: boolean;
  /** Why the files that the run wrote are not described. */
  readonly undescribed?: string;
  /** Selected environment variables. */
  readonly variables: Readonly<Record<string, string>>;
}

const METHOD = 'msbom record';
const DAY_MS = 86_400_000;
const INCOMPLETE: Readonly<Record<Exclude<RunStatus, 'completed'>, string>> = {
  running: 'the run had not ended when this was written; if it is over, it was recorded by a program that was killed itself',
  failed: 'the run failed; its files may be incomplete',
  killed: 'the run was killed; its files may be incomplete',
};

/** Contributions of a run, for the environment with the given id. */
export function runFacts(run: RunState, environment: string): readonly Contribution[] {
  const from = (key: string): Origin => ({ origin: 'observed', name: METHOD, key, method: METHOD });
  const claim = (pointer: string, key: string, value: JsonValue | undefined): Contribution[] =>
    value === undefined ? [] : [{ kind: 'claim', pointer, value, rank: RANKS.recorded, from: from(key) }];
  const { end, command, entrypoint } = run;
  return [
    ...claim('/model/training/run/id', 'id', run.id),
    ...claim('/model/training/run/tracker', 'tracker', 'msbom'),
    ...claim('/model/training/run/start', 'start', seconds(run.start)),
    ...claim('/model/training/run/end', 'end', end && seconds(end)),
    ...claim('/model/training/run/status', 'status', run.status),
    ...claim('/model/training/run/exitCode', 'exit code', run.exitCode),
    ...claim('/model/training/duration/wallClockDays', 'duration', end && Math.max(0, end.getTime() - run.start.getTime()) / DAY_MS),
    ...claim('/model/training/code/entrypoint', 'command', entrypoint?.path ?? command?.[0]?.replace(/^.*[\\/]/, '')),
    ...claim('/model/training/code/digest', 'entrypoint', entrypoint?.sha256 === undefined ? undefined : { sha256: entrypoint.sha256 }),
    ...claim('/model/training/code/arguments', 'command', command === undefined ? undefined : [...command]),
    ...(Object.keys(run.variables).length === 0
      ? []
      : [
          {
            kind: 'addition',
            list: '/environments',
            item: { id: environment, purpose: ['training'], variables: run.variables },
            from: from('environment variables'),
          } as const,
        ]),
    ...incompleteness(run),
  ];
}

/** A document about a run that did not end well says so where every reader looks for completeness. */
function incompleteness({ status, signal, undescribed }: RunState): readonly Contribution[] {
  if (status === 'completed' && undescribed === undefined) return [];
  const from: Origin = { origin: 'observed', name: METHOD, method: METHOD };
  const ended = status === 'completed' ? [] : [`${INCOMPLETE[status]}${signal === undefined ? '' : ` (${signal})`}`];
  const note = [...ended, ...(undescribed === undefined ? [] : [undescribed])].join('; ');
  const coverage = {
    depth: 'none',
    completeness: 'unknown',
    datasets: 'unknown',
    artifacts: status === 'running' || undescribed !== undefined ? 'unknown' : 'partial',
    note,
  };
  return [{ kind: 'claim', pointer: '/bom/coverage', value: coverage, rank: RANKS.recorded, from }];
}

const seconds = (time: Date): string => time.toISOString().replace(/\.\d{3}Z$/, 'Z');

/** A file that a process ran, with its digest when it is no younger than the run: what was changed since may not be what was run. */
export async function entrypointAt(path: string, cwd: string, start: Date): Promise<Entrypoint> {
  const file = join(cwd, path);
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined || stats.mtime >= start || stats.ctime >= start) return { path };
  const hashed = await hashFile(file, path).catch(() => undefined);
  return hashed === undefined ? { path } : { path, sha256: hashed.digest.sha256 };
}

/** Says of the environment that it is not known, where none was seen. */
export function notKnown({ isEnvironmentKnown }: RunState): readonly Claim[] {
  if (isEnvironmentKnown !== false) return [];
  const reason = 'which interpreter the command used, with which packages, was not seen';
  return [
    {
      pointer: `/bom/declarations${pointerStep('/environments/machine/runtime')}`,
      value: { status: 'unknown', reason },
      from: { origin: 'observed', rank: RANKS.recorded, name: METHOD, method: METHOD },
    },
  ];
}
