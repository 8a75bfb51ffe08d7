/** What git makes of a file's bytes before it compares them with those of the index: line endings, `$Id$`, Git LFS. */
import type { Attributes } from './attributes.js';
import { latin1 } from './objects.js';

/** `auto` leaves files alone that look binary. */
export type LineEndings = 'text' | 'auto' | 'keep';

/** What the attributes say; undefined when they leave it to the configuration. */
export function lineEndingsOf(attributes: Attributes): LineEndings | undefined {
  const text = actionOf(attributes.get('text')) ?? actionOf(attributes.get('crlf'));
  const eol = attributes.get('eol');
  return text ?? (eol === 'lf' || eol === 'crlf' ? 'text' : undefined);
}

function actionOf(value: string | boolean | undefined): LineEndings | undefined {
  if (value === true || value === 'input') return 'text';
  return value === false ? 'keep' : value === 'auto' ? 'auto' : undefined;
}

const CR = 0x0d;
const LF = 0x0a;

/** The bytes with the endings that a commit has. */
export function withLineFeeds(bytes: Uint8Array, endings: LineEndings): Uint8Array {
  if (endings === 'keep' || (endings === 'auto' && looksBinary(bytes))) return bytes;
  const result = new Uint8Array(bytes.byteLength);
  let filled = 0;
  for (let at = 0; at < bytes.byteLength; at++) {
    if (bytes[at] !== CR || bytes[at + 1] !== LF) result[filled++] = bytes[at] ?? 0;
  }
  return result.subarray(0, filled);
}

/** Backspace, tab, form feed and escape stand in texts. */
const PRINTABLE_CONTROLS = new Set([0x08, 0x09, 0x0c, 0x1b]);

/** git's own guess (`convert.c`): a NUL, a carriage return alone, or more than one unprintable byte in 128. */
export function looksBinary(bytes: Uint8Array): boolean {
  let printable = 0;
  let other = 0;
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return true;
    if (byte === CR) {
      if (bytes[++at] !== LF) return true;
    } else if (byte !== LF) {
      if (byte === 0x7f || (byte < 0x20 && !PRINTABLE_CONTROLS.has(byte))) other++;
      else printable++;
    }
  }
  // A file may end with the mark that DOS puts there.
  if (bytes.at(-1) === 0x1a) other--;
  return Math.floor(printable / 128) < other;
}

const DOLLAR = 0x24;

/** `$Id: …$` becomes `$Id$`, as the attribute `ident` asks for. */
export function withoutIdent(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.byteLength);
  let filled = 0;
  for (let at = 0; at < bytes.byteLength; ) {
    const byte = bytes[at++] ?? 0;
    result[filled++] = byte;
    if (byte !== DOLLAR || latin1(bytes.subarray(at, at + 3)) !== 'Id:') continue;
    let end = at + 3;
    while (end < bytes.byteLength && bytes[end] !== DOLLAR && bytes[end] !== LF) end++;
    if (bytes[end] !== DOLLAR) continue;
    result.set([0x49, 0x64, DOLLAR], filled);
    filled += 3;
    at = end + 1;
  }
  return result.subarray(0, filled);
}

/** The text that stands for a file in Git LFS (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
export const lfsPointer = (sha256: string, size: number): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;

/** What a pointer of any version names; undefined for what is no pointer. */
export function readLfsPointer(text: string): { readonly sha256: string; readonly size: number } | undefined {
  if (!/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/.test(text)) return undefined;
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  return sha256 === undefined || size === undefined ? undefined : { sha256, size: Number(size) };
}
