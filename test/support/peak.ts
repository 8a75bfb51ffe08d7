/** Runs the command line in a process of its own, and says how much memory it had at most. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MIB = 1024 * 1024;

export interface Peak {
  /** Exit code; undefined when the process was ended by a signal. */
  readonly code: number | undefined;
  /** The most resident memory that it had, in MiB; undefined when it did not come to its end. */
  readonly mib: number | undefined;
  readonly seconds: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Notes the peak when the process ends, in KiB. Linux counts for `maxRSS` what the parent had when it started the process;
 * `VmHWM` is of the program alone.
 */
const NOTE = `import { readFileSync, writeFileSync } from 'node:fs';
const peak = () => {
  try {
    return /VmHWM:\\s*(\\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))[1];
  } catch {
    return process.resourceUsage().maxRSS;
  }
};
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(peak())));
`;

/** Runs `dist/cli/main.js` with these arguments, for so long at most. */
export async function peakOf(argv: readonly string[], maxSeconds = 120, main = 'dist/cli/main.js'): Promise<Peak> {
  const place = mkdtempSync(join(tmpdir(), 'msbom-peak-'));
  const [note, file] = [join(place, 'note.mjs'), join(place, 'peak')];
  writeFileSync(note, NOTE);
  const start = performance.now();
  try {
    const child = spawn(process.execPath, ['--import', pathToFileURL(note).href, main, ...argv], {
      env: { ...process.env, PEAK_FILE: file },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: maxSeconds * 1000,
      killSignal: 'SIGKILL',
    });
    const texts = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.err += text;
    });
    const code = await new Promise<number | undefined>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve(status ?? undefined));
    });
    const kib = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
    return {
      code,
      mib: kib === undefined ? undefined : (kib * 1024) / MIB,
      seconds: (performance.now() - start) / 1000,
      ...texts,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
