// A Python environment with its licences, hashes and edges, against what pip needs for names and versions.
// The environment is that of MSBOM_PYTHON, or of the `python3` on the path.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { paired, row, timed } from './measure.mjs';

const PYTHON = process.env.MSBOM_PYTHON ?? 'python3';
const RUNS = 15;

export async function pythonEnvironment({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    writeFileSync(join(work, 'empty.txt'), '');
    const executable = execFileSync(PYTHON, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
    const count = JSON.parse(execFileSync(PYTHON, ['-m', 'pip', 'list', '--format', 'json'], { encoding: 'utf8' })).length;
    const probe = await bundled(root, work);
    const list = () => timed(PYTHON, ['-m', 'pip', 'list', '--format', 'json']);
    const inspect = () => timed(PYTHON, ['-m', 'pip', 'inspect']);
    const collect = [program, 'collect', work, '--with', 'python', '--python', executable];
    return [
      row(
        `${count} packages with licences, hashes, edges`,
        'pip list',
        'ms',
        paired(RUNS, () => timed(process.execPath, [probe, executable]), list),
        { atMost: 1.5 },
      ),
      row(
        'their whole manifest',
        'pip inspect',
        'ms',
        paired(RUNS, () => timed(process.execPath, collect), inspect),
        { atMost: 1.5 },
      ),
    ];
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** A program that does nothing but look into the environment. */
async function bundled(root, work) {
  const outfile = join(work, 'probe.mjs');
  const contents = `
    import { openHost } from './src/platform/host.ts';
    import { pythonProbe } from './src/probe/python/index.ts';
    import { DEFAULT_LIMITS } from './src/core/limits.ts';
    const context = { environment: 'here', purpose: ['training'], limits: DEFAULT_LIMITS, includePrivate: false, python: process.argv[2] };
    const { contributions } = await pythonProbe.probe(openHost(), context);
    console.log(JSON.stringify(contributions));`;
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    minifyWhitespace: true,
    banner: { js: banner },
    logLevel: 'error',
  });
  return outfile;
}
