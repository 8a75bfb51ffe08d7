import { concat, utf8 } from './builders.js';

/** An array in NumPy's format: any version, any header text, as many data bytes as asked for. */
export function npyFile(header: string, data: number | Uint8Array = 0, version = 1): Uint8Array {
  const text = utf8(`${header}\n`);
  const size = version === 1 ? 2 : 4;
  const length = new Uint8Array(size).map((_, i) => (text.byteLength >> (8 * i)) & 0xff);
  return concat(
    Uint8Array.of(0x93),
    utf8('NUMPY'),
    Uint8Array.of(version, 0),
    length,
    text,
    typeof data === 'number' ? new Uint8Array(data) : data,
  );
}

/** The usual header text. */
export const npyHeader = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
