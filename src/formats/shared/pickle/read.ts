/**
 * Reads one pickle as symbols. Nothing is imported or called; long payloads are passed over; work and memory are bounded.
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
import type { Cursor } from '../../../core/cursor.js';
import { MsbomError } from '../../../core/error.js';
import type { Limits } from '../../../core/limits.js';
import {
  type Machine,
  newMachine,
  note,
  type PickleAnomaly,
  type PickleImport,
  type PickleMemo,
  type PickleOptions,
  tooMany,
} from './machine.js';
import { FIXED_BYTES, OPCODES } from './opcodes.js';
import type { PickleValue } from './values.js';

/** One pickle, as far as it could be read. */
export interface PickleStream {
  /** Offset of the first opcode. */
  readonly start: number;
  /** Offset behind STOP, or where reading stopped. Another pickle or other data may follow. */
  readonly end: number;
  /** Highest protocol that PROTO announces; 0 where none does. */
  readonly protocol: number;
  /** What STOP returns; null when reading stopped before. */
  readonly root: PickleValue;
  /** Each name once, in the order of the file. */
  readonly imports: readonly PickleImport[];
  /** The first 1000 odd places. */
  readonly anomalies: readonly PickleAnomaly[];
  /** All odd places. */
  readonly anomalyCount: number;
  /** Opcodes that were run. */
  readonly opcodes: number;
  readonly memo: PickleMemo;
  /** Values left on the stack. */
  readonly leftover: number;
  /** Why reading stopped before STOP. */
  readonly error?: MsbomError | undefined;
}

/**
 * Reads from the cursor to STOP, or to the first thing that cannot be read, which then is in `error`: what came before it
 * would be run by a loader all the same.
 * @throws ERR_IO_* only
 */
export async function scanPickle(cursor: Cursor, limits: Limits, options: PickleOptions = {}): Promise<PickleStream> {
  const start = cursor.position;
  const machine = newMachine(cursor, limits, options);
  let error: MsbomError | undefined;
  try {
    await run(machine);
  } catch (reason) {
    if (!MsbomError.is(reason) || reason.code.startsWith('ERR_IO')) throw reason;
    error = reason;
  }
  return {
    start,
    end: cursor.position,
    protocol: machine.protocol,
    root: machine.result?.value ?? null,
    imports: [...machine.imports.values()],
    anomalies: machine.anomalies,
    anomalyCount: machine.anomalyCount,
    opcodes: machine.opcodes,
    memo: machine.memo,
    leftover: machine.stack.length,
    ...(error === undefined ? {} : { error }),
  };
}

/**
 * Like `scanPickle` for readers, which need the whole.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_FORMAT_UNSUPPORTED, ERR_LIMIT_* with file and offset
 */
export async function readPickle(cursor: Cursor, limits: Limits, options: PickleOptions = {}): Promise<PickleStream> {
  const stream = await scanPickle(cursor, limits, options);
  if (stream.error !== undefined) throw stream.error;
  return stream;
}

async function run(machine: Machine): Promise<void> {
  const { cursor, hooks } = machine;
  const { size } = cursor.source;
  while (machine.result === undefined) {
    const at = cursor.position;
    machine.at = at;
    // At the end of the file fewer bytes are left; a handler that needs more of them finds too few below.
    if (cursor.buffered < FIXED_BYTES) await cursor.fill(Math.max(1, Math.min(FIXED_BYTES, size - at)));
    const code = cursor.u8();
    if (++machine.opcodes > machine.maxOpcodes) throw tooMany(machine, `more than ${machine.maxOpcodes} opcodes`);
    hooks.onOpcode?.(code, at);
    const pending = step(machine, code);
    if (pending !== undefined) await pending;
    if (machine.frameEnd !== 0 && cursor.position >= machine.frameEnd) leaveFrame(machine, at);
  }
}

function step(machine: Machine, code: number): void | Promise<void> {
  const opcode = OPCODES[code];
  const { cursor, at } = machine;
  if (opcode === undefined) throw cursor.malformed(`the byte 0x${code.toString(16).padStart(2, '0')} is no opcode`, at);
  if (cursor.buffered < opcode.bytes)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the file ends inside the opcode ${opcode.name}`, {
      file: cursor.source.name,
      offset: at,
    });
  return opcode.run(machine);
}

/** An opcode must not reach over the end of its frame: programs then disagree on what comes next. */
function leaveFrame(machine: Machine, at: number): void {
  if (machine.cursor.position > machine.frameEnd && at < machine.frameEnd) note(machine, 'frame boundary');
  machine.frameEnd = 0;
}
