import type { Finding, Severity } from '../core/finding.js';
import type { Printable } from '../core/printable.js';
import type { FileFindings } from './json.js';
import { type Line, type Paint, plain, printLines, type Style } from './lines.js';

export const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

/** A line for each finding, its fix below it, and a summary. */
export function asText(files: readonly FileFindings[], paint: Paint = plain): Printable {
  const lines = files.flatMap(({ file, valid, findings }): readonly Line[] => [
    ...findings.flatMap((finding) => findingLines(finding, file)),
    [valid ? ['green', 'valid'] : ['red', 'invalid'], `  ${file}${summary(findings)}`],
  ]);
  return printLines(lines, paint);
}

/** A finding as two or three lines: place, what is wrong, what to do. */
export function findingLines(finding: Finding, file: string): readonly Line[] {
  const { severity, id, message, fix, pointer, waived } = finding;
  if (waived !== undefined) return [waivedLine(finding, place(finding, file))];
  return [
    [['bold', place(finding, file)], ': ', [SEVERITY_STYLES[severity], severity], ` ${message} `, ['dim', `[${id}]`]],
    ...(pointer ? [[['dim', `  at ${pointer}`]] satisfies Line] : []),
    ...(fix === undefined ? [] : [`  fix: ${fix}`]),
  ];
}

/** What does not count, with who decided that, until when and why. */
export function waivedLine({ id, message, pointer, waived }: Pick<Finding, 'id' | 'message' | 'pointer' | 'waived'>, place: string): Line {
  const { author = '', expires = '', reason = '' } = waived ?? {};
  return [
    ['bold', place],
    ': ',
    ['dim', 'waived'],
    ` ${message}${pointer ? ` at ${pointer}` : ''} `,
    ['dim', `[${id}] by ${author} until ${expires}: ${reason}`],
  ];
}

function place({ file: own, line, column, offset }: Finding, file: string): string {
  const name = own ?? file;
  if (line !== undefined) return `${name}:${line}:${column ?? 1}`;
  return offset === undefined ? name : `${name} (byte ${offset})`;
}

function summary(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  const add = (word: string): void => void counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const { severity, waived } of findings) add(waived === undefined ? severity : 'waived');
  return counts.size === 0 ? '' : `  (${[...counts].map(([severity, count]) => `${count} ${severity}`).join(', ')})`;
}
