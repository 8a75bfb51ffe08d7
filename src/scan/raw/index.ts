/**
 * Numbers and plain records: MessagePack as Flax writes it, records of TensorFlow's event files, and tensors in files of their
 * own, which only their names tell. Their loaders act on nothing in them.
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { Inspection, Inspector, ScanContext } from '../inspector.js';

export const raw: readonly Inspector[] = [
  {
    format: 'msgpack',
    weak: true,
    matches: (head, name) => name.toLowerCase().endsWith('.msgpack') && isMap(head[0] ?? 0),
    inspect: msgpack,
  },
  {
    format: 'tfrecord',
    weak: true,
    matches: (head, name) => name.includes('tfevents') || name.toLowerCase().includes('.tfrecord') || isEventFile(head),
    inspect: records,
  },
  { format: 'tensors', weak: true, soft: true, matches: (_head, name) => isPart(name.toLowerCase()), inspect: tensors },
];

const nothing = (format: string): Inspection => ({ format, findings: [], status: 'complete', spans: [] });
const whole = (format: string, size: number): Inspection => ({
  format,
  findings: [],
  status: 'complete',
  spans: [{ from: 0, to: size, as: 'data', why: 'plain values' }],
  carries: [[0, size]],
});

const digits = (text: string): boolean => text.length > 0 && [...text].every((c) => c >= '0' && c <= '9');

/** `model.onnx_data`, `model.onnx.data`, `variables.data-00000-of-00001`: their models say what is in them. */
function isPart(name: string): boolean {
  if (name.endsWith('.onnx_data') || name.endsWith('.onnx.data')) return true;
  const shard = name.lastIndexOf('.data-');
  const [from = '', of = '', ...more] = shard < 0 ? [] : name.slice(shard + 6).split('-of-');
  if (shard >= 0 && more.length === 0 && digits(from) && digits(of)) return true;
  const at = name.indexOf('.onnx_data_');
  return at > 0 && digits(name.slice(at + 11));
}

/** Tensors without a header: what would be loaded from them by mistake is searched. */
function tensors(source: ByteSource): Promise<Inspection> {
  return Promise.resolve({ ...whole('tensors', source.size), search: true });
}

/** Length, its checksum, an event, its checksum; the first event names the version of the file. */
const isEventFile = (head: Uint8Array): boolean => head.length > 40 && head[4] === 0 && startsNear(head, 'brain.Event:');

function startsNear(head: Uint8Array, text: string): boolean {
  return String.fromCharCode(...head.subarray(0, 64)).includes(text);
}

const HELD_BYTES = 64 * 1024;

async function records(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  let at = 0;
  let base = 0;
  let held = new Uint8Array(0);
  for (let count = 0; at + 12 <= source.size; count++) {
    if (at < base || at + 12 > base + held.length) {
      base = at;
      held = (await source.read(at, Math.min(HELD_BYTES, source.size - at))).slice();
    }
    const length = Number(new DataView(held.buffer, held.byteOffset + at - base, 12).getBigUint64(0, true));
    if (at + 16 + length > source.size || ((count & 0xfff) === 0 && !ctx.budget.inTime())) break;
    at += 16 + length;
  }
  if (at === 0) return nothing('tfrecord');
  return at === source.size
    ? whole('tfrecord', source.size)
    : {
        ...whole('tfrecord', at),
        status: 'incomplete',
        notInspected: [`bytes ${at} to ${source.size}, which are no record`],
        search: true,
      };
}

const isMap = (byte: number): boolean => (byte >= 0x80 && byte <= 0x8f) || byte === 0xde || byte === 0xdf;

/** Bytes of the length of a payload, by type. Source: https://github.com/msgpack/msgpack/blob/master/spec.md */
const LENGTHS: Readonly<Record<number, readonly [bytes: number, extra: number]>> = {
  196: [1, 0],
  197: [2, 0],
  198: [4, 0],
  199: [1, 1],
  200: [2, 1],
  201: [4, 1],
  217: [1, 0],
  218: [2, 0],
  219: [4, 0],
};
const FIXED: Readonly<Record<number, number>> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
  212: 2,
  213: 3,
  214: 5,
  215: 9,
  216: 17,
};

/** Walks all values; payloads are skipped by their lengths. */
async function msgpack(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  let left = 1;
  let at = 0;
  let base = 0;
  let held = new Uint8Array(0);
  for (let count = 0; left > 0 && at < source.size; count++) {
    if ((count & 0xffff) === 0 && !ctx.budget.inTime()) return nothing('msgpack');
    if (at < base || at + 16 > base + held.length) {
      base = at;
      held = (await source.read(at, Math.min(HELD_BYTES, source.size - at))).slice();
    }
    const step = valueAt(held.subarray(at - base));
    if (step === undefined) return nothing('msgpack');
    at += step.bytes;
    left += step.values - 1;
  }
  return left === 0 && at === source.size ? whole('msgpack', source.size) : nothing('msgpack');
}

/** Bytes of a value without what it holds, and how many values it holds. */
function valueAt(bytes: Uint8Array): { readonly bytes: number; readonly values: number } | undefined {
  const [type = 0xc1] = bytes;
  if (type < 0x80 || type >= 0xe0) return { bytes: 1, values: 0 };
  if (type < 0x90) return { bytes: 1, values: 2 * (type & 15) };
  if (type < 0xa0) return { bytes: 1, values: type & 15 };
  if (type < 0xc0) return { bytes: 1 + (type & 31), values: 0 };
  const fixed = FIXED[type];
  if (fixed !== undefined) return { bytes: 1 + fixed, values: 0 };
  const number = (length: number): number => bytes.subarray(1, 1 + length).reduce((value, byte) => value * 256 + byte, 0);
  const variable = LENGTHS[type];
  if (variable !== undefined) return { bytes: 1 + variable[0] + variable[1] + number(variable[0]), values: 0 };
  if (type === 0xc1) return undefined;
  const wide = type === 0xdd || type === 0xdf ? 4 : 2;
  return { bytes: 1 + wide, values: number(wide) * (type >= 0xde ? 2 : 1) };
}
