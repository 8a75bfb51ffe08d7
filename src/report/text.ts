import type { Finding, Severity } from '../core/finding.js';
import type { FileFindings } from './json.js';

/** Colours by name; the identity where there are none. */
export type Paint = (style: 'red' | 'yellow' | 'cyan' | 'green' | 'dim' | 'bold', text: string) => string;

export const plain: Paint = (_style, text) => text;

export const SEVERITY_STYLES: Readonly<Record<Severity, Parameters<Paint>[0]>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

/** A line for each finding, its fix below it, and a summary. */
export function asText(files: readonly FileFindings[], paint: Paint = plain): string {
  const lines = files.flatMap(({ file, valid, findings }) => [
    ...findings.flatMap((finding) => findingLines(finding, file, paint)),
    `${valid ? paint('green', 'valid') : paint('red', 'invalid')}  ${file}${summary(findings)}`,
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** A finding as two or three lines: place, what is wrong, what to do. */
export function findingLines(finding: Finding, file: string, paint: Paint): readonly string[] {
  const { severity, id, message, fix, pointer } = finding;
  const at = place(finding, file);
  return [
    `${paint('bold', at)}: ${paint(SEVERITY_STYLES[severity], severity)} ${message} ${paint('dim', `[${id}]`)}`,
    ...(pointer ? [paint('dim', `  at ${pointer}`)] : []),
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
