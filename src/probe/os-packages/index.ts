/** Packages of the operating system: what dpkg and apk have written down as installed. */
import { PackageURL } from 'packageurl-js';
import type { Addition } from '../../collect/contribution.js';
import type { JsonValue } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import { parseLicenseExpression, respell } from '../../core/spdx.js';
import { type OsRelease, readOsRelease } from '../os-release.js';
import type { Probe, ProbeContext } from '../probe.js';
import { installed, observedBy } from '../say.js';
import { type Sight, sightOf } from '../sight.js';
import { apkPackages, dpkgPackages, type OsPackage } from './databases.js';

const from = observedBy('os-packages');

export const osPackages: Probe = {
  id: 'os-packages',
  group: 'packages',
  reads: '`/var/lib/dpkg/status`, `/var/lib/dpkg/status.d`, `/lib/apk/db/installed`',
  async probe(host, context) {
    const sight = sightOf(host);
    const release = await readOsRelease(sight);
    const packages = [...(await dpkgPackages(sight)), ...(await apkPackages(sight))];
    const contributions = packages.map((found) => componentOf(context, found, release));
    return { contributions, findings: [...sight.findings, ...(await notInspected(sight))] };
  },
};

function componentOf(context: ProbeContext, found: OsPackage, release: OsRelease | undefined): Addition {
  const { name, version, description, homepage, license } = found;
  const purl = purlOf(found, release);
  const component = {
    // The distribution that made the package; it also keeps a package of pip of the same name apart.
    group: release?.fields.get('ID'),
    name,
    version,
    description,
    identifiers: purl === undefined ? undefined : [{ type: 'purl', value: purl }],
    licenses: license === undefined ? undefined : [licenseOf(license)],
    uris: homepage === undefined ? undefined : { homepage },
  };
  return installed(context, component, from(found.path, name));
}

/** Without the distribution's name there is no purl: it is the namespace. */
function purlOf({ type, name, version, architecture }: OsPackage, release: OsRelease | undefined): string | undefined {
  const namespace = release?.fields.get('ID');
  if (namespace === undefined || !/^[a-z0-9._-]+$/.test(namespace)) return undefined;
  const distro = release?.fields.get('VERSION_ID');
  const qualifiers = {
    ...(architecture === undefined ? {} : { arch: architecture }),
    ...(distro === undefined ? {} : { distro: `${namespace}-${distro}` }),
  };
  return new PackageURL(type, namespace, name, version, qualifiers, undefined).toString();
}

const licenses = new Map<string, JsonValue>();

/** An SPDX expression where the text is one, else the text as it was written. */
function licenseOf(text: string): JsonValue {
  const known = licenses.get(text);
  if (known !== undefined) return known;
  const expression = respell(text);
  const license = parseLicenseExpression(expression) === undefined ? { name: text, kind: 'declared' } : { expression, kind: 'declared' };
  if (licenses.size < 1000) licenses.set(text, license);
  return license;
}

/** Databases of other package tools, by the place that shows they are there. */
const OTHERS: readonly (readonly [string, string])[] = [
  ['rpm', '/var/lib/rpm/rpmdb.sqlite'],
  ['rpm', '/var/lib/rpm/Packages'],
  ['rpm', '/var/lib/rpm/Packages.db'],
  ['rpm', '/usr/lib/sysimage/rpm/rpmdb.sqlite'],
  ['rpm', '/usr/lib/sysimage/rpm/Packages.db'],
  ['pacman', '/var/lib/pacman/local'],
  ['portage', '/var/db/pkg'],
  ['nix', '/nix/var/nix/db/db.sqlite'],
  ['xbps', '/var/db/xbps'],
];

async function notInspected(sight: Sight): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [tool, path] of OTHERS) {
    if ((await sight.kind(path)) === undefined) continue;
    findings.push({
      id: 'packages-not-inspected',
      severity: 'low',
      message: `the ${tool} database is not read, so the packages in it are not listed`,
      fix: 'List them with a tool that reads it, and merge its document.',
      file: path,
    });
  }
  return findings;
}
