import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifest, stringifyManifest } from '../../src/index.js';
import { addFiles, collectDirectory, hashFile, inspectFile, openTree, verifyDirectory, writeFileAtomic } from '../../src/node.js';
import { safetensorsFile } from '../support/builders.js';
import { realDirectories } from '../support/real-models.js';
import { temporaryDirectory } from '../support/temporary.js';

const weights = safetensorsFile({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);
const now = '2026-11-23T09:00:00Z';
const paths = async (directory: string) => {
  const found: string[] = [];
  for await (const { path, problem } of (await openTree(directory)).list())
    found.push(problem === undefined ? path : `${path}: ${problem.code}`);
  return found;
};

describe('a directory', () => {
  it('is listed in code point order, with every odd entry named', async () => {
    const directory = temporaryDirectory({ 'b/x': '1', 'a-b': '1', 'a/b': '1', 'new\nline "q" 🙂': '1', '.hidden': '1' });
    const outside = temporaryDirectory({ secret: 'x' });
    symlinkSync('a-b', join(directory, 'inside'));
    symlinkSync(join(outside, 'secret'), join(directory, 'outside'));
    symlinkSync('loop', join(directory, 'loop'));
    symlinkSync('a', join(directory, 'linked-directory'));
    symlinkSync('nowhere', join(directory, 'dangling'));
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    expect((await paths(directory)).sort()).toEqual(
      [
        '.hidden',
        'a-b',
        'a/b',
        'b/x',
        'dangling: ERR_IO_NOT_FOUND',
        'inside',
        'linked-directory: ERR_IO_LINK',
        'loop: ERR_IO_LINK',
        'new\nline "q" 🙂',
        'outside: ERR_IO_LINK',
        'pipe: ERR_IO_READ',
      ].sort(),
    );
  });
  it('in the Hugging Face cache may link to its blobs', async () => {
    const root = temporaryDirectory();
    const snapshot = join(root, 'models--org--tuned', 'snapshots', 'a'.repeat(40));
    mkdirSync(join(root, 'models--org--tuned', 'blobs'), { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(root, 'models--org--tuned', 'blobs', 'b1'), weights);
    symlinkSync('../../blobs/b1', join(snapshot, 'model.safetensors'));
    const { manifest: made } = await collectDirectory(snapshot, { now });
    expect(made.model).toMatchObject({ name: 'tuned', group: 'org', parameterCount: { total: 2 } });
    expect((await verifyDirectory(snapshot, made)).ok).toBe(true);
  });
  it('that is not there is an error', async () => {
    await expect(collectDirectory('/nowhere/at/all')).rejects.toMatchObject({ code: 'ERR_IO_NOT_FOUND', file: 'all' });
  });
  it('that is a file is described as that file alone', async () => {
    const directory = temporaryDirectory({ 'm.safetensors': weights, 'config.json': '{}' });
    const { manifest: made } = await collectDirectory(join(directory, 'm.safetensors'));
    expect(Object.keys(made.artifacts ?? {})).toEqual(['m.safetensors']);
  });
  it('with a link out of it gives no manifest', async () => {
    const directory = temporaryDirectory({ 'm.safetensors': weights });
    symlinkSync('/etc/hostname', join(directory, 'x'));
    await expect(collectDirectory(directory)).rejects.toMatchObject({ code: 'ERR_COLLECT_INCOMPLETE' });
  });
});

describe('real models', () => {
  it.each(realDirectories.map((directory) => [basename(directory), directory]))(
    '%s: collect, verify, and openssl agrees on every digest',
    async (_name, directory) => {
      const { manifest: made } = await collectDirectory(directory, { now, sha512: true });
      expect(stringifyManifest((await collectDirectory(directory, { now, sha512: true })).manifest)).toBe(stringifyManifest(made));
      expect((await verifyDirectory(directory, made)).ok).toBe(true);
      for (const [path, { digest, size }] of Object.entries(made.artifacts ?? {})) {
        const bytes = readFileSync(join(directory, path));
        expect(size).toBe(bytes.byteLength);
        expect(execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: bytes }).toString().slice(0, 64)).toBe(digest?.sha256);
      }
    },
  );
});

describe('verify', () => {
  const setup = async () => {
    const directory = temporaryDirectory({ 'm.safetensors': weights, 'config.json': '{}', '.gitattributes': 'x' });
    return { directory, made: (await collectDirectory(directory, { now })).manifest };
  };
  const statuses = async (directory: string, made: Parameters<typeof verifyDirectory>[1]) => {
    const { ok, files } = await verifyDirectory(directory, made);
    return [ok, ...files.filter(({ status }) => status !== 'matched').map(({ path, status }) => `${status} ${path}`)];
  };
  it('sees one flipped byte, an added and a removed file', async () => {
    const { directory, made } = await setup();
    expect(await statuses(directory, made)).toEqual([true]);
    const flipped = weights.slice();
    flipped[flipped.length - 1] = 1;
    writeFileSync(join(directory, 'm.safetensors'), flipped);
    writeFileSync(join(directory, 'new.txt'), 'x');
    execFileSync('rm', [join(directory, 'config.json')]);
    expect(await statuses(directory, made)).toEqual([false, 'missing config.json', 'changed m.safetensors', 'added new.txt']);
  });
  it('takes a file replaced by a link out of the directory for unreadable', async () => {
    const { directory, made } = await setup();
    execFileSync('rm', [join(directory, 'config.json')]);
    symlinkSync('/etc/hostname', join(directory, 'config.json'));
    expect(await statuses(directory, made)).toEqual([false, 'unreadable config.json']);
  });
  it('has nothing to say about a manifest without files', async () => {
    const { directory } = await setup();
    await expect(verifyDirectory(directory, manifest({ name: 'x' }).build())).rejects.toMatchObject({ code: 'ERR_MANIFEST_VALUE' });
  });
  it('never counts a digest that it cannot recompute as a match', async () => {
    const { directory, made } = await setup();
    const artifacts = Object.fromEntries(
      Object.entries(made.artifacts ?? {}).map(([path, each]) => [path, { ...each, digest: { ...each.digest, sha512: '0'.repeat(128) } }]),
    );
    expect((await verifyDirectory(directory, { ...made, artifacts })).ok).toBe(false);
  });
});

it('gives the files to a draft, which keeps its own name', async () => {
  const directory = temporaryDirectory({ 'm.safetensors': weights, 'README.md': '---\nlicense: mit\nbase_model: org/base\n---\n' });
  const draft = manifest({ name: 'mine', version: '1' }, { now, serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79' });
  await addFiles(draft, directory);
  const made = draft.build();
  expect(made.model).toMatchObject({ name: 'mine', version: '1', parameterCount: { total: 2 }, licenses: [{ expression: 'MIT' }] });
  expect(made.model?.digest?.root).toEqual((await collectDirectory(directory, { now })).manifest.model?.digest?.root);
  expect(made.evidence?.map(({ origin }) => origin)).toEqual(expect.arrayContaining(['supplied', 'observed', 'declared']));
});

describe('hashing', () => {
  it('notices a file that grows meanwhile', async () => {
    const path = join(temporaryDirectory({ 'big.bin': Buffer.alloc(80 << 20) }), 'big.bin');
    const hashing = hashFile(path, 'big.bin');
    const timer = setInterval(() => appendFileSync(path, 'x'), 1);
    await expect(hashing).rejects.toMatchObject({ code: 'ERR_IO_CHANGED', file: 'big.bin' });
    clearInterval(timer);
  });
  it('of an empty file is that of nothing', async () => {
    const path = join(temporaryDirectory({ e: '' }), 'e');
    expect(await hashFile(path, 'e')).toEqual({
      path: 'e',
      size: 0,
      digest: { sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    });
  });
});

describe('writing', () => {
  it('replaces whole files or refuses', async () => {
    const directory = temporaryDirectory({ f: 'old' });
    const path = join(directory, 'f');
    await expect(writeFileAtomic(path, 'new', { overwrite: false })).rejects.toMatchObject({ code: 'ERR_IO_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe('old');
    await writeFileAtomic(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    await expect(writeFileAtomic(join(directory, 'no', 'f'), 'x')).rejects.toMatchObject({
      code: 'ERR_IO_NOT_FOUND',
      message: expect.stringContaining('directory'),
    });
    expect(readdirSync(directory)).toEqual(['f']);
  });

  it.skipIf(process.platform === 'win32')('keeps permissions and links, and writes into what is no file', async () => {
    const directory = temporaryDirectory({ secret: 'old', target: 'old' });
    const at = (name: string) => join(directory, name);
    chmodSync(at('secret'), 0o600);
    await writeFileAtomic(at('secret'), 'new');
    expect(statSync(at('secret')).mode & 0o777).toBe(0o600);

    symlinkSync('target', at('link'));
    await writeFileAtomic(at('link'), 'new');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('target'), 'utf8')).toBe('new');

    execFileSync('mkfifo', [at('pipe')]);
    const [read] = await Promise.all([readFile(at('pipe'), 'utf8'), writeFileAtomic(at('pipe'), 'new')]);
    expect(read).toBe('new');
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
    await expect(writeFileAtomic(directory, 'x')).rejects.toMatchObject({
      code: 'ERR_IO_WRITE',
      message: expect.stringContaining('directory'),
    });
    expect(readdirSync(directory).sort()).toEqual(['link', 'pipe', 'secret', 'target']);
  });
});

it('inspects one file', async () => {
  const directory = temporaryDirectory({ 'm.safetensors': weights, 't.txt': 'text' });
  expect((await inspectFile(join(directory, 'm.safetensors')))?.facts.tensors?.parameters).toBe(2);
  expect(await inspectFile(join(directory, 't.txt'))).toBeUndefined();
});
