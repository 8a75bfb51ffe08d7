// `msbom collect` on 5,000 small files against `find | xargs openssl dgst -sha256`, which only hashes them.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paired, row, timed } from './measure.mjs';

const FILES = 5000;
const BYTES = 4096;

export function smallFiles({ program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    const directory = join(work, 'model');
    for (let i = 0; i < FILES; i++) {
      const folder = join(directory, `part-${i % 50}`);
      if (i < 50) mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `file-${i}.txt`), randomBytes(BYTES).toString('base64'));
    }
    const collect = () => timed(process.execPath, [program, 'collect', directory, '-o', join(work, 'm.msbom.json')]);
    const openssl = () => timed('sh', ['-c', 'find . -type f | xargs openssl dgst -sha256'], { cwd: directory });
    openssl(); // brings the files into memory for both
    return [row(`collect, ${FILES} small files`, 'find | xargs openssl dgst -sha256', 'ms', paired(9, collect, openssl), { atMost: 1.5 })];
  } finally {
    rmSync(work, { recursive: true });
  }
}
