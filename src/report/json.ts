import type { Finding } from '../core/finding.js';

/** The findings of one document. */
export interface FileFindings {
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  readonly valid: boolean;
  readonly findings: readonly Finding[];
}

/** `{ "files": [{ "file", "valid", "findings": [...] }] }`, one line break at the end. */
export function asJson(files: readonly FileFindings[]): string {
  return `${JSON.stringify({ files }, null, 2)}\n`;
}
