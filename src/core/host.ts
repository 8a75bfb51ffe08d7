import type { ByteSource } from './byte-source.js';

/** A source that holds something open. */
export interface ClosableSource extends ByteSource {
  close(): Promise<void>;
}

/** What a program printed. */
export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
}

/**
 * A machine as the probes see it: its files, its programs, its environment variables. The root may be `/`, a mounted image
 * or a fixture tree; then there are no programs and no variables but those given. All paths are absolute inside that root,
 * with `/`.
 *
 * What is not there is `undefined` or an empty list. What is there and cannot be read throws ERR_IO_*: the caller turns it
 * into a finding, so that a missing permission is never taken for a missing thing.
 */
export interface Host {
  /** Is this the running machine, so that its kernel, processes and variables speak of it? */
  readonly live: boolean;
  /** Operating system in the word of `process.platform`. */
  readonly platform: string;
  /** Instruction set in the word of `uname -m`, where known. */
  readonly machine?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the directory that the work is done in. */
  readonly cwd: string;
  /** The text of a small file (`/proc` and `/sys` files have no size of their own), at most `maxBytes`, default 1 MiB. */
  readText(path: string, maxBytes?: number): Promise<string | undefined>;
  /** Names in a directory, in code point order. */
  list(path: string): Promise<readonly string[]>;
  /** What a path is after following links inside the root. */
  kind(path: string): Promise<'file' | 'directory' | undefined>;
  /** Where a symbolic link points, as an absolute path inside the root; the path itself when it is no link. */
  resolve(path: string): Promise<string | undefined>;
  open(path: string): Promise<ClosableSource | undefined>;
  /** Runs a program without a shell; undefined when there is none of that name, or it took too long. */
  run(
    command: string,
    args: readonly string[],
    options?: { readonly timeoutMs?: number; readonly cwd?: string },
  ): Promise<CommandOutput | undefined>;
}
