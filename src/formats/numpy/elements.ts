/** Values of small arrays, from their bytes: texts, whole numbers, floats and booleans. */

export type Element = string | number | boolean;

interface Kind {
  readonly sizes: readonly number[];
  readonly read: (view: DataView, at: number, size: number, little: boolean) => Element;
}

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['b', { sizes: [1], read: (view, at) => view.getUint8(at) !== 0 }],
  ['i', { sizes: [1, 2, 4, 8], read: (view, at, size, little) => integer(view, at, size, little, true) }],
  ['u', { sizes: [1, 2, 4, 8], read: (view, at, size, little) => integer(view, at, size, little, false) }],
  ['f', { sizes: [4, 8], read: (view, at, size, little) => (size === 4 ? view.getFloat32(at, little) : view.getFloat64(at, little)) }],
]);

/** Above 2^53 the decimal text. */
function integer(view: DataView, at: number, size: number, little: boolean, signed: boolean): Element {
  let value = 0n;
  for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(view.getUint8(at + (little ? size - 1 - i : i)));
  const whole = signed ? BigInt.asIntN(size * 8, value) : value;
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : String(whole);
}

/** The elements that `bytes` holds, of a type such as `i8`, `f4`, `U3`; undefined for other types and for odd lengths. */
export function elementsOf(code: string, bytes: Uint8Array, little: boolean): readonly Element[] | undefined {
  const [, kind = '', digits = ''] = /^[<>|=]?([a-zA-Z])(\d{1,6})$/.exec(code) ?? [];
  const size = Number(digits) * (kind === 'U' ? 4 : 1);
  if (size === 0 || bytes.byteLength % size !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = Array.from({ length: bytes.byteLength / size }, (_, i) => i * size);
  if (kind === 'U') return places.map((at) => text(view, at, size, little));
  const known = KINDS.get(kind);
  return known?.sizes.includes(size) ? places.map((at) => known.read(view, at, size, little)) : undefined;
}

/** UTF-32, filled up with zeros. */
function text(view: DataView, at: number, size: number, little: boolean): string {
  let result = '';
  for (let i = at; i < at + size; i += 4) {
    const point = view.getUint32(i, little);
    if (point === 0) break;
    result += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
  }
  return result;
}
