/** Whole files of an environment, with as few calls as it takes: there are thousands of them. */
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { MsbomError } from '../../core/error.js';
import type { Host } from '../../core/host.js';

/** Below, handing the bytes to the platform takes longer than hashing them here. */
const SMALL_BYTES = 64 * 1024;

/** @throws ERR_LIMIT_BYTES, ERR_IO_* */
export async function readBytes(host: Host, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const source = await host.open(path);
  if (source === undefined) return undefined;
  try {
    if (source.size > maxBytes) throw new MsbomError('ERR_LIMIT_BYTES', `the file has more than ${maxBytes} bytes`);
    return await source.read(0, source.size);
  } finally {
    await source.close();
  }
}

/** Text in UTF-8; what is none is replaced, as old metadata has other encodings. */
export async function readWords(host: Host, path: string, maxBytes: number): Promise<string | undefined> {
  const bytes = await readBytes(host, path, maxBytes);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Lower-case hexadecimal; of more than a few bytes by the platform's own implementation. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength < SMALL_BYTES) return bytesToHex(noble(bytes));
  // Read from a file, so never over shared memory.
  return bytesToHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}
