/** How versions are ordered and names are compared, by ecosystem of OSV. */
import pep440 from '@renovatebot/pep440';
import { compareDebian } from './versions/debian.js';
import { compareDotted } from './versions/dotted.js';
import { compareMaven } from './versions/maven.js';
import { compareRpm } from './versions/rpm.js';
import { compareRuby } from './versions/ruby.js';
import { compareGo, compareNuGet, comparePackagist, compareSemantic } from './versions/semantic.js';
import { MAX_VERSION } from './versions/text.js';

export interface Ecosystem {
  /** The name by which packages are compared. */
  name(name: string): string;
  /** Less than, equal to or more than 0; undefined where one of them is no version of the ecosystem. */
  compare(a: string, b: string): number | undefined;
  /** The form in which versions are the same text when they are the same. */
  exact(version: string): string;
}

/** A local version (`2.5.1+cu121`) is the public one with something built in: advisories are about that. Source: PEP 440. */
const withoutLocal = (version: string): string => {
  const at = version.indexOf('+');
  return at === -1 ? version : version.slice(0, at);
};

function comparePython(a: string, b: string): number | undefined {
  const [x, y] = [withoutLocal(a), withoutLocal(b)];
  return pep440.valid(x) === null || pep440.valid(y) === null ? undefined : pep440.compare(x, y);
}

const asWritten = (name: string): string => name;
const lower = (name: string): string => name.toLowerCase();

const ordered = (
  compare: (a: string, b: string) => number | undefined,
  name: (name: string) => string = asWritten,
  exact: (version: string) => string = asWritten,
): Ecosystem => ({
  name,
  compare(a, b) {
    const [x, y] = [a.trim(), b.trim()];
    return x.length > MAX_VERSION || y.length > MAX_VERSION ? undefined : compare(x, y);
  },
  exact: (version) => exact(version.trim()),
});

const withoutV = (version: string): string => (version.startsWith('v') ? version.slice(1) : version);
const rpm = ordered(compareRpm);
const debian = ordered(compareDebian);

/** Ecosystems whose versions are ordered here. Names of those whose package URLs are in lower case are compared in lower case. */
export const ECOSYSTEMS: Readonly<Record<string, Ecosystem>> = {
  // Names: PEP 503.
  PyPI: ordered(comparePython, (name) => name.toLowerCase().replace(/[-_.]+/g, '-'), withoutLocal),
  npm: ordered(compareSemantic, lower),
  'crates.io': ordered(compareSemantic),
  Hex: ordered(compareSemantic, lower),
  Go: ordered(compareGo, lower, withoutV),
  NuGet: ordered(compareNuGet, lower),
  RubyGems: ordered(compareRuby),
  Packagist: ordered(comparePackagist, lower, withoutV),
  Maven: ordered(compareMaven),
  Debian: debian,
  Ubuntu: debian,
  AlmaLinux: rpm,
  Mageia: rpm,
  openEuler: rpm,
  openSUSE: rpm,
  'Red Hat': rpm,
  'Rocky Linux': rpm,
  SUSE: rpm,
  CPE: ordered(compareDotted, lower),
};

/** Of others, versions are compared as texts, which finds what is listed one by one and nothing else. */
export const asTexts: Ecosystem = { name: asWritten, compare: () => undefined, exact: (version) => version.trim() };

/**
 * Types of package URLs, with the namespace where that says which distribution it is, and what OSV calls them. A colon and a release may
 * follow there (`Debian:12`).
 */
export const OF_PURL: Readonly<Record<string, string>> = {
  pypi: 'PyPI',
  npm: 'npm',
  cargo: 'crates.io',
  golang: 'Go',
  maven: 'Maven',
  nuget: 'NuGet',
  gem: 'RubyGems',
  composer: 'Packagist',
  hex: 'Hex',
  pub: 'Pub',
  cran: 'CRAN',
  hackage: 'Hackage',
  'deb/debian': 'Debian',
  'deb/ubuntu': 'Ubuntu',
  'rpm/redhat': 'Red Hat',
  'rpm/rocky': 'Rocky Linux',
  'rpm/rocky-linux': 'Rocky Linux',
  'rpm/almalinux': 'AlmaLinux',
  'rpm/suse': 'SUSE',
  'rpm/sles': 'SUSE',
  'rpm/opensuse': 'openSUSE',
  'rpm/mageia': 'Mageia',
  'rpm/openeuler': 'openEuler',
  'apk/alpine': 'Alpine',
  'apk/wolfi': 'Wolfi',
  'apk/chainguard': 'Chainguard',
  conda: 'conda',
  huggingface: 'Hugging Face',
};

/** The ecosystem without its release. */
export const baseOf = (ecosystem: string): string => {
  const at = ecosystem.indexOf(':');
  return at === -1 ? ecosystem : ecosystem.slice(0, at);
};

export const ecosystemOf = (name: string): Ecosystem => (Object.hasOwn(ECOSYSTEMS, name) ? (ECOSYSTEMS[name] as Ecosystem) : asTexts);

/** Order of two versions of an ecosystem of OSV: less than, equal to or more than 0; undefined where one of them has no place in it. */
export const compareVersions = (ecosystem: string, a: string, b: string): number | undefined =>
  ecosystemOf(baseOf(ecosystem)).compare(a, b);
