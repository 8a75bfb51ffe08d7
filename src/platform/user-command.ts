/** Runs a command that the user named, to sign or to tell a password: bytes in, bytes out. */
import { spawn } from 'node:child_process';
import { type ErrorCode, MsbomError } from '../core/error.js';

export interface UserCommand {
  /** Program and arguments, as the user gave them; no shell. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; default two minutes, in which somebody may touch a key. */
  readonly timeoutMs?: number;
}

/** What it is for: how an error of it is told. */
export interface CommandPurpose {
  readonly code: ErrorCode;
  /** `the command that signs` */
  readonly name: string;
  readonly hint: string;
}

const MAX_OUTPUT_BYTES = 64 * 1024;
const TIMEOUT_MS = 120_000;

/** What the command answers on standard output; its standard error is ours. @throws the code of its purpose */
export function runUserCommand(
  { command, cwd, env, timeoutMs = TIMEOUT_MS }: UserCommand,
  input: Uint8Array,
  { code, name, hint }: CommandPurpose,
): Promise<Buffer> {
  const failed = (what: string): MsbomError => new MsbomError(code, `${name} ${what}`, { hint });
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
    child.on('close', (exit, signal) => {
      clearTimeout(timer);
      if (exit === 0) done(Buffer.concat(chunks));
      else fail(failed(exit === null ? `was ended by ${signal}` : `ended with the code ${exit}`));
    });
    // A command that does not read its input says so by its code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
