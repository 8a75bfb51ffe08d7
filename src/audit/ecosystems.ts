/** How versions are ordered and names are compared, by ecosystem of OSV. */
import pep440 from '@renovatebot/pep440';
import semver from 'semver';

export interface Ecosystem {
  /** The name by which packages are compared. */
  name(name: string): string;
  /** Less than, equal to or more than 0; undefined where one of them is no version of the ecosystem. */
  compare(a: string, b: string): number | undefined;
  /** The form in which versions are the same text when they are the same. */
  exact(version: string): string;
}

/** Signs of a version that is ordered: what is longer is compared as a text. */
const MAX_VERSION = 200;

/** A local version (`2.5.1+cu121`) is the public one with something built in: advisories are about that. Source: PEP 440. */
const withoutLocal = (version: string): string => {
  const at = version.indexOf('+');
  return at === -1 ? version : version.slice(0, at);
};

const pypi: Ecosystem = {
  // Source: PEP 503.
  name: (name) => name.toLowerCase().replace(/[-_.]+/g, '-'),
  compare(a, b) {
    const [x, y] = [withoutLocal(a.trim()), withoutLocal(b.trim())];
    if (x.length > MAX_VERSION || y.length > MAX_VERSION || pep440.valid(x) === null || pep440.valid(y) === null) return undefined;
    return pep440.compare(x, y);
  },
  exact: (version) => withoutLocal(version.trim()),
};

const npm: Ecosystem = {
  // Package URLs are in lower case, so two packages that differ in case alone cannot be told apart: both are meant.
  name: (name) => name.toLowerCase(),
  compare(a, b) {
    if (a.length > MAX_VERSION || b.length > MAX_VERSION || semver.valid(a) === null || semver.valid(b) === null) return undefined;
    return semver.compare(a, b);
  },
  exact: (version) => version.trim(),
};

/** Ecosystems whose versions are ordered here. */
export const ECOSYSTEMS: Readonly<Record<string, Ecosystem>> = { PyPI: pypi, npm };

/** Of others, versions are compared as texts, which finds what is listed one by one and nothing else. */
export const asTexts: Ecosystem = { name: (name) => name, compare: () => undefined, exact: (version) => version.trim() };

/** Types of package URLs, and what OSV calls them. A colon and a release may follow there (`Debian:12`). */
export const OF_PURL: Readonly<Record<string, string>> = {
  pypi: 'PyPI',
  npm: 'npm',
  cargo: 'crates.io',
  golang: 'Go',
  maven: 'Maven',
  nuget: 'NuGet',
  gem: 'RubyGems',
  composer: 'Packagist',
  deb: 'Debian',
  apk: 'Alpine',
  rpm: 'Red Hat',
  conda: 'conda',
  huggingface: 'Hugging Face',
};

/** The ecosystem without its release. */
export const baseOf = (ecosystem: string): string => {
  const at = ecosystem.indexOf(':');
  return at === -1 ? ecosystem : ecosystem.slice(0, at);
};

export const ecosystemOf = (name: string): Ecosystem => (Object.hasOwn(ECOSYSTEMS, name) ? (ECOSYSTEMS[name] as Ecosystem) : asTexts);
