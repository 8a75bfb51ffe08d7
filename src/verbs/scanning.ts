/** Scanning of paths, for the verbs that do it. */
import { lstat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type ByteSource, bytesSource } from '../core/byte-source.js';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { openFile, openTree } from '../platform/files.js';
import { type FileScan, judgeRepository, ruleOf, type ScanFinding, type ScanSettings, scanSource, withFindings } from '../scan/index.js';
import { readStdin, type VerbOptions } from './options.js';

/** Where a scan works, and who hears of files that cannot be read. */
export interface ScanSurroundings extends VerbOptions {
  onUnreadable?(error: unknown): void;
}

type Listed = ReturnType<Awaited<ReturnType<typeof openTree>>['list']> extends AsyncIterable<infer Entry> ? Entry : never;

const MAX_STDIN = 1024 * 1024 * 1024;

/** Every file of a path; `-` is standard input. */
export async function* scanPath(given: string, settings: ScanSettings, io: ScanSurroundings): AsyncGenerator<FileScan> {
  if (given === '-') {
    yield await scanSource('-', bytesSource('-', await readStdin(MAX_STDIN, io)), settings);
    return;
  }
  const path = resolve(io.cwd ?? '.', given);
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) {
    yield await scanFile(basename(path), path, settings, io);
    return;
  }
  const entries: Listed[] = [];
  for await (const entry of (await openTree(path)).list()) entries.push(entry);
  const shadowing = judgeRepository(entries.map((entry) => entry.path));
  // Small files wait for the disk together; their order stays.
  const waiting: Promise<FileScan>[] = [];
  let next = 0;
  const open = (): boolean =>
    waiting.length < AHEAD && next < entries.length && (waiting.length === 0 || sizeOf(entries[next]) <= SMALL_BYTES);
  while (next < entries.length || waiting.length > 0) {
    while (open()) waiting.push(scanEntry(entries[next++], settings, io, shadowing));
    const first = waiting.shift();
    if (first !== undefined) yield await first;
  }
}

/** Files that are scanned at the same time, and how large one may be beside another. */
const AHEAD = 8;
const SMALL_BYTES = 256 * 1024;

const sizeOf = (entry: Listed | undefined): number => entry?.size ?? Number.POSITIVE_INFINITY;

async function scanEntry(
  entry: Listed | undefined,
  settings: ScanSettings,
  io: ScanSurroundings,
  shadowing: ReturnType<typeof judgeRepository>,
): Promise<FileScan> {
  if (entry === undefined) throw new Error('scan: there is no such entry');
  if (entry.problem !== undefined) return refused(entry.path, entry.problem, io);
  const scanned = await scanFile(entry.path, entry.absolutePath, settings, io);
  const weights = scanned.formats.length === 0 && scanned.findings.length === 0 && (await isWeightsOfNet(entry));
  return withFindings(weights ? asWeights(scanned) : scanned, shadowing.get(entry.path));
}

/** `model.bin` holds the numbers of `model.xml`: OpenVINO reads it by the places that the graph names, and as nothing else. */
async function isWeightsOfNet({ absolutePath, path }: Listed): Promise<boolean> {
  if (!path.endsWith('.bin')) return false;
  try {
    const graph = await openFile(`${absolutePath.slice(0, -4)}.xml`, `${path.slice(0, -4)}.xml`);
    const head = await graph.read(0, Math.min(4096, graph.size)).finally(() => graph.close());
    const { openvino } = await import('../formats/openvino/index.js');
    return openvino.sniff(head, graph.name);
  } catch (error) {
    if (MsbomError.is(error)) return false;
    throw error;
  }
}

const asWeights = (scanned: FileScan): FileScan => ({
  ...scanned,
  status: 'complete',
  verdict: 'clean',
  formats: ['openvino-weights'],
  notInspected: [],
});

function refused(path: string, error: unknown, io: ScanSurroundings): FileScan {
  io.onUnreadable?.(error);
  return unread(path, error);
}

async function scanFile(name: string, path: string, settings: ScanSettings, io: ScanSurroundings): Promise<FileScan> {
  let file: (ByteSource & { close(): Promise<void> }) | undefined;
  try {
    file = await openFile(path, name);
    return await scanSource(name, file, settings);
  } catch (error) {
    return refused(name, error, io);
  } finally {
    await file?.close();
  }
}

/** A file that could not be read is in the list all the same: silence would look like a clean one. */
function unread(path: string, error: unknown): FileScan {
  const why = MsbomError.is(error) ? `${error.message} [${error.code}]` : 'a fault of the scanner';
  return { path, status: 'error', verdict: 'unknown', formats: [], findings: [], more: 0, notInspected: [why], streams: 0, facts: {} };
}

/** As the findings of other verbs, with the place in the message. */
export function asFinding({ rule, severity, message, member, offset }: ScanFinding, file: string): Finding {
  const fix = ruleOf(rule)?.fix;
  const place = [member === undefined ? '' : `in ${member}`, offset === undefined ? '' : `at byte ${offset}`]
    .filter((part) => part !== '')
    .join(' ');
  return { id: rule, severity, message: place === '' ? message : `${message} (${place})`, file, ...(fix === undefined ? {} : { fix }) };
}
