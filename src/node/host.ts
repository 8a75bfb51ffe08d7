/** The machine that runs us, or a tree that looks like one: a mounted image, a fixture. */
import { execFile } from 'node:child_process';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { arch } from 'node:os';
import { posix, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { CommandOutput, Host } from '../core/host.js';
import { compareCodePoints } from '../core/source-tree.js';
import { openFile } from './files.js';
import { ioError } from './io-error.js';

export interface HostOptions {
  /** Root of the file system to read; default `/`, the running machine. */
  readonly root?: string;
  /** Default: the variables of this process for the running machine, none for another root. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absolute path inside the root; default the current directory, or `/` of another root. */
  readonly cwd?: string;
  /** Stands in for programs, for example `nvidia-smi` of a fixture. Default: real ones on the running machine, none elsewhere. */
  readonly run?: Host['run'];
  readonly machine?: string;
}

const MAX_LINKS = 40;
const MAX_TEXT = 1024 * 1024;
const MAX_OUTPUT = 16 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686', ppc64: 'ppc64le', s390x: 's390x' };

/** A host on the disk. */
export function openHost(options: HostOptions = {}): Host {
  const root = resolve(options.root ?? '/');
  const live = root === resolve('/');
  const machine = options.machine ?? (live ? (MACHINES[arch()] ?? arch()) : undefined);

  /** The real path inside the root with every link followed as if the root were `/`; undefined when nothing is there. */
  async function follow(path: string): Promise<string | undefined> {
    let rest = posix.resolve('/', path).split('/').filter(Boolean);
    let at = '/';
    let links = 0;
    while (rest.length > 0) {
      const [name = '', ...next] = rest;
      const here = posix.join(at, name);
      const target = await linkTarget(onDisk(here), here);
      if (target === 'absent') return undefined;
      if (target === undefined) {
        at = here;
        rest = next;
        continue;
      }
      if (++links > MAX_LINKS) return undefined;
      rest = [...posix.resolve(at, target).split('/').filter(Boolean), ...next];
      at = '/';
    }
    return at;
  }
  const onDisk = (path: string): string => (live ? path : root + path);

  return {
    live,
    platform: live ? process.platform : 'linux',
    machine,
    env: options.env ?? (live ? process.env : {}),
    cwd: options.cwd ?? (live ? process.cwd() : '/'),
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
      return real === undefined ? undefined : readSmall(onDisk(real), path, maxBytes);
    },
    async open(path) {
      const real = await follow(path);
      return real === undefined ? undefined : openFile(onDisk(real), path);
    },
    run: options.run ?? (live ? runProgram : () => Promise.resolve(undefined)),
  };
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
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
  throw ioError(error, path, 'ERR_IO_READ');
}

/** Files of /proc and /sys say that they have no bytes, so this reads until the end. */
async function readSmall(disk: string, path: string, maxBytes: number): Promise<string | undefined> {
  try {
    const handle = await open(disk, 'r');
    try {
      const buffer = Buffer.allocUnsafe(Math.min(maxBytes + 1, MAX_OUTPUT));
      let filled = 0;
      while (filled < buffer.byteLength) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, null);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (filled > maxBytes) throw new MsbomError('ERR_LIMIT_BYTES', `the file has more than ${maxBytes} bytes`, { file: path });
      return buffer.toString('utf8', 0, filled);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    return MsbomError.is(error) ? Promise.reject(error) : absentOr(error, path);
  }
}

function runProgram(
  command: string,
  args: readonly string[],
  { timeoutMs = TIMEOUT_MS, cwd }: { readonly timeoutMs?: number; readonly cwd?: string } = {},
): Promise<CommandOutput | undefined> {
  return new Promise((done) => {
    execFile(
      command,
      [...args],
      {
        timeout: timeoutMs,
        maxBuffer: MAX_OUTPUT,
        windowsHide: true,
        env: { ...process.env, LC_ALL: 'C' },
        ...(cwd === undefined ? {} : { cwd }),
      },
      (error, stdout) => {
        if (error === null) done({ exitCode: 0, stdout });
        else done(typeof error.code === 'number' ? { exitCode: error.code, stdout } : undefined);
      },
    );
  });
}
