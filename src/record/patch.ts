/**
 * The uncommitted changes of a repository as a patch that `git apply` takes (https://git-scm.com/docs/diff-generate-patch). Of each file
 * all between the first and the last line that differs is one piece: not the shortest patch, but one that takes a single pass.
 */
import { findSecrets } from '../core/secrets/index.js';
import type { ChangedFile } from '../probe/git/changes.js';

/** Its first line, which `git apply` passes over: tells ours from any other file. */
export const PATCH_MARK = '# uncommitted changes, kept by msbom record';
const CONTEXT = 3;
const MAX_PATCH = 16 * 1024 * 1024;
/** Is a file called as settings with credentials are: `.env`, `prod.env`, `.env.local`? */
const isOfSecrets = (path: string): boolean =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .toLowerCase()
    .split('.')
    .includes('env');

export interface Patch {
  readonly bytes: Uint8Array;
  /** Files that are not in it: no text, too long, no plain file, or with what looks like a credential. */
  readonly left: readonly string[];
}

export function patchOf(files: readonly ChangedFile[]): Patch {
  const parts: Buffer[] = [Buffer.from(`${PATCH_MARK}\n`)];
  const left: string[] = [];
  let length = 0;
  for (const file of files) {
    const part = isOfSecrets(file.path) ? undefined : partOf(file);
    if (part === undefined || length + part.length > MAX_PATCH || findSecrets(part.toString('utf8')).length > 0) {
      left.push(file.path);
      continue;
    }
    parts.push(part);
    length += part.length;
  }
  return { bytes: Buffer.concat(parts), left };
}

/** Of one file; undefined where it is no text. */
function partOf({ path, content }: ChangedFile): Buffer | undefined {
  if (content === undefined || path.includes('\n')) return undefined;
  const { before, after, mode, modeBefore = mode } = content;
  if (before?.includes(0) === true || after?.includes(0) === true) return undefined;
  const [old, own] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  const modes =
    before === undefined
      ? [`new file mode ${mode}`]
      : after === undefined
        ? [`deleted file mode ${modeBefore}`]
        : mode === modeBefore
          ? []
          : [`old mode ${modeBefore}`, `new mode ${mode}`];
  const piece = pieceOf(linesOf(before), linesOf(after));
  const names = [`--- ${before === undefined ? '/dev/null' : ended(old)}`, `+++ ${after === undefined ? '/dev/null' : ended(own)}`];
  const head = [`diff --git ${old} ${own}`, ...modes, ...(piece === '' ? [] : names)].map((line) => `${line}\n`).join('');
  return Buffer.concat([Buffer.from(head), Buffer.from(piece, 'latin1')]);
}

/** Each byte a sign: a patch holds the bytes of a file, whatever its encoding. */
const linesOf = (bytes: Uint8Array = new Uint8Array()): readonly string[] =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .split(/(?<=\n)/)
    .filter((line) => line !== '');

function pieceOf(before: readonly string[], after: readonly string[]): string {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  let end = 0;
  while (end < shorter - same && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  if (same === before.length && same === after.length) return '';
  const from = Math.max(0, same - CONTEXT);
  const behind = Math.min(end, CONTEXT);
  const stop = before.length - end + behind;
  const lines = [
    ...before.slice(from, same).map((line) => ` ${line}`),
    ...before.slice(same, before.length - end).map((line) => `-${line}`),
    ...after.slice(same, after.length - end).map((line) => `+${line}`),
    ...before.slice(before.length - end, stop).map((line) => ` ${line}`),
  ].map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`));
  const place = (count: number): string => `${count === 0 ? from : from + 1},${count}`;
  const [old, own] = [stop - from, after.length - end + behind - from];
  return `@@ -${place(old)} +${place(own)} @@\n${lines.join('')}`;
}

/** A name with a space ends with a tab there. */
const ended = (name: string): string => (name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name);

/** As git quotes names (core.quotePath off). */
function quoted(name: string): string {
  const signs = [...name].map((sign) => {
    const code = sign.charCodeAt(0);
    if (sign === '"' || sign === '\\') return `\\${sign}`;
    return code < 32 || code === 127 ? `\\${code.toString(8).padStart(3, '0')}` : sign;
  });
  const text = signs.join('');
  return text === name ? name : `"${text}"`;
}
