import type { Io } from '../../src/cli/io.js';
import { run } from '../../src/cli/run.js';

export interface CliOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
  /** Stands for the servers that `msbom audit --online` asks. */
  readonly http?: NonNullable<Io['http']>;
}

/** Runs a command line in this process: its exit code and what it wrote. */
export async function runCli(cwd: string, argv: readonly string[], { stdin = '', env = {}, tty = false, http }: CliOptions = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    stdout: { write: (text) => void out.push(text), isTTY: tty },
    stderr: { write: (text) => void err.push(text), isTTY: tty },
    env,
    cwd,
    readStdin: async () => new TextEncoder().encode(stdin),
    ...(http === undefined ? {} : { http }),
  };
  const code = await run(argv, io);
  return { code, out: out.join(''), err: err.join('') };
}
