import type { Http } from '../core/http.js';
import type { Printable } from '../core/printable.js';
import type { FileGuard } from '../platform/guard.js';

/** The world as the command line sees it; tests give their own. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory that relative paths start from. */
  readonly cwd: string;
  /** All of standard input. @throws ERR_LIMIT_BYTES */
  readStdin(maxBytes: number): Promise<Uint8Array>;
  /** Descriptor of standard output, where it is that of the process. */
  readonly outputDescriptor?: number;
  /** Asks the person at the terminal for a secret, which is not shown; missing where there is none. */
  askSecret?(question: string): Promise<string>;
  /** Asks a server, for what asks one by its options; missing where the platform does it. */
  readonly http?: Http;
  /** Ends the program by a signal, as the program that it ran was ended, once everything is written. */
  endBySignal?(signal: NodeJS.Signals): void;
}

/** What is told of a verb. */
export interface VerbPage {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Placeholder of the value. */
  readonly value?: string;
  readonly help: string;
  readonly multiple?: boolean;
  /** Words allowed. */
  readonly choices?: readonly string[];
  readonly default?: string;
  /** Its value is a file that is written; `-` is standard output. */
  readonly isOutput?: boolean;
  /** What a file of ours under that name holds, where its form names no tool: it may be replaced by the next. */
  readonly mark?: string;
}

/** One run of a verb. */
export interface Session extends Io {
  /** Keeps what is read and what is written apart. */
  readonly guard: FileGuard;
  /** Colours as `--color` says; otherwise as the terminal and the variables do. */
  readonly color?: 'always' | 'never';
  /** All verbs, for those that speak of them. */
  readonly verbs: () => Promise<readonly VerbPage[]>;
}

export interface Sink {
  /** What is not `Printable` is not written: messages are lines, results are documents. */
  write(text: Printable): void;
  /** Is it a terminal? */
  readonly isTTY: boolean;
  /** Characters of a line of the terminal. */
  readonly columns?: number | undefined;
}

/** 0: clean. 1: a negative answer about the input. 2: the question could not be answered. */
export const EXIT = { clean: 0, negative: 1, unanswered: 2 } as const;
/** One of the above; `record` also gives the exit code of the command that it ran. */
export type ExitCode = number;
