/** Documents that a verb made: written where the names say, and summed up for the person. */
import type { Written } from '../convert/targets.js';
import { summaryLines } from '../report/index.js';
import type { DocumentResult } from '../verbs/document-result.js';
import { formatOfName, type PlannedOutput, planOutputs, printableOf } from '../verbs/formats.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { say, sayFindings, writePrintable } from './printer.js';

/** What is to be written. At a terminal nothing is, unless a file or `-` is named: a screen full of JSON helps nobody. */
export function outputsFrom(args: Arguments, io: Session, fallback: string): readonly PlannedOutput[] {
  const named = args.texts('output');
  const targets = named.length > 0 ? named : io.stdout.isTTY ? [] : ['-'];
  return planOutputs(targets, { to: args.text('to'), fallback });
}

/** All are made before the first is written. @throws ERR_CONVERT_INVALID, ERR_OUTPUT_IS_INPUT, ERR_IO_* */
export async function writeDocuments(
  planned: readonly PlannedOutput[],
  result: Pick<DocumentResult, 'write'>,
  io: Session,
): Promise<readonly Written[]> {
  const made = new Map<string, Written>();
  for (const { format } of planned) if (!made.has(format)) made.set(format, await result.write(format));
  for (const { target, format } of planned) await writePrintable(target, io, printableOf(format, made.get(format) ?? { text: '' }));
  return [...made.values()];
}

/** Findings, then three lines: what, how much, what to look at. */
export function sayDocument(
  args: Arguments,
  io: Session,
  { manifest, findings }: Pick<DocumentResult, 'manifest' | 'findings'>,
  planned: readonly PlannedOutput[],
): void {
  sayFindings(args, io, findings, '');
  say(args, io, ...summaryLines(manifest, findings, whatBecame(planned)));
}

function whatBecame(planned: readonly PlannedOutput[]): string {
  if (planned.length === 0) return 'nothing was written: name a file with -o, or give `-o -` for the terminal';
  const files = planned.map(({ target, format }) =>
    target === '-' ? `${format} to standard output` : formatOfName(target) === undefined ? `${target} (${format})` : target,
  );
  return `wrote ${files.join(', ')}`;
}
