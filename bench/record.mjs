// What `msbom record` adds to a command that runs for two seconds, hashing apart: the inputs and outputs are a few bytes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round, timed } from './measure.mjs';

const SECONDS = 2;
const LIMIT_MS = 200;

export function record({ program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    writeFileSync(join(work, 'rows.csv'), 'a,b\n');
    execFileSync('git', ['-C', work, 'init', '-q']);
    const commands = [
      ['node', 'node', ['-e', `setTimeout(() => require('fs').writeFileSync('model.bin', String(Math.random())), ${SECONDS * 1000})`]],
      [
        'Python',
        process.env.MSBOM_PYTHON ?? 'python3',
        ['-c', `import time, random; time.sleep(${SECONDS}); open('model.bin', 'w').write(str(random.random()))`],
      ],
    ];
    return commands.flatMap(([name, command, args]) => {
      const overheads = [];
      for (let i = 0; i < 5; i++) {
        const bare = timed(command, args, { cwd: work });
        overheads.push(
          timed(process.execPath, [program, 'record', '-q', '--input', 'rows.csv', '-o', 'run.msbom.json', '--', command, ...args], {
            cwd: work,
          }) - bare,
        );
      }
      const ours = median(overheads);
      return [
        {
          name: `record, added to a run of ${name}`,
          peer: `limit of ${LIMIT_MS} ms`,
          unit: 'ms',
          ours: round(ours),
          theirs: LIMIT_MS,
          ratio: round(ours / LIMIT_MS),
          target: { atMost: 1 },
          met: ours < LIMIT_MS,
        },
      ];
    });
  } finally {
    rmSync(work, { recursive: true });
  }
}
