import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openHost } from '../../src/platform/host.js';
import { cpeOf } from '../../src/probe/os/cpe.js';
import { os } from '../../src/probe/os/index.js';
import { parseOsRelease } from '../../src/probe/os-release.js';
import { context, hostWith, linesOf, manifestOf } from '../support/hosts.js';
import { listOf } from '../support/things.js';

const said = async (...args: Parameters<typeof hostWith>) =>
  linesOf(await os.probe(hostWith(...args), context)).map((line) => line.replace(/ {2}\[.*$/, ''));

describe('os-release', () => {
  it('is read as a shell would, without expansion', () => {
    const text = [
      '# comment',
      'NAME="A \\"quoted\\" name"',
      "VERSION='1 $x'",
      'ID=plain',
      'PRETTY_NAME=needs quotes',
      'HOME_URL=$(id)',
      'BUILD_ID="open',
      'lower=no',
      'EMPTY=""',
      'VERSION_ID=1\r',
      `LONG="${'x'.repeat(300)}"`,
    ].join('\n');
    expect(Object.fromEntries(parseOsRelease(text))).toEqual({
      NAME: 'A "quoted" name',
      VERSION: '1 $x',
      ID: 'plain',
      PRETTY_NAME: 'needs quotes',
      VERSION_ID: '1',
    });
  });
  it('in /etc comes before the one in /usr/lib', async () => {
    const files = { '/etc/os-release': 'NAME=one\n', '/usr/lib/os-release': 'NAME=two\n' };
    expect(await said(files)).toContain('/environments/os/name = "one"');
    expect(await said({ '/usr/lib/os-release': 'NAME=two\n' })).toContain('/environments/os/name = "two"');
  });
  it('without a version gives none', async () => {
    expect(await said({ '/etc/os-release': 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n' })).toEqual([
      '/environments/os/name = "Arch Linux"',
      '/components = {"type":"operating-system","name":"arch"}',
    ]);
  });
});

describe('a CPE', () => {
  it.each([
    ['cpe:/o:fedoraproject:fedora:41', 'cpe:2.3:o:fedoraproject:fedora:41:*:*:*:*:*:*:*'],
    ['cpe:/o:rocky:rocky:9::baseos', 'cpe:2.3:o:rocky:rocky:9:*:baseos:*:*:*:*:*'],
    ['cpe:2.3:o:amazon:amazon_linux:2023', 'cpe:2.3:o:amazon:amazon_linux:2023:*:*:*:*:*:*:*'],
    ['cpe:/o:a:b%21:1', undefined],
    ['cpe:/o:a:b:1:~x', undefined],
    ['cpe:/o', undefined],
    ['cpe:/x:a:b', undefined],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('%s becomes %s', (text, expected) => {
    expect(cpeOf(text)).toBe(expected);
  });
});

describe('the C library', () => {
  const GLIBC = 'GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n';
  it('says its version anywhere in its file', async () => {
    for (const before of [0, 1024 * 1024 - 20, 3 * 1024 * 1024])
      expect(await said({ '/lib/x86_64-linux-gnu/libc.so.6': `${'\0'.repeat(before)}${GLIBC}` }), `${before}`).toEqual([
        '/components = {"type":"library","name":"glibc","version":"2.36"}',
      ]);
  });
  it('of old has it in its name', async () => {
    expect(
      await said({ '/lib/x86_64-linux-gnu/libc-2.28.so': 'x' }, { links: { '/lib/x86_64-linux-gnu/libc.so.6': 'libc-2.28.so' } }),
    ).toEqual(['/components = {"type":"library","name":"glibc","version":"2.28"}']);
  });
  it('without a version is not named', async () => {
    expect(await said({ '/lib64/libc.so.6': 'GNU C Library (x) release version 2' })).toEqual([]);
    expect(await said({ '/lib/ld-musl-x86_64.so.1': 'musl libc 1.2.4' })).toEqual([]);
    expect(await said({ '/lib/apk/db/installed': 'P:musl\nV:1.2.4-r2\n' })).toEqual([]);
  });
  it('that is no file is a finding', async () => {
    expect(await said({ '/lib64/libc.so.6/x': GLIBC })).toEqual([expect.stringContaining('finding io-read (low)')]);
  });
});

describe('other systems', () => {
  it('macOS says its name in a file', async () => {
    const plist = `<plist><dict><key>ProductBuildVersion</key><string>23F79</string><key>ProductName</key>
      <string>macOS</string><key>ProductVersion</key>\n<string>14.5</string></dict></plist>`;
    const options = { platform: 'darwin', machine: 'arm64', system: { release: '23.5.0', version: 'Darwin Kernel' } };
    expect(await said({ '/System/Library/CoreServices/SystemVersion.plist': plist }, options)).toEqual([
      '/environments/os/name = "macOS"',
      '/environments/os/version = "14.5"',
      '/components = {"type":"operating-system","name":"macOS","version":"14.5","description":"macOS 14.5 (build 23F79)"}',
      '/environments/os/kernel = "23.5.0"',
      '/environments/os/architecture = "arm64"',
    ]);
  });
  it('Windows says it when it is asked', async () => {
    const host = hostWith({}, { platform: 'win32', machine: 'x86_64', system: { release: '10.0.22631', version: 'Windows 11 Pro' } });
    const { contributions } = await os.probe(host, context);
    const { manifest, problems } = await manifestOf(contributions);
    expect(problems).toEqual([]);
    expect(listOf(manifest.environments)[0]?.os).toEqual({
      name: 'Windows 11 Pro',
      version: '10.0.22631',
      kernel: '10.0.22631',
      architecture: 'x86_64',
    });
  });
});

describe.runIf(process.platform === 'linux')('on this machine', () => {
  const program = (command: string, ...args: readonly string[]): string | undefined => {
    try {
      return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return undefined;
    }
  };
  it('it says what uname, the shell and getconf say', async () => {
    const { contributions } = await os.probe(openHost(), context);
    const { manifest, problems } = await manifestOf(contributions);
    expect(problems).toEqual([]);
    expect(listOf(manifest.environments)[0]?.os).toEqual({
      name: program('sh', '-c', '. /etc/os-release && printf %s "$NAME"'),
      version: program('sh', '-c', '. /etc/os-release && printf %s "$VERSION_ID"'),
      kernel: program('uname', '-r'),
      architecture: program('uname', '-m'),
    });
    const glibc = program('getconf', 'GNU_LIBC_VERSION');
    expect(
      listOf(manifest.components)
        .filter(({ name }) => name === 'glibc')
        .map(({ name, version }) => `${name} ${version}`),
    ).toEqual(glibc === undefined ? [] : [glibc]);
  });
});
