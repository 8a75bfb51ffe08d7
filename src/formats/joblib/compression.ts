/** How joblib compresses files, by their first bytes. Source: https://github.com/joblib/joblib/blob/main/joblib/compressor.py */
import type { Compression } from '../shared/inflate.js';

export interface CompressionKind {
  readonly name: string;
  readonly prefix: readonly number[];
  /** How it is decompressed; missing for what cannot be. */
  readonly inflate?: Compression;
}

const KINDS: readonly CompressionKind[] = [
  { name: 'zlib', prefix: [0x78], inflate: 'deflate' },
  { name: 'gzip', prefix: [0x1f, 0x8b, 0x08], inflate: 'gzip' },
  { name: 'bz2', prefix: [0x42, 0x5a, 0x68] },
  { name: 'xz', prefix: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'lzma', prefix: [0x5d, 0x00] },
  { name: 'lz4', prefix: [0x04, 0x22, 0x4d, 0x18] },
  { name: 'zstd', prefix: [0x28, 0xb5, 0x2f, 0xfd] },
  /** joblib before 0.10: the size as hexadecimal text, then a zlib stream. */
  { name: 'ZF', prefix: [0x5a, 0x46, 0x30, 0x78] },
];

export function compressionOf(head: Uint8Array): CompressionKind | undefined {
  return KINDS.find(({ name, prefix }) => prefix.every((byte, i) => head[i] === byte) && (name !== 'zlib' || isZlib(head)));
}

/** Method 8, a window of 32 KiB and a check sum that fits (RFC 1950). */
const isZlib = ([method = 0, flags = 0]: Uint8Array): boolean => (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
