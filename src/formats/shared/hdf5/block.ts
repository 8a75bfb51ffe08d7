import { MsbomError } from '../../../core/error.js';

/** Widths that the superblock states and messages for errors need. */
export interface BlockPlace {
  readonly name: string;
  /** Bytes of an address. */
  readonly offsetBytes: number;
  /** Bytes of a length. */
  readonly lengthBytes: number;
}

/** Some bytes of a file, read in order; whatever goes over their end is ERR_FORMAT_MALFORMED at its offset. */
export class Block {
  private at = 0;

  constructor(
    private readonly view: DataView,
    /** Offset of the first byte in the file. */
    readonly offset: number,
    private readonly place: BlockPlace,
  ) {}

  get length(): number {
    return this.view.byteLength;
  }
  get position(): number {
    return this.at;
  }
  get remaining(): number {
    return this.view.byteLength - this.at;
  }

  malformed(message: string): MsbomError {
    return new MsbomError('ERR_FORMAT_MALFORMED', message, { file: this.place.name, offset: this.offset + this.at });
  }

  private take(bytes: number): number {
    if (bytes > this.remaining) throw this.malformed(`a structure needs ${bytes} bytes, ${this.remaining} are left of its block`);
    const index = this.at;
    this.at += bytes;
    return index;
  }

  skip(bytes: number): void {
    this.take(bytes);
  }
  u8(): number {
    return this.view.getUint8(this.take(1));
  }
  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }
  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** An unsigned number of 1 to 8 bytes; ERR_FORMAT_MALFORMED above 2^53 - 1. */
  uint(bytes: number): number {
    const index = this.take(bytes);
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + this.view.getUint8(index + i);
    if (!Number.isSafeInteger(value)) throw this.malformed('a number is too large to be a size');
    return value;
  }

  /** An address relative to the base of the file; undefined when all its bits are set, which means "none". */
  address(): number | undefined {
    const index = this.at;
    for (let i = 0; i < this.place.offsetBytes && i < this.remaining; i++)
      if (this.view.getUint8(index + i) !== 0xff) return this.uint(this.place.offsetBytes);
    this.take(this.place.offsetBytes);
    return undefined;
  }

  size(): number {
    return this.uint(this.place.lengthBytes);
  }

  /** A view of the next bytes. */
  bytes(length: number): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.take(length), length);
  }

  /** The next bytes as a block of their own. */
  block(length: number): Block {
    const index = this.take(length);
    return new Block(new DataView(this.view.buffer, this.view.byteOffset + index, length), this.offset + index, this.place);
  }

  /** The rest of the block from an index, as a block of its own. */
  from(index: number): Block {
    if (index > this.length) throw this.malformed(`a place ${index} bytes into a block of ${this.length} is named`);
    return new Block(new DataView(this.view.buffer, this.view.byteOffset + index, this.length - index), this.offset + index, this.place);
  }

  /** The whole block with bytes of its own, which outlast later reads of the file. */
  copy(): Block {
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset, this.length).slice();
    return new Block(new DataView(bytes.buffer), this.offset, this.place);
  }

  /** A text that ends with a zero byte, which is read too. */
  cString(): string {
    let end = this.at;
    while (end < this.length && this.view.getUint8(end) !== 0) end++;
    if (end === this.length) throw this.malformed('a name does not end');
    const value = decodeText(this.bytes(end - this.at));
    this.skip(1);
    return value;
  }

  /** Moves on to a multiple of eight bytes from `start`, or to the end. */
  align8(start: number): void {
    this.take(Math.min((8 - ((this.at - start) % 8)) % 8, this.remaining));
  }

  /** @throws ERR_FORMAT_MALFORMED when the next four bytes are another mark */
  signature(mark: string): void {
    const found = String.fromCharCode(...this.bytes(4));
    if (found !== mark) {
      this.at -= 4;
      throw this.malformed(`\`${mark}\` should stand here`);
    }
  }

  /** @throws ERR_FORMAT_UNSUPPORTED for a version that is not in `known` */
  version(what: string, known: readonly number[]): number {
    const version = this.u8();
    if (known.includes(version)) return version;
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', `version ${version} of the ${what} is not known`, {
      file: this.place.name,
      offset: this.offset + this.at - 1,
    });
  }
}

/** Names are UTF-8 or ASCII; what is neither is shown with replacement characters. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Texts of a fixed length end at their first zero byte, if they have one. */
export function textUpToZero(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}
