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

export interface CommandOptions {
  /** Milliseconds; default 20 seconds. */
  readonly timeoutMs?: number;
}

/** What lies at a path itself: a link is not followed. */
export interface HostEntry {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
  /** May its owner run it? */
  readonly executable: boolean;
}

/** What the operating system says of itself by its own interface rather than in files. */
export interface SystemName {
  /** Kernel release, as `uname -r` has it. */
  readonly release: string;
  /** Version in the system's own words, as `uname -v` has it; on Windows the name of the product. */
  readonly version: string;
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
  /** Only for the running machine. */
  readonly system?: SystemName | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the directory that the work is done in. */
  readonly cwd: string;
  /**
   * The text of a small regular file (those of `/proc` and `/sys` have no size of their own).
   * @throws ERR_LIMIT_BYTES when it has more than `maxBytes`, default 1 MiB
   */
  readText(path: string, maxBytes?: number): Promise<string | undefined>;
  /** Names in a directory, in code point order. */
  list(path: string): Promise<readonly string[]>;
  /** What a path is after following links inside the root. */
  kind(path: string): Promise<'file' | 'directory' | undefined>;
  /** The path with every symbolic link followed inside the root; undefined when nothing is there. */
  resolve(path: string): Promise<string | undefined>;
  open(path: string): Promise<ClosableSource | undefined>;
  /** What lies at a path, a link itself rather than where it leads. */
  entry(path: string): Promise<HostEntry | undefined>;
  /** The bytes of a link: the path that it holds. */
  readLink(path: string): Promise<Uint8Array | undefined>;
  /** Digest, in lower-case hexadecimal, of `prefix` and then all bytes of a regular file that is no link. */
  digest(path: string, algorithm: 'sha1' | 'sha256', prefix: string): Promise<string | undefined>;
  /**
   * Runs a program without a shell, input or settings of ours; undefined when there is none of that name.
   * @throws ERR_IO_PERMISSION when the only one is not trusted (docs/security.md), ERR_IO_READ when it takes too long,
   * prints too much or is killed
   */
  run(command: string, args: readonly string[], options?: CommandOptions): Promise<CommandOutput | undefined>;
}
