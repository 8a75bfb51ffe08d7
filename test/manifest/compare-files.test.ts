import { describe, expect, it } from 'vitest';
import { treeDigest } from '../../src/core/tree-digest.js';
import { compareFiles, type ObservedFile } from '../../src/manifest/compare-files.js';
import type { Manifest } from '../../src/schema/index.js';
import { artifacts, manifest as base, bom } from './documents.js';

const observed = (files = artifacts): ObservedFile[] =>
  Object.entries(files).map(([path, { size, digest }]) => ({ path, size, digest: { sha256: digest.sha256 } }));
const other: ObservedFile = { path: 'x.py', size: 1, digest: { sha256: '3c'.repeat(32) } };
const statuses = (result: ReturnType<typeof compareFiles>) => result.files.map(({ path, status }) => [path, status]);

describe('files', () => {
  it('match with the root over them', () => {
    expect(compareFiles(base, observed())).toMatchObject({ ok: true, root: 'matched', uncovered: [], byRoot: [] });
  });
  it('that are changed, missing or new are named, and the root is another', () => {
    const [config, weights] = observed();
    const changed = { ...(config as ObservedFile), digest: { sha256: '4d'.repeat(32) } };
    expect(statuses(compareFiles(base, [changed, other]))).toEqual([
      ['config.json', 'changed'],
      ['model.safetensors', 'missing'],
      ['x.py', 'added'],
    ]);
    expect(compareFiles(base, [weights as ObservedFile, config as ObservedFile, other])).toMatchObject({ ok: false, root: 'changed' });
  });
  it('that are ignored are told, and refused when strict', () => {
    const files = [...observed(), { ...other, path: '.git/config' }, { ...other, path: 'cache/x' }];
    const model = {
      name: 'm',
      ...base.model,
      digest: { root: { sha256: '' }, ...base.model?.digest, method: 'oms-v1', complete: true, ignored: ['cache'] },
    };
    const manifest: Manifest = { ...base, model };
    const result = compareFiles(manifest, files);
    expect(result).toMatchObject({ ok: true, root: 'matched' });
    expect(result.uncovered).toEqual([
      { path: '.git/config', why: 'ignored' },
      { path: 'cache/x', why: 'ignored' },
    ]);
    expect(compareFiles(manifest, files, [], { strict: true })).toMatchObject({ ok: false });
    expect(compareFiles(base, files).ok).toBe(false);
  });
  it('that are not listed are known by the root where the digest says so', () => {
    const all = [...observed(), other];
    const root = treeDigest(all)?.root ?? {};
    const manifest: Manifest = { ...base, model: { name: 'm', digest: { root, method: 'oms-v1', complete: false } } };
    expect(compareFiles(manifest, all)).toMatchObject({ ok: true, root: 'matched', byRoot: ['x.py'] });
    expect(compareFiles(manifest, all, [], { strict: true }).refused).toEqual(['x.py is not listed']);
    expect(compareFiles(manifest, [...observed(), { ...other, digest: { sha256: '5e'.repeat(32) } }])).toMatchObject({
      ok: false,
      root: 'changed',
    });
  });
  it('leave out the manifest and its signature without a word', () => {
    const files = [...observed(), { ...other, path: 'm.msbom.json' }, { ...other, path: 'model.sig' }];
    expect(compareFiles(base, files, [], { own: ['m.msbom.json', 'model.sig'] })).toMatchObject({ ok: true, uncovered: [] });
    expect(compareFiles(base, files).ok).toBe(false);
  });
  it('are compared by every digest that can be computed', () => {
    const file = { size: 1, digest: { sha256: '3c'.repeat(32), md5: 'ab'.repeat(16), crc32c: 'x' } };
    const manifest: Manifest = { bom, artifacts: { a: file } };
    const at = (digest: ObservedFile['digest']) => compareFiles(manifest, [{ path: 'a', size: 1, digest }]).files[0];
    expect(at({ sha256: file.digest.sha256, md5: file.digest.md5 })).toMatchObject({
      status: 'matched',
      checked: ['sha256', 'md5'],
      notChecked: ['crc32c'],
    });
    expect(at({ sha256: file.digest.sha256, md5: '00'.repeat(16) })).toMatchObject({ status: 'changed', detail: 'md5 is different' });
    expect(at({})).toMatchObject({ status: 'unchecked' });
  });
  it('of a dataset may lack size and digest, which is no match', () => {
    const manifest: Manifest = { bom: { ...bom, subject: 'd' }, datasets: { d: { name: 'd', files: { a: {}, b: { size: 2 } } } } };
    expect(
      statuses(
        compareFiles(manifest, [
          { ...other, path: 'a' },
          { ...other, path: 'b' },
        ]),
      ),
    ).toEqual([
      ['a', 'unchecked'],
      ['b', 'changed'],
    ]);
  });
  it('that are none are an error', () => {
    expect(() => compareFiles({ bom }, [])).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_VALUE' }));
  });
});
