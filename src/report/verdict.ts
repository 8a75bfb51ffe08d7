import type { Printable } from '../core/printable.js';
import type { FileVerdict, VerifyResult } from '../manifest/compare-files.js';
import { type Line, type Paint, plain, printLines } from './lines.js';

/** Files that do not match, and one line with the verdict. */
export function verdictAsText({ ok, files }: VerifyResult, paint: Paint = plain): Printable {
  const bad = files.filter(({ status }) => status !== 'matched');
  const lines = bad.map(({ path, status, detail }): Line => [['red', status], `  ${path}${detail === undefined ? '' : `: ${detail}`}`]);
  return printLines([...lines, verdict(ok, files)], paint);
}

function verdict(ok: boolean, files: readonly FileVerdict[]): Line {
  if (ok) return [['green', 'verified'], `  ${files.length} files match`];
  const matched = files.filter(({ status }) => status === 'matched').length;
  return [['red', 'not verified'], `  ${files.length - matched} of ${files.length} files do not match`];
}
