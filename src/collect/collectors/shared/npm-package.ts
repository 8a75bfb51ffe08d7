/** Packages of the npm registry as lock files and `package.json` describe them. */
import type { LicenseItem, PackageFacts } from '../../component.js';
import { integrityDigest } from '../../hashes.js';
import { fileNameOf, shownUri, vcsPlace } from '../../public-uri.js';
import { expressionItem, spdxOf } from '../../python-package/license.js';
import { asObject, asText, type Loose } from '../../values.js';

/** Names that npm accepts, old ones with capitals too; no path and no address is one. */
export const NPM_NAME = /^(?:@[\w.!~*'()-]{1,100}\/)?[\w.!~*'()-]{1,214}$/;
const VERSION = /^[0-9A-Za-z.+-]{1,200}$/;

export interface NpmEntry {
  readonly name: string;
  readonly version: unknown;
  /** Address of the archive or repository. */
  readonly resolved?: unknown;
  readonly integrity?: unknown;
  readonly license?: unknown;
  readonly status: 'installed' | 'locked';
  readonly key: string;
}

/** Undefined for a name or version that is none. */
export function npmFacts(
  { name, version, resolved, integrity, license, status, key }: NpmEntry,
  includePrivate: boolean,
): PackageFacts | undefined {
  const exact = asText(version);
  if (!NPM_NAME.test(name) || exact === undefined || !VERSION.test(exact)) return undefined;
  const address = asText(resolved) ?? '';
  const isGit = /^git[+:]/.test(address);
  const vcs = isGit
    ? vcsPlace(address.startsWith('git:') ? `git+${address}` : address.replace(/^git\+ssh:\/\/[^/@]*@/, 'git+https://'), includePrivate)
    : {};
  const distribution = isGit ? undefined : shownUri(address, includePrivate);
  const filename = isGit || !/\.(tgz|tar\.gz)$/.test(address) ? undefined : fileNameOf(address);
  return {
    type: 'npm',
    name,
    version: exact,
    status,
    key,
    digest: integrityDigest(integrity),
    filename,
    licenses: npmLicense(license),
    sourceDigest: vcs.commit === undefined ? undefined : { gitCommit: vcs.commit },
    uris: { ...(vcs.source === undefined ? {} : { source: vcs.source }), ...(distribution === undefined ? {} : { distribution }) },
  };
}

/** `license`, an SPDX expression by npm's rules, or the older forms `{type}` and `[{type}]`. */
function npmLicense(value: unknown): readonly LicenseItem[] {
  const texts = (Array.isArray(value) ? value : [value])
    .map((each) => asText(each) ?? asText(asObject(each)?.type))
    .filter((text) => text !== undefined);
  if (texts.length !== 1) return texts.length === 0 ? [] : [{ kind: 'declared', name: texts.join('; ').slice(0, 500) }];
  const text = (texts[0] ?? '').slice(0, 500);
  if (/^SEE LICEN[CS]E IN /i.test(text)) return [{ kind: 'declared', name: text }];
  const known = spdxOf(text);
  return [known === undefined ? expressionItem(text) : { kind: 'declared', expression: known }];
}

/** Names of what a package needs at run time. */
export const neededNames = (entry: Loose): readonly string[] => Object.keys(asObject(entry.dependencies) ?? {});
/** Names of what it takes where it is there: other packages may or may not be linked to it. */
export const hasOptional = (entry: Loose): boolean =>
  [entry.optionalDependencies, entry.peerDependencies].some((each) => Object.keys(asObject(each) ?? {}).length > 0);
