// Hashing: `msbom collect` against `openssl dgst -sha256` over the same files, two at a time; memory for ten times as many.
import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { limited, paired, row, timed } from './measure.mjs';

const FILES = 8;
const MIB = Number(process.env.BENCH_MIB ?? 256);

export function hashing({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    const [small, large] = [join(work, 'model'), join(work, 'large')];
    mkdirSync(small);
    mkdirSync(large);
    for (let i = 0; i < FILES; i++) writeSafetensors(join(small, `part-${i}.safetensors`), MIB << 20);
    // Hard links: eighty files of the same bytes need no eighty times the disk.
    for (let i = 0; i < FILES * 10; i++) linkSync(join(small, `part-${i % FILES}.safetensors`), join(large, `part-${i}.safetensors`));
    const output = join(work, 'm.msbom.json');
    const collect = (directory) => [program, 'collect', directory, '-o', output];
    const openssl = () => timed('sh', ['-c', 'ls *.safetensors | xargs -P 2 -n 1 openssl dgst -sha256'], { cwd: small });
    openssl(); // brings the files into memory for both
    const times = paired(9, () => timed(process.execPath, collect(small)), openssl);
    const peak = (directory) => {
      const file = join(work, 'peak');
      timed(process.execPath, ['--import', pathToFileURL(join(root, 'bench/peak-memory.mjs')).href, ...collect(directory)], {
        env: { ...process.env, MSBOM_PEAK_FILE: file },
      });
      return Number(readFileSync(file, 'utf8').split(' ')[0]);
    };
    const [once, tenTimes] = [peak(small), peak(large)];
    return [
      row(`collect, ${FILES} × ${MIB} MiB`, 'openssl dgst -sha256, two at a time', 'ms', times, { atMost: 1.15 }),
      limited('peak memory of collect', 'MB', once, 200),
      row('peak memory, ten times the directory', 'the directory itself', 'MB', { ours: tenTimes, theirs: once }, { atMost: 1.15 }),
    ];
  } finally {
    rmSync(work, { recursive: true });
  }
}

function writeSafetensors(path, bytes) {
  const data = bytes - 1024;
  const header = JSON.stringify({ weight: { dtype: 'U8', shape: [data], data_offsets: [0, data] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, Buffer.concat([length, Buffer.from(header)]));
  const chunk = randomBytes(1 << 20);
  for (let left = data; left > 0; left -= chunk.length) writeSync(descriptor, chunk, 0, Math.min(left, chunk.length));
  closeSync(descriptor);
}
