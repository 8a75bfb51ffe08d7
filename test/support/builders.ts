/** Small weight files built in memory, well-formed by default; tests break them on purpose. */

const text = new TextEncoder();

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

export const utf8 = (value: string): Uint8Array => text.encode(value);

function integer(value: number | bigint, bytes: 1 | 2 | 4 | 8, little = true): Uint8Array {
  const out = new Uint8Array(bytes);
  let rest = BigInt(value);
  for (let i = 0; i < bytes; i++) {
    out[little ? i : bytes - 1 - i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

/** safetensors from a header object and as many data bytes as it needs. */
export function safetensorsFile(header: Readonly<Record<string, unknown>> | string, dataBytes: number): Uint8Array {
  const json = utf8(typeof header === 'string' ? header : JSON.stringify(header));
  return concat(integer(json.byteLength, 8), json, new Uint8Array(dataBytes));
}

export type GgufEntry = readonly [key: string, type: number, value: unknown];
export interface GgufParts {
  readonly version?: number;
  readonly little?: boolean;
  readonly metadata?: readonly GgufEntry[];
  /** Sizes innermost first, as GGUF stores them. */
  readonly tensors?: readonly {
    readonly name: string;
    readonly sizes: readonly number[];
    readonly type: number;
    readonly offset: number;
  }[];
  readonly dataBytes?: number;
}

/** GGUF of any version and byte order. */
export function ggufFile({ version = 3, little = true, metadata = [], tensors = [], dataBytes = 0 }: GgufParts): Uint8Array {
  const u32 = (value: number) => integer(value, 4, little);
  const count = (value: number) => integer(value, version === 1 ? 4 : 8, little);
  const string = (value: string) => concat(count(utf8(value).byteLength), utf8(value));
  const float = (value: number, bytes: 4 | 8) => {
    const view = new DataView(new ArrayBuffer(bytes));
    if (bytes === 4) view.setFloat32(0, value, little);
    else view.setFloat64(0, value, little);
    return new Uint8Array(view.buffer);
  };
  const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8] as const;
  const encode = (type: number, value: unknown): Uint8Array => {
    if (type === 8) return string(String(value));
    if (type === 9) {
      const [itemType, items] = value as [number, readonly unknown[]]; // arrays are given as type and items
      return concat(u32(itemType), count(items.length), ...items.map((item) => encode(itemType, item)));
    }
    if (type === 6) return float(Number(value), 4);
    if (type === 12) return float(Number(value), 8);
    return integer(BigInt(Number(value)), (sizes[type] ?? 1) as 1 | 2 | 4 | 8, little);
  };
  const header = concat(
    utf8('GGUF'),
    u32(version),
    count(tensors.length),
    count(metadata.length),
    ...metadata.map(([key, type, value]) => concat(string(key), u32(type), encode(type, value))),
    ...tensors.map((tensor) =>
      concat(
        string(tensor.name),
        u32(tensor.sizes.length),
        ...tensor.sizes.map(count),
        u32(tensor.type),
        integer(tensor.offset, 8, little),
      ),
    ),
  );
  const padding = tensors.length === 0 ? 0 : (32 - (header.byteLength % 32)) % 32;
  return concat(header, new Uint8Array(padding + dataBytes));
}

/** A protobuf field: a number is a varint, bytes or a text are length-delimited. */
export function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return concat(varint(number * 8), varint(value));
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concat(varint(number * 8 + 2), varint(bytes.byteLength), bytes);
}

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** An ONNX model with one initialiser, one node and what else is given. */
export function onnxFile(...more: readonly Uint8Array[]): Uint8Array {
  const tensor = concat(field(1, 2), field(1, 3), field(2, 1), field(8, 'w'), field(9, new Uint8Array(24)));
  const graph = concat(field(1, field(4, 'Relu')), field(2, 'g'), field(5, tensor));
  return concat(field(1, 8), field(2, 'test'), field(3, '1.0'), field(7, graph), field(8, concat(field(1, ''), field(2, 17))), ...more);
}
