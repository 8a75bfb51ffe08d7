/** RECORD of an installed distribution: are its files still those that were installed? */
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { hexOfBase64 } from '../../collect/hashes.js';
import type { Host } from '../../core/host.js';
import { sha256 } from './files.js';

export interface RecordedFile {
  /** Relative to the directory of packages. */
  readonly path: string;
  /** SHA-256 in lower-case hexadecimal; RECORD itself and compiled modules have none. */
  readonly sha256?: string;
}

/** What does not match; paths are relative to the directory of packages. */
export interface RecordCheck {
  readonly checked: number;
  readonly altered: readonly string[];
  readonly missing: readonly string[];
  /** Listed with a hash that was not compared: another algorithm, or a path out of the environment. */
  readonly unchecked: readonly string[];
}

const MAX_FILES = 200_000;
/** Up to here a file is hashed as a whole by the platform, which is faster; bigger ones go piece by piece. */
const WHOLE_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 8 * 1024 * 1024;

/** Rows of RECORD: path, hash, size. Source: https://packaging.python.org/specifications/recording-installed-packages/ */
export function parseRecord(bytes: Uint8Array): { readonly files: readonly RecordedFile[]; readonly unknown: readonly string[] } {
  const files: RecordedFile[] = [];
  const unknown: string[] = [];
  for (const line of new TextDecoder().decode(bytes).split(/\r?\n/)) {
    const row = /^(?:"((?:[^"]|"")*)"|([^,"]+)),([^,]*),/.exec(line);
    if (row === null || files.length >= MAX_FILES) continue;
    const path = row[1]?.replace(/""/g, '"') ?? row[2] ?? '';
    const [, value] = /^sha256=([A-Za-z0-9_-]{43}=?)$/.exec(row[3] ?? '') ?? [];
    const hex = value === undefined ? undefined : hexOfBase64(value);
    if (hex === undefined && row[3] !== '') unknown.push(path);
    files.push({ path, ...(hex === undefined ? {} : { sha256: hex }) });
  }
  return { files, unknown };
}

/** Recomputes the hashes of the files that RECORD lists with one. `prefix` is the root that paths may not leave. */
export async function checkRecord(host: Host, site: string, prefix: string, record: Uint8Array): Promise<RecordCheck> {
  const { files, unknown } = parseRecord(record);
  const found = { checked: 0, altered: [] as string[], missing: [] as string[], unchecked: [...unknown] };
  for (const { path, sha256: expected } of files) {
    if (expected === undefined) continue;
    const place = absoluteIn(site, path);
    if (place === undefined || !(place.startsWith(`${site}/`) || place.startsWith(`${prefix}/`))) {
      found.unchecked.push(path);
      continue;
    }
    const actual = await digestOf(host, place);
    found.checked++;
    if (actual === undefined) found.missing.push(path);
    else if (actual !== expected) found.altered.push(path);
  }
  return found;
}

async function digestOf(host: Host, path: string): Promise<string | undefined> {
  const source = (await host.kind(path)) === 'file' ? await host.open(path) : undefined;
  if (source === undefined) return undefined;
  try {
    if (source.size <= WHOLE_BYTES) return await sha256(await source.read(0, source.size));
    const hash = noble.create();
    for (let at = 0; at < source.size; at += PIECE_BYTES) hash.update(await source.read(at, Math.min(PIECE_BYTES, source.size - at)));
    return bytesToHex(hash.digest());
  } finally {
    await source.close();
  }
}

/** `../../../bin/f2py` is the script that came with the package. */
function absoluteIn(site: string, path: string): string | undefined {
  if (path.startsWith('/') || /\\|\0/.test(path)) return undefined;
  const parts = site.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
