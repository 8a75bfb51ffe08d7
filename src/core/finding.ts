import type { MsbomError } from './error.js';

/** Ordered from least to most serious. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something noticed about a document or a file. `high` and `critical` mean that a MUST of the specification is broken. */
export interface Finding {
  /** The rule's id; it has a page in docs/rules. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string | undefined;
  /** RFC 6901 pointer into the document; `''` is the whole document. */
  readonly pointer?: string | undefined;
  readonly file?: string | undefined;
  /** Bytes from the start of `file`. */
  readonly offset?: number | undefined;
  /** Both count from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Somebody decided to live with it until the end of a day: it is shown, and does not count. */
  readonly waived?: { readonly reason: string; readonly author: string; readonly expires: string } | undefined;
}

/** Is `severity` at least as serious as `threshold`? */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold);
}

/** Does the finding make a document invalid? */
export function isBlocking(finding: Finding): boolean {
  return atLeast(finding.severity, 'high');
}

/** The first names of a list in words, and how many others there are. */
export const firstOf = (names: readonly string[], most: number): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');

const byText = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);

/** A stable order: file, place, seriousness, id. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      byText(a.file, b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      (a.offset ?? 0) - (b.offset ?? 0) ||
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      byText(a.pointer, b.pointer) ||
      byText(a.id, b.id) ||
      byText(a.message, b.message),
  );
}

/** Findings that one message names. */
const MAX_NAMED = 20;

/** Findings as one message: each with the place that it is about. */
export function inOneMessage(findings: readonly Finding[]): string {
  const named = findings.slice(0, MAX_NAMED).map(({ message, pointer }) => (pointer ? `${message} (at ${pointer})` : message));
  return [...named, ...(findings.length > MAX_NAMED ? [`and ${findings.length - MAX_NAMED} more`] : [])].join('; ');
}

/** An error as a finding, for work that goes on: `ERR_JSON_SYNTAX` becomes `json-syntax`, with its place and its hint. */
export function findingOf({ code, message, hint, file, line, column, offset, pointer }: MsbomError): Finding {
  return {
    id: code.slice('ERR_'.length).toLowerCase().replace(/_/g, '-'),
    severity: 'critical',
    message,
    ...(hint === undefined ? {} : { fix: hint }),
    ...(file === undefined ? {} : { file }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(line === undefined ? {} : { line, column }),
    ...(offset === undefined ? {} : { offset }),
  };
}
