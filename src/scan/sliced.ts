import type { ByteSource } from '../core/byte-source.js';

/** A range of a source as a source of its own. */
export function sliced(source: ByteSource, from: number, to: number): ByteSource {
  const size = Math.max(0, Math.min(to, source.size) - from);
  return {
    name: source.name,
    size,
    read: (offset, length) =>
      offset >= size ? Promise.resolve(new Uint8Array(0)) : source.read(from + offset, Math.max(0, Math.min(length, size - offset))),
  };
}
