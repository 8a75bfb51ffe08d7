/**
 * Frames of Zstandard, unpacked by fzstd one block at a time, so that a frame costs no more than its window.
 * Source: https://www.rfc-editor.org/rfc/rfc8878 (3.1.1)
 */
import { Decompress } from 'fzstd';
import { byte, type Input, little, malformed, need, offsetOf, truncated, unsupported } from './input.js';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** Compressors go beyond 8 MiB only when they are told to; what unpacks without being told to stops at 128 MiB. */
const MAX_WINDOW = 64 * 1024 * 1024;
const MAX_BLOCK = 128 * 1024;
/** fzstd moves its whole window for every block: blocks that hold next to nothing may not cost more than some seconds. */
const SMALL_BLOCK = 4096;
const MAX_MOVED = 4 * 1024 * 1024 * 1024;
/** Magic number, descriptor, window, dictionary and size at their longest. */
const HEADER_BYTES = 18;

/** All frames, one behind the other. @throws ERR_FORMAT_* */
export async function* zstd(input: Input): AsyncGenerator<Uint8Array> {
  while (offsetOf(input) < input.source.size) {
    await need(input, HEADER_BYTES);
    const start = input.pos;
    const magic = little(input, 4);
    if (magic >= SKIPPABLE && magic <= SKIPPABLE + 15) {
      skip(input, little(input, 4));
      continue;
    }
    if (magic !== MAGIC) throw malformed(input, 'bytes stand behind the last frame');
    yield* frame(input, start);
  }
}

/** Bytes that may lie beyond what is buffered. */
function skip(input: Input, length: number): void {
  const to = offsetOf(input) + length;
  if (to > input.source.size) throw truncated(input);
  input.base = to;
  input.buf = input.buf.subarray(0, 0);
  input.pos = 0;
}

/** Reads the header of a frame: its window, and whether a checksum stands at its end. */
function header(input: Input): { readonly window: number; readonly checked: boolean } {
  const flags = byte(input);
  const single = (flags & 0x20) !== 0;
  const windowCode = single ? 0 : byte(input);
  input.pos += [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = flags >> 6 === 0 ? Number(single) : 1 << (flags >> 6);
  const size = little(input, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  const base = 2 ** (10 + (windowCode >> 3));
  const window = single ? size : base + (base / 8) * (windowCode & 7);
  if ((flags & 3) !== 0) throw unsupported(input, 'the content needs a dictionary that is not in the file');
  if (window > MAX_WINDOW) throw unsupported(input, `the content is packed with a window of more than ${MAX_WINDOW} bytes`);
  return { window, checked: (flags & 4) !== 0 };
}

async function* frame(input: Input, start: number): AsyncGenerator<Uint8Array> {
  const { window, checked } = header(input);
  let moved = 0;
  let out: Uint8Array[] = [];
  const stream = new Decompress((chunk) => void out.push(chunk.slice()));
  const push = (bytes: Uint8Array, final = false): void => {
    try {
      stream.push(bytes, final);
    } catch (error) {
      throw malformed(input, `the content is no Zstandard: ${error instanceof Error ? error.message : 'it cannot be unpacked'}`);
    }
  };
  push(input.buf.slice(start, input.pos));
  for (let last = false; !last; ) {
    await need(input, MAX_BLOCK + 8);
    const from = input.pos;
    const word = little(input, 3);
    last = (word & 1) !== 0;
    const kind = (word >> 1) & 3;
    const size = word >> 3;
    if (kind === 3 || size > MAX_BLOCK) throw malformed(input, 'a block of Zstandard has no kind or is too long');
    input.pos += kind === 1 ? 1 : size;
    if (last && checked) input.pos += 4;
    if (input.pos > input.buf.length) throw truncated(input);
    push(input.buf.slice(from, input.pos), last);
    moved += out.reduce((sum, { length }) => sum + length, 0) < SMALL_BLOCK ? window : 0;
    if (moved > MAX_MOVED) throw unsupported(input, 'the content is packed in many blocks that hold next to nothing');
    yield* out;
    out = [];
  }
}
