/** The machine that runs us, or a tree that looks like one: a mounted image, a fixture. */
import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { arch, release, version } from 'node:os';
import { posix, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Host, HostEntry, SystemName } from '../core/host.js';
import { compareCodePoints } from '../core/source-tree.js';
import { filesWithin, gate, openFileLimit } from './descriptors.js';
import { openFile } from './files.js';
import { ioError } from './io-error.js';
import { runProgram } from './run.js';

export interface HostOptions {
  /** Root of the file system to read; default `/`, the running machine. */
  readonly root?: string;
  /** Default: the variables of this process for the running machine, none for another root. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absolute path inside the root; default the current directory, or `/` of another root. */
  readonly cwd?: string;
  /** Directories that are described besides `cwd`: no program in them is started. */
  readonly described?: readonly string[];
  /** Stands in for programs, for example `nvidia-smi` of a fixture. Default: real ones on the running machine, none elsewhere. */
  readonly run?: Host['run'];
  readonly machine?: string;
  readonly platform?: string;
  readonly system?: SystemName;
  /** Does the root hold the `/proc` and `/sys` of a running machine, as a fixture does? Default: only `/`. */
  readonly live?: boolean;
}

const MAX_LINKS = 40;
const MAX_TEXT = 1024 * 1024;
const FIRST_READ = 16 * 1024;
const MACHINES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  ia32: 'i686',
  loong64: 'loongarch64',
  ppc64: 'ppc64le',
  s390x: 's390x',
};

/** What would be more than a name on this system. */
const FOREIGN = process.platform === 'win32' ? /[\\/:\0]/ : /\0/;

/** A host on the disk. */
export function openHost(options: HostOptions = {}): Host {
  const root = resolve(options.root ?? '/');
  const here = root === resolve('/');
  const env = options.env ?? (here ? process.env : {});
  const cwd = options.cwd ?? (here ? process.cwd() : '/');
  const described = [cwd, ...(options.described ?? [])];
  const machine = options.machine ?? (here ? machineName() : undefined);
  const system = options.system ?? (here ? { release: release(), version: version() } : undefined);
  const onDisk = (path: string): string => (here ? path : root + path);
  const follow = here ? followHere : (path: string) => followInside(path, onDisk);
  const unfollowed = async (path: string): Promise<string | undefined> => {
    const name = posix.basename(path);
    const parent = await follow(posix.dirname(path));
    return parent === undefined || name === '' || name === '.' || name === '..' ? parent : posix.join(parent, name);
  };

  // Thousands of small files are asked for at once, by every probe for itself.
  const inTurn = gate(filesWithin(openFileLimit()));

  return {
    live: options.live ?? here,
    platform: options.platform ?? (here ? process.platform : 'linux'),
    machine,
    system,
    env,
    cwd,
    resolve: follow,
    async kind(path) {
      const real = await follow(path);
      if (real === undefined) return undefined;
      const stats = await lstat(onDisk(real)).catch((error: unknown) => absentOr(error, path));
      return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'directory' : undefined;
    },
    async list(path) {
      const real = await follow(path);
      if (real === undefined) return [];
      const names = await readdir(onDisk(real)).catch((error: unknown) => absentOr(error, path));
      return (names ?? []).sort(compareCodePoints);
    },
    async readText(path, maxBytes = MAX_TEXT) {
      const real = await follow(path);
      return real === undefined ? undefined : inTurn(() => readSmall(onDisk(real), path, maxBytes));
    },
    async open(path) {
      const real = await follow(path);
      return real === undefined ? undefined : openFile(onDisk(real), path);
    },
    async entry(path) {
      const itself = await unfollowed(path);
      const stats = itself === undefined ? undefined : await lstat(onDisk(itself)).catch((error: unknown) => absentOr(error, path));
      return stats === undefined ? undefined : entryOf(stats);
    },
    async readLink(path) {
      const itself = await unfollowed(path);
      return itself === undefined ? undefined : readlink(onDisk(itself), 'buffer').catch((error: unknown) => absentOr(error, path));
    },
    async digest(path, algorithm, prefix) {
      const itself = await unfollowed(path);
      return itself === undefined ? undefined : digestOf(onDisk(itself), path, algorithm, prefix);
    },
    run:
      options.run ??
      (here
        ? (command, args, given = {}) => runProgram(command, args, given, { variables: env, described })
        : () => Promise.resolve(undefined)),
  };
}

/** `uname -m` of this machine: on macOS the name of its own. */
function machineName(): string {
  return process.platform === 'darwin' && arch() === 'arm64' ? 'arm64' : (MACHINES[arch()] ?? arch());
}

/** The running machine's own links, among them those of /proc, are the kernel's to follow. */
function followHere(path: string): Promise<string | undefined> {
  return realpath(path).catch((error: unknown) => absentOr(error, path));
}

/** The path with every link followed as if the root were `/`, step by step as the kernel does; undefined when nothing is there. */
async function followInside(path: string, onDisk: (path: string) => string): Promise<string | undefined> {
  let rest = path.split('/');
  let at = '/';
  let links = 0;
  while (rest.length > 0) {
    const [name = '', ...next] = rest;
    rest = next;
    if (name === '' || name === '.') continue;
    if (FOREIGN.test(name)) return undefined;
    // What is at `at` is no link, so its parent is the one in the path; `/..` is `/`.
    const here = name === '..' ? posix.dirname(at) : posix.join(at, name);
    const target = await linkTarget(onDisk(here), path);
    if (target === 'absent') return undefined;
    if (target === undefined) at = here;
    else {
      if (++links > MAX_LINKS) return undefined;
      if (target.startsWith('/')) at = '/';
      rest = [...target.split('/'), ...rest];
    }
  }
  return at;
}

async function linkTarget(disk: string, shown: string): Promise<string | undefined | 'absent'> {
  try {
    return (await lstat(disk)).isSymbolicLink() ? await readlink(disk) : undefined;
  } catch (error) {
    absentOr(error, shown);
    return 'absent';
  }
}

/** Undefined for what is not there; anything else is thrown. */
function absentOr(error: unknown, path: string): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  // ENODEV and ENXIO: a name without the thing behind it. EINVAL, ENAMETOOLONG: no path at all.
  if (code !== undefined && /^(ENOENT|ENOTDIR|ELOOP|ENODEV|ENXIO|ENAMETOOLONG|ERR_INVALID_ARG_VALUE)$/.test(code)) return undefined;
  throw ioError(error, path, 'ERR_IO_READ');
}

function entryOf(stats: Stats): HostEntry {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'other';
  return { kind, size: stats.size, executable: (stats.mode & 0o100) !== 0 };
}

const DIGEST_BYTES = 1024 * 1024;

async function digestOf(disk: string, shown: string, algorithm: string, prefix: string): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(disk, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    if (!(await handle.stat()).isFile()) throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: shown });
    const hash = createHash(algorithm).update(prefix);
    const buffer = Buffer.allocUnsafe(DIGEST_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, DIGEST_BYTES, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } catch (error) {
    if (MsbomError.is(error)) throw error;
    return absentOr(error, shown);
  } finally {
    await handle?.close();
  }
}

async function readSmall(disk: string, path: string, maxBytes: number): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    // Links were followed: one that appears only now is not. Without O_NONBLOCK the opening of a pipe would wait for a writer.
    handle = await open(disk, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    const stats = await handle.stat();
    if (stats.isDirectory()) return undefined;
    if (!stats.isFile()) throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: path });
    return (await readToEnd(handle, path, maxBytes)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    if (MsbomError.is(error)) throw error;
    return absentOr(error, path);
  } finally {
    await handle?.close();
  }
}

/** Files of /proc and /sys say that they have no bytes, so only the end of reading tells their size. */
async function readToEnd(handle: FileHandle, path: string, maxBytes: number): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(Math.min(maxBytes + 1, FIRST_READ));
  let filled = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, null);
    filled += bytesRead;
    if (filled > maxBytes) throw new MsbomError('ERR_LIMIT_BYTES', `the file has more than ${maxBytes} bytes`, { file: path });
    if (bytesRead === 0) return buffer.subarray(0, filled);
    if (filled === buffer.byteLength) {
      const larger = Buffer.allocUnsafe(Math.min(maxBytes + 1, 4 * buffer.byteLength));
      buffer.copy(larger);
      buffer = larger;
    }
  }
}
