/** Which distributions lie in the directories of packages. */
import type { Finding } from '../../core/finding.js';
import type { Host } from '../../core/host.js';
import type { Entry } from './distribution.js';

interface Found {
  readonly entries: Entry[];
  readonly findings: Finding[];
}

/** Entries in the order of the search path, names in code point order. */
export async function findEntries(host: Host, sites: readonly string[]): Promise<Found> {
  const found: Found = { entries: [], findings: [] };
  for (const site of sites) {
    // A directory may be an unpacked egg itself, named by a `.pth` file.
    if (site.endsWith('.egg')) found.entries.push(egg(site.slice(0, site.lastIndexOf('/')), site.slice(site.lastIndexOf('/') + 1)));
    for (const name of await host.list(site)) await add(host, site, name, found);
  }
  return { entries: [...new Map(found.entries.map((each) => [each.path, each])).values()], findings: found.findings };
}

async function add(host: Host, site: string, name: string, { entries, findings }: Found): Promise<void> {
  if (/\.(dist|egg)-info$/.test(name)) {
    if (name.startsWith('~')) findings.push(left(name));
    else entries.push({ site, name, path: `${site}/${name}`, kind: name.endsWith('.dist-info') ? 'dist-info' : 'egg-info' });
  } else if (name.endsWith('.egg')) {
    if ((await host.kind(`${site}/${name}`)) === 'directory') entries.push(egg(site, name));
    else findings.push(packed(name));
  } else if (name.endsWith('.egg-link')) {
    const [target = ''] = ((await host.readText(`${site}/${name}`)) ?? '').split('\n');
    const directory = target.trim();
    if (!directory.startsWith('/')) return;
    for (const each of (await host.list(directory)).filter((entry) => entry.endsWith('.egg-info')))
      entries.push({ site: directory, name: each, path: `${directory}/${each}`, kind: 'egg-info' });
  }
}

const egg = (site: string, name: string): Entry => ({ site, name, path: `${site}/${name}/EGG-INFO`, kind: 'egg-info' });

const left = (file: string): Finding => ({
  id: 'metadata-unreadable',
  severity: 'low',
  message: 'this is what an interrupted installation left behind; it is not in the manifest',
  fix: 'Delete it.',
  file,
});

const packed = (file: string): Finding => ({
  id: 'metadata-unreadable',
  severity: 'low',
  message: 'a packed egg is not looked into; the package is not in the manifest',
  fix: 'Install the package from a wheel.',
  file,
});
