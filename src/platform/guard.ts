/** Which files are read and which are written by one piece of work, so that none is both. */
import { fstatSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { MsbomError } from '../core/error.js';
import { ioError } from './io-error.js';
import { type Made, madeBy } from './made.js';

/** A file that is to be written, as it was found. */
interface Output {
  /** As the caller wrote it. */
  readonly name: string;
  /** Of the file itself, where `name` is a link to it. */
  readonly real: string;
  /** Device and inode of the file that is there. */
  readonly identity?: string;
  /** The file that is there is a manifest: what an earlier run wrote, or another one of its kind. */
  readonly isManifest: boolean;
  /** The file that is there was made by msbom, is empty, or is an earlier one of its kind. */
  readonly isOwn: boolean;
  /** What an earlier output of its kind holds, where that is no manifest. */
  readonly mark?: string | undefined;
}

/** Keeps inputs and outputs apart: by device and inode, whatever the names, links and capitals. */
export interface FileGuard {
  /** Notes a file that is read. @throws ERR_OUTPUT_IS_INPUT when it is to be written */
  reads(path: string): Promise<void>;
  /** Notes a directory that is described. @throws ERR_OUTPUT_IS_INPUT, ERR_IO_LINK for outputs in it that may not be */
  describes(directory: string): Promise<void>;
  /**
   * Notes a file that is to be written; to be asked again right before it is. One that is there and holds `mark` is an earlier
   * one of its kind, as a manifest always is.
   * @throws ERR_OUTPUT_IS_INPUT, ERR_IO_LINK, ERR_IO_WRITE when it is a directory, ERR_CLI_USAGE for a second output in the same file,
   * ERR_IO_EXISTS for a file of somebody else with `onlyOwn`
   */
  writes(path: string, mark?: string): Promise<void>;
  /** Notes that a file was written: another one is there now. */
  wrote(path: string): Promise<void>;
  /**
   * Is this file of a described directory the document that is being written, which is left out of it?
   * @throws ERR_OUTPUT_IS_INPUT when it is to be written and is no manifest, or goes by another name too
   */
  leavesOut(absolutePath: string, path: string): boolean;
}

export interface GuardOptions {
  /** A file that is there is replaced only when msbom made it. Default false: the caller knows. */
  readonly onlyOwn?: boolean;
}

/** `streams`: descriptors that documents are written to, such as that of standard output. */
export function openGuard(streams: readonly number[] = [], { onlyOwn = false }: GuardOptions = {}): FileGuard {
  const read = new Map<string, string>();
  const roots: string[] = [];
  const outputs = new Map<string, Output>();
  for (const descriptor of streams) {
    const identity = streamIdentity(descriptor);
    // A shell that opens a file for us has emptied it; where there is something, it is added to.
    if (identity !== undefined)
      outputs.set(`fd ${descriptor}`, {
        name: 'standard output',
        real: '',
        identity: identity.id,
        isManifest: identity.isEmpty,
        isOwn: true,
      });
  }
  return {
    async reads(path) {
      const found = await stat(path, { bigint: true }).catch(() => undefined); // who reads it says what is wrong
      if (found === undefined || !found.isFile()) return;
      const identity = identityOf(found);
      read.set(path, identity);
      const output = [...outputs.values()].find((each) => each.identity === identity);
      if (output !== undefined) throw isInput(output.name);
    },
    async describes(directory) {
      const root = resolve(directory);
      roots.push(root);
      for (const [path, output] of outputs) if (output.real !== '') await checkPlace(path, output, [root]);
    },
    async writes(path, mark = outputs.get(path)?.mark) {
      const output = await outputAt(path, mark);
      if (output === undefined) return; // a device or a pipe
      const twin = [...outputs].find(([other, each]) => other !== path && isSame(each, output));
      if (twin !== undefined) throw twoOutputs(output.name);
      // What was read and is gone may have left its inode to another file.
      if ([...read].some(([input, identity]) => identity === output.identity && identity === fileIdentity(input)))
        throw isInput(output.name);
      await checkPlace(path, output, roots);
      const known = outputs.get(path);
      const isOwn = output.isOwn || (known?.isOwn === true && known.identity === output.identity);
      if (onlyOwn && output.identity !== undefined && !isOwn) throw notOurs(output.name);
      outputs.set(path, { ...output, isOwn });
    },
    async wrote(path) {
      const output = await outputAt(path, outputs.get(path)?.mark);
      if (output !== undefined) outputs.set(path, { ...output, isOwn: true });
    },
    leavesOut(absolutePath, path) {
      if (outputs.size === 0) return false;
      const identity = fileIdentity(absolutePath);
      const [written, output] = [...outputs].find(([, each]) => identity !== undefined && each.identity === identity) ?? [];
      if (written === undefined || output === undefined) return false;
      // The file that was there before may have left its inode to another one.
      if (output.real !== '' && fileIdentity(written) !== identity) return false;
      if (output.isManifest && (output.real === '' || output.real === realPathOf(absolutePath))) return true;
      throw isInput(path);
    },
  };
}

const identityOf = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string => `${dev}:${ino}`;

/** Undefined for what is no file, or cannot be asked, such as links in a circle. */
function fileIdentity(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found?.isFile() === true ? identityOf(found) : undefined;
  } catch {
    return undefined; // who reads it says what is wrong
  }
}

function streamIdentity(descriptor: number): { readonly id: string; readonly isEmpty: boolean } | undefined {
  try {
    const found = fstatSync(descriptor, { bigint: true });
    return found.isFile() ? { id: identityOf(found), isEmpty: found.size === 0n } : undefined;
  } catch {
    return undefined; // closed
  }
}

const isSame = (a: Output, b: Output): boolean => a.real === b.real || (a.identity !== undefined && a.identity === b.identity);

/** A test for whether a path leads to this file under its own name; false of all for none. */
export async function sameFile(path: string | undefined): Promise<(other: string) => boolean> {
  const identity = path === undefined ? undefined : fileIdentity(path);
  if (path === undefined || identity === undefined) return () => false;
  const real = await realpath(path);
  return (other) => fileIdentity(other) === identity && realPathOf(other) === real;
}

/** Undefined where nothing is replaced: a device, a pipe, a terminal. */
async function outputAt(path: string, mark: string | undefined): Promise<Output | undefined> {
  const name = basename(path);
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // a system error
    throw ioError(error, name, 'ERR_IO_WRITE');
  });
  if (found === undefined) {
    if ((await lstat(path).catch(() => undefined))?.isSymbolicLink() === true)
      throw new MsbomError('ERR_IO_LINK', 'the output is a link that leads nowhere', {
        file: name,
        hint: 'Remove the link, or name another file.',
      });
    return { name, real: join(await realpath(dirname(path)).catch(() => dirname(path)), name), mark, isManifest: false, isOwn: true };
  }
  if (found.isDirectory()) throw new MsbomError('ERR_IO_WRITE', 'it is a directory', { file: name, hint: 'Name a file.' });
  if (!found.isFile()) return undefined;
  return { name, real: await realpath(path), identity: identityOf(found), mark, ...(await contentOf(path, mark)) };
}

/** Whatever lies in a directory that is described is an input, but a manifest: that one may be replaced by the next. */
async function checkPlace(path: string, output: Output, roots: readonly string[]): Promise<void> {
  const { name, real, identity, isManifest: replaces } = output;
  // What git keeps is read as well, wherever the repository begins.
  if (identity !== undefined && !replaces && real.split(sep).includes('.git')) throw isInput(name);
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => root);
    const isNamedInside = isInside(root, resolve(path));
    const liesInside = isInside(realRoot, real);
    if (isNamedInside && (!liesInside || lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true))
      throw new MsbomError('ERR_IO_LINK', 'a link in the directory that is described is not written through', {
        file: name,
        hint: 'Name a file outside of the directory, or remove the link.',
      });
    if (liesInside && identity !== undefined && !replaces) throw isInput(name);
  }
}

function isInside(directory: string, file: string): boolean {
  const path = relative(directory, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && resolve(directory, path) === file;
}

export const twoOutputs = (file: string): MsbomError =>
  new MsbomError('ERR_CLI_USAGE', 'two outputs cannot be written to the same place', { file, hint: 'give each output a file of its own' });

const isInput = (file: string): MsbomError =>
  new MsbomError('ERR_OUTPUT_IS_INPUT', 'the file to write is one of those that are read', {
    file,
    hint: 'Name another file with -o; nothing was written.',
  });

const notOurs = (file: string): MsbomError =>
  new MsbomError('ERR_IO_EXISTS', 'the file exists already, and msbom did not make it', {
    file,
    hint: 'Name another file with -o, or replace it with --force; nothing was written.',
  });

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** Documents are small; what is larger is none that is replaced unasked. */
const MAX_DOCUMENT_BYTES = 128 * 1024 * 1024;

async function contentOf(path: string, mark: string | undefined): Promise<Made> {
  try {
    if ((await stat(path)).size > MAX_DOCUMENT_BYTES) return { isManifest: false, isOwn: false };
    const bytes = await readFile(path);
    if (mark !== undefined && bytes.includes(mark)) return { isManifest: true, isOwn: true };
    return madeBy(bytes);
  } catch {
    return { isManifest: false, isOwn: false }; // it cannot be read
  }
}
