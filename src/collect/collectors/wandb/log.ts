/**
 * `run-*.wandb`: a log of LevelDB with one protobuf `Record` an entry. Only configuration, environment, metrics and the exit
 * code are looked at. Sources: https://github.com/google/leveldb/blob/main/doc/log_format.md and
 * https://github.com/wandb/wandb/blob/main/wandb/proto/wandb_internal.proto
 */
import type { ByteSource } from '../../../core/byte-source.js';
import { openCursor } from '../../../core/cursor.js';
import type { Limits } from '../../../core/limits.js';
import { asObject, type Loose } from '../../values.js';
import { firstVarint, messages, texts } from '../shared/protobuf-fields.js';

const BLOCK = 32 * 1024;
/** `:W&B`, magic 0xBEE1, version 0. */
const HEADER = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00] as const;
/** Longer records are tables, media or output. */
const MAX_RECORD = 1024 * 1024;
const MAX_KEYS = 5000;

export interface RunLog {
  /** As `files/config.yaml` has it. */
  readonly config: Loose;
  /** As `files/wandb-metadata.json` has it. */
  readonly environment: Loose;
  /** Last values. */
  readonly summary: Loose;
  readonly exitCode: number | undefined;
}

interface Found {
  readonly config: Map<string, unknown>;
  readonly history: Map<string, unknown>;
  readonly summary: Map<string, unknown>;
  readonly environment: Map<string, unknown>;
  exitCode: number | undefined;
}

/**
 * Reads a log to its end; a record that was cut off ends it.
 *
 * @throws ERR_FORMAT_MALFORMED, ERR_LIMIT_BYTES
 */
export async function readLog(source: ByteSource, limits: Limits): Promise<RunLog> {
  const found: Found = { config: new Map(), history: new Map(), summary: new Map(), environment: new Map(), exitCode: undefined };
  for await (const record of records(source, limits)) readRecord(record, found);
  const { config, history, summary, environment, exitCode } = found;
  return {
    config: Object.fromEntries([...config].map(([key, value]) => [key, { value }])),
    environment: Object.fromEntries(environment),
    summary: Object.fromEntries([...history, ...summary]),
    exitCode,
  };
}

/** Parts of a record are kind 2 (first), 3 (middle) and 4 (last); a whole one is kind 1. Its rest pads a block. */
async function* records(source: ByteSource, limits: Limits): AsyncGenerator<Uint8Array> {
  const cursor = openCursor(source, limits);
  if (source.size < HEADER.length) throw cursor.malformed('the log has no header', 0);
  await cursor.fill(HEADER.length);
  const head = cursor.bytes(HEADER.length);
  if (HEADER.some((byte, i) => head[i] !== byte)) throw cursor.malformed('the log does not start like one of Weights & Biases', 0);
  let parts: Uint8Array[] | undefined;
  while (cursor.position + 7 <= source.size) {
    const left = BLOCK - (cursor.position % BLOCK);
    if (left < 7) {
      cursor.skip(left);
      continue;
    }
    await cursor.fill(7);
    cursor.skip(4); // checksum: a damaged record is not protobuf of this shape, and says nothing
    const length = cursor.u16();
    const kind = cursor.u8();
    if (kind === 0 && length === 0) break; // the rest was allocated, not written
    if (kind < 1 || kind > 4 || length > left - 7) throw cursor.malformed('a record of the log has no valid head', cursor.position - 7);
    if (cursor.position + length > source.size) break;
    await cursor.fill(length);
    const bytes = cursor.bytes(length).slice();
    if (kind <= 2) parts = [];
    const size = parts?.reduce((sum, part) => sum + part.byteLength, 0) ?? 0;
    if (size + length > MAX_RECORD) parts = undefined;
    parts?.push(bytes);
    if ((kind === 1 || kind === 4) && parts !== undefined) yield joined(parts);
    if (kind === 1 || kind === 4) parts = undefined;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** `Record`: history 2, summary 3, config 5, telemetry 11, run 17 (config 4, summary 5, telemetry 19), exit 18, environment 26. */
function readRecord(record: Uint8Array, found: Found): void {
  for (const history of messages(record, 2)) readItems(history, found.history);
  for (const summary of messages(record, 3)) readItems(summary, found.summary);
  for (const config of messages(record, 5)) readItems(config, found.config);
  for (const run of messages(record, 17)) {
    for (const config of messages(run, 4)) readItems(config, found.config);
    for (const summary of messages(run, 5)) readItems(summary, found.summary);
  }
  for (const telemetry of [...messages(record, 11), ...messages(record, 17).flatMap((run) => messages(run, 19))])
    readVersions(telemetry, found.config);
  for (const exit of messages(record, 18)) found.exitCode = firstVarint(exit, 1) ?? 0;
  for (const environment of messages(record, 26)) readEnvironment(environment, found.environment);
}

/** `TelemetryRecord`: versions of the client 5 and of transformers 6, which `config.yaml` has under `_wandb`. */
function readVersions(telemetry: Uint8Array, config: Map<string, unknown>): void {
  const [client] = texts(telemetry, 5);
  const [transformers] = texts(telemetry, 6);
  const known = asObject(config.get('_wandb')) ?? {};
  config.set('_wandb', {
    ...known,
    ...(client === undefined ? {} : { cli_version: client }),
    ...(transformers === undefined ? {} : { huggingface_version: transformers }),
  });
}

/** Updates 1 with key 1, nested key 2, value as JSON 16; removals 2 with a key 1. A nested key changes a part of a value. */
function readItems(list: Uint8Array, into: Map<string, unknown>): void {
  for (const item of messages(list, 1)) {
    const path = texts(item, 2);
    const key = texts(item, 1)[0] ?? path.join('.');
    const json = texts(item, 16)[0];
    if (key === '' || json === undefined || (!into.has(key) && into.size >= MAX_KEYS)) continue;
    try {
      into.set(key, JSON.parse(json));
    } catch {
      into.delete(key); // NaN and the like: the last value is none that JSON has
    }
  }
  // History has its step in field 2, which has no key.
  for (const removed of messages(list, 2)) for (const key of texts(removed, 1)) into.delete(key);
}

/** Fields of `EnvironmentRecord` that may be shown, under the names that its JSON has. Later records add to earlier ones. */
function readEnvironment(environment: Uint8Array, into: Map<string, unknown>): void {
  for (const [number, name] of TEXTS) for (const text of texts(environment, number)) into.set(name, text);
  for (const [number, name] of COUNTS) {
    const count = firstVarint(environment, number);
    if (count !== undefined) into.set(name, count);
  }
  const given = texts(environment, 5);
  if (given.length > 0) into.set('args', given);
  for (const time of messages(environment, 3)) {
    const seconds = firstVarint(time, 1);
    if (seconds !== undefined && seconds < 253_402_300_800)
      into.set('startedAt', new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));
  }
  for (const git of messages(environment, 9)) into.set('git', { remote: texts(git, 1)[0], commit: texts(git, 2)[0] });
  for (const memory of messages(environment, 21)) into.set('memory', { total: String(firstVarint(memory, 1) ?? '') });
  for (const cpu of messages(environment, 22)) into.set('cpu', { model: texts(cpu, 3)[0] });
  const devices = messages(environment, 24).map((device) => ({
    name: texts(device, 1)[0],
    memoryTotal: String(firstVarint(device, 2) ?? ''),
    architecture: texts(device, 4)[0],
  }));
  if (devices.length > 0) into.set('gpu_nvidia', devices);
}

const TEXTS = [
  [1, 'os'],
  [2, 'python'],
  [4, 'docker'],
  [6, 'program'],
  [7, 'codePath'],
  [18, 'gpu'],
  [25, 'cudaVersion'],
] as const;
const COUNTS = [
  [16, 'cpu_count'],
  [19, 'gpu_count'],
] as const;
