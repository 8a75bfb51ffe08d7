/** Names and texts in marshalled code of Python: listed for people, never run. */
import type { ByteSource } from '../../core/byte-source.js';

const MAX_BYTES = 1024 * 1024;
const MAX_NAMES = 40;
/** Short ASCII texts, interned or not, with and without the flag of a reference. Source: Python/marshal.c */
const SHORT_TEXTS: ReadonlySet<number> = new Set([0x7a, 0x5a, 0xfa, 0xda]);

/** The short texts of a code object, in order; none when the bytes hold none. @throws ERR_IO_* */
export async function codeNames(source: ByteSource): Promise<readonly string[]> {
  const bytes = await source.read(0, Math.min(source.size, MAX_BYTES));
  const names = new Set<string>();
  for (let at = 0; at + 2 < bytes.length && names.size < MAX_NAMES; at++) {
    if (!SHORT_TEXTS.has(bytes[at] ?? 0)) continue;
    const length = bytes[at + 1] ?? 0;
    if (length === 0 || at + 2 + length > bytes.length) continue;
    const text = bytes.subarray(at + 2, at + 2 + length);
    if (!text.every((byte) => byte >= 0x20 && byte < 0x7f)) continue;
    names.add(String.fromCharCode(...text));
    at += 1 + length;
  }
  return [...names];
}
