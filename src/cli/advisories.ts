/** Advisories from what the user has: folders of OSV records in JSON or YAML, single files, and `all.zip` as osv-scanner keeps it. */
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { type Advisory, readAdvisories } from '../audit/index.js';
import { type ByteSource, readAhead } from '../core/byte-source.js';
import { MsbomError } from '../core/error.js';
import { decodeUtf8, parseJson } from '../core/json.js';
import { parseYaml } from '../core/yaml.js';
import { openFile, openTree } from '../platform/files.js';
import { ioError } from '../platform/io-error.js';
import { localEntry, readDirectories } from '../scan/zip/records.js';
import type { Session } from './io.js';

/** Ends of the names of files that hold records. */
const ENDS = ['.json', '.yaml', '.yml'];
const isRecord = (path: string): boolean => ENDS.some((end) => path.endsWith(end));

/** A record, or a file that is none although its name says so. */
export type ReadRecord = { readonly advisory: Advisory } | { readonly file: string; readonly why: string };

/** Bytes of one record, and records and bytes of all. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;
const MAX_RECORDS = 2_000_000;
const MAX_TOTAL_BYTES = 16 * 1024 ** 3;
const LIMITS = { maxDocumentBytes: MAX_RECORD_BYTES, maxDepth: 30, maxValues: 1_000_000 };

interface Spent {
  records: number;
  bytes: number;
}

/** Records one after the other. @throws ERR_IO_*, ERR_LIMIT_*, ERR_IO_READ for an archive that is none */
export async function* advisoriesFrom(paths: readonly string[], io: Session): AsyncGenerator<ReadRecord> {
  const spent: Spent = { records: 0, bytes: 0 };
  for (const path of paths) {
    const absolute = resolve(io.cwd, path);
    await io.guard.reads(absolute);
    const found = await stat(absolute).catch((error: unknown) => {
      throw ioError(error, path, 'ERR_IO_READ');
    });
    if (found.isDirectory()) yield* ofDirectory(absolute, spent);
    else if (path.endsWith('.zip')) yield* ofArchive(absolute, path, spent);
    else yield* ofText(await bytesOf(absolute, path, found.size), path, spent);
  }
}

async function* ofDirectory(directory: string, spent: Spent): AsyncGenerator<ReadRecord> {
  const tree = await openTree(directory);
  for await (const { path, absolutePath, size, problem } of tree.list()) {
    if (path.endsWith('.zip')) yield* ofArchive(absolutePath, path, spent);
    else if (isRecord(path)) {
      if (problem === undefined) yield* ofText(await bytesOf(absolutePath, path, size), path, spent);
      else yield { file: path, why: problem.message };
    }
  }
}

async function bytesOf(absolute: string, path: string, size: number): Promise<Uint8Array> {
  if (size > MAX_RECORD_BYTES)
    throw new MsbomError('ERR_LIMIT_BYTES', `the record has ${size} bytes, the limit is ${MAX_RECORD_BYTES}`, { file: path });
  return readFile(absolute).catch((error: unknown) => {
    throw ioError(error, path, 'ERR_IO_READ');
  });
}

/** Members are read one by one; each is inflated up to the limit of a record, whatever the archive says of its size. */
async function* ofArchive(absolute: string, path: string, spent: Spent): AsyncGenerator<ReadRecord> {
  const file = await openFile(absolute, basename(path));
  try {
    const [directory] = await readDirectories(file, { take: () => true, left: () => MAX_RECORDS, inTime: () => true, spent: new Set() });
    if (directory === undefined) throw new MsbomError('ERR_IO_READ', 'the file is no ZIP archive', { file: path });
    const members = readAhead(file);
    for (const { name, at, method, packed } of directory.entries) {
      if (!isRecord(name)) continue;
      if (packed > MAX_RECORD_BYTES) {
        yield { file: name, why: `it has more than ${MAX_RECORD_BYTES} bytes` };
        continue;
      }
      const bytes = await inflated(members, { at: at + directory.shift, method, packed });
      if (bytes === undefined) yield { file: name, why: 'it cannot be unpacked' };
      else yield* ofText(bytes, name, spent);
    }
  } finally {
    await file.close();
  }
}

async function inflated(
  file: ByteSource,
  { at, method, packed }: { at: number; method: number; packed: number },
): Promise<Uint8Array | undefined> {
  const entry = await localEntry(file, at);
  if (entry === undefined) return undefined;
  const bytes = await file.read(entry.data, packed);
  if (method !== 8) return method === 0 ? bytes.slice() : undefined;
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_RECORD_BYTES });
  } catch {
    return undefined;
  }
}

function* ofText(bytes: Uint8Array, file: string, spent: Spent): Generator<ReadRecord> {
  spent.bytes += bytes.byteLength;
  if (++spent.records > MAX_RECORDS || spent.bytes > MAX_TOTAL_BYTES)
    throw new MsbomError('ERR_LIMIT_COUNT', `there are more than ${MAX_RECORDS} records, or more than ${MAX_TOTAL_BYTES} bytes of them`, {
      file,
    });
  try {
    const text = decodeUtf8(bytes, file);
    const value = /^\s*[{[]/.test(text) ? parseJson(text, { file, limits: LIMITS, inexactIntegers: 'round' }) : yamlOf(text);
    const { advisories, strange } = readAdvisories(value);
    for (const advisory of advisories) yield { advisory };
    if (strange.length > 0) yield { file, why: 'it is no advisory of OSV, NVD or CSAF and no rule of versions' };
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    yield { file, why: error.message };
  }
}

function yamlOf(text: string): unknown {
  const parsed = parseYaml(text);
  if ('problem' in parsed) throw new MsbomError('ERR_FORMAT_MALFORMED', parsed.problem);
  return parsed.value;
}
