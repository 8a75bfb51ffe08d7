/** What was traced beside what was seen. */
import { realpath } from 'node:fs/promises';
import type { Finding } from '../../core/finding.js';
import type { SeenProgram } from '../../platform/processes.js';
import type { Known } from '../interpreters.js';
import type { Traced } from './index.js';

const isPython = ({ interpreter }: Known): boolean => interpreter?.language === 'python';

/** Processes that nobody saw, as if they had been seen: what they say decides on what is read, never on what is started. */
export async function seenIn({ processes }: Traced, seen: readonly Known[]): Promise<readonly SeenProgram[]> {
  const pids = new Set(seen.filter(isPython).map(({ seen: { pid } }) => pid));
  const unseen = [...new Map(processes.filter(({ pid }) => !pids.has(pid)).map((each) => [each.pid, each])).values()];
  return Promise.all(
    unseen.map(async ({ pid, parent, executable, cwd, words }) => {
      const program = await realpath(executable).catch(() => executable);
      return { pid, parent, program, words: [executable, ...words.slice(1)], cwd, variables: {} };
    }),
  );
}

/** Python processes that say nothing: `python -I`, `-E` and `-S` do not load the file, nor does one whose path was replaced. */
export function untraced({ processes, isCut }: Traced, seen: readonly Known[]): readonly Finding[] {
  const told = new Set(processes.map(({ pid }) => pid));
  const words = new Map(seen.map(({ seen: { pid, words } }) => [pid, words.join('\0')]));
  const silent = new Set(
    seen
      // A copy that is about to become another program looks like its parent.
      .filter(({ seen: { pid, parent, words: own } }) => !told.has(pid) && words.get(parent) !== own.join('\0'))
      .filter(isPython)
      .map(({ seen: { pid } }) => pid),
  );
  const findings: Finding[] = [];
  if (processes.length === 0) findings.push(incomplete('medium', 'no Python process told what it imports and reads'));
  else if (silent.size > 0)
    findings.push(
      incomplete('low', `${silent.size} of ${silent.size + told.size} Python processes did not tell what they import and read`),
    );
  if (isCut) findings.push(incomplete('low', 'a Python process told more than is kept, or what cannot be read'));
  return findings;
}

const incomplete = (severity: Finding['severity'], what: string): Finding => ({
  id: 'trace-incomplete',
  severity,
  message: `${what}: the record may lack packages, modules and data that were used`,
  fix: 'Run Python without -I, -E and -S, and keep what PYTHONPATH begins with; name data with --input.',
});
