/** Differences between objects (https://git-scm.com/docs/gitformat-pack#_deltified_representation). */

/** What the difference makes of the base; undefined when it is broken or makes more than `most` bytes. */
export function applyDelta(base: Uint8Array, delta: Uint8Array, most: number): Uint8Array | undefined {
  const sizes = [0, 0];
  let at = 0;
  for (const which of [0, 1]) {
    let scale = 1;
    for (let more = true; more; scale *= 128) {
      const byte = delta[at++] ?? 0;
      sizes[which] = (sizes[which] ?? 0) + (byte & 0x7f) * scale;
      more = (byte & 0x80) !== 0;
    }
  }
  const [from = 0, to = 0] = sizes;
  if (from !== base.byteLength || to > most) return undefined;
  const result = new Uint8Array(to);
  let filled = 0;
  while (at < delta.byteLength) {
    const { bytes, next } = instruction(base, delta, at);
    if (bytes === undefined || filled + bytes.byteLength > to) return undefined;
    result.set(bytes, filled);
    filled += bytes.byteLength;
    at = next;
  }
  return filled === to ? result : undefined;
}

/** Bytes of the base, or new ones. */
function instruction(base: Uint8Array, delta: Uint8Array, from: number): { readonly bytes?: Uint8Array; readonly next: number } {
  let at = from;
  const code = delta[at++] ?? 0;
  if (code === 0) return { next: at };
  if (code < 0x80) return at + code > delta.byteLength ? { next: at } : { bytes: delta.subarray(at, at + code), next: at + code };
  const place = { offset: 0, size: 0 };
  for (let i = 0; i < 7; i++) {
    if ((code & (1 << i)) === 0) continue;
    const value = delta[at++] ?? 0;
    if (i < 4) place.offset += value * 256 ** i;
    else place.size += value * 256 ** (i - 4);
  }
  const size = place.size === 0 ? 0x10000 : place.size;
  return place.offset + size > base.byteLength ? { next: at } : { bytes: base.subarray(place.offset, place.offset + size), next: at };
}
