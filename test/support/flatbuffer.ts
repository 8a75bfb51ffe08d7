/** Writes flatbuffers front to back: a table first, then what it points to. */
type Scalar = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'u64' | 'i64' | 'f64';
const SIZES: Readonly<Record<Scalar, number>> = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, u64: 8, i64: 8, f64: 8 };

export type FlatValue =
  | { readonly scalar: Scalar; readonly value: number }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly numbers: readonly number[]; readonly scalar: Scalar }
  | { readonly vector: readonly FlatValue[] }
  | { readonly fields: readonly (readonly [number, FlatValue])[] };

export const scalar = (kind: Scalar, value: number): FlatValue => ({ scalar: kind, value });
export const text = (value: string): FlatValue => ({ text: value });
export const bytes = (value: Uint8Array): FlatValue => ({ bytes: value });
export const numbers = (kind: Scalar, values: readonly number[]): FlatValue => ({ numbers: values, scalar: kind });
export const vector = (...values: readonly FlatValue[]): FlatValue => ({ vector: values });
/** A table by the ids of its fields; what is undefined is not stored. */
export const table = (fields: Readonly<Record<number, FlatValue | undefined>>): FlatValue => ({
  fields: Object.entries(fields).flatMap(([id, value]) => (value === undefined ? [] : [[Number(id), value] as const])),
});

/** A whole buffer with its root table; `place` reserves bytes behind the identifier (ExecuTorch has a header there). */
export function flatbuffer(root: FlatValue, identifier: string, reserved = 0): Uint8Array {
  const out: number[] = [];
  const view = new DataView(new ArrayBuffer(8));
  const number = (at: number, kind: Scalar, value: number): void => {
    if (kind === 'u64' || kind === 'i64') view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
    else if (kind === 'f64') view.setFloat64(0, value, true);
    else if (kind === 'f32') view.setFloat32(0, value, true);
    else view.setUint32(0, value >>> 0, true);
    for (let i = 0; i < SIZES[kind]; i++) out[at + i] = view.getUint8(i);
  };
  const pad = (): void => {
    while (out.length % 8 !== 0) out.push(0);
  };
  const append = (values: Iterable<number>): void => {
    for (const value of values) out.push(value);
  };
  const point = (at: number, value: FlatValue): void => number(at, 'u32', write(value) - at);

  function write(value: FlatValue): number {
    pad();
    if ('fields' in value) return writeTable(value.fields);
    const at = out.length;
    if ('vector' in value) {
      number(at, 'u32', value.vector.length);
      for (let i = 0; i < value.vector.length; i++) number(at + 4 + i * 4, 'u32', 0);
      value.vector.forEach((item, i) => {
        point(at + 4 + i * 4, item);
      });
    } else if ('numbers' in value) {
      number(at, 'u32', value.numbers.length);
      value.numbers.forEach((item, i) => {
        number(at + 4 + i * SIZES[value.scalar], value.scalar, item);
      });
    } else if ('text' in value || 'bytes' in value) {
      const content = 'text' in value ? new TextEncoder().encode(value.text) : value.bytes;
      number(at, 'u32', content.byteLength);
      append(content);
      if ('text' in value) out.push(0);
    } else throw new Error('a scalar stands inside its table');
    return at;
  }

  function writeTable(fields: readonly (readonly [number, FlatValue])[]): number {
    const count = Math.max(-1, ...fields.map(([id]) => id)) + 1;
    const vtable = out.length;
    number(vtable, 'u16', 4 + count * 2);
    for (let i = 0; i <= count; i++) number(vtable + 2 + i * 2, 'u16', 0);
    pad();
    const start = out.length;
    number(start, 'i32', start - vtable);
    let place = 4;
    for (const [id, value] of fields) {
      const size = 'scalar' in value && 'value' in value ? SIZES[value.scalar] : 4;
      place = Math.ceil(place / size) * size;
      number(vtable + 4 + id * 2, 'u16', place);
      number(start + place, 'u32', 0);
      if ('scalar' in value && 'value' in value) number(start + place, value.scalar, value.value);
      place += size;
    }
    while (out.length < start + place) out.push(0);
    out.length = start + place;
    number(vtable + 2, 'u16', place);
    for (const [id, value] of fields)
      if (!('scalar' in value && 'value' in value))
        point(start + ((out[vtable + 4 + id * 2] ?? 0) | ((out[vtable + 5 + id * 2] ?? 0) << 8)), value);
    return start;
  }

  append([0, 0, 0, 0, ...new TextEncoder().encode(identifier)]);
  for (let i = 0; i < reserved; i++) out.push(0);
  point(0, root);
  pad();
  return Uint8Array.from(out, (byte) => byte ?? 0);
}
