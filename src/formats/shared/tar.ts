/**
 * Members of a tar archive, headers only. Source: POSIX.1-1988 (ustar), GNU and pax extensions for long names and sizes.
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';

export interface TarMember {
  readonly name: string;
  /** Offset of the data. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

const BLOCK = 512;
const MAX_MEMBERS = 100_000;
const MAX_EXTENSION = 64 * 1024;
const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');

/** Has the first block the mark of a tar archive? */
export function isTar(head: Uint8Array): boolean {
  return head.byteLength >= BLOCK && latin1.decode(head.subarray(257, 262)) === 'ustar' && checksumFits(head.subarray(0, BLOCK));
}

/** Name of the first member, as its header has it. */
export function firstTarName(head: Uint8Array): string {
  return text(head.subarray(0, 100));
}

/**
 * Regular files of the archive, in order.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_COUNT, ERR_LIMIT_BYTES with file and offset
 */
export async function listTar(source: ByteSource, limits: Limits): Promise<readonly TarMember[]> {
  const members: TarMember[] = [];
  let longName: string | undefined;
  let longSize: number | undefined;
  let blocks = 0;
  for (let at = 0; at + BLOCK <= source.size; ) {
    const header = (await readExactly(source, at, BLOCK)).slice();
    if (header.every((byte) => byte === 0)) break;
    if (!checksumFits(header)) throw failure('ERR_FORMAT_MALFORMED', 'a header of the archive has a wrong checksum', source, at);
    if (++blocks > Math.min(MAX_MEMBERS, limits.maxItems)) throw failure('ERR_LIMIT_COUNT', `more than ${MAX_MEMBERS} members`, source, at);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = type === 'x' || type === 'g' || longSize === undefined ? number(header.subarray(124, 136), source, at) : longSize;
    const offset = at + BLOCK;
    if (offset + size > source.size) throw failure('ERR_FORMAT_TRUNCATED', 'a member reaches over the end of the archive', source, at);
    if (type === 'x' || type === 'L') {
      if (size > MAX_EXTENSION) throw failure('ERR_LIMIT_BYTES', `a long name has more than ${MAX_EXTENSION} bytes`, source, at);
      const extension = utf8.decode((await readExactly(source, offset, size)).slice());
      if (type === 'L') longName = extension.replace(/\0[\s\S]*$/, '');
      else ({ path: longName, size: longSize } = paxRecords(extension));
    } else {
      if (type === '0' || type === '\0') members.push({ name: longName ?? fullName(header), offset, size });
      longName = undefined;
      longSize = undefined;
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}

/** A member as a byte source of its own. */
export function tarMemberSource(source: ByteSource, { offset: start, size }: TarMember): ByteSource {
  return {
    name: source.name,
    size,
    read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))),
  };
}

function paxRecords(extension: string): { path?: string; size?: number } {
  const path = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(extension)?.[1];
  const size = /(?:^|\n)\d+ size=(\d{1,15})\n/.exec(extension)?.[1];
  return { ...(path === undefined ? {} : { path }), ...(size === undefined ? {} : { size: Number(size) }) };
}

function fullName(header: Uint8Array): string {
  const prefix = latin1.decode(header.subarray(257, 263)) === 'ustar\0' ? text(header.subarray(345, 500)) : '';
  const name = text(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

const text = (field: Uint8Array): string => utf8.decode(field).replace(/\0[\s\S]*$/, '');

/** An octal number, or a binary one that starts with 0x80. */
function number(field: Uint8Array, source: ByteSource, at: number): number {
  if ((field[0] ?? 0) === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    if (Number.isSafeInteger(value)) return value;
    throw failure('ERR_FORMAT_MALFORMED', 'a member has a size that cannot be counted', source, at);
  }
  const octal = text(field).trim();
  if (!/^[0-7]*$/.test(octal)) throw failure('ERR_FORMAT_MALFORMED', 'a size in the archive is no octal number', source, at);
  return octal === '' ? 0 : Number.parseInt(octal, 8);
}

/** The sum of the bytes of the header, with spaces in place of the sum itself. */
function checksumFits(header: Uint8Array): boolean {
  const stated = text(header.subarray(148, 156)).trim();
  if (!/^[0-7]{1,8}$/.test(stated)) return false;
  const sum = header.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  return sum === Number.parseInt(stated, 8);
}

function failure(
  code: 'ERR_FORMAT_MALFORMED' | 'ERR_FORMAT_TRUNCATED' | 'ERR_LIMIT_COUNT' | 'ERR_LIMIT_BYTES',
  message: string,
  source: ByteSource,
  offset: number,
): MsbomError {
  return new MsbomError(code, message, { file: source.name, offset });
}
