/** Zip archives built in memory, stored or deflated; tests break them on purpose. */
import { crc32, deflateRawSync } from 'node:zlib';
import { concat, utf8 } from './builders.js';

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 0 stored (default), 8 deflated; others are written as they are named, with the bytes as they are. */
  readonly method?: number;
}

function numbers(...values: readonly (readonly [value: number, bytes: 2 | 4])[]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((sum, [, size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, size] of values) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

/** Local headers with their data, the directory, its end. */
export function zipFile(entries: readonly ZipEntry[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes, method = 0 } of entries) {
    const stored = method === 8 ? new Uint8Array(deflateRawSync(bytes)) : bytes;
    const label = utf8(name);
    const common = concat(
      numbers([20, 2], [0x800, 2], [method, 2], [0, 2], [0x21, 2]),
      numbers([crc32(bytes), 4], [stored.byteLength, 4], [bytes.byteLength, 4], [label.byteLength, 2], [0, 2]),
    );
    directory.push(concat(numbers([0x02014b50, 4], [20, 2]), common, numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), label));
    const local = concat(numbers([0x04034b50, 4]), common, label, stored);
    locals.push(local);
    offset += local.byteLength;
  }
  const listing = concat(...directory);
  const end = numbers(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [entries.length, 2],
    [entries.length, 2],
    [listing.byteLength, 4],
    [offset, 4],
    [0, 2],
  );
  return concat(...locals, listing, end);
}
