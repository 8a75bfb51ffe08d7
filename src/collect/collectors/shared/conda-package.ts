/** Packages of conda as its records, lock files and addresses describe them. */
import { edgeAddition, type PackageFacts, packageId } from '../../component.js';
import type { Contribution, Origin } from '../../contribution.js';
import { hexDigest, joinDigests } from '../../hashes.js';
import { shownUri } from '../../public-uri.js';
import { expressionItem, spdxOf } from '../../python-package/license.js';
import { asText, asTexts, type Loose } from '../../values.js';

export interface CondaRecord {
  readonly facts: PackageFacts;
  /** Match specifications: `python >=3.11,<3.12.0a0`. */
  readonly depends: readonly string[];
}

const NAME = /^[a-z0-9_][a-z0-9_.-]{0,199}$/i;
const VERSION = /^[\w.!+*-]{1,200}$/;

/** `repodata` fields by their names in conda-meta, repodata and pixi.lock; undefined without name and version. */
export function condaComponent(value: Loose, status: 'installed' | 'locked', includePrivate = false): CondaRecord | undefined {
  const place = condaPlace(asText(value.url) ?? '');
  const name = asText(value.name) ?? place?.name;
  const version = asText(value.version) ?? place?.version;
  if (name === undefined || version === undefined || !NAME.test(name) || !VERSION.test(version)) return undefined;
  const build = asText(value.build) ?? asText(value.build_string) ?? place?.build;
  const subdir = asText(value.subdir) ?? place?.subdir;
  const channel = channelName(asText(value.channel) ?? place?.channel);
  const filename = asText(value.fn) ?? place?.filename;
  const license = asText(value.license);
  const distribution = shownUri(value.url, includePrivate);
  return {
    facts: {
      type: 'conda',
      name: name.toLowerCase(),
      version,
      status,
      qualifiers: qualifiers({ build, channel, subdir, type: /\.(conda|tar\.bz2)$/.exec(filename ?? '')?.[1] }),
      digest: joinDigests(hexDigest('sha256', value.sha256), hexDigest('md5', value.md5)),
      filename: filename !== undefined && /^[\w.+!-]{1,255}$/.test(filename) ? filename : undefined,
      licenses: license === undefined ? [] : [licenseItem(license)],
      description: asText(value.summary),
      uris: distribution === undefined ? {} : { distribution },
    },
    depends: asTexts(value.depends ?? []),
  };
}

function licenseItem(text: string) {
  const known = spdxOf(text);
  return known === undefined ? expressionItem(text) : ({ kind: 'declared', expression: known } as const);
}

function qualifiers(given: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value !== undefined && /^[\w.+-]{1,100}$/.test(value) ? [[key, value]] : [])),
  );
}

/** Name of a channel; an address of one is cut down to the name when it is a public one, and left out otherwise. */
function channelName(channel: string | undefined): string | undefined {
  if (channel === undefined) return undefined;
  if (/^[\w.-]{1,100}$/.test(channel)) return channel;
  const [, path] = shownUri(channel, false) === undefined ? [] : (/^https:\/\/[^/]+\/(.*?)\/?$/.exec(channel) ?? []);
  const parts = (path ?? '').split('/').filter(Boolean);
  const last = SUBDIR.test(parts.at(-1) ?? '') ? parts.at(-2) : parts.at(-1);
  return last !== undefined && /^[\w.-]{1,100}$/.test(last) ? last : undefined;
}

const SUBDIR = /^(noarch|(linux|osx|win|emscripten|wasi|freebsd|zos)-[\w]+)$/;

export interface CondaPlace {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly filename: string;
  readonly subdir?: string;
  readonly channel?: string;
}

/** `https://…/channel/subdir/name-version-build.conda`. */
function condaPlace(url: string): CondaPlace | undefined {
  const [address = ''] = url.split(/[?#]/, 1);
  const parts = address.split('/');
  const filename = parts.at(-1) ?? '';
  const [, name, version, build] = /^(.{1,200})-([^-]{1,200})-([^-]{1,200})\.(?:conda|tar\.bz2)$/.exec(filename) ?? [];
  if (name === undefined || version === undefined || build === undefined) return undefined;
  const subdir = SUBDIR.test(parts.at(-2) ?? '') ? parts.at(-2) : undefined;
  const channel = subdir === undefined ? undefined : parts.slice(0, -1).join('/');
  return { name, version, build, filename, ...(subdir === undefined ? {} : { subdir }), ...(channel === undefined ? {} : { channel }) };
}

/** Edges to what is there; virtual packages (`__glibc`) are of the system and no packages. */
export function condaEdges({ facts, depends }: CondaRecord, ids: ReadonlyMap<string, string>, from: Origin): readonly Contribution[] {
  const names = depends
    .map((each) => (each.split(/[\s=<>!~[]/, 1)[0] ?? '').replace(/^.*::/, '').toLowerCase())
    .filter((name) => name !== '' && !name.startsWith('__'));
  const found = names.map((name) => ids.get(name)).filter((id) => id !== undefined);
  return [edgeAddition({ ref: packageId(facts), dependsOn: found, complete: found.length === names.length }, from)];
}
