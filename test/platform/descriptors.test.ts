import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { filesWithin, gate, openFileLimit, threadsWithin } from '../../src/platform/descriptors.js';
import { temporaryDirectory } from '../support/temporary.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const limited = existsSync('/proc/self/limits') && existsSync(program);

describe('files that may be open', () => {
  it('leave fewer threads and fewer reads, and always one', () => {
    expect([20_000, 48, 42, 36, 10].map(threadsWithin)).toEqual([3994, 4, 3, 1, 1]);
    expect([20_000, 48, 40, 34, 10].map(filesWithin)).toEqual([8, 8, 4, 1, 1]);
    expect(threadsWithin(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(openFileLimit()).toBeGreaterThan(20);
  });
  it('are taken in turns, also when one fails', async () => {
    const inTurn = gate(2);
    let running = 0;
    let most = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        inTurn(async () => {
          most = Math.max(most, ++running);
          await new Promise((done) => setImmediate(done));
          running--;
          if (i % 3 === 0) throw new Error('no');
          return i;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(13);
  });
  it.runIf(limited)('may be 48 for 400 files, some of them big; of far fewer the answer has a code', () => {
    const big = new Uint8Array(3_000_000);
    const files = {
      ...Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`m/f${i}.bin`, `w${i}`])),
      'm/a.bin': big,
      'm/b.bin': big,
      'm/c.bin': big,
    };
    const directory = temporaryDirectory(files);
    const run = (limit: number, ...args: readonly string[]) =>
      spawnSync('sh', ['-c', `ulimit -n ${limit}; exec "$0" "$@"`, process.execPath, program, ...args], {
        cwd: directory,
        encoding: 'utf8',
      });
    const out = join(directory, 'out.json');
    expect(run(48, 'collect', 'm', '-j', '16', '-o', out)).toMatchObject({ status: 0 });
    expect(run(48, 'verify', 'm', '-j', '16', '--manifest', out)).toMatchObject({ status: 0 });
    const few = run(30, 'verify', 'm', '--manifest', out);
    if (few.status !== 0) expect(few).toMatchObject({ status: 2, stderr: expect.stringMatching(/\[ERR_IO_READ\]|too many open files/) });
  });
});
