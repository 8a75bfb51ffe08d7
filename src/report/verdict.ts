import type { FileVerdict, VerifyResult } from '../manifest/compare-files.js';
import { type Paint, plain } from './text.js';

/** Files that do not match, and one line with the verdict. */
export function verdictAsText({ ok, files }: VerifyResult, paint: Paint = plain): string {
  const bad = files.filter(({ status }) => status !== 'matched');
  const lines = bad.map(({ path, status, detail }) => `${paint('red', status)}  ${path}${detail === undefined ? '' : `: ${detail}`}`);
  return `${[...lines, verdict(ok, files, paint)].join('\n')}\n`;
}

function verdict(ok: boolean, files: readonly FileVerdict[], paint: Paint): string {
  if (ok) return `${paint('green', 'verified')}  ${files.length} files match`;
  const matched = files.filter(({ status }) => status === 'matched').length;
  return `${paint('red', 'not verified')}  ${files.length - matched} of ${files.length} files do not match`;
}
