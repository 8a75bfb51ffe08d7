/** Files of xz. Source: https://tukaani.org/xz/xz-file-format.txt */
import { byte, type Input, little, malformed, need, offsetOf, unsupported } from './input.js';
import { lzma2, lzma2Dictionary } from './lzma.js';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
/** Bytes of the checksum of a block, by its kind. */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const LZMA2 = 0x21;

function multibyte(input: Input): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 9; i++, scale *= 128) {
    const next = byte(input);
    value += (next & 0x7f) * scale;
    if (next < 0x80) return value;
  }
  throw malformed(input, 'a number has too many bytes');
}

/** All streams, one behind the other. @throws ERR_FORMAT_* */
export async function* xz(input: Input): AsyncGenerator<Uint8Array> {
  for (let streams = 0; offsetOf(input) < input.source.size; streams++) {
    await need(input, 16);
    while (streams > 0 && input.buf[input.pos] === 0 && offsetOf(input) + 4 <= input.source.size) {
      input.pos += 4;
      await need(input, 16);
    }
    if (offsetOf(input) >= input.source.size) return;
    if (!MAGIC.every((value, i) => input.buf[input.pos + i] === value)) throw malformed(input, 'bytes stand behind the last stream');
    input.pos += 7;
    const check = CHECK_BYTES[byte(input) & 0xf] ?? 0;
    input.pos += 4;
    yield* blocks(input, check);
  }
}

async function* blocks(input: Input, check: number): AsyncGenerator<Uint8Array> {
  for (let _count = 0; ; _count++) {
    const start = offsetOf(input);
    await need(input, 1024);
    const size = byte(input);
    if (size === 0) {
      await passIndex(input, start);
      return;
    }
    const dictionary = blockDictionary(input);
    input.pos += start + (size + 1) * 4 - offsetOf(input);
    const data = offsetOf(input);
    yield* lzma2(input, dictionary);
    await need(input, 128);
    input.pos += ((4 - ((offsetOf(input) - data) % 4)) % 4) + check;
  }
}

/** Only LZMA2 alone is decoded: what goes through other filters is told as such. */
function blockDictionary(input: Input): number {
  const flags = byte(input);
  if ((flags & 0x40) !== 0) multibyte(input);
  if ((flags & 0x80) !== 0) multibyte(input);
  if ((flags & 3) !== 0) throw unsupported(input, 'a block of xz has several filters');
  if (multibyte(input) !== LZMA2) throw unsupported(input, 'a block of xz has a filter that is not LZMA2');
  if (multibyte(input) !== 1) throw malformed(input, 'the filter has properties of a wrong length');
  return lzma2Dictionary(byte(input));
}

async function passIndex(input: Input, start: number): Promise<void> {
  await need(input, 1024);
  const records = multibyte(input);
  for (let i = 0; i < records; i++) {
    await need(input, 32);
    multibyte(input);
    multibyte(input);
  }
  await need(input, 64);
  input.pos += ((4 - ((offsetOf(input) - start) % 4)) % 4) + 4;
  little(input, 4);
  input.pos += 8;
}
