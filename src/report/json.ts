import type { Finding } from '../core/finding.js';
import { type Printable, printableJson } from '../core/printable.js';

/** The findings of one document. */
export interface FileFindings {
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  readonly valid: boolean;
  readonly findings: readonly Finding[];
}

/** `{ "files": [{ "file", "valid", "findings": [...] }] }`, one line break at the end. */
export function asJson(files: readonly FileFindings[]): Printable {
  return printableJson({ files });
}
