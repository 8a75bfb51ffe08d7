/** The digest of a file tree as OpenSSF Model Signing v1.0 computes it, and which files it is over. */
import { type DigestedFile, rootDigest } from './digest.js';

/** Names at the top of a tree that are no part of a model: the reference implementation leaves out the same four. */
export const DEFAULT_IGNORED: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore'];

/** A digest of a tree together with what it is over. */
export interface OmsDigest {
  readonly root: { readonly sha256: string };
  readonly method: 'oms-v1';
  /** Exact paths of files and directories that are there and that the root is not over, sorted; missing when there are none. */
  readonly ignored?: readonly string[];
  readonly symlinks: 'refused' | 'followed';
  readonly complete: boolean;
}

/** What a tree digest is over. */
export interface Cover<T> {
  /** The files that the root is over. */
  readonly covered: readonly T[];
  /** Files that are there and stand in, or below, an ignored path. */
  readonly ignored: readonly T[];
}

export interface CoverOptions {
  /** Exact relative paths, of files or directories, without patterns. Default `DEFAULT_IGNORED`. */
  readonly ignored?: readonly string[];
  /** The manifest that is being written and the signature that is being checked: left out without a word. */
  readonly own?: readonly string[];
}

export interface TreeDigestOptions extends CoverOptions {
  /** Were links to files followed? Default refused. */
  readonly symlinks?: OmsDigest['symlinks'];
  /** Will the manifest list every file that the root is over? Default true. */
  readonly complete?: boolean;
}

/** Parts files into those that a tree digest is over and those that it leaves out. */
export function coverOf<T extends { readonly path: string }>(
  files: Iterable<T>,
  { ignored = DEFAULT_IGNORED, own = [] }: CoverOptions = {},
): Cover<T> {
  const [names, silent] = [new Set(ignored), new Set(own)];
  const covered: T[] = [];
  const left: T[] = [];
  for (const file of files) {
    if (silent.has(file.path)) continue;
    (ignoredBy(file.path, names) === undefined ? covered : left).push(file);
  }
  return { covered, ignored: left };
}

/** The ignored path that a file is, or lies below; undefined when there is none. */
export function ignoredBy(path: string, names: ReadonlySet<string>): string | undefined {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1))
    if (names.has(path.slice(0, end))) return path.slice(0, end);
  return names.has(path) ? path : undefined;
}

/**
 * The digest of a tree: SHA-256 over the SHA-256 of its files in code point order of their paths. Names, modes, times and empty
 * directories are not part of it. Undefined when no file is left, or when one of them has no valid SHA-256.
 * Source: https://github.com/ossf/model-signing-spec
 */
export function treeDigest(files: Iterable<DigestedFile>, options: TreeDigestOptions = {}): OmsDigest | undefined {
  const { covered, ignored } = coverOf(files, options);
  const root = rootDigest(covered);
  if (root === undefined) return undefined;
  const names = new Set(options.ignored ?? DEFAULT_IGNORED);
  const left = [...new Set(ignored.map(({ path }) => ignoredBy(path, names) ?? path))].sort();
  return {
    root: { sha256: root },
    method: 'oms-v1',
    ...(left.length === 0 ? {} : { ignored: left }),
    symlinks: options.symlinks ?? 'refused',
    complete: options.complete ?? true,
  };
}
