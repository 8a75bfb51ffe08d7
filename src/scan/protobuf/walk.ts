/** Walks messages of protobuf by a table of their fields. Large payloads are skipped by seeking, nothing is held but what is asked for. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Budget } from '../budget.js';

/** What a field holds: a message, a text, bytes that are kept, a number, or data that nobody looks at. */
export type FieldKind = Shape | 'text' | 'bytes' | 'number' | 'data';

export interface Shape {
  /** A function where shapes hold each other. */
  readonly fields: () => Readonly<Record<number, FieldKind>>;
  /** Told every message when it ends; what it returns is the value of the field in the message around it. */
  readonly done?: (message: Message, offset: number) => unknown;
  /** Told of fields that the table does not have. */
  readonly unknown?: (number: number, from: number, to: number) => void;
}

/** Values by the number of their field. */
export type Message = ReadonlyMap<number, readonly unknown[]>;

export const textOf = (message: Message, field: number): string => {
  const value = message.get(field)?.at(-1);
  return typeof value === 'string' ? value : '';
};

export const listOf = <T>(message: Message, field: number): readonly T[] => (message.get(field) ?? []) as readonly T[];

/** Bytes that are read at once; messages in them are walked where they lie, and larger ones field by field. */
const WINDOW_BYTES = 64 * 1024;
/** Values of one field that are kept of one message. */
const MAX_REPEATED = 200_000;
const MAX_DEPTH = 100;
/** Texts and byte strings beyond it are not kept. */
const MAX_KEPT = 16 * 1024 * 1024;
const DECODER = new TextDecoder();

export interface Walk {
  readonly source: ByteSource;
  readonly budget: Budget;
  depth: number;
  fields: number;
  /** Large payloads that were skipped. */
  readonly skipped?: (readonly [from: number, to: number])[];
}

/** @throws ERR_FORMAT_MALFORMED, ERR_LIMIT_DEPTH, ERR_LIMIT_COUNT, ERR_IO_* */
export async function walkProtobuf(walk: Walk, from: number, to: number, shape: Shape): Promise<unknown> {
  if (to - from <= WINDOW_BYTES) return walkHeld(walk, (await walk.source.read(from, to - from)).slice(), from, shape);
  enter(walk, from);
  const message = new Map<number, unknown[]>();
  const fields = shape.fields();
  let window: Uint8Array = new Uint8Array(0);
  let base = from;
  for (let at = from; at < to; ) {
    if (at < base || Math.min(at + 24, to) > base + window.length) {
      base = at;
      window = (await walk.source.read(at, Math.min(WINDOW_BYTES, to - at))).slice();
    }
    const { number, wire, start, length } = fieldAt(walk, window, at - base, at, to - at);
    const [begin, end] = [at + start, at + start + length];
    const held = end <= base + window.length ? window.subarray(begin - base, end - base) : undefined;
    const kind = fields[number];
    if (length > WINDOW_BYTES && typeof kind !== 'object' && kind !== 'text') walk.skipped?.push([begin, end]);
    if (kind === undefined) shape.unknown?.(number, begin, end);
    else if (typeof kind === 'object' && wire === 2)
      keep(
        message,
        number,
        held === undefined ? await walkProtobuf(walk, begin, end, kind) : walkHeld(walk, held, begin, kind),
        walk.source.name,
      );
    else if (typeof kind === 'string' && (kind === 'number' || length <= MAX_KEPT) && kind !== 'data')
      keep(message, number, valueIn(held ?? (await walk.source.read(begin, length)).slice(), kind, wire), walk.source.name);
    at = end;
  }
  walk.depth--;
  return shape.done?.(message, from);
}

/** The same in bytes that are held; `base` is where they stand in the file. */
export function walkHeld(walk: Walk, bytes: Uint8Array, base: number, shape: Shape): unknown {
  enter(walk, base);
  const message = new Map<number, unknown[]>();
  const fields = shape.fields();
  for (let at = 0; at < bytes.length; ) {
    const { number, wire, start, length } = fieldAt(walk, bytes, at, base + at, bytes.length - at);
    const [begin, end] = [at + start, at + start + length];
    const kind = fields[number];
    if (kind === undefined) shape.unknown?.(number, base + begin, base + end);
    else if (typeof kind === 'object') {
      if (wire === 2) keep(message, number, walkHeld(walk, bytes.subarray(begin, end), base + begin, kind), walk.source.name);
    } else if (kind !== 'data') keep(message, number, valueIn(bytes.subarray(begin, end), kind, wire), walk.source.name);
    at = end;
  }
  walk.depth--;
  return shape.done?.(message, base);
}

function enter(walk: Walk, offset: number): void {
  if (++walk.depth > MAX_DEPTH)
    throw new MsbomError('ERR_LIMIT_DEPTH', `messages nest deeper than ${MAX_DEPTH}`, { file: walk.source.name, offset });
}

function keep(message: Map<number, unknown[]>, number: number, value: unknown, file: string): void {
  if (value === undefined) return;
  const known = message.get(number);
  if (known === undefined) message.set(number, [value]);
  else if (known.length < MAX_REPEATED) known.push(value);
  else throw new MsbomError('ERR_LIMIT_COUNT', `a field stands more than ${MAX_REPEATED} times in one message`, { file });
}

function valueIn(bytes: Uint8Array, kind: 'text' | 'bytes' | 'number', wire: number): unknown {
  if (kind === 'number') return wire === 0 ? varint(bytes, 0)?.[0] : undefined;
  if (wire !== 2) return undefined;
  return kind === 'text' ? DECODER.decode(bytes) : bytes;
}

function varint(bytes: Uint8Array, from: number): readonly [value: number, next: number] | undefined {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, from + i + 1];
    scale *= 128;
  }
  return undefined;
}

/** Number, type and payload of the field at an index of the bytes; `left` bytes of the message are left. */
function fieldAt(walk: Walk, bytes: Uint8Array, at: number, offset: number, left: number) {
  if ((++walk.fields & 0xfff) === 0 && !walk.budget.inTime())
    throw new MsbomError('ERR_LIMIT_COUNT', 'reading the fields takes longer than the limit', { file: walk.source.name, offset });
  const tag = varint(bytes, at);
  const number = tag === undefined ? 0 : Math.floor(tag[0] / 8);
  const wire = tag === undefined ? -1 : tag[0] % 8;
  const counted = tag !== undefined && (wire === 0 || wire === 2) ? varint(bytes, tag[1]) : undefined;
  const fixed = wire === 1 ? 8 : wire === 5 ? 4 : undefined;
  const start = wire === 2 ? counted?.[1] : tag?.[1];
  const length = wire === 2 ? counted?.[0] : wire === 0 && counted !== undefined ? counted[1] - (tag?.[1] ?? 0) : fixed;
  if (number === 0 || number > 536_870_911 || start === undefined || length === undefined || start - at + length > left)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the bytes are no message of protobuf from here on', { file: walk.source.name, offset });
  return { number, wire, start: start - at, length };
}
