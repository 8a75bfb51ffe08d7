/**
 * Event files of TensorBoard: records of TensorFlow, each an `Event`. Only scalars and hyperparameters are looked at; images,
 * graphs and the like are skipped by seeking.
 * Source: https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto, summary.proto and
 * plugins/hparams/plugin_data.proto
 */
import type { ByteSource } from '../../../core/byte-source.js';
import { openCursor } from '../../../core/cursor.js';
import type { Limits } from '../../../core/limits.js';
import { booleans, doubles, firstVarint, floats, messages, texts } from '../shared/protobuf-fields.js';

/** A record with scalars or hyperparameters is small. */
const MAX_RECORD = 1024 * 1024;
/** Tags that are told apart. */
const MAX_TAGS = 2000;

export interface Events {
  /** Last value of each scalar by its tag. */
  readonly scalars: ReadonlyMap<string, number>;
  /** Hyperparameters of the session, under the program's own names. */
  readonly hyperparameters: ReadonlyMap<string, string | number | boolean>;
  /** Records that were too long to be looked at. */
  readonly skipped: number;
}

/**
 * Reads a file to its end; a record that was cut off, as when the program was killed, ends it.
 *
 * @throws ERR_FORMAT_MALFORMED, ERR_LIMIT_BYTES
 */
export async function readEvents(source: ByteSource, limits: Limits): Promise<Events> {
  const cursor = openCursor(source, limits);
  const events = { scalars: new Map<string, number>(), hyperparameters: new Map<string, string | number | boolean>(), skipped: 0 };
  while (cursor.position + 12 <= source.size) {
    const at = cursor.position;
    await cursor.fill(12);
    const head = cursor.bytes(8).slice();
    if (maskedCrc(head) !== cursor.u32()) throw cursor.malformed('the checksum of a record length is wrong', at);
    const length = Number(new DataView(head.buffer).getBigUint64(0, true));
    if (length > source.size - cursor.position) break;
    const end = cursor.position + length;
    if (length > MAX_RECORD) events.skipped++;
    else {
      await cursor.fill(length);
      readEvent(cursor.bytes(length), events);
    }
    if (end + 4 > source.size) break;
    cursor.seek(end + 4);
  }
  return events;
}

type Found = { readonly scalars: Map<string, number>; readonly hyperparameters: Map<string, string | number | boolean> };

function readEvent(event: Uint8Array, found: Found): void {
  for (const summary of messages(event, 5)) {
    for (const value of messages(summary, 1)) readValue(value, found);
  }
}

/** `Summary.Value`: tag 1, simple_value 2, tensor 8, metadata 9. */
function readValue(value: Uint8Array, found: Found): void {
  const [tag] = texts(value, 1);
  if (tag === undefined || tag === '' || tag.length > 256) return;
  const [plugin] = messages(value, 9).flatMap((metadata) => messages(metadata, 1));
  const name = plugin === undefined ? undefined : texts(plugin, 1)[0];
  if (name === 'hparams' && plugin !== undefined) for (const content of messages(plugin, 2)) readHyperparameters(content, found);
  const number = floats(value, 2)[0] ?? (name === 'scalars' || name === undefined ? messages(value, 8).map(scalarOf)[0] : undefined);
  if (number !== undefined && (found.scalars.has(tag) || found.scalars.size < MAX_TAGS)) found.scalars.set(tag, number);
}

/** `HParamsPluginData.session_start_info` 3, its map of `google.protobuf.Value` 1. */
function readHyperparameters(content: Uint8Array, { hyperparameters }: Found): void {
  for (const start of messages(content, 3)) {
    for (const entry of messages(start, 1)) {
      const [name] = texts(entry, 1);
      const [value] = messages(entry, 2);
      if (name === undefined || value === undefined || hyperparameters.size >= MAX_TAGS) continue;
      const plain = doubles(value, 2)[0] ?? texts(value, 3)[0] ?? booleans(value, 4)[0];
      if (plain !== undefined) hyperparameters.set(name, plain);
    }
  }
}

/** `TensorProto` with one value: dtype 1 (1 float, 2 double, 3 int32, 9 int64), tensor_content 4, float_val 5, double_val 6. */
function scalarOf(tensor: Uint8Array): number | undefined {
  const dtype = firstVarint(tensor, 1);
  const [content] = messages(tensor, 4);
  const packed = messages(tensor, dtype === 2 ? 6 : 5)[0] ?? content;
  if (packed === undefined) return dtype === 2 ? doubles(tensor, 6)[0] : dtype === 1 ? floats(tensor, 5)[0] : undefined;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (dtype === 1 && packed.byteLength === 4) return view.getFloat32(0, true);
  if (dtype === 2 && packed.byteLength === 8) return view.getFloat64(0, true);
  if (dtype === 3 && packed.byteLength === 4) return view.getInt32(0, true);
  return undefined;
}

/** CRC-32C (Castagnoli), rotated and shifted as TensorFlow does. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});
