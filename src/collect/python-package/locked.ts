/** What the lock files of Python's tools have in common. */

import { type Entry, type PinnedFile, pinnedPackages } from '../collectors/shared/pinned.js';
import { type PackageFacts, pypiName } from '../component.js';
import type { Collected } from '../contribution.js';
import { prefixedDigest } from '../hashes.js';
import { fileNameOf, isCommit, shownUri } from '../public-uri.js';
import { asObject, asText, type Loose } from '../values.js';

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?$/;
const VERSION = /^[\w.!+-]{1,200}$/;

/** Name and version of a locked package; undefined when the name is none. The version may be missing, as it is for sources of code. */
export function lockedFacts(name: unknown, version: unknown, more: Partial<PackageFacts> = {}): PackageFacts | undefined {
  const [text, exact] = [asText(name), asText(version)];
  if (text === undefined || !NAME.test(text) || (exact !== undefined && !VERSION.test(exact))) return undefined;
  const full = pypiName(text);
  return { type: 'pypi', name: full, version: exact, status: 'locked', key: exact === undefined ? full : `${full} ${exact}`, ...more };
}

/** Where the code of a package comes from, without anything that leads into somebody's own network. */
export function vcsFacts(repository: unknown, commit: unknown, includePrivate: boolean): Pick<PackageFacts, 'sourceDigest' | 'uris'> {
  const text = asText(repository)
    ?.replace(/^git\+/, '')
    .replace(/^ssh:\/\/(?:[^/@]*@)?/, 'https://');
  const source = shownUri(text, includePrivate);
  return {
    ...(isCommit(commit) ? { sourceDigest: { gitCommit: commit.toLowerCase() } } : {}),
    ...(source === undefined ? {} : { uris: { source } }),
  };
}

/** `{url|file|name|path, hash|hashes}` of a wheel or source archive. */
export function fileOf(value: unknown): PinnedFile | undefined {
  const file = asObject(value);
  if (file === undefined) return undefined;
  const url = asText(file.url);
  const name = asText(file.file) ?? asText(file.name) ?? asText(file.path) ?? url;
  const hashes = Object.entries(asObject(file.hashes) ?? {}).map(([algorithm, hex]) => `${algorithm}:${String(hex)}`);
  const digest = Object.assign({}, ...[file.hash, ...hashes].map(prefixedDigest));
  return { url, filename: name === undefined ? undefined : fileNameOf(name), ...(Object.keys(digest).length > 0 ? { digest } : {}) };
}

export const filesOf = (value: unknown): readonly PinnedFile[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(fileOf).filter((each) => each !== undefined);

/** The file's packages as contributions; `undefined` stands for one that names nothing, `'own'` for the project itself. */
export function lockedPackages(path: string, method: string, entries: Iterable<Entry>, includePrivate: boolean): Collected {
  return pinnedPackages(entries, { origin: 'declared', path, method }, includePrivate);
}

/** Is the value a place of the project itself? */
export const isOwn = (source: Loose | undefined): boolean =>
  [source?.editable, source?.virtual, source?.directory, source?.path].some((place) => place === '.' || place === './');
