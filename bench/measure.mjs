// What all benchmarks share: paired runs, medians, a ratio and its target.
import { spawnSync } from 'node:child_process';

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Milliseconds of a child process. @throws when it ends with another exit code than those that are fine */
export function timed(command, args, options = {}, fine = [0]) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (!fine.includes(status)) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return milliseconds;
}

/** Runs two things in turn, so that both meet the same weather, and compares their medians. */
export function paired(runs, ours, theirs) {
  const [a, b] = [[], []];
  for (let i = 0; i < runs; i++) {
    if (i % 2 === 0) a.push(ours());
    b.push(theirs());
    if (i % 2 === 1) a.push(ours());
  }
  return { ours: median(a), theirs: median(b) };
}

/** One line of the result. `atMost` or `atLeast` is the target of the ratio. */
export function row(name, peer, unit, { ours, theirs }, target) {
  const ratio = ours / theirs;
  const met = target.atMost === undefined ? ratio >= target.atLeast : ratio <= target.atMost;
  return { name, peer, unit, ours: round(ours), theirs: round(theirs), ratio: round(ratio), target, met };
}

/** One line of the result against a limit. */
export const limited = (name, unit, ours, limit) => row(name, `limit of ${limit} ${unit}`, unit, { ours, theirs: limit }, { atMost: 1 });

export const round = (value) => Math.round(value * 1000) / 1000;
