/** Names and texts in marshalled code of Python: listed for people, never run. */
import type { ByteSource } from '../../core/byte-source.js';

const MAX_BYTES = 1024 * 1024;
const MAX_NAMES = 40;
const MAX_TEXT = 4096;
/** Short ASCII texts, interned or not, with and without the flag of a reference. Source: Python/marshal.c */
const SHORT_TEXTS: ReadonlySet<number> = new Set([0x7a, 0x5a, 0xfa, 0xda]);
/** Texts and byte strings with a length of four bytes: `a`, `A`, `u`, `t`, `s`. */
const LONG_TEXTS: ReadonlySet<number> = new Set([0x61, 0x41, 0x75, 0x74, 0x73, 0xe1, 0xc1, 0xf5, 0xf4, 0xf3]);

/** The short texts of a code object, in order; none when the bytes hold none. @throws ERR_IO_* */
export async function codeNames(source: ByteSource): Promise<readonly string[]> {
  return namesInCode(await source.read(0, Math.min(source.size, MAX_BYTES)), MAX_NAMES);
}

/** The texts of code, in order, each once. */
export function namesInCode(bytes: Uint8Array, most: number): readonly string[] {
  const names = new Set<string>();
  for (let at = 0; at + 2 < bytes.length && names.size < most; at++) {
    const head = SHORT_TEXTS.has(bytes[at] ?? 0) ? 2 : LONG_TEXTS.has(bytes[at] ?? 0) ? 5 : 0;
    if (head === 0) continue;
    const length = head === 2 ? (bytes[at + 1] ?? 0) : lengthAt(bytes, at + 1);
    if (length === 0 || length > MAX_TEXT || at + head + length > bytes.length) continue;
    const text = bytes.subarray(at + head, at + head + length);
    if (!text.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a)) continue;
    names.add(String.fromCharCode(...text));
    at += head + length - 1;
  }
  return [...names];
}

const lengthAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0) * 65536 + (bytes[at + 3] ?? 0) * 2 ** 24;
