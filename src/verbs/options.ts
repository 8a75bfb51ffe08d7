/** What every verb takes. */
import { MsbomError } from '../core/error.js';
import type { FileGuard } from '../platform/guard.js';

export interface VerbOptions {
  /** Directory that relative paths start from; default the current one. */
  readonly cwd?: string;
  /** Time of the documents that are made; default the present. */
  readonly now?: Date | string;
  /** Keeps what is read and what is written apart, where the caller writes. */
  readonly guard?: FileGuard;
  /** All of standard input, for the path `-`. Without it, `-` is a usage error. @throws ERR_LIMIT_BYTES */
  readStdin?(maxBytes: number): Promise<Uint8Array>;
  /** Descriptor of standard output, where the documents go there. */
  readonly outputDescriptor?: number;
}

/** A time as documents state it: in UTC, to the second. */
export function timestampOf({ now = new Date() }: Pick<VerbOptions, 'now'>): string {
  return typeof now === 'string' ? now : `${now.toISOString().slice(0, 19)}Z`;
}

/** All of standard input. @throws ERR_CLI_USAGE where nobody gave it, ERR_LIMIT_BYTES */
export function readStdin(maxBytes: number, options: VerbOptions): Promise<Uint8Array> {
  if (options.readStdin !== undefined) return options.readStdin(maxBytes);
  throw new MsbomError('ERR_CLI_USAGE', 'there is no standard input', { file: '-', hint: 'give a path, or the option `readStdin`' });
}
