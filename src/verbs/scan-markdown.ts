/** The result of a scan as a table of Markdown, for summaries of jobs and comments. */
import { escaped, ownText, type Printable } from '../core/printable.js';
import type { FileScan, ScanFinding } from '../scan/index.js';

const MARKS = { malicious: '❌', suspicious: '⚠️', unknown: '❔', clean: '✅' } as const;
const ORDER = ['malicious', 'suspicious', 'unknown', 'clean'] as const;
const MAX_ROWS = 200;
const MAX_TEXT = 300;

/** `whyKnown` says why a finding does not count, where it does not. */
export function asMarkdown(files: readonly FileScan[], whyKnown: (found: ScanFinding) => string | undefined): Printable {
  const counts = ORDER.map((verdict) => [verdict, files.filter((file) => file.verdict === verdict).length] as const).filter(
    ([, count]) => count > 0,
  );
  const lines = ['# Scan', '', counts.map(([verdict, count]) => `${MARKS[verdict]} ${count} ${verdict}`).join(' · ') || 'No files.'];
  const rows = files.flatMap((file) => rowsOf(file, whyKnown));
  if (rows.length > 0) lines.push('', '| | File | Severity | Finding |', '|---|---|---|---|', ...rows.slice(0, MAX_ROWS));
  if (rows.length > MAX_ROWS) lines.push('', `And ${rows.length - MAX_ROWS} more rows.`);
  return ownText(`${lines.join('\n')}\n`);
}

function rowsOf(
  { path, verdict, findings, notInspected }: FileScan,
  whyKnown: (found: ScanFinding) => string | undefined,
): readonly string[] {
  const row = (severity: string, text: string): string => `| ${MARKS[verdict]} | ${cell(path)} | ${severity} | ${text} |`;
  return [
    ...findings
      .filter((found) => found.verdict !== 'note')
      .map((found) => {
        const { rule, severity, message, member, offset } = found;
        const place = [member === undefined ? '' : `in ${cell(member)}`, offset === undefined ? '' : `at byte ${offset}`]
          .filter((part) => part !== '')
          .join(' ');
        const why = whyKnown(found);
        return row(severity, `${cell(message)}${place === '' ? '' : ` (${place})`}${why === undefined ? '' : `, ${cell(why)}`} [${rule}]`);
      }),
    ...notInspected.map((why) => row('', `not looked at: ${cell(why)}`)),
  ];
}

/** What comes from a file is shown as a text that no renderer takes for marks, links or pictures. */
function cell(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  const plain = escaped(short).replaceAll('\n', ' ').replaceAll('`', "'").replaceAll('|', '\\|');
  return `\`${plain}\``;
}
