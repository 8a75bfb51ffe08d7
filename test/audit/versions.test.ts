import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/audit/index.js';

/** Each list is in order; between `=` signs of one entry versions are the same. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  // https://www.debian.org/doc/debian-policy/ch-controlfields.html#version, and what `dpkg --compare-versions` says
  Debian: [
    '1.0~~',
    '1.0~rc1',
    '1.0 = 1.0-0 = 0:1.0 = 01.0',
    '1.0-1~deb12u1',
    '1.0-1',
    '1.0-1+b1',
    '1.0-1+deb12u2',
    '1.0-10',
    '1.0a',
    '1.0+dfsg',
    '1.2',
    '1.10',
    '2.0',
    '1:0.1',
    '2:0.1',
  ],
  Ubuntu: ['1.1.1f-1ubuntu2', '1.1.1f-1ubuntu2.9', '1.1.1f-1ubuntu2.19', '3.0.2-0ubuntu1'],
  // https://rpm.org/docs/latest/man/rpm-version.7
  'Red Hat': ['1.0~rc1-1', '1.0-1', '1.0-1.el9', '1.0-2.el9', '1.0^git1-1', '1.0a-1', '1.0.1-1', '1.1-1 = 1.01-1', '2.0-1', '1:0.1-1'],
  // https://semver.org/#spec-item-11
  'crates.io': ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0 = 1.0.0+build', '1.0.1', '1.10.0'],
  Go: [
    '0.0.0-20200101000000-abcdefabcdef',
    'v1.2.0-rc.1',
    'v1.2.0 = 1.2.0 = 1.2',
    'v1.10.0',
    '1.21.0-0',
    'go1.21.3 = 1.21.3',
    'v2.0.0+incompatible',
  ],
  // https://learn.microsoft.com/nuget/concepts/package-versioning
  NuGet: ['1.0.0-alpha = 1.0.0-ALPHA', '1.0.0-beta.2', '1.0.0-beta.11', '1.0 = 1.0.0 = 1.0.0.0 = 1.0.0+x', '1.0.0.1', '1.0.1', '1.10'],
  // https://docs.ruby-lang.org/en/master/Gem/Version.html
  RubyGems: ['1.0.a', '1.0.a.2', '1.0.b1', '1.0.rc1', '1.0 = 1.0.0 = 1', '1.0.1', '1.9', '1.10'],
  // https://maven.apache.org/pom.html#Version_Order_Specification
  Maven: [
    '1-alpha-1 = 1-a1',
    '1-alpha-2',
    '1-beta-1',
    '1-m3 = 1-milestone-3',
    '1-rc = 1-cr',
    '1-SNAPSHOT',
    '1 = 1.0 = 1-ga = 1.0.0-final = 1-release',
    '1-sp',
    '1-foo',
    '1-1',
    '1.0.1',
    '1.9',
    '1.10',
  ],
  Packagist: ['1.0.0-alpha1 = v1.0.0-a1', '1.0.0-beta2', '1.0.0-RC1', '1.0.0 = v1.0.0 = 1.0', '1.0.0-p1 = 1.0.0-pl1', '1.0.1', '1.10'],
  CPE: ['12.0 rc1', '12.0 = 12 = 12.0.0', '12.0.1', '12.2', '12.10', '535.161.07 = 535.161.7', '535.161.08'],
};

describe.each(Object.entries(ORDERS))('versions of %s', (ecosystem, list) => {
  const all = list.flatMap((entry, rank) => entry.split(' = ').map((version) => ({ version, rank })));
  it('are in their order, both ways', () => {
    for (const a of all)
      for (const b of all)
        expect(Math.sign(compareVersions(ecosystem, a.version, b.version) ?? Number.NaN), `${a.version} and ${b.version}`).toBe(
          Math.sign(a.rank - b.rank),
        );
  });
});

describe('what is no version', () => {
  it.each([
    ['Debian', '1.0_1'],
    ['Debian', 'x:1.0'],
    ['Red Hat', 'a:1.0-1'],
    ['crates.io', '1.0'],
    ['Go', 'main'],
    ['NuGet', '1.0.x'],
    ['NuGet', '1.2.3.4.5'],
    ['RubyGems', 'abc'],
    ['RubyGems', '1..2'],
    ['Packagist', 'dev-main'],
    ['Packagist', '1.x-dev'],
    ['CPE', 'any'],
    ['Alpine', '1.0-r1'],
    ['Maven', ''],
  ])('of %s has no place in the order: %s', (ecosystem, version) => {
    expect(compareVersions(ecosystem, version, '1.0.0')).toBeUndefined();
    expect(compareVersions(ecosystem, '1.0.0', version)).toBeUndefined();
  });
  it('takes versions of any length', () => {
    for (const ecosystem of Object.keys(ORDERS))
      for (const long of ['9'.repeat(1e6), '1.'.repeat(5e5), '~'.repeat(1e6), '-'.repeat(1e6)])
        expect(compareVersions(ecosystem, long, '1.0')).toBeUndefined();
    for (const ecosystem of Object.keys(ORDERS))
      for (const hard of ['1.'.repeat(100), '1a'.repeat(100), '1-'.repeat(100), `1${'~'.repeat(199)}`])
        compareVersions(ecosystem, hard, `${hard}1`);
  });
});
