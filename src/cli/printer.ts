import { resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { atLeast, type Finding, type Severity } from '../core/finding.js';
import { type Printable, printableDocument } from '../core/printable.js';
import { writeFileAtomic } from '../platform/write.js';
import { type Line, type Paint, plain, printLines, type Style } from '../report/lines.js';
import { findingLines } from '../report/text.js';
import type { Arguments } from './command.js';
import { EXIT, type ExitCode, type Io, type Session, type Sink } from './io.js';

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Colours as `--color` says, else as NO_COLOR (https://no-color.org) or FORCE_COLOR (https://force-color.org) do, else on a terminal. */
export function paintFor(sink: Sink, io: Io & Pick<Partial<Session>, 'color'>): Paint {
  if (!hasColours(sink, io)) return plain;
  return (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`;
}

function hasColours(sink: Sink, { color, env }: Io & Pick<Partial<Session>, 'color'>): boolean {
  if (color !== undefined) return color === 'always';
  if (env.NO_COLOR) return false;
  return sink.isTTY || (env.FORCE_COLOR ?? '') !== '';
}

/** Standard output is data, standard error is talk. */
export async function writeOutput(args: Arguments, io: Session, text: string): Promise<void> {
  await writeText(args.text('output') ?? '-', io, text);
}

/** Into a file, whole or not at all; `-` is standard output. @throws ERR_OUTPUT_IS_INPUT, ERR_IO_* */
export async function writeText(target: string, io: Session, text: string): Promise<void> {
  await writePrintable(target, io, printableDocument(text));
}

/** The same of what may be shown as it is. @throws ERR_OUTPUT_IS_INPUT, ERR_IO_* */
export async function writePrintable(target: string, io: Session, document: Printable): Promise<void> {
  if (target === '-') io.stdout.write(document);
  else await writeFileAtomic(resolve(io.cwd, target), document, { guard: io.guard });
}

/** Says something to the person, in lines, unless asked to be quiet. */
export function say(args: Arguments, io: Io, ...lines: readonly Line[]): void {
  if (!args.flag('quiet')) sayAlways(io, ...lines);
}

/** What only those want to know who ask for it. */
export function sayMore(args: Arguments, io: Io, ...lines: readonly string[]): void {
  if (args.flag('verbose')) for (const line of lines) sayAlways(io, [['dim', line]]);
}

/** Errors are said in any case. */
export const sayAlways = (io: Io, ...lines: readonly Line[]): void => io.stderr.write(printLines(lines, paintFor(io.stderr, io)));

/** Findings on standard error. */
export function sayFindings(args: Arguments, io: Io, findings: readonly Finding[], file: string): void {
  for (const finding of findings) say(args, io, ...findingLines(finding, file));
}

/** Exit 1 when a finding is at least as serious as `--fail-on`. */
export function exitFor(args: Arguments, findings: readonly { readonly severity: Severity }[]): ExitCode {
  const threshold = failOnOf(args);
  return threshold !== 'never' && findings.some(({ severity }) => atLeast(severity, threshold)) ? EXIT.negative : EXIT.clean;
}

/** One of the choices of the option. */
export const failOnOf = (args: Arguments): Severity | 'never' => (args.text('fail-on') ?? 'high') as Severity | 'never';

/** Even a module of our own cannot be opened when the process has as many files open as it may. */
const isOutOfDescriptors = (error: unknown): boolean =>
  error instanceof Error && ['EMFILE', 'ENFILE'].includes(String((error as NodeJS.ErrnoException).code));

const tooManyOpen = (cause: unknown): MsbomError =>
  new MsbomError('ERR_IO_READ', 'too many files are open: the system allows this process no more', {
    hint: 'allow it more, for example with `ulimit -n 256`; 48 are enough',
    cause,
  });

/** No error fills more than a screen. */
const MAX_MESSAGE = 1000;
const MAX_FINDINGS = 6;
/** Lines of where a fault of our own happened. */
const MAX_STACK = 12;

const shortened = (message: string): string => (message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message);

/** An error as a person reads it. The question was not answered, whatever it was; a verb for which an error is an answer says so itself. */
export function reportError(error: unknown, io: Io, isVerbose = false): ExitCode {
  if (!MsbomError.is(error)) {
    if (isOutOfDescriptors(error)) return reportError(tooManyOpen(error), io, isVerbose);
    sayAlways(
      io,
      [['red', 'error'], `: ${shortened(error instanceof Error ? error.message : String(error))}`],
      '  this is a fault of msbom itself; please report it with the command that you ran',
      ...(isVerbose && error instanceof Error ? (error.stack ?? '').split('\n').slice(1, MAX_STACK) : []),
    );
    return EXIT.unanswered;
  }
  const { code, message, hint, file, line, column, offset } = error;
  const place =
    file === undefined
      ? ''
      : `${file}${line !== undefined ? `:${line}:${column ?? 1}` : offset !== undefined ? ` (byte ${offset})` : ''}: `;
  sayAlways(
    io,
    [['red', 'error'], `: ${place}${shortened(message)} `, ['dim', `[${code}]`]],
    `hint: ${hint ?? `\`msbom explain ${code}\` says what it means and what to do`}`,
  );
  if (isVerbose || code === 'ERR_COLLECT_INCOMPLETE') {
    const findings = error.findings ?? [];
    const shown = isVerbose ? findings.length : MAX_FINDINGS;
    for (const finding of findings.slice(0, shown)) sayAlways(io, ...findingLines(finding, finding.file ?? file ?? ''));
    if (findings.length > shown) sayAlways(io, `and ${findings.length - shown} more; --verbose has all`);
  }
  if (isVerbose && error.cause instanceof Error) sayAlways(io, `cause: ${shortened(error.cause.message)}`);
  return EXIT.unanswered;
}
