/** Frames of LZ4. Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md, lz4_Block_format.md */
import { byte, type Input, little, malformed, need, offsetOf, truncated } from './input.js';

const MAGIC = 0x184d2204;
const BACK_BYTES = 65_536;
const MAX_BLOCK = 4 * 1024 * 1024;

/** All frames, one behind the other. @throws ERR_FORMAT_* */
export async function* lz4(input: Input): AsyncGenerator<Uint8Array> {
  while (offsetOf(input) < input.source.size) {
    await need(input, 64);
    const magic = little(input, 4);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      input.pos += little(input, 4);
      await need(input, 64);
      continue;
    }
    if (magic !== MAGIC) throw malformed(input, 'bytes stand behind the last frame');
    const flags = byte(input);
    byte(input);
    input.pos += ((flags & 8) !== 0 ? 8 : 0) + ((flags & 1) !== 0 ? 4 : 0) + 1;
    yield* blocks(input, flags);
  }
}

async function* blocks(input: Input, flags: number): AsyncGenerator<Uint8Array> {
  let history: Uint8Array = new Uint8Array(0);
  for (;;) {
    await need(input, 8);
    const word = little(input, 4);
    if (word === 0) break;
    const size = word & 0x7fff_ffff;
    if (size > MAX_BLOCK * 2) throw malformed(input, 'a block of LZ4 is too long');
    await need(input, size + 8);
    const packed = input.buf.subarray(input.pos, input.pos + size);
    if (packed.length < size) throw truncated(input);
    input.pos += size + ((flags & 0x10) !== 0 ? 4 : 0);
    const out = word > 0x7fff_ffff ? packed.slice() : block(input, packed, history);
    const joint = new Uint8Array(Math.min(BACK_BYTES, history.length + out.length));
    const fromOut = Math.min(out.length, joint.length);
    joint.set(out.subarray(out.length - fromOut), joint.length - fromOut);
    joint.set(history.subarray(history.length - (joint.length - fromOut)), 0);
    history = joint;
    yield out;
  }
  if ((flags & 4) !== 0) input.pos += 4;
}

function block(input: Input, packed: Uint8Array, history: Uint8Array): Uint8Array {
  let out = new Uint8Array(history.length + Math.max(1024, packed.length * 4));
  out.set(history);
  let size = history.length;
  const grow = (more: number): void => {
    if (size + more - history.length > MAX_BLOCK) throw malformed(input, 'a block of LZ4 is longer than any may be');
    if (size + more <= out.length) return;
    const grown = new Uint8Array(2 * (size + more));
    grown.set(out.subarray(0, size));
    out = grown;
  };
  let at = 0;
  const longer = (start: number): number => {
    let length = start;
    if (start === 15) {
      let next = 255;
      while (next === 255 && at < packed.length) length += next = packed[at++] ?? 0;
    }
    return length;
  };
  while (at < packed.length) {
    const token = packed[at++] ?? 0;
    const literals = longer(token >> 4);
    grow(literals);
    out.set(packed.subarray(at, at + literals), size);
    size += literals;
    at += literals;
    if (at >= packed.length) break;
    const distance = (packed[at] ?? 0) + (packed[at + 1] ?? 0) * 256;
    at += 2;
    const length = longer(token & 15) + 4;
    if (distance === 0 || distance > size) throw malformed(input, 'a match of LZ4 reaches before the beginning');
    grow(length);
    for (let i = 0; i < length; i++, size++) out[size] = out[size - distance] ?? 0;
  }
  return out.subarray(history.length, size);
}
