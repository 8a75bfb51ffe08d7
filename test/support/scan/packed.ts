/** Packs nothing, but writes what a decoder must read. */
import { crc32 } from 'node:zlib';
import { concat } from '../builders.js';
import { little } from '../pickle.js';

/** A file of xz with one block, whose LZMA2 has chunks that are not compressed, without a checksum. */
export function xzBytes(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const chunk = bytes.subarray(at, at + 65_536);
    chunks.push(Uint8Array.of(at === 0 ? 1 : 2, (chunk.length - 1) >> 8, (chunk.length - 1) & 0xff), chunk);
  }
  const data = concat(...chunks, Uint8Array.of(0));
  const flags = Uint8Array.of(0, 0);
  const header = Uint8Array.of(2, 0, 0x21, 1, 22, 0, 0, 0);
  const block = concat(header, little(crc32(header), 4), data);
  const index = padded(concat(Uint8Array.of(0, 1), multibyte(block.length), multibyte(bytes.length)));
  const tail = concat(little((index.length + 4) / 4 - 1, 4), flags);
  return concat(
    Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
    flags,
    little(crc32(flags), 4),
    padded(block),
    index,
    little(crc32(index), 4),
    little(crc32(tail), 4),
    tail,
    Uint8Array.of(0x59, 0x5a),
  );
}

const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));

function multibyte(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.of(...bytes, rest);
    bytes.push((rest % 128) + 128);
  }
}
