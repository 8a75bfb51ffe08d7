/** What a verdict speaks of, and what it does not. */
import { createHash, getHashes } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blake2b } from '@noble/hashes/blake2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { describe, expect, it } from 'vitest';
import { DIGEST_HEX_LENGTHS } from '../../src/core/digest.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { collectDirectory, verifyDirectory } from '../../src/node.js';
import { isComputable } from '../../src/platform/algorithms.js';
import { verdictAsText } from '../../src/report/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const small = Buffer.from('weights');
/** Longer than one read. */
const large = Buffer.alloc(3 * 1024 * 1024 + 17, 'msbom');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const node = (name: string) => (bytes: Buffer) => createHash(name).update(bytes).digest('hex');
const blob = (name: string) => (bytes: Buffer) => createHash(name).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** How others compute them. */
const DIGESTS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  md5: node('md5'),
  sha1: node('sha1'),
  sha224: node('sha224'),
  sha256: node('sha256'),
  sha384: node('sha384'),
  sha512: node('sha512'),
  sha512_224: node('sha512-224'),
  sha512_256: node('sha512-256'),
  sha3_224: node('sha3-224'),
  sha3_256: node('sha3-256'),
  sha3_384: node('sha3-384'),
  sha3_512: node('sha3-512'),
  blake2b: node('blake2b512'),
  blake2s: node('blake2s256'),
  blake3: (bytes) => hex(blake3(bytes)),
  gitBlob: blob('sha1'),
  ...(getHashes().includes('sm3') ? { sm3: node('sm3') } : {}),
};

async function made(): Promise<{ readonly directory: string; readonly manifest: Manifest }> {
  const directory = join(temporaryDirectory({ 'm/w.bin': small, 'm/large.bin': large }), 'm');
  return { directory, manifest: (await collectDirectory(directory)).manifest };
}
/** The manifest with other digests of a file. */
const stating = (manifest: Manifest, digest: object, path = 'w.bin'): Manifest =>
  ({ ...manifest, artifacts: { ...manifest.artifacts, [path]: { ...manifest.artifacts?.[path], digest } } }) as Manifest;
const verdictOf = (result: Awaited<ReturnType<typeof verifyDirectory>>, path = 'w.bin') => result.files.find((each) => each.path === path);

describe('known answers', () => {
  // The digests of the empty file, as their specifications and programs print them.
  it.each([
    ['md5', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['sha1', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['sha224', 'd14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f'],
    ['blake2s', '69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9'],
    ['blake2b', '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8'],
    ['blake3', 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    ['gitBlob', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'],
    ['gitBlob', '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813'],
    ['shake128', '7f9c2ba4e88f827d616045507605853e'],
  ])('%s', async (algorithm, value) => {
    const directory = temporaryDirectory({ 'w.bin': '' });
    const { manifest } = await collectDirectory(directory);
    expect(verdictOf(await verifyDirectory(directory, stating(manifest, { [algorithm]: value })))).toMatchObject({
      status: 'matched',
      checked: [algorithm],
    });
    const wrong = `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`;
    expect(verdictOf(await verifyDirectory(directory, stating(manifest, { [algorithm]: wrong })))).toMatchObject({ status: 'changed' });
  });
  it('of BLAKE2b with fewer bits', async () => {
    const { directory, manifest } = await made();
    const digest = { blake2b: hex(blake2b(small, { dkLen: 48 })) };
    expect(verdictOf(await verifyDirectory(directory, stating(manifest, digest)))).toMatchObject({ status: 'matched' });
  });
});

describe.each(Object.entries(DIGESTS))('%s', (algorithm, digestOf) => {
  it.each([
    ['w.bin', small],
    ['large.bin', large],
  ])('is checked besides SHA-256 and alone: %s', async (path, bytes) => {
    const { directory, manifest } = await made();
    const sha256 = node('sha256')(bytes);
    const right = digestOf(bytes);
    const wrong = `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`;
    const verify = async (digest: object) => {
      const result = await verifyDirectory(directory, stating(manifest, digest, path));
      return { ok: result.ok, status: verdictOf(result, path)?.status };
    };
    expect(await verify({ sha256, [algorithm]: right })).toEqual({ ok: true, status: 'matched' });
    expect(await verify({ [algorithm]: right })).toEqual({ ok: true, status: 'matched' });
    expect(await verify({ ...(algorithm === 'sha256' ? {} : { sha256 }), [algorithm]: wrong })).toEqual({ ok: false, status: 'changed' });
    expect(await verify({ ...(algorithm === 'sha256' ? {} : { sha256 }), [algorithm]: right.slice(1) })).toMatchObject({ ok: false });
    expect(await verify({ sha256, [algorithm]: right.toUpperCase() })).toMatchObject({ ok: /^\d+$/.test(right) });
  });
});

it('every algorithm of the specification is computed, but those over more than the file', () => {
  const not = Object.keys(DIGEST_HEX_LENGTHS).filter((algorithm) => !isComputable(algorithm));
  expect(not).toEqual(['gitCommit', 'gitTree']);
});

describe('what cannot be computed', () => {
  it('alone is no match', async () => {
    const { directory, manifest } = await made();
    const result = await verifyDirectory(directory, stating(manifest, { gost: 'ab'.repeat(32), gitTree: 'ab'.repeat(20) }));
    expect(result.ok).toBe(false);
    expect(verdictOf(result)).toMatchObject({
      status: 'unchecked',
      notChecked: ['gost', 'gitTree'],
      detail: expect.stringContaining('gost, gitTree'),
    });
  });
  it('besides what can is told, and not accepted by --strict', async () => {
    const { directory, manifest } = await made();
    const stated = stating(manifest, { sha256: node('sha256')(small), gitTree: 'ab'.repeat(20) });
    expect(await verifyDirectory(directory, stated)).toMatchObject({ ok: true });
    writeFileSync(join(directory, '../m.json'), stringifyManifest(stated));
    const { code, out } = await runCli(join(directory, '..'), ['verify', 'm', '-m', 'm.json']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('not checked  w.bin: gitTree\n') });
    const strict = await runCli(join(directory, '..'), ['verify', 'm', '-m', 'm.json', '--strict']);
    expect({ code: strict.code, out: strict.out }).toEqual({
      code: 1,
      out: expect.stringContaining('refused  the gitTree of w.bin was not checked\n'),
    });
  });
  it('by anybody else than a forger is told to be weak', async () => {
    const { directory, manifest } = await made();
    const result = await verifyDirectory(directory, stating(manifest, { md5: node('md5')(small) }));
    expect(result.ok).toBe(true);
    expect(verdictAsText(result)).toContain('1 files were checked by MD5 or SHA-1 alone');
    expect((await verifyDirectory(directory, stating(manifest, { md5: node('md5')(small) }), { strict: true })).ok).toBe(false);
  });
});

it('the root digest is checked against the files, too', async () => {
  const { directory, manifest } = await made();
  const wrong = {
    ...manifest,
    model: { ...manifest.model, digest: { ...manifest.model?.digest, root: { sha256: 'ab'.repeat(32) } } },
  } as Manifest;
  expect(await verifyDirectory(directory, manifest)).toMatchObject({ ok: true, root: 'matched' });
  expect(await verifyDirectory(directory, wrong)).toMatchObject({ ok: false, root: 'changed' });
});

describe.skipIf(process.platform === 'win32')('what is not covered', () => {
  it('is listed, in the verdict and in JSON, and not accepted by --strict', async () => {
    const cwd = temporaryDirectory({ 'm/w.bin': 'w', 'm/.git/HEAD': 'x', 'm/.git/objects/y': 'y', 'm/.gitignore': '', 'm/log.txt': 'l' });
    symlinkSync('w.bin', join(cwd, 'm/z.bin'));
    mkdirSync(join(cwd, 'm/none'));
    expect((await runCli(cwd, ['collect', 'm', '--exclude', 'log.txt', '-o', 'm/a.json'])).code).toBe(0);
    const verify = ['verify', 'm', '-m', 'm/a.json', '--exclude', 'log.txt'];
    const { code, out } = await runCli(cwd, verify);
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        'not covered: .git/, .gitignore (the tree digest is not over them)',
        'not covered: log.txt (excluded by the command line)',
        'not covered: a.json (the manifest itself)',
        'not covered: z.bin (symbolic links, of which the content was compared)',
        'not covered: none/ (directories without files)',
        'not recorded, so not checked: file modes, owners and times, symbolic links, empty directories',
        'verified  2 files match',
        '',
      ].join('\n'),
    });
    const json = JSON.parse((await runCli(cwd, [...verify, '-f', 'json', '--strict'])).out);
    expect(json).toMatchObject({
      ok: false,
      strict: true,
      uncovered: [
        { path: '.git/', why: 'ignored' },
        { path: '.gitignore', why: 'ignored' },
        { path: 'a.json', why: 'manifest' },
        { path: 'log.txt', why: 'excluded' },
        { path: 'none/', why: 'empty' },
        { path: 'z.bin', why: 'link' },
      ],
      notRecorded: expect.arrayContaining(['file modes']),
      refused: [
        '.git/ is left out of the tree digest',
        '.gitignore is left out of the tree digest',
        'log.txt was excluded',
        'z.bin is a symbolic link',
      ],
    });
    const strict = await runCli(cwd, [...verify, '--strict']);
    expect(strict.code).toBe(1);
    expect(strict.out).toMatch(/^not verified {2}2 files match, 4 things are not accepted by --strict$/m);
  });
  it('is what no manifest records: modes are said not to be checked', async () => {
    const { directory, manifest } = await made();
    chmodSync(join(directory, 'w.bin'), 0o755);
    const result = await verifyDirectory(directory, manifest, { strict: true });
    expect(result).toMatchObject({ ok: true, refused: [], notRecorded: expect.arrayContaining(['file modes']) });
  });
  it.each(['new.bin', 'other.msbom.json', 'model.sig', 'sub/x.sig'])('does not take in a file that is new: %s', async (name) => {
    const { directory, manifest } = await made();
    mkdirSync(join(directory, 'sub'));
    writeFileSync(join(directory, name), 'x');
    const result = await verifyDirectory(directory, manifest);
    expect(result.ok).toBe(false);
    expect(verdictOf(result, name)).toEqual({ path: name, status: 'added' });
  });
});
