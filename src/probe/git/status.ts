/** Are there uncommitted changes? Only git itself can tell, and it must not run what the repository tells it to run. */
import type { Finding } from '../../core/finding.js';
import type { Sight } from '../sight.js';
import type { Repository } from './repository.js';

export interface Status {
  /** Undefined when it is not known; then there is a finding. */
  readonly dirty?: boolean;
  readonly findings: readonly Finding[];
}

/** No file system monitor, no hooks, no locks, no transport by which a partial clone would fetch what it lacks. */
const SAFE = [
  '--no-pager',
  '--no-optional-locks',
  ...['core.fsmonitor=', 'core.hooksPath=/dev/null', 'protocol.allow=never'].flatMap((setting) => ['-c', setting]),
];
/** A submodule has a configuration of its own, so git must not look at its files. */
const STATUS = [...SAFE, 'status', '--porcelain', '-z', '--untracked-files=normal', '--ignore-submodules=dirty', '--no-renames'];
const LIST = [...SAFE, 'ls-files', '--stage', '-z'];
const KEPT = /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH)$/;

export async function statusOf(sight: Sight, { root, program }: Repository): Promise<Status> {
  if (!sight.host.live) return { findings: [] };
  if (program !== undefined) return unknown(`its configuration names a program (\`${printable(program)}\`) that git would run`);
  const options = { cwd: root, env: environment(sight.host.env) };
  const changes = await sight.output('git', STATUS, options);
  if (changes === undefined) return unknown('git is not there or does not answer');
  if (changes !== '') return { dirty: true, findings: [] };
  const files = await sight.output('git', LIST, options);
  if (files === undefined || /(^|\0)160000 /.test(files)) return unknown('it has submodules, whose files were not looked at');
  return { dirty: false, findings: [] };
}

/** Variables of git that lead to another repository or configuration are taken away. */
function environment(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const away = Object.keys(env).filter((name) => name.startsWith('GIT_') && !KEPT.test(name));
  return {
    ...Object.fromEntries(away.map((name) => [name, undefined])),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
  };
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);

function unknown(why: string): Status {
  return {
    findings: [
      {
        id: 'changes-unknown',
        severity: 'info',
        message: `whether the code has uncommitted changes is not known: ${why}`,
        fix: 'Say it by hand, or run `git status` in the repository.',
      },
    ],
  };
}
