/** Names of files in a signature: which are safe, in which order they stand, and the root digest over them. */
import { createHash } from 'node:crypto';

/** What Windows takes for the end of a path's part, or for a drive, is an ordinary character elsewhere. */
const IS_WINDOWS = process.platform === 'win32';

/**
 * Why a name cannot be that of a file inside a model: empty, absolute, with `..`, `.` or an empty part, NUL, or no valid Unicode; on
 * Windows with a backslash or a colon too. Undefined for names that can.
 */
export function whyUnsafe(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  if (name.includes('\0')) return 'it holds NUL';
  if (name.startsWith('/')) return 'it is absolute';
  if (IS_WINDOWS && (name.includes('\\') || name.includes(':'))) return 'it means another place on this system';
  for (const part of name.split('/')) {
    if (part === '..') return 'it leads out of the model';
    if (part === '.' || part === '') return 'it is not in its shortest form';
  }
  return undefined;
}

/** `./a//b/` as `a/b`: how the specification compares ignored paths. */
export const normalized = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/**
 * SHA-256 over raw digests in the order given, whatever they were made with: the subject of a signature.
 * Source: OpenSSF Model Signing v1.0, section 6.5.1.
 */
export function rootOf(digests: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const digest of digests) hash.update(digest, 'hex');
  return hash.digest('hex');
}

/** A part of a file: from `start`, without `end`, in bytes. */
export interface Shard {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** `path:start:end`, by the last two colons. Undefined for another form. Source: OpenSSF Model Signing v1.0, section 6.3.2. */
export function parseShard(name: string): Shard | undefined {
  const second = name.lastIndexOf(':');
  const first = name.lastIndexOf(':', second - 1);
  if (first <= 0 || second <= 0) return undefined;
  const start = decimal(name.slice(first + 1, second));
  const end = decimal(name.slice(second + 1));
  if (start === undefined || end === undefined || start >= end) return undefined;
  return { path: name.slice(0, first), start, end };
}

export const shardName = ({ path, start, end }: Shard): string => `${path}:${start}:${end}`;

function decimal(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Names that some file systems take for one: by case, or by how Unicode composes them. Each list has two or more. */
export function twins(names: Iterable<string>): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = name.normalize('NFC').toLowerCase().normalize('NFC');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
