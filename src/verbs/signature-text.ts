/** Verdicts over signatures as text, and as findings. */
import { type Finding, firstOf } from '../core/finding.js';
import type { Line } from '../report/lines.js';
import type { BatchResult, Reason, Verdict } from '../sign/index.js';

/** Lines of one kind that are said one by one. */
const MAX_LINES = 50;

export function reasonLine({ class: kind, code, path, detail, next }: Reason): Line {
  return [['red', code], `  ${path === undefined ? '' : `${path}: `}${detail} `, ['dim', `(${kind}) ${next}`]];
}

export function reasonLines(reasons: readonly Reason[]): readonly Line[] {
  const lines = reasons.slice(0, MAX_LINES).map(reasonLine);
  return reasons.length > MAX_LINES ? [...lines, `and ${reasons.length - MAX_LINES} more; --format json has all`] : lines;
}

const named = (paths: readonly string[]): string => firstOf(paths, MAX_LINES);

export const relaxedLines = (relaxed: readonly string[]): readonly Line[] =>
  relaxed.length === 0 ? [] : [[['yellow', 'accepted by option'], `  ${relaxed.join(', ')}`]];

/** A verdict over files. */
export function verdictLines(verdict: Pick<Verdict, 'ok' | 'reasons'> & Partial<Verdict>): readonly Line[] {
  const { ok, signer, root, files, reasons, notes = [], relaxed = [] } = verdict;
  const issuer = signer?.issuer === undefined ? '' : `, for whom ${signer.issuer} vouched`;
  const who = signer?.names?.join(', ') ?? (signer === undefined ? undefined : `the key ${signer.keyHint}`);
  return [
    ...reasonLines(reasons),
    ...notes
      .slice(0, MAX_LINES)
      .map(({ code, path, detail }): Line => [['yellow', code], `  ${path === undefined ? '' : `${path}: `}${detail}`]),
    ...(files === undefined || files.unsigned.length === 0
      ? []
      : [[['yellow', 'not signed'], `  ${named(files.unsigned)}`] satisfies Line]),
    ...(files === undefined || files.ignored.length === 0
      ? []
      : [[['yellow', 'left out'], `  ${named(files.ignored.map((each) => `${each.path} (${each.files})`))}`] satisfies Line]),
    ...relaxedLines(relaxed),
    ...(who === undefined ? [] : [`signer  ${who}${issuer}`]),
    ...(root === undefined ? [] : [`root  sha256:${root.sha256}`]),
    files === undefined
      ? [['red', 'not verified'], '  the files were not looked at']
      : [[ok ? 'green' : 'red', ok ? 'verified' : 'not verified'], `  ${files.verified} of ${files.signed} signed files match`],
  ];
}

/** One of many directories. */
export const resultLines = (result: BatchResult): readonly Line[] =>
  result.ok
    ? [[['green', 'verified'], `  ${result.directory}`]]
    : [
        [['red', 'not verified'], `  ${result.directory}`],
        ...reasonLines(result.reasons).map((line): Line => ['  ', ...(typeof line === 'string' ? [line] : line)]),
      ];

/** Why a signature is not accepted, as findings. */
export const reasonFindings = (reasons: readonly Reason[], file: string): readonly Finding[] =>
  reasons.map(({ code, path, detail, next }) => ({ id: code, severity: 'high', message: detail, fix: next, file: path ?? file }));
