/** Runs the user's own command that signs: bytes in, bytes out. */
import { spawn } from 'node:child_process';
import { MsbomError } from '../core/error.js';

export interface SignerCommand {
  /** Program and arguments, as the user gave them; no shell. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; default two minutes, in which somebody may touch a key. */
  readonly timeoutMs?: number;
}

const MAX_OUTPUT_BYTES = 64 * 1024;
const TIMEOUT_MS = 120_000;

const failed = (what: string): MsbomError =>
  new MsbomError('ERR_SIGN_COMMAND', `the command that signs ${what}`, {
    hint: 'Run it by hand: it gets the raw digest on standard input.',
  });

/** What the command answers on standard output; its standard error is ours. @throws ERR_SIGN_COMMAND */
export function runSigner({ command, cwd, env, timeoutMs = TIMEOUT_MS }: SignerCommand, input: Uint8Array): Promise<Buffer> {
  const [program, ...args] = command;
  if (program === undefined) return Promise.reject(failed('is empty'));
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const give = (what: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
      fail(failed(what));
    };
    const timer = setTimeout(() => give(`took longer than ${timeoutMs} ms`), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > MAX_OUTPUT_BYTES) give(`printed more than ${MAX_OUTPUT_BYTES} bytes`);
      else chunks.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) => give(`could not be started: ${error.code ?? 'unknown'}`));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) done(Buffer.concat(chunks));
      else fail(failed(code === null ? `was ended by ${signal}` : `ended with the code ${code}`));
    });
    // A command that does not read its input says so by its code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
