import { type Finding, isBlocking } from '../core/finding.js';
import { escaped, ownText, type Printable } from '../core/printable.js';
import type { FileFindings } from './json.js';

/** Workflow commands that GitHub Actions shows beside the line. Source: docs.github.com, "Workflow commands". */
export function asGithub(files: readonly FileFindings[]): Printable {
  return ownText(files.flatMap(({ file, findings }) => findings.map((finding) => `${command(finding, file)}\n`)).join(''));
}

function command(finding: Finding, file: string): string {
  const { severity, id, message, fix, line, column, waived } = finding;
  const level = waived !== undefined ? 'notice' : isBlocking(finding) ? 'error' : severity === 'medium' ? 'warning' : 'notice';
  const place = [
    `file=${property(finding.file ?? file)}`,
    ...(line === undefined ? [] : [`line=${line}`, `col=${column ?? 1}`]),
    `title=${property(id)}`,
  ];
  const before = waived === undefined ? '' : `waived by ${waived.author} until ${waived.expires}: `;
  const behind = waived?.reason ?? fix;
  return `::${level} ${place.join(',')}::${escapeText(`${before}${message}${behind === undefined ? '' : `. ${behind}`}`)}`;
}

/** Escaped for the eye first, so that nothing is left that GitHub would unfold into a line break. */
const escapeText = (text: string): string => escaped(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string): string => escapeText(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
