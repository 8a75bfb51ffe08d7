/** Random access to a byte source through a small cache of pages, for formats whose headers lie scattered over the file. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';

const PAGE_BYTES = 4096;
const MAX_PAGES = 256;

export interface Pages {
  /** Bytes read from the source so far. */
  readonly bytesRead: number;
  /**
   * A view of `length` bytes at `offset`, which must be inside the file; valid until the next call.
   * @throws ERR_FORMAT_TRUNCATED when the file ends before its stated size, ERR_LIMIT_BYTES above `limits.maxReadBytes`
   */
  view(offset: number, length: number): Promise<DataView>;
}

/** Pages of 4 KiB, the 256 last used of them kept. What is longer than a page is read by itself. */
export function openPages(source: ByteSource, limits: Pick<Limits, 'maxReadBytes'>): Pages {
  const pages = new Map<number, Uint8Array>(); // in the order of use
  let bytesRead = 0;

  async function load(offset: number, length: number): Promise<Uint8Array> {
    bytesRead += length;
    if (bytesRead > limits.maxReadBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `the header needs more than ${limits.maxReadBytes} bytes`, {
        file: source.name,
        offset,
        hint: 'Raise maxReadBytes if the file is trusted.',
      });
    // `slice` of a Node Buffer is a view; this always copies.
    const bytes = new Uint8Array(await source.read(offset, length));
    if (bytes.byteLength === length) return bytes;
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the file ends at offset ${offset + bytes.byteLength}, before its stated size`, {
      file: source.name,
      offset,
    });
  }

  async function page(index: number): Promise<Uint8Array> {
    const start = index * PAGE_BYTES;
    const bytes = pages.get(index) ?? (await load(start, Math.min(PAGE_BYTES, source.size - start)));
    pages.delete(index);
    pages.set(index, bytes);
    const [oldest] = pages.keys();
    if (pages.size > MAX_PAGES && oldest !== undefined) pages.delete(oldest);
    return bytes;
  }

  return {
    get bytesRead() {
      return bytesRead;
    },
    async view(offset, length) {
      const first = Math.floor(offset / PAGE_BYTES);
      const inPage = offset - first * PAGE_BYTES;
      const bytes = inPage + length <= PAGE_BYTES ? await page(first) : undefined;
      if (bytes !== undefined) return new DataView(bytes.buffer, inPage, length);
      if (length > PAGE_BYTES) return new DataView((await load(offset, length)).buffer);
      const joined = new Uint8Array(length);
      joined.set((await page(first)).subarray(inPage));
      joined.set((await page(first + 1)).subarray(0, inPage + length - PAGE_BYTES), PAGE_BYTES - inPage);
      return new DataView(joined.buffer);
    },
  };
}
