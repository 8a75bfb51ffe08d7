/** Tar archives of whatever a test wants in them. */
export interface TarFile {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** Type flag; default a regular file. */
  readonly type?: string;
  /** Written as an extended header of POSIX in front. */
  readonly pax?: Readonly<Record<string, string>>;
}

const BLOCK = 512;

function header(path: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.byteLength % BLOCK)) % BLOCK)]);

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  for (let length = Buffer.byteLength(rest); ; length++)
    if (`${length}`.length + Buffer.byteLength(rest) === length) return `${length}${rest}`;
}

export function tarOf(...files: readonly TarFile[]): Buffer {
  const parts = files.flatMap(({ path, content = '', type = '0', pax }) => {
    const bytes = Buffer.from(content);
    const records = Buffer.from(
      Object.entries(pax ?? {})
        .map(([key, value]) => record(key, value))
        .join(''),
    );
    return [
      ...(pax === undefined ? [] : [header('PaxHeader', records.byteLength, 'x'), padded(records)]),
      header(path, bytes.byteLength, type),
      padded(bytes),
    ];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}
