// Start-up: the program against a Node that does nothing.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paired, row, timed } from './measure.mjs';

export function startUp({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    // The base manifest of the rules is about 5 KB.
    const manifest = join(work, 'm.msbom.json');
    writeFileSync(manifest, readFileSync(join(root, 'docs/rules/base.json')));
    const nothing = () => timed(process.execPath, ['-e', '0']);
    return [
      row(
        'msbom --version',
        'node -e 0',
        'ms',
        paired(41, () => timed(process.execPath, [program, '--version']), nothing),
        { atMost: 1.4 },
      ),
      row(
        'msbom --help',
        'node -e 0',
        'ms',
        paired(41, () => timed(process.execPath, [program, '--help']), nothing),
        { atMost: 2 },
      ),
      row(
        'msbom validate, 5 KB',
        'node -e 0',
        'ms',
        paired(41, () => timed(process.execPath, [program, 'validate', manifest]), nothing),
        { atMost: 2 },
      ),
    ];
  } finally {
    rmSync(work, { recursive: true });
  }
}
