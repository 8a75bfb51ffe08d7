/** Packages by their package URLs, as advisories name them, and back. */
import { PackageURL } from 'packageurl-js';
import { ecosystemOf, OF_PURL } from './ecosystems.js';

export interface NamedPackage {
  readonly ecosystem: string;
  /** Release of the distribution, as it is written after the ecosystem (`12` of `Debian:12`). */
  readonly release?: string;
  readonly name: string;
  readonly version?: string;
}

/** Code names of releases that package URLs carry as well as numbers. Source: the release pages of Debian and Ubuntu. */
const RELEASES: Readonly<Record<string, string>> = {
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
  bionic: '18.04:LTS',
  focal: '20.04:LTS',
  jammy: '22.04:LTS',
  noble: '24.04:LTS',
};

/** A package, or why none is known. */
export function readPurl(text: string): NamedPackage | string {
  let read: PackageURL;
  try {
    read = PackageURL.fromString(text);
  } catch {
    return 'its package URL is none';
  }
  const { type, namespace, name, version } = read;
  const qualifiers: Readonly<Record<string, string | undefined>> = read.qualifiers ?? {};
  const isDistribution = type === 'deb' || type === 'rpm' || type === 'apk';
  const key = isDistribution ? `${type}/${namespace ?? ''}` : type;
  if (!Object.hasOwn(OF_PURL, key)) return `packages of the type ${key.slice(0, 50)} are not looked up`;
  const ecosystem = OF_PURL[key] ?? '';
  if (isDistribution) return ofDistribution(ecosystem, { name, version: version ?? undefined, qualifiers });
  const whole = namespace ? `${namespace}${ecosystem === 'Maven' ? ':' : '/'}${name}` : name;
  return { ecosystem, name: whole, ...(version ? { version } : {}) };
}

interface Distributed {
  readonly name: string;
  readonly version: string | undefined;
  readonly qualifiers: Readonly<Record<string, string | undefined>>;
}

/** Advisories of distributions are about source packages; those of RPM count with epochs. */
function ofDistribution(ecosystem: string, { name, version, qualifiers }: Distributed): NamedPackage {
  const release = releaseOf(qualifiers.distro);
  const source = qualifiers.upstream?.split('@', 1)[0];
  const { epoch } = qualifiers;
  const exact = version && epoch && !version.includes(':') ? `${epoch}:${version}` : version;
  return {
    ecosystem,
    ...(release === undefined ? {} : { release }),
    name: source && ecosystem !== 'Alpine' ? source : name,
    ...(exact ? { version: exact } : {}),
  };
}

/** `debian-12`, `bookworm`, `12`, `ubuntu-22.04`. */
function releaseOf(distro: string | undefined): string | undefined {
  if (distro === undefined || distro === '') return undefined;
  const last = distro.slice(distro.lastIndexOf('-') + 1).toLowerCase();
  return Object.hasOwn(RELEASES, last) ? RELEASES[last] : last;
}

/** The package URL of a package; undefined for what has none. */
export function purlOf({ ecosystem, name, version }: Pick<NamedPackage, 'ecosystem' | 'name' | 'version'>): string | undefined {
  const key = Object.entries(OF_PURL).find(([, each]) => each === ecosystem)?.[0];
  if (key === undefined) return undefined;
  const [type = key, distribution] = key.split('/');
  const parts = name.split(ecosystem === 'Maven' ? ':' : '/');
  const last = parts.pop() ?? name;
  const namespace = distribution ?? (parts.length > 0 ? parts.join('/') : undefined);
  return new PackageURL(type, namespace, ecosystemOf(ecosystem).name(last), version, undefined, undefined).toString();
}
