/**
 * Header and pages of an SQLite database, with those of its write-ahead log in place of older ones.
 * Source: https://www.sqlite.org/fileformat2.html
 */
import { type ByteSource, readExactly, truncated } from '../../../core/byte-source.js';
import { MsbomError } from '../../../core/error.js';
import type { Limits } from '../../../core/limits.js';
import type { DecodeText } from './record.js';
import { isPageSize, type WriteAheadLog } from './wal.js';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\u0000';
/** The page at this offset is for locks and never holds anything. */
const LOCK_OFFSET = 2 ** 30;
const ENCODINGS: Readonly<Record<number, string>> = { 0: 'utf-8', 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' };

export interface DatabaseFile {
  readonly name: string;
  readonly limits: Limits;
  /** Bytes of a page that content may use. */
  readonly usable: number;
  readonly pageCount: number;
  readonly decode: DecodeText;
  /** A copy of the page's usable bytes. @throws ERR_FORMAT_MALFORMED for a page that is not there, ERR_LIMIT_BYTES */
  page(number: number): Promise<Uint8Array>;
  /** An error in a page. */
  malformed(message: string, page: number): MsbomError;
  /** Counts rows and pages of all tables. @throws ERR_LIMIT_COUNT */
  count(page: number): void;
}

/** Does the file begin like a database of SQLite? */
export const isSqlite = (head: Uint8Array): boolean => new TextDecoder('latin1').decode(head.subarray(0, 16)) === MAGIC;

/** A log, and what was found in it. */
export interface OpenLog {
  readonly source: ByteSource;
  readonly wal: WriteAheadLog;
}

interface Layout {
  readonly pageSize: number;
  readonly usable: number;
  readonly encoding: string;
}

/** @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_FORMAT_UNSUPPORTED, ERR_IO_* */
export async function openFile(source: ByteSource, log: OpenLog | undefined, limits: Limits): Promise<DatabaseFile> {
  // In a file that has a log the header may be older than that of the log, the size of pages is the same.
  const head = new Uint8Array(await readExactly(source, 0, HEADER_BYTES));
  const layout = layoutOf(head, source.name);
  if (log === undefined) {
    const view = new DataView(head.buffer);
    // The number of pages counts when it was written by the last change.
    const stated = view.getUint32(24) === view.getUint32(92) ? view.getUint32(28) : 0;
    if (stated * layout.pageSize > source.size) throw truncated(source, 0, stated * layout.pageSize);
    return fileOf(source, undefined, limits, layout);
  }
  const inLog = log.wal.pages.get(1);
  const newest = inLog === undefined ? layout : layoutOf(new Uint8Array(await readExactly(log.source, inLog, HEADER_BYTES)), source.name);
  if (log.wal.pageSize !== layout.pageSize || newest.pageSize !== layout.pageSize)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the write-ahead log has pages of another size', { file: source.name, offset: 16 });
  return fileOf(source, log, limits, newest);
}

/** What the header says. @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_UNSUPPORTED */
function layoutOf(head: Uint8Array, file: string): Layout {
  const view = new DataView(head.buffer);
  const fail = (code: 'ERR_FORMAT_MALFORMED' | 'ERR_FORMAT_UNSUPPORTED', message: string, offset: number) =>
    new MsbomError(code, message, { file, offset });
  if (!isSqlite(head)) throw fail('ERR_FORMAT_MALFORMED', 'the file is no SQLite database', 0);
  const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const usable = pageSize - view.getUint8(20);
  if (!isPageSize(pageSize) || usable < 480) throw fail('ERR_FORMAT_MALFORMED', `pages of ${pageSize} bytes are not allowed`, 16);
  if (view.getUint8(19) > 2) throw fail('ERR_FORMAT_UNSUPPORTED', `the read version ${view.getUint8(19)} is not known`, 19);
  if (view.getUint8(21) !== 64 || view.getUint8(22) !== 32 || view.getUint8(23) !== 32)
    throw fail('ERR_FORMAT_MALFORMED', 'the payload fractions are not 64, 32 and 32', 21);
  if (view.getUint32(44) > 4) throw fail('ERR_FORMAT_UNSUPPORTED', `the schema format ${view.getUint32(44)} is not known`, 44);
  const encoding = ENCODINGS[view.getUint32(56)];
  if (encoding === undefined) throw fail('ERR_FORMAT_MALFORMED', `the text encoding ${view.getUint32(56)} is not known`, 56);
  return { pageSize, usable, encoding };
}

function fileOf(source: ByteSource, log: OpenLog | undefined, limits: Limits, { pageSize, usable, encoding }: Layout): DatabaseFile {
  const inFile = Math.floor(source.size / pageSize);
  // A page that is not in the file is in the log.
  const pageCount = log === undefined ? inFile : Math.min(log.wal.pageCount, inFile + log.wal.pages.size);
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let bytesRead = 0;
  let counted = 0;
  const offsetOf = (page: number) => (page - 1) * pageSize;
  const malformed = (message: string, page: number) =>
    new MsbomError('ERR_FORMAT_MALFORMED', message, { file: source.name, offset: offsetOf(page) });
  return {
    name: source.name,
    limits,
    usable,
    pageCount,
    malformed,
    decode(bytes) {
      try {
        return decoder.decode(bytes);
      } catch {
        return undefined;
      }
    },
    count(page) {
      if (++counted <= limits.maxItems) return;
      throw new MsbomError('ERR_LIMIT_COUNT', `more than ${limits.maxItems} rows and pages`, { file: source.name, offset: offsetOf(page) });
    },
    async page(number) {
      if (number < 1 || number > pageCount || offsetOf(number) === LOCK_OFFSET) throw malformed(`there is no page ${number}`, 1);
      bytesRead += pageSize;
      if (bytesRead > limits.maxReadBytes)
        throw new MsbomError('ERR_LIMIT_BYTES', `the tables need more than ${limits.maxReadBytes} bytes`, {
          file: source.name,
          offset: offsetOf(number),
        });
      const inLog = log?.wal.pages.get(number);
      const bytes = await (inLog === undefined || log === undefined
        ? readExactly(source, offsetOf(number), pageSize)
        : readExactly(log.source, inLog, pageSize));
      return new Uint8Array(bytes).subarray(0, usable);
    },
  };
}
