import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openHost } from '../../src/platform/host.js';
import { osPackages } from '../../src/probe/os-packages/index.js';
import { context, hostWith, manifestOf } from '../support/hosts.js';
import { listOf } from '../support/things.js';

const RELEASE = { '/etc/os-release': 'ID=debian\nVERSION_ID=12\n' };
const STATUS = '/var/lib/dpkg/status';

async function packages(files: Readonly<Record<string, string | Uint8Array>>, more: Parameters<typeof hostWith>[1] = {}) {
  const { contributions, findings = [] } = await osPackages.probe(hostWith(files, more), context);
  const items = contributions.flatMap((each) => (each.kind === 'addition' ? [each.item] : []));
  return { names: items.map(({ name, version }) => `${name} ${version}`), items, findings, contributions };
}

const paragraph = (name: string, fields: Readonly<Record<string, string>> = {}) =>
  Object.entries({ Package: name, Status: 'install ok installed', Version: '1.0-1', Architecture: 'amd64', ...fields })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');

describe('dpkg', () => {
  it('lists what is installed, and only that', async () => {
    const status = [
      paragraph('installed'),
      paragraph('held', { Status: 'hold ok installed' }),
      paragraph('to-be-removed', { Status: 'deinstall ok installed' }),
      paragraph('removed', { Status: 'deinstall ok config-files' }),
      paragraph('half', { Status: 'install ok half-configured' }),
      'Package: no-status\nVersion: 1\n',
    ].join('\n');
    expect((await packages({ ...RELEASE, [STATUS]: status })).names).toEqual(['installed 1.0-1', 'held 1.0-1', 'to-be-removed 1.0-1']);
  });
  it('has purls with vendor, architecture and release', async () => {
    const status = paragraph('g++-12', { Version: '2:12.2.0-14+b1~x', Architecture: 'arm64' });
    expect((await packages({ ...RELEASE, [STATUS]: status })).items[0]?.identifiers).toEqual([
      { type: 'purl', value: 'pkg:deb/debian/g%2B%2B-12@2:12.2.0-14+b1~x?arch=arm64&distro=debian-12' },
    ]);
    const { items, contributions } = await packages({ [STATUS]: status });
    expect(items[0]).not.toHaveProperty('identifiers');
    expect((await manifestOf(contributions)).problems.filter(({ id }) => id !== 'reference-unresolved')).toEqual([]);
  });
  it('of images without dpkg has a file for each package', async () => {
    const { names } = await packages({
      ...RELEASE,
      '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n',
      '/var/lib/dpkg/status.d/base.md5sums': 'Package: not\nVersion: 1\n',
      '/var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2024a\nArchitecture: all\nDescription: x\n more\n',
    });
    expect(names).toEqual(['base-files 12.4', 'tzdata 2024a']);
  });
  it('leaves out what is odd', async () => {
    const status = [
      paragraph('../etc', {}),
      paragraph('no-version', { Version: '' }),
      paragraph('spaces', { Version: '1 2' }),
      paragraph('kept', { Homepage: 'javascript:alert(1)', Architecture: '<x>', Description: 'a\u0007b' }),
      paragraph('__proto__', { Version: '1' }),
      paragraph('constructor', { __proto__x: 'y', Version: '2' }),
    ].join('\n');
    const { items } = await packages({ ...RELEASE, [STATUS]: status });
    expect(items.map(({ name }) => name)).toEqual(['kept', 'constructor']);
    expect(items[0]).not.toHaveProperty('uris');
    expect(items[0]).not.toHaveProperty('description');
    expect(items[0]?.identifiers).toEqual([{ type: 'purl', value: 'pkg:deb/debian/kept@1.0-1?distro=debian-12' }]);
  });
  it('keeps two architectures of one package apart', async () => {
    const status = [paragraph('libc6'), paragraph('libc6', { Architecture: 'i386' })].join('\n');
    const { contributions } = await packages({ ...RELEASE, [STATUS]: status });
    expect(listOf((await manifestOf(contributions)).manifest.components)).toHaveLength(2);
  });
});

describe('apk', () => {
  it('has licences as they are written', async () => {
    const installed =
      'P:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\n\nP:old\nV:1-r0\nL:gpl-2.0-or-later\n\nP:odd\nV:1-r0\nL:custom\n\nP:none\nV:1-r0\n';
    const { items } = await packages({ '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.0\n', '/lib/apk/db/installed': installed });
    expect(items.map(({ licenses }) => licenses)).toEqual([
      [{ expression: 'MIT', kind: 'declared' }],
      [{ expression: 'GPL-2.0-or-later', kind: 'declared' }],
      [{ name: 'custom', kind: 'declared' }],
      undefined,
    ]);
  });
  it('is read once where /lib is /usr/lib', async () => {
    const installed = 'P:musl\nV:1.2.4-r2\n';
    expect((await packages({ '/usr/lib/apk/db/installed': installed }, { links: { '/lib': 'usr/lib' } })).names).toEqual(['musl 1.2.4-r2']);
    expect((await packages({ '/usr/lib/apk/db/installed': installed })).names).toEqual(['musl 1.2.4-r2']);
  });
});

describe('other databases', () => {
  it.each(['/var/lib/rpm/rpmdb.sqlite', '/usr/lib/sysimage/rpm/rpmdb.sqlite', '/var/lib/pacman/local/x', '/nix/var/nix/db/db.sqlite'])(
    '%s is named as not inspected',
    async (path) => {
      const { findings } = await packages({ [path]: 'x' });
      expect(findings).toEqual([expect.objectContaining({ id: 'packages-not-inspected' })]);
    },
  );
  it('that are not there are not named', async () => {
    expect(await packages({})).toMatchObject({ items: [], findings: [] });
  });
});

it.runIf(existsSync('/usr/bin/dpkg-query') && process.platform === 'linux')('lists what dpkg itself lists on this machine', async () => {
  const { contributions } = await osPackages.probe(openHost(), context);
  const ours = contributions.flatMap((each) => {
    const purl = each.kind === 'addition' ? JSON.stringify(each.item.identifiers) : '';
    return each.kind === 'addition' ? [`${each.item.name} ${each.item.version} ${/arch=([a-z0-9-]+)/.exec(purl)?.[1]}`] : [];
  });
  const format = `${['db:Status-Status', 'Package', 'Version', 'Architecture'].map((name) => `\${${name}}`).join(' ')}\\n`;
  const theirs = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const installed = theirs
    .split('\n')
    .filter((line) => line.startsWith('installed '))
    .map((line) => line.slice('installed '.length));
  expect(ours.sort()).toEqual(installed.sort());
});

it('lists a thousand packages in no time, and hostile ones too', async () => {
  const many = Array.from({ length: 1000 }, (_, i) =>
    paragraph(`package-${i}`, { Description: 'x'.repeat(100), Depends: 'y'.repeat(500) }),
  ).join('\n');
  const { contributions } = await packages({ ...RELEASE, [STATUS]: many });
  expect(contributions).toHaveLength(1000);
  expect(listOf((await manifestOf(contributions)).manifest.components)).toHaveLength(1000);
  const hostile = [`Package: ${'x'.repeat(5_000_000)}`, 'Key: v\n'.repeat(200_000), '\n'.repeat(500_000), ' '.repeat(2_000_000)].join('\n');
  expect((await packages({ ...RELEASE, [STATUS]: hostile })).names).toEqual([]);
});
