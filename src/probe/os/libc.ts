/** The C library that programs are linked to: its version as the library's own file says it. */
import type { Sight } from '../sight.js';

export interface CLibrary {
  readonly name: 'glibc' | 'musl';
  readonly version: string;
  readonly path: string;
}

/** The file is some 2 MiB big; a bigger one is something else. */
const MAX_LIBRARY_BYTES = 16 * 1024 * 1024;
const BLOCK = 1024 * 1024;
const OVERLAP = 256;

const GLIBC = /GNU C Library \([^)\n]{0,99}\) (?:stable|development) release version (\d+\.\d+(?:\.\d+)?)/;
const GLIBC_PATHS = [
  ...['x86_64', 'aarch64', 'powerpc64le', 's390x', 'riscv64', 'i386'].map((cpu) => `/lib/${cpu}-linux-gnu/libc.so.6`),
  '/lib64/libc.so.6',
  '/usr/lib/libc.so.6',
];

export async function cLibraries(sight: Sight): Promise<readonly CLibrary[]> {
  const found = new Map<string, CLibrary>();
  for (const library of [await glibc(sight), await musl(sight)]) {
    if (library !== undefined) found.set(library.name, library);
  }
  return [...found.values()];
}

async function glibc(sight: Sight): Promise<CLibrary | undefined> {
  for (const path of GLIBC_PATHS) {
    const real = await sight.resolve(path);
    if (real === undefined) continue;
    const named = /\/libc-(\d+\.\d+(?:\.\d+)?)\.so$/.exec(real)?.[1];
    const version = named ?? (await search(sight, path, GLIBC));
    if (version !== undefined) return { name: 'glibc', version, path };
  }
  return undefined;
}

/** musl does not mark its version in the file; the package database of Alpine names it. */
async function musl(sight: Sight): Promise<CLibrary | undefined> {
  const loader = (await sight.list('/lib')).some((name) => /^ld-musl-[a-z0-9_]+\.so\.1$/.test(name));
  if (!loader) return undefined;
  for (const path of ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']) {
    const database = await sight.text(path, MAX_LIBRARY_BYTES);
    const version = /^P:musl\nV:(\d+\.\d+\.\d+)(?:_git\d+)?-r\d+$/m.exec(database ?? '')?.[1];
    if (version !== undefined) return { name: 'musl', version, path };
  }
  return undefined;
}

/** The first group of the pattern in a binary file, read block by block. */
async function search(sight: Sight, path: string, pattern: RegExp): Promise<string | undefined> {
  const source = await sight.open(path);
  if (source === undefined) return undefined;
  try {
    const end = Math.min(source.size, MAX_LIBRARY_BYTES);
    for (let at = 0; at < end; at += BLOCK) {
      const bytes = await source.read(at, Math.min(BLOCK + OVERLAP, end - at));
      const match = pattern.exec(new TextDecoder('latin1').decode(bytes));
      if (match?.[1] !== undefined) return match[1];
    }
    return undefined;
  } finally {
    await source.close();
  }
}
