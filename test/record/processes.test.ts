/** Watching the processes of a tree. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type SeenProgram, treeOf } from '../../src/platform/processes.js';
import { openWatch } from '../../src/platform/watch.js';

const isLinux = process.platform === 'linux' && existsSync('/bin/sh');
const started = (script: string, env: NodeJS.ProcessEnv = process.env) => {
  const child = spawn('/bin/sh', ['-c', script], { stdio: 'ignore', env });
  return { pid: child.pid as number, over: new Promise<void>((done) => child.on('exit', () => done())) };
};
const names = (seen: readonly SeenProgram[]) => seen.map(({ words }) => words.join(' '));

describe.skipIf(!isLinux)('the processes of a command', () => {
  it('are told with program, words, directory and variables, each once', async () => {
    const { pid, over } = started('sleep 0.3; exit 0', { PATH: process.env.PATH, MARK: 'a=b' });
    const seen: SeenProgram[] = [];
    const tree = treeOf(pid, (program) => seen.push(program));
    for (let i = 0; i < 60 && tree.look(); i++) await sleep(5);
    await over;
    const [shell, sleeper] = seen.filter(({ words }) => words[0] !== '/bin/sh' || words[2]?.startsWith('sleep'));
    expect(shell).toMatchObject({ pid, parent: process.pid, cwd: process.cwd(), variables: { MARK: 'a=b' } });
    expect(shell?.program).toMatch(/^\/.*(sh|busybox)$/);
    expect(sleeper?.parent).toBe(pid);
    expect(names(seen).filter((each) => each === 'sleep 0.3')).toHaveLength(1);
  });
  it('are still known when their parent has gone', async () => {
    const { pid, over } = started('(sleep 0.2; exec sleep 0.31) & sleep 0.1');
    const watch = openWatch();
    await watch?.ready;
    watch?.start(pid);
    await over;
    await sleep(300);
    expect(names((await watch?.stop())?.programs ?? [])).toContain('sleep 0.31');
  });
  it('is bounded: a process that becomes another one for ever is told sixteen times', async () => {
    const { pid, over } = started('n=$1; [ "$n" -gt 40 ] && exit 0');
    await over;
    expect(treeOf(pid, () => {}).look()).toBe(false); // one that has ended is no process
    const renamed = started(
      `i=0; f() { exec /bin/sh -c 'i=$1; sleep 0.01; [ $i -lt 40 ] && exec /bin/sh -c "$2" name $((i+1)) "$2"' name 0 'i=$1; sleep 0.01; [ $i -lt 40 ] && exec /bin/sh -c "$2" name $((i+1)) "$2"'; }; f`,
    );
    const seen: SeenProgram[] = [];
    const tree = treeOf(renamed.pid, (program) => seen.push(program));
    while (tree.look()) await sleep(2);
    expect(seen.filter((one) => one.pid === renamed.pid)).toHaveLength(16);
  });
  it('are none for whoever never started', async () => {
    const watch = openWatch();
    expect(await watch?.stop()).toEqual({ programs: [], isCut: false });
  });
});
