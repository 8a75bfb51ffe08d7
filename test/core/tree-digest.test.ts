import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Text } from '../../src/core/digest.js';
import { coverOf, DEFAULT_IGNORED, treeDigest } from '../../src/core/tree-digest.js';

const file = (path: string) => ({ path, digest: { sha256: sha256Text(path) } });
const files = (...paths: readonly string[]) => paths.map(file);

describe('a tree digest', () => {
  it('is over the files in code point order of their paths', () => {
    const vector = [
      { path: 'a/b', digest: { sha256: sha256Text('2\n') } },
      { path: 'a-b', digest: { sha256: sha256Text('1\n') } },
    ];
    expect(treeDigest(vector)).toEqual({
      root: { sha256: 'bd222050252384e92856fccad34ff9842ed411f042ca3209bf9fc5e3bd447872' },
      method: 'oms-v1',
      symlinks: 'refused',
      complete: true,
    });
  });
  it('leaves out files of Git at the top only, and says which were there', () => {
    const all = files('m', '.git/config', '.gitignore', 's/.git/x', '.gitmodules', 'x.sig', 'y.msbom.json');
    expect(coverOf(all).covered.map(({ path }) => path)).toEqual(['m', 's/.git/x', '.gitmodules', 'x.sig', 'y.msbom.json']);
    expect(treeDigest(all)?.ignored).toEqual(['.git', '.gitignore']);
    expect(treeDigest(all)?.root).toEqual(treeDigest(files('m', 's/.git/x', '.gitmodules', 'x.sig', 'y.msbom.json'))?.root);
  });
  it('takes ignored paths as they are: files and directories, no patterns', () => {
    const all = files('a', 'cache/x', 'cache.txt', 'deep/cache/x', '*');
    expect(treeDigest(all, { ignored: ['cache'] })).toEqual(
      treeDigest(all, { ignored: ['cache/x'] }) && { ...treeDigest(all, { ignored: ['cache/x'] }), ignored: ['cache'] },
    );
    expect(coverOf(all, { ignored: ['*', 'deep'] }).ignored.map(({ path }) => path)).toEqual(['deep/cache/x', '*']);
  });
  it('leaves out its own manifest and signature without a word', () => {
    const all = files('a', 'm.msbom.json', 'model.sig');
    expect(treeDigest(all, { own: ['m.msbom.json', 'model.sig'] })).toEqual(treeDigest(files('a')));
  });
  it('is none without files, or where one has no SHA-256', () => {
    expect(treeDigest([])).toBeUndefined();
    expect(treeDigest(files(...DEFAULT_IGNORED))).toBeUndefined();
    expect(treeDigest([file('a'), { path: 'b', digest: {} }])).toBeUndefined();
  });
  it('does not depend on the order in which the files come', () => {
    const paths = fc.uniqueArray(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(paths, (all) => {
        expect(treeDigest(files(...all))).toEqual(treeDigest(files(...all.toReversed())));
      }),
    );
  });
});
