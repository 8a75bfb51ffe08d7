/**
 * Files of a tar archive as its bytes come, in memory that does not grow with it. Source: POSIX.1-2001 pax, and the long names of GNU tar.
 */
import { MsbomError } from '../core/error.js';

export interface TarEntry {
  /** As it stands there, without a leading `./`. */
  readonly path: string;
  readonly size: number;
  readonly kind: 'file' | 'directory' | 'other';
  /** Its content; what is not taken is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

const BLOCK = 512;
/** Bytes of an extended header, which holds a path and little else. */
const MAX_HEADER = 1024 * 1024;
const MAX_PATH = 4096;

const malformed = (what: string): MsbomError => new MsbomError('ERR_FORMAT_MALFORMED', `the archive is no tar: ${what}`);

/** Bytes in pieces of any length, taken in pieces of the length that is wanted. */
class Pieces {
  private rest: Uint8Array = new Uint8Array(0);
  private readonly chunks: AsyncIterator<Uint8Array>;
  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }
  /** At least one byte and at most so many; undefined at the end. */
  async some(max: number): Promise<Uint8Array | undefined> {
    while (this.rest.byteLength === 0) {
      const next = await this.chunks.next();
      if (next.done === true) return undefined;
      this.rest = next.value;
    }
    const part = this.rest.subarray(0, max);
    this.rest = this.rest.subarray(part.byteLength);
    return part;
  }
  /** Exactly so many; fewer at the end. */
  async exactly(length: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      const part = await this.some(missing);
      if (part === undefined) break;
      parts.push(part.slice());
      missing -= part.byteLength;
    }
    return Buffer.concat(parts);
  }
}

/** Every entry, in its order; the bytes are taken to their end. @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, and what the bytes throw */
export async function* tarEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const pieces = new Pieces(chunks);
  let longName: string | undefined;
  let pax: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const header = await pieces.exactly(BLOCK);
    if (header.byteLength === 0 || (header.byteLength === BLOCK && header.every((byte) => byte === 0))) break;
    if (header.byteLength < BLOCK) throw truncated();
    requireChecksum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = sizeOf(header, pax);
    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      if (size > MAX_HEADER) throw malformed('an extended header is too long');
      const body = (await pieces.exactly(size + padding(size))).subarray(0, size);
      if (body.byteLength < size) throw truncated();
      if (type === 'x') pax = recordsOf(body);
      if (type === 'L') longName = text(body);
      continue;
    }
    const path = pax.get('path') ?? longName ?? nameOf(header);
    if (path.length > MAX_PATH) throw malformed('a path is too long');
    // What a reader that knows sparse files would make of it is something else than what stands here.
    if ([...pax.keys()].some((key) => key.startsWith('GNU.sparse'))) throw malformed('it holds a sparse file, which is not read');
    let left = size;
    async function* content(): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        const part = await pieces.some(left);
        if (part === undefined) throw truncated();
        left -= part.byteLength;
        yield part;
      }
    }
    const kind =
      type === '0' || type === '\0' || type === '7' ? (path.endsWith('/') ? 'directory' : 'file') : type === '5' ? 'directory' : 'other';
    yield { path: path.replace(/^(?:\.\/)+/, ''), size, kind, content: content() };
    for await (const _ of content());
    await pieces.exactly(padding(size));
    pax = new Map();
    longName = undefined;
  }
  while ((await pieces.some(1 << 20)) !== undefined);
}

const truncated = (): MsbomError => new MsbomError('ERR_FORMAT_TRUNCATED', 'the archive ends before its last file does');
const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

function nameOf(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? text(header.subarray(345, 500)) : '';
  const name = text(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

function requireChecksum(header: Buffer): void {
  const said = octal(header.subarray(148, 156));
  let sum = 8 * 32;
  for (const [i, byte] of header.entries()) if (i < 148 || i >= 156) sum += byte;
  if (said !== sum) throw malformed('the checksum of a header is another one');
}

function octal(bytes: Uint8Array): number | undefined {
  const digits = text(bytes).trim();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

function sizeOf(header: Buffer, pax: ReadonlyMap<string, string>): number {
  const said = pax.get('size');
  const field = header.subarray(124, 136);
  // Large files: base 256, of which the first bit is the mark.
  const binary = (field[0] ?? 0) === 0x80 ? Number(field.readBigUInt64BE(4)) : undefined;
  const size = said === undefined ? (binary ?? octal(field)) : /^[0-9]{1,16}$/.test(said) ? Number(said) : undefined;
  if (size === undefined || !Number.isSafeInteger(size)) throw malformed('the size of a file is no number');
  return size;
}

/** `LENGTH KEY=VALUE\n`, lengths in bytes. */
function recordsOf(body: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.byteLength; ) {
    const blank = body.indexOf(0x20, at);
    const digits = blank === -1 || blank - at > 8 ? '' : body.toString('latin1', at, blank);
    const length = /^[1-9][0-9]*$/.test(digits) ? Number(digits) : 0;
    const record = body.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (length === 0 || at + length > body.byteLength || equals <= 0) throw malformed('an extended header has another form');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
