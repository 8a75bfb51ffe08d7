import { concat, utf8 } from './builders.js';

export interface FasttextParts {
  readonly magic?: number;
  readonly version?: number;
  /** dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate. */
  readonly args?: readonly number[];
  readonly words?: readonly string[];
  readonly labels?: readonly string[];
  /** Overrides size, nwords, nlabels. */
  readonly sizes?: readonly [number, number, number];
  readonly tokens?: number;
  readonly pruned?: number;
  readonly entryType?: number;
  readonly quantized?: 0 | 1 | 2;
  readonly qnorm?: boolean;
  readonly rows?: number;
  readonly extra?: number;
}

const integers = (values: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
const wide = (...values: readonly number[]): Uint8Array => new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
const double = (value: number): Uint8Array => new Uint8Array(Float64Array.of(value).buffer);

/** A fastText model; `quantized` 1 is the input matrix, 2 both. */
export function fasttextFile({
  magic = 793_712_314,
  version = 12,
  args = [4, 5, 1, 1, 5, 2, 3, 3, 10, 2, 3, 100],
  words = ['a', 'größe', 'c'],
  labels = ['__label__x', '__label__y'],
  sizes = [words.length + labels.length, words.length, labels.length],
  tokens = 99,
  pruned = -1,
  entryType,
  quantized = 0,
  qnorm = true,
  rows = 13,
  extra = 0,
}: FasttextParts = {}): Uint8Array {
  const entry = (type: number) => (text: string) => concat(utf8(text), Uint8Array.of(0), wide(7), Uint8Array.of(entryType ?? type));
  const [dimension = 0] = args;
  const quantizer = (size: number): Uint8Array => concat(integers([size, 2, 2, 2]), new Uint8Array(size * 256 * 4));
  const plain = (count: number): Uint8Array => concat(wide(count, dimension), new Uint8Array(count * dimension * 4));
  const packed = (count: number): Uint8Array =>
    concat(
      Uint8Array.of(qnorm ? 1 : 0),
      wide(count, dimension),
      integers([count * 2]),
      new Uint8Array(count * 2),
      quantizer(dimension),
      ...(qnorm ? [new Uint8Array(count), quantizer(1)] : []),
    );
  return concat(
    integers([magic, version]),
    integers(args),
    double(0.0001),
    integers(sizes),
    wide(tokens, pruned),
    ...words.map(entry(0)),
    ...labels.map(entry(1)),
    new Uint8Array(Math.max(0, pruned) * 8),
    Uint8Array.of(quantized > 0 ? 1 : 0),
    quantized > 0 ? packed(rows) : plain(rows),
    Uint8Array.of(quantized > 1 ? 1 : 0),
    quantized > 1 ? packed(labels.length) : plain(labels.length),
    new Uint8Array(extra),
  );
}
