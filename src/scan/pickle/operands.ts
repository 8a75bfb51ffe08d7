/** What stands behind an opcode: numbers, constants behind their length, lines. */
import { broken, characters, ENDS, LINE, MAX_TEXT, type Machine, MORE, push, type Signal } from './machine.js';
import type { Text } from './values.js';

/** Bytes of a constant that are looked at, to see what it may hold. */
export const HEAD_BYTES = 32;

/** A little-endian number behind the opcode; -1 when the file ends before. */
export function little(m: Machine, bytes: number): number {
  const { buf, pos } = m;
  if (pos + bytes > buf.length) return -1;
  m.pos = pos + bytes;
  if (bytes === 1) return buf[pos] ?? 0;
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (buf[pos + i] ?? 0);
  return value;
}

/** A constant behind its length. */
export function counted(bytes: number, kind: 'bytes' | Text['form'], signed = false): (m: Machine) => Signal {
  return (m) => {
    const length = little(m, bytes);
    if (length < 0) return broken(m, ENDS);
    if (signed && length > 0x7fff_ffff) return broken(m, 'a length is negative');
    const from = m.pos;
    const offset = m.base + from;
    if (length > m.size - offset) return broken(m, `a constant of ${length} bytes reaches over the end of the file`);
    const head = Math.min(length, HEAD_BYTES);
    if (length >= 4) {
      if (from + head > m.buf.length) return MORE;
      m.listener.constant(kind === 'bytes' ? 'bytes' : 'text', offset, length, m.buf.subarray(from, from + head));
    }
    m.pos = from + length;
    return push(m, kind === 'bytes' ? { kind, at: offset, length } : { kind: 'text', at: offset, length, form: kind });
  };
}

/** Lines behind the opcode, each by the index of its first byte and of its end; a signal when they are not there. */
export function lines(m: Machine, count: number): readonly number[] | Signal {
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const offset = m.base + m.pos;
    const known = m.lineEnds.get(offset);
    const end = known === undefined ? m.buf.indexOf(0x0a, m.pos) : known - m.base;
    if (end < 0) {
      m.wantedLine = offset;
      return LINE;
    }
    found.push(m.pos, end);
    m.pos = end + 1;
  }
  m.lineEnds.clear();
  return found;
}

/** The characters of a line that is in the window; undefined when it is longer than any that means something. */
export function lineText(m: Machine, from: number, end: number, form: Text['form'] = 'latin1'): string | undefined {
  return end - from > MAX_TEXT || end > m.buf.length ? undefined : characters(m.buf.subarray(from, end), form);
}

/** A little-endian number in two's complement. */
export function signed(buf: Uint8Array, from: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (buf[from + i] ?? 0);
  return length > 0 && (buf[from + length - 1] ?? 0) >= 0x80 ? value - 2 ** (8 * length) : value;
}
