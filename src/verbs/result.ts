/** What every verb answers. */
import { atLeast, type Finding, type Severity } from '../core/finding.js';
import type { Printable } from '../core/printable.js';
import type { Paint } from '../report/lines.js';

/** 0: clean. 1: a negative answer about the input. 2: the question could not be answered. */
export type AnswerCode = 0 | 1 | 2;

export interface RenderOptions {
  /** Colours of text; none by default. */
  readonly paint?: Paint;
}

/** The answer of a verb: data, and the forms that it can be shown in. */
export interface VerbResult<Format extends string = string> {
  /** What the program would exit with. */
  readonly exitCode: AnswerCode;
  /** What was noticed, each with the file that it is about. */
  readonly findings: readonly Finding[];
  /** Words that `render` takes. */
  readonly formats: readonly Format[];
  render(format: Format, options?: RenderOptions): Promise<Printable>;
}

/** 1 when a finding that nobody waived is at least as serious as `failOn`. */
export function exitCodeOf(findings: readonly Pick<Finding, 'severity' | 'waived'>[], failOn: Severity | 'never'): AnswerCode {
  return failOn !== 'never' && findings.some(({ severity, waived }) => waived === undefined && atLeast(severity, failOn)) ? 1 : 0;
}

/** Findings with the file that they are about, where they name none. */
export const about = (file: string, findings: readonly Finding[]): readonly Finding[] =>
  findings.map((finding) => (finding.file === undefined ? { ...finding, file } : finding));
