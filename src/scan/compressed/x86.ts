/**
 * The filter that 7z puts before LZMA: targets of calls and jumps of x86 are made relative again.
 * Source: https://github.com/tukaani-project/xz/blob/master/src/liblzma/simple/x86.c (0BSD)
 */

const ALLOWED = [true, true, true, false, true, false, false, false];
const BIT_NUMBERS = [0, 1, 2, 2, 3, 3, 3, 3];

interface State {
  mask: number;
  /** Place of the last call or jump. */
  last: number;
  /** Place of the first byte of the buffer in the content. */
  now: number;
}

const isSign = (byte = 0): boolean => byte === 0 || byte === 0xff;

/** Undoes the filter on chunks; some bytes are held back until the next ones are there. */
export async function* fromX86(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const state: State = { mask: 0, last: -5, now: 0 };
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const buffer = new Uint8Array(held.length + chunk.length);
    buffer.set(held);
    buffer.set(chunk, held.length);
    const done = convert(state, buffer);
    yield buffer.subarray(0, done);
    held = buffer.slice(done);
    state.now += done;
  }
  yield held;
}

function convert(state: State, buffer: Uint8Array): number {
  if (buffer.length < 5) return 0;
  if (state.now - state.last > 5) state.last = state.now - 5;
  let at = 0;
  while (at <= buffer.length - 5) {
    if ((buffer[at] ?? 0) >>> 1 !== 0x74) {
      at++;
      continue;
    }
    const distance = state.now + at - state.last;
    state.last = state.now + at;
    if (distance > 5) state.mask = 0;
    else for (let i = 0; i < distance; i++) state.mask = (state.mask & 0x77) << 1;
    const sign = isSign(buffer[at + 4]);
    if (sign && ALLOWED[(state.mask >>> 1) & 7] === true && state.mask >>> 1 < 0x10) {
      write(buffer, at, target(state, buffer, at));
      at += 5;
      state.mask = 0;
    } else {
      at++;
      state.mask |= sign ? 0x11 : 1;
    }
  }
  return at;
}

function target(state: State, buffer: Uint8Array, at: number): number {
  let source = ((buffer[at + 1] ?? 0) | ((buffer[at + 2] ?? 0) << 8) | ((buffer[at + 3] ?? 0) << 16) | ((buffer[at + 4] ?? 0) << 24)) >>> 0;
  for (;;) {
    const found = (source - (state.now + at + 5)) >>> 0;
    if (state.mask === 0) return found;
    const bit = BIT_NUMBERS[state.mask >>> 1] ?? 0;
    if (!isSign((found >>> (24 - bit * 8)) & 0xff)) return found;
    source = (found ^ (2 ** (32 - bit * 8) - 1)) >>> 0;
  }
}

function write(buffer: Uint8Array, at: number, value: number): void {
  buffer[at + 1] = value & 0xff;
  buffer[at + 2] = (value >>> 8) & 0xff;
  buffer[at + 3] = (value >>> 16) & 0xff;
  buffer[at + 4] = ((value >>> 24) & 1) === 0 ? 0 : 0xff;
}
