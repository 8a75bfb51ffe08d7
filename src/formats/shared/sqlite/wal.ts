/**
 * The write-ahead log beside a database: pages that were committed and not yet written to the file.
 * Source: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
import { type ByteSource, readExactly } from '../../../core/byte-source.js';

const HEADER_BYTES = 32;
const FRAME_BYTES = 24;
/** Checksums are over little-endian words with this magic number, over big-endian ones with the next. */
const MAGIC = 0x377f_0682;
const VERSION = 3_007_000;

export interface WriteAheadLog {
  readonly pageSize: number;
  /** Pages of the database after the last commit. */
  readonly pageCount: number;
  /** Offset in the log of the newest committed content of a page, by the page's number. */
  readonly pages: ReadonlyMap<number, number>;
}

/**
 * The committed frames of a log. What follows the first frame whose salt or checksum is wrong is left of an earlier use;
 * undefined when nothing was committed.
 * @throws ERR_IO_*
 */
export async function readWal(source: ByteSource): Promise<WriteAheadLog | undefined> {
  if (source.size < HEADER_BYTES + FRAME_BYTES) return undefined;
  const header = view(await readExactly(source, 0, HEADER_BYTES));
  const magic = header.getUint32(0);
  if ((magic !== MAGIC && magic !== MAGIC + 1) || header.getUint32(4) !== VERSION) return undefined;
  const littleEndian = magic === MAGIC;
  const pageSize = header.getUint32(8);
  let sum = checksum([0, 0], new DataView(header.buffer, 0, 24), littleEndian);
  if (!isPageSize(pageSize) || sum[0] !== header.getUint32(24) || sum[1] !== header.getUint32(28)) return undefined;
  const committed = new Map<number, number>();
  const open = new Map<number, number>();
  let pageCount = 0;
  for (let at = HEADER_BYTES; at + FRAME_BYTES + pageSize <= source.size; at += FRAME_BYTES + pageSize) {
    const frame = view(await readExactly(source, at, FRAME_BYTES + pageSize));
    if (frame.getUint32(8) !== header.getUint32(16) || frame.getUint32(12) !== header.getUint32(20)) break;
    sum = checksum(sum, new DataView(frame.buffer, 0, 8), littleEndian);
    sum = checksum(sum, new DataView(frame.buffer, FRAME_BYTES, pageSize), littleEndian);
    if (sum[0] !== frame.getUint32(16) || sum[1] !== frame.getUint32(20) || frame.getUint32(0) === 0) break;
    open.set(frame.getUint32(0), at + FRAME_BYTES);
    if (frame.getUint32(4) === 0) continue;
    pageCount = frame.getUint32(4);
    for (const [page, offset] of open) committed.set(page, offset);
    open.clear();
  }
  return pageCount === 0 ? undefined : { pageSize, pageCount, pages: committed };
}

/** A power of two from 512 to 65536. */
export const isPageSize = (size: number): boolean => size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;

/** A copy, since a source may use its buffer again. */
const view = (bytes: Uint8Array): DataView => new DataView(new Uint8Array(bytes).buffer);

function checksum([first, second]: readonly [number, number], words: DataView, littleEndian: boolean): readonly [number, number] {
  let a = first;
  let b = second;
  for (let at = 0; at < words.byteLength; at += 8) {
    a = (a + words.getUint32(at, littleEndian) + b) >>> 0;
    b = (b + words.getUint32(at + 4, littleEndian) + a) >>> 0;
  }
  return [a, b];
}
