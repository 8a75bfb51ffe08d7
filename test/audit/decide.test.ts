import { describe, expect, it } from 'vitest';
import { type AffectedPackage, baseScore, decide, nearestFix, type RangeEvent, readAdvisory, readRule } from '../../src/audit/index.js';

type Pair = readonly [kind: RangeEvent['kind'], version: string];
const pack = (ecosystem: string, pairs: readonly Pair[], versions: readonly string[] = []): AffectedPackage => ({
  ecosystem,
  name: 'p',
  ranges: pairs.length === 0 ? [] : [pairs.map(([kind, version]) => ({ kind, version }))],
  gitRanges: 0,
  versions,
});
const pypi = (pairs: readonly Pair[], version: string, versions?: readonly string[]) => decide(pack('PyPI', pairs, versions), version);

describe('is a version affected', () => {
  const fixed: readonly Pair[] = [
    ['introduced', '1.0'],
    ['fixed', '2.0'],
  ];
  it('between what introduced it and what fixed it', () => {
    expect(pypi(fixed, '0.9')).toBe('unaffected');
    expect(pypi(fixed, '1.0')).toBe('affected');
    expect(pypi(fixed, '1.10')).toBe('affected');
    expect(pypi(fixed, '2.0')).toBe('unaffected');
    // Before the release that fixed it. PEP 440 orders it so, though specifiers do not.
    expect(pypi(fixed, '2.0rc1')).toBe('affected');
    expect(pypi(fixed, '2.0.post1')).toBe('unaffected');
    expect(pypi(fixed, '1!0.1')).toBe('unaffected');
  });
  it('in whatever order the events stand, and more than once', () => {
    const twice: readonly Pair[] = [
      ['fixed', '3.5'],
      ['introduced', '3.0'],
      ['fixed', '2.1'],
      ['introduced', '0'],
    ];
    expect(['0.1', '2.0', '2.1', '2.9', '3.0', '3.4.9', '3.5'].map((version) => pypi(twice, version))).toEqual([
      'affected',
      'affected',
      'unaffected',
      'unaffected',
      'affected',
      'affected',
      'unaffected',
    ]);
  });
  it('up to the last that is, and not beyond a limit', () => {
    const last: readonly Pair[] = [
      ['introduced', '0'],
      ['last_affected', '2.5.1'],
    ];
    expect(pypi(last, '2.5.1')).toBe('affected');
    expect(pypi(last, '2.5.2')).toBe('unaffected');
    const limited: readonly Pair[] = [
      ['introduced', '1.0'],
      ['limit', '2.0'],
    ];
    expect(pypi(limited, '1.9')).toBe('affected');
    expect(pypi(limited, '2.0')).toBe('unaffected');
    expect(
      pypi(
        [
          ['introduced', '1.0'],
          ['limit', '*'],
        ],
        '9',
      ),
    ).toBe('affected');
  });
  it('whatever was built into it: a local version is the public one', () => {
    const last: readonly Pair[] = [
      ['introduced', '0'],
      ['last_affected', '2.5.1'],
    ];
    expect(pypi(last, '2.5.1+cu121')).toBe('affected');
    expect(pypi([], '2.5.1+cu121', ['2.5.1'])).toBe('affected');
  });
  it('when it is listed, even where it is no version', () => {
    expect(pypi(fixed, '0.3.2d.dev', ['0.3.2d.dev'])).toBe('affected');
    expect(pypi(fixed, '0.3.2d.dev')).toEqual({ unevaluated: 'versions of PyPI such as 0.3.2d.dev are not ordered here' });
  });
  it('by the order of npm for npm', () => {
    expect(
      decide(
        pack('npm', [
          ['introduced', '0'],
          ['fixed', '1.10.0'],
        ]),
        '1.9.0',
      ),
    ).toBe('affected');
    expect(
      decide(
        pack('npm', [
          ['introduced', '0'],
          ['fixed', '1.10.0'],
        ]),
        '1.10.0-rc.1',
      ),
    ).toBe('affected');
    expect(
      decide(
        pack('npm', [
          ['introduced', '0'],
          ['fixed', '1.10.0'],
        ]),
        '1.10.0',
      ),
    ).toBe('unaffected');
  });
  it('and is not evaluated where there is no order, only commits, or nothing', () => {
    expect(
      decide(
        pack('Alpine:v3.19', [
          ['introduced', '0'],
          ['fixed', '1.2-3'],
        ]),
        '1.2-2',
      ),
    ).toMatchObject({ unevaluated: expect.stringContaining('Alpine:v3.19') });
    expect(
      decide(
        pack(
          'Alpine:v3.19',
          [
            ['introduced', '0'],
            ['fixed', '1.2-3'],
          ],
          ['1.2-2'],
        ),
        '1.2-2',
      ),
    ).toBe('affected');
    expect(decide({ ...pack('PyPI', []), gitRanges: 1 }, '1')).toEqual({ unevaluated: 'it is told by commits alone' });
    expect(decide(pack('PyPI', []), '1')).toEqual({ unevaluated: 'the advisory tells no versions' });
    expect(decide(pack('PyPI', [], ['2']), '1')).toBe('unaffected');
  });
  it('takes versions of any length', () => {
    const long = `1.${'9'.repeat(100_000)}`;
    expect(pypi(fixed, long)).toMatchObject({ unevaluated: expect.any(String) });
    expect(pypi([['introduced', `${'1.'.repeat(50_000)}x`]], '1')).toMatchObject({ unevaluated: expect.any(String) });
  });
});

describe('the nearest fix', () => {
  it('is the least that is later', () => {
    const fixes = pack('PyPI', [
      ['introduced', '0'],
      ['fixed', '2.10'],
      ['introduced', '2.11'],
      ['fixed', '2.9.5'],
      ['fixed', '1.0'],
    ]);
    expect(nearestFix(fixes, '2.9')).toBe('2.9.5');
    expect(nearestFix(fixes, '2.10')).toBeUndefined();
  });
});

describe('scores of CVSS', () => {
  // Scores of the calculators and the examples of FIRST, https://www.first.org/cvss/v3.1/examples
  it.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1],
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O', 7.5],
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 7.5],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U', 9.3],
  ])('%s is %d', (vector, score) => {
    expect(baseScore(vector)).toBe(score);
  });
  it.each([
    'CVSS:4.0/AV:N/AC:L',
    'AV:N/AC:L',
    'CVSS:9.9/AV:N',
    `CVSS:3.1/${'AV:N/'.repeat(200)}`,
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/',
    '',
  ])('%s has none here', (vector) => {
    expect(baseScore(vector)).toBeUndefined();
  });
});

describe('a record', () => {
  it('is read tolerantly', () => {
    expect(readAdvisory(null)).toBeUndefined();
    expect(readAdvisory({ id: 'X' })).toBeUndefined();
    expect(readAdvisory({ affected: [] })).toBeUndefined();
    expect(
      readAdvisory({
        id: 'X',
        affected: [
          1,
          { package: { ecosystem: 'PyPI' } },
          { package: { ecosystem: 'PyPI', name: 'a' }, ranges: [{ type: 'GIT', events: [{}] }, 5], versions: ['1', 2] },
        ],
      }),
    ).toEqual({
      id: 'X',
      aliases: [],
      vectors: [],
      affected: [{ ecosystem: 'PyPI', name: 'a', ranges: [], gitRanges: 1, versions: ['1'] }],
    });
  });
});

describe('a rule of AI-Infra-Guard', () => {
  const rule = (text: string, name = 'vLLM ') => readRule({ info: { name, cve: 'CVE-2025-1', severity: 'HIGH  ' }, rule: text });
  const judged = (text: string, version: string) => {
    const affected = rule(text)?.affected[0];
    return affected === undefined ? undefined : decide(affected, version);
  };
  it('is bounds of versions', () => {
    const text = 'version >= "0.6.5" && version < "0.8.5"';
    expect(['0.6.4', '0.6.5', '0.8.4', '0.8.5'].map((version) => judged(text, version))).toEqual([
      'unaffected',
      'affected',
      'affected',
      'unaffected',
    ]);
    expect(['1.0', '1.0.1'].map((version) => judged('version > "1.0"', version))).toEqual(['unaffected', 'affected']);
    expect(judged('version > "0" && version < "0.54.0"', '0.1')).toBe('affected');
    expect(['1.0', '1.1'].map((version) => judged('version <= "1.0"', version))).toEqual(['affected', 'unaffected']);
    expect(['1.0', '2.0', '2.1'].map((version) => judged('version == "1.0" || (version >= "2.0" && version <= "2.0")', version))).toEqual([
      'affected',
      'affected',
      'unaffected',
    ]);
    expect(rule(text)).toMatchObject({
      id: 'CVE-2025-1',
      rated: 'HIGH',
      affected: [
        { ecosystem: 'PyPI', name: 'vllm' },
        { ecosystem: 'CPE', name: 'vllm:vllm' },
      ],
    });
  });
  it('says nothing that is not understood', () => {
    for (const text of [
      'is_internal=="true"',
      'version < 1.0',
      'version < "1.0" && is_internal',
      'version ~ "1"',
      '""',
      'version == "1" && version < "2"',
    ])
      expect(rule(text)).toBeUndefined();
    expect(rule('version < "1.0"', 'ollama')?.affected).toMatchObject([{ ecosystem: 'CPE', name: 'ollama:ollama' }]);
    expect(rule('version < "1.0"', 'nobody knows it')?.affected).toEqual([]);
    expect(rule('version < "1.0"', '__proto__')?.affected).toEqual([]);
    expect(readRule({ rule: 'version < "1.0"' })).toBeUndefined();
  });
});
