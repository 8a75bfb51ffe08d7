import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIgnores } from '../../src/collect/disk/ignore.js';

const left = (patterns: string, path: string): boolean => readIgnores(patterns, '.msbomignore')(path);

describe('patterns of what is left out', () => {
  it.each<readonly [patterns: string, yes: readonly string[], no: readonly string[]]>([
    ['*.log', ['a.log', 'x/y/b.log'], ['a.log.txt', 'log']],
    ['/build', ['build', 'build/x'], ['x/build']],
    ['cache/', ['cache/a', 'x/cache/b', 'cache/'], ['cache']],
    ['a/b', ['a/b', 'a/b/c'], ['x/a/b']],
    ['**/tmp', ['tmp', 'x/tmp', 'x/y/tmp/z'], ['tmpx']],
    ['out/**', ['out/a', 'out/b/c'], ['out', 'out/']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/bx', 'b']],
    ['*.bin\n!keep.bin', ['a.bin'], ['keep.bin', 'x/keep.bin']],
    ['dir/\n!dir/keep', ['dir/keep'], []],
    ['# a comment\n\n\\#x\n\\!y', ['#x', '!y'], ['x', '# a comment']],
    ['a \nb\\ \nc\r', ['a', 'b ', 'c'], ['a ', 'b']],
    ['[a-c]?[!0-9]', ['axz', 'c1z'], ['dxz', 'ax1', 'ax']],
    ['[]x]\n[[:digit:]]y', [']', 'x', '5y'], ['ay']],
    ['[a\nb\\', [], ['[a', 'b\\', 'a', 'b']],
    ['?', ['a'], ['ab', 'ä']],
  ])('%j', (patterns, yes, no) => {
    expect(yes.filter((path) => !left(patterns, path))).toEqual([]);
    expect(no.filter((path) => left(patterns, path))).toEqual([]);
  });
  it('says of random patterns and paths what git says', { timeout: 120_000 }, () => {
    const cwd = mkdtempSync(join(tmpdir(), 'msbom-ignore-'));
    const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', HOME: cwd };
    execFileSync('git', ['init', '-q'], { cwd, env });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), minLength: 1, maxLength: 3 });
    const paths = fc.array(
      fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/')),
      { minLength: 30, maxLength: 60 },
    );
    const piece = fc.constantFrom(
      'a',
      'b',
      'c',
      '-',
      '*',
      '**',
      '?',
      '/',
      '/**/',
      '[ab]',
      '[!a]',
      '[a-c]',
      '[^-b]',
      '\\a',
      '\\',
      '[',
      ' ',
      '!',
      '#',
    );
    const line = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), paths, (lines, names) => {
        const patterns = lines.join('\n');
        writeFileSync(join(cwd, '.gitignore'), `${patterns}\n`);
        // `-n -v` tells of every path; the pattern that decides, or none.
        const told = spawnSync('git', ['check-ignore', '--no-index', '--stdin', '-z', '-n', '-v'], {
          cwd,
          env,
          input: names.map((path) => `${path}\0`).join(''),
        });
        const fields = told.stdout.toString().split('\0');
        const ignores = readIgnores(patterns, '.gitignore');
        for (const [i, path] of names.entries()) {
          const pattern = fields[i * 4 + 2] ?? '';
          expect({ patterns, path, left: ignores(path) }).toEqual({ patterns, path, left: pattern !== '' && !pattern.startsWith('!') });
        }
      }),
      { numRuns: 300, seed: 12 },
    );
  });
  it('take so many steps and no more, and are so many and no more', () => {
    expect(left(`${'*a'.repeat(100)}b`, 'a'.repeat(255))).toBe(false);
    // What takes longer is an answer of its own: nothing is left out, or described, by chance.
    const long = expect.objectContaining({ code: 'ERR_LIMIT_COUNT', file: '.msbomignore' });
    expect(() => left(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toThrow(long);
    expect(() => readIgnores('a\n'.repeat(20_001), 'f')).toThrow(expect.objectContaining({ code: 'ERR_LIMIT_COUNT', file: 'f' }));
    expect(() => left(`/${'**/a/'.repeat(5000)}b`, `${'a/'.repeat(5000)}c`)).toThrow(long);
  });
});
