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
  const { severity, id, message, fix, pointer } = finding;
  return [
    [['bold', place(finding, file)], ': ', [SEVERITY_STYLES[severity], severity], ` ${message} `, ['dim', `[${id}]`]],
    ...(pointer ? [[['dim', `  at ${pointer}`]] satisfies Line] : []),
    ...(fix === undefined ? [] : [`  fix: ${fix}`]),
  ];
}

function place({ file: own, line, column, offset }: Finding, file: string): string {
  const name = own ?? file;
  if (line !== undefined) return `${name}:${line}:${column ?? 1}`;
  return offset === undefined ? name : `${name} (byte ${offset})`;
}

function summary(findings: readonly Finding[]): string {
  const counts = new Map<Severity, number>();
  for (const { severity } of findings) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return counts.size === 0 ? '' : `  (${[...counts].map(([severity, count]) => `${count} ${severity}`).join(', ')})`;
}
