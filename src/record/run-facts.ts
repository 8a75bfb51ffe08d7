/** What is known of a recorded run, as contributions. */
import { type Contribution, type Origin, RANKS } from '../collect/contribution.js';
import type { JsonValue } from '../core/canonical-json.js';

export type RunStatus = 'running' | 'completed' | 'failed' | 'killed';

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
  readonly entrypoint?: { readonly path: string; readonly sha256?: string };
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
    ...claim('/training/run/id', 'id', run.id),
    ...claim('/training/run/tracker', 'tracker', 'msbom'),
    ...claim('/training/run/start', 'start', seconds(run.start)),
    ...claim('/training/run/end', 'end', end && seconds(end)),
    ...claim('/training/run/status', 'status', run.status),
    ...claim('/training/run/exitCode', 'exit code', run.exitCode),
    ...claim('/training/duration/wallClockDays', 'duration', end && Math.max(0, end.getTime() - run.start.getTime()) / DAY_MS),
    ...claim('/training/code/entrypoint', 'command', entrypoint?.path ?? command?.[0]?.replace(/^.*[\\/]/, '')),
    ...claim('/training/code/digest', 'entrypoint', entrypoint?.sha256 === undefined ? undefined : { sha256: entrypoint.sha256 }),
    ...claim('/training/code/arguments', 'command', command === undefined ? undefined : [...command]),
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
