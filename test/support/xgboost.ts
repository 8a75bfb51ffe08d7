/** XGBoost models built in memory: any JSON document as Universal Binary JSON the way XGBoost writes it, and the old binary format. */
import { concat, utf8 } from './builders.js';

function big(value: number, bytes: 2 | 4 | 8): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Number((BigInt.asUintN(64, BigInt(value)) >> BigInt(8 * (bytes - 1 - i))) & 0xffn));
}

const mark = (text: string): Uint8Array => utf8(text);
const wide = (value: number): Uint8Array => concat(mark('L'), big(value, 8));
const sized = (text: string): Uint8Array => concat(wide(utf8(text).byteLength), utf8(text));

/** Lists of numbers become typed ones of 32-bit floats; bytes are taken as they are. */
export function ubj(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return concat(mark('S'), sized(value));
  if (typeof value === 'number') return wide(value);
  if (Array.isArray(value)) {
    const floats = value.length > 3 && value.every((item) => typeof item === 'number');
    if (!floats) return concat(mark('[#'), wide(value.length), ...value.map(ubj));
    return concat(mark('[$d#'), wide(value.length), new Uint8Array(value.length * 4));
  }
  return concat(
    mark('{'),
    ...Object.entries(value as Readonly<Record<string, unknown>>).map(([key, member]) => concat(sized(key), ubj(member))),
    mark('}'),
  );
}

export interface LegacyParts {
  readonly magic?: string;
  readonly version?: readonly [number, number];
  readonly objective?: string;
  readonly booster?: string;
  readonly trees?: number;
  readonly weights?: number;
}

/** The binary format that XGBoost 1.7 wrote. */
export function legacyXgboost({
  magic = 'binf',
  version = [1, 7],
  objective = 'binary:logistic',
  booster = 'gbtree',
  trees = 2,
  weights = 5,
}: LegacyParts = {}): Uint8Array {
  const parameters = new DataView(new ArrayBuffer(136));
  parameters.setFloat32(0, 0.5, true);
  [4, 0, 1, 0, ...version, 1, 1].forEach((value, i) => {
    parameters.setUint32(4 + 4 * i, value, true);
  });
  const name = (text: string): Uint8Array => concat(big(text.length, 8).reverse(), utf8(text));
  const model = new DataView(new ArrayBuffer(booster === 'gblinear' ? 136 + 8 + weights * 4 : 160));
  if (booster === 'gblinear') model.setBigUint64(136, BigInt(weights), true);
  else model.setInt32(0, trees, true);
  return concat(
    utf8(magic),
    new Uint8Array(parameters.buffer),
    name(objective),
    name(booster),
    new Uint8Array(model.buffer),
    new Uint8Array(40),
  );
}
