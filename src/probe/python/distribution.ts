/** One installed distribution: what its `*.dist-info` or `*.egg-info` says. */

import { type PackageFacts, pypiName } from '../../collect/component.js';
import { hexDigest, joinDigests, prefixedDigest } from '../../collect/hashes.js';
import { fileNameOf, isCommit, shownUri, webUri } from '../../collect/public-uri.js';
import { pythonLicenses } from '../../collect/python-package/license.js';
import { type CoreMetadata, field, parseCoreMetadata, personNames, projectUrls } from '../../collect/python-package/metadata.js';
import { asObject, asText, type Loose } from '../../collect/values.js';
import type { JsonValue } from '../../core/canonical-json.js';
import type { Digests } from '../../core/digest.js';
import { MsbomError } from '../../core/error.js';
import type { Host } from '../../core/host.js';
import { parseJson } from '../../core/json.js';
import { readBytes, readWords, sha256 } from './files.js';

/** An entry of a directory of packages, before it is read. */
export interface Entry {
  readonly site: string;
  /** `numpy-2.3.1.dist-info`. */
  readonly name: string;
  /** Directory of the metadata, or the metadata file itself. */
  readonly path: string;
  /** Where the metadata lies inside, by the kind of entry. */
  readonly kind: 'dist-info' | 'egg-info';
}

export interface Distribution {
  readonly entry: Entry;
  /** Registry name (PEP 503). */
  readonly name: string;
  readonly facts: PackageFacts;
  /** Unconditional and conditional requirements as they are written; undefined where the form has no place for them. */
  readonly requires: readonly string[] | undefined;
  /** Program that installed it. */
  readonly installer?: string;
  readonly editable: boolean;
  /** Files of `sboms/` (PEP 770). */
  readonly sboms: readonly string[];
}

const MAX_METADATA = 16 * 1024 * 1024;
/** RECORD of the largest packages has some megabytes. */
export const MAX_RECORD = 64 * 1024 * 1024;

/** @throws ERR_FORMAT_MALFORMED when it names no package or version, ERR_IO_*, ERR_LIMIT_BYTES */
export async function readDistribution(host: Host, entry: Entry, includePrivate: boolean): Promise<Distribution> {
  const names = new Set(await host.list(entry.path));
  const has = (name: string): boolean => names.has(name);
  const optional = (name: string): Promise<string | undefined> =>
    has(name) ? readWords(host, `${entry.path}/${name}`, MAX_METADATA) : Promise.resolve(undefined);
  const [text, requires, installer, directUrl, record, sboms] = await Promise.all([
    metadataText(host, entry, names),
    entry.kind === 'egg-info' ? optional('requires.txt') : undefined,
    optional('INSTALLER'),
    optional('direct_url.json'),
    has('RECORD') ? recordDigest(host, entry) : undefined,
    has('sboms') ? host.list(`${entry.path}/sboms`) : [],
  ]);
  const metadata = parseCoreMetadata(text ?? '');
  const [name, version] = [field(metadata, 'name'), field(metadata, 'version')];
  if (name === undefined || version === undefined || !/^[A-Za-z0-9._-]{1,200}$/.test(name) || !/^[\w.!+*-]{1,200}$/.test(version))
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the metadata names no package and version', { file: entry.name });
  const direct = directUrl === undefined ? undefined : directUrlOf(directUrl);
  const word = /^[\w .-]{1,40}$/.exec(installer?.trim() ?? '')?.[0];
  return {
    entry,
    name: pypiName(name),
    facts: factsOf(metadata, { name: pypiName(name), version, record, direct, includePrivate }),
    requires: requirementLines(metadata, requires, entry.kind === 'dist-info' || names.size > 0),
    editable: asObject(direct?.dir_info)?.editable === true,
    sboms: sboms.filter((each) => each.endsWith('.json')),
    ...(word === undefined ? {} : { installer: word }),
  };
}

async function recordDigest(host: Host, { path }: Entry): Promise<string | undefined> {
  const bytes = await readBytes(host, `${path}/RECORD`, MAX_RECORD);
  return bytes === undefined ? undefined : sha256(bytes);
}

/** Debian writes some `egg-info` as a file that is the metadata itself. */
function metadataText(host: Host, { path, kind }: Entry, names: ReadonlySet<string>): Promise<string | undefined> {
  if (kind === 'dist-info') return readWords(host, `${path}/METADATA`, MAX_METADATA);
  return readWords(host, names.size === 0 ? path : `${path}/PKG-INFO`, MAX_METADATA);
}

interface Known {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of RECORD. */
  readonly record: string | undefined;
  readonly direct: Loose | undefined;
  readonly includePrivate: boolean;
}

function factsOf(metadata: CoreMetadata, { name, version, record, direct, includePrivate }: Known): PackageFacts {
  const urls = projectUrls(metadata);
  const homepage = webUri(field(metadata, 'home-page')) ?? webUri(urls.get('homepage'));
  const source = webUri(SOURCE_LABELS.map((label) => urls.get(label)).find((url) => url !== undefined));
  const origin = direct === undefined ? undefined : originOf(direct, includePrivate);
  const uris = { ...(source === undefined ? {} : { source }), ...origin?.uris, ...(homepage === undefined ? {} : { homepage }) };
  return {
    type: 'pypi',
    name,
    version,
    status: 'installed',
    description: field(metadata, 'summary'),
    producer: producerOf(metadata, homepage),
    licenses: pythonLicenses(field(metadata, 'license-expression'), field(metadata, 'license'), metadata.get('classifier') ?? []),
    digest: origin?.digest,
    sourceDigest: origin?.sourceDigest,
    filename: origin?.filename,
    uris,
    identifiers: record === undefined ? [] : [{ type: 'other', scheme: 'SHA-256 of RECORD', value: record }],
  };
}

/** Labels of `Project-URL` for the code (https://packaging.python.org/specifications/well-known-project-urls/). */
const SOURCE_LABELS = ['source', 'repository', 'sourcecode', 'github'] as const;

function producerOf(metadata: CoreMetadata, homepage: string | undefined): JsonValue | undefined {
  const name =
    personNames(field(metadata, 'author'), field(metadata, 'author-email')) ??
    personNames(field(metadata, 'maintainer'), field(metadata, 'maintainer-email'));
  if (name === undefined) return undefined;
  return { name: name.length > 200 ? `${name.slice(0, 199)}…` : name, ...(homepage === undefined ? {} : { contact: { url: homepage } }) };
}

/** `direct_url.json` (PEP 610): where it was installed from, when that was no index. */
function directUrlOf(text: string): Loose | undefined {
  try {
    return asObject(parseJson(text, { inexactIntegers: 'text' }));
  } catch {
    return undefined;
  }
}

function originOf(direct: Loose, includePrivate: boolean): Pick<PackageFacts, 'digest' | 'sourceDigest' | 'filename' | 'uris'> {
  const url = asText(direct.url) ?? '';
  const shown = shownUri(url, includePrivate);
  const vcs = asObject(direct.vcs_info);
  if (vcs !== undefined) {
    return {
      ...(vcs.vcs === 'git' && isCommit(vcs.commit_id) ? { sourceDigest: { gitCommit: vcs.commit_id.toLowerCase() } } : {}),
      ...(shown === undefined ? {} : { uris: { source: shown } }),
    };
  }
  const archive = asObject(direct.archive_info);
  if (archive === undefined) return {};
  const filename = fileNameOf(url);
  const digests = Object.entries(asObject(archive.hashes) ?? {}).map(([algorithm, value]) => hexDigest(algorithm, value));
  const digest: Digests | undefined = joinDigests(prefixedDigest(archive.hash), ...digests);
  return {
    // A source archive is not what runs.
    ...(digest === undefined ? {} : filename?.endsWith('.whl') === true ? { digest } : { sourceDigest: digest }),
    ...(filename === undefined ? {} : { filename }),
    ...(shown === undefined ? {} : { uris: { distribution: shown } }),
  };
}

/** `Requires-Dist`, else the `requires.txt` of setuptools, where a section stands for an extra, a marker or both. */
function requirementLines(metadata: CoreMetadata, requires: string | undefined, hasPlace: boolean): readonly string[] | undefined {
  const listed = metadata.get('requires-dist');
  if (listed !== undefined) return listed;
  if (requires === undefined) return hasPlace ? [] : undefined;
  const lines: string[] = [];
  let condition = '';
  for (const line of requires.split('\n').map((each) => each.trim())) {
    const [, section] = /^\[(.*)\]$/.exec(line) ?? [];
    if (section !== undefined) {
      const [extra = '', marker = ''] = [section.split(':')[0], section.split(':').slice(1).join(':')];
      condition = [extra === '' ? '' : 'extra == "x"', marker === '' ? '' : `(${marker})`].filter(Boolean).join(' and ');
    } else if (line !== '') lines.push(condition === '' ? line : `${line} ; ${condition}`);
  }
  return lines;
}
