/** What is left out of a description is told, in the document and to the person; nothing that came with a model leaves anything out. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectDatasetDirectory } from '../../src/collect/disk/dataset.js';
import { collectDirectory } from '../../src/node.js';
import type { Manifest } from '../../src/schema/index.js';
import { safetensorsFile } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const weights = safetensorsFile({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);

const place = (files: Readonly<Record<string, string>> = {}): string =>
  temporaryDirectory({
    'model/model.safetensors': weights,
    'model/tmp/a.log': 'x',
    'model/tmp/b.txt': 'y',
    'model/notes.txt': 'z',
    ...files,
  });

async function collected(cwd: string, ...argv: string[]) {
  const { code, out, err } = await runCli(cwd, ['collect', 'model', ...argv]);
  const manifest = (out === '' ? {} : JSON.parse(out)) as Manifest;
  return { code, err, ignored: manifest.model?.digest?.ignored, files: Object.keys(manifest.artifacts ?? {}), out };
}

describe('patterns', () => {
  it('leave out what they match, which the digest and a finding say', async () => {
    const cwd = place({ 'ours/patterns': 'tmp/\n*.txt\n!notes.txt\n' });
    const found = await collected(cwd, '--ignore', 'ours/patterns');
    expect(found).toMatchObject({ code: 0, ignored: ['tmp'], files: ['model.safetensors', 'notes.txt'] });
    expect(found.err).toContain('left out as asked: tmp');
    writeFileSync(join(cwd, 'm.json'), found.out);
    expect(await runCli(cwd, ['validate', 'm.json'])).toMatchObject({ code: 0, out: expect.not.stringContaining('critical') });
    // Whoever verifies is told of it, and need not accept it.
    const verify = ['verify', 'model', '-m', 'm.json'];
    expect(await runCli(cwd, verify)).toMatchObject({ code: 0, out: expect.stringContaining('not covered: tmp/a.log') });
    expect((await runCli(cwd, [...verify, '--strict'])).code).toBe(1);
  });
  it('say the same of --exclude', async () => {
    expect(await collected(place(), '--exclude', 'tmp/*', '--exclude', '**/*.txt')).toMatchObject({ ignored: ['notes.txt', 'tmp'] });
    expect(await collected(place(), '--exclude', '**/*.log')).toMatchObject({ ignored: ['tmp/a.log'] });
  });
  it('are found upwards, and begin where their file lies', async () => {
    const cwd = place({ '.msbomignore': '/model/tmp/*.log\n/notes.txt\n' });
    expect(await collected(cwd)).toMatchObject({ ignored: ['tmp/a.log'], files: ['model.safetensors', 'notes.txt', 'tmp/b.txt'] });
    // What is named takes its place.
    expect((await collected(cwd, '--ignore', 'workspace')).ignored).toBeUndefined();
    expect(JSON.parse((await runCli(cwd, ['collect', 'model/model.safetensors'])).out).artifacts).toHaveProperty(['model.safetensors']);
  });
  it('do not count in the directory that is described, unless they are named', async () => {
    const cwd = place({ 'model/.msbomignore': '*.safetensors\n' });
    const found = await runCli(join(cwd, 'model'), ['collect', '.']);
    expect(found.err).toContain('.msbomignore lies in what is described and was not used');
    expect(JSON.parse(found.out).artifacts).toHaveProperty(['model.safetensors']);
    expect((await collected(cwd, '--ignore', 'model/.msbomignore')).ignored).toEqual(['model.safetensors']);
    for (const argv of [
      ['scan', '.'],
      ['verify', '.', '-m', '../m.json'],
    ]) {
      writeFileSync(join(cwd, 'm.json'), found.out);
      expect((await runCli(join(cwd, 'model'), argv)).code).toBe(0);
    }
  });
  it.each([
    ['a file that is not there', ['--ignore', 'nowhere'], 'ERR_IO_NOT_FOUND'],
    ['a directory', ['--ignore', 'model'], 'not a regular file'],
  ])('that are %s are an error', async (_what, argv, words) => {
    expect(await collected(place(), ...argv)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  });
});

describe('what tools leave lying about', () => {
  const files = { 'model/.venv/x.py': 'x', 'model/__pycache__/a.pyc': 'x', 'model/.DS_Store': 'x', 'model/.env': 'A=b' };
  it('is described, and told with the option that leaves it out', async () => {
    const found = await collected(place(files));
    expect(found.files).toContain('.venv/x.py');
    expect(found.err).toContain('part of the model: .DS_Store, .env, .venv, __pycache__');
    expect(found.err).toContain('--ignore workspace');
  });
  it('is left out when that is asked for', async () => {
    const found = await collected(place(files), '--ignore', 'workspace');
    expect(found).toMatchObject({ ignored: ['.DS_Store', '.env', '.venv', '__pycache__'] });
    expect(found.err).not.toContain('files of tools');
  });
});

describe('what has no content', () => {
  const odd = async (cwd: string): Promise<readonly string[]> => {
    symlinkSync('nowhere', join(cwd, 'model/broken'));
    symlinkSync('circle', join(cwd, 'model/circle'));
    execFileSync('mkfifo', [join(cwd, 'model/pipe')]);
    const server = createServer().listen(join(cwd, 'model/sock'));
    await new Promise((done) => server.once('listening', done));
    server.unref();
    return ['broken', 'circle', 'pipe', 'sock'];
  };
  it('is a finding, and not the end', { timeout: 20_000 }, async () => {
    const cwd = place();
    const paths = await odd(cwd);
    const found = await collected(cwd);
    expect(found).toMatchObject({ code: 0, ignored: paths });
    for (const path of paths) expect(found.err).toContain(`${path}`);
    const { findings } = await collectDatasetDirectory(join(cwd, 'model'));
    expect(findings.filter(({ id }) => id === 'no-content').map(({ file }) => file)).toEqual(paths);
    writeFileSync(join(cwd, 'm.json'), found.out);
    expect((await runCli(cwd, ['validate', 'm.json'])).code).toBe(0);
    expect(await runCli(cwd, ['verify', 'model', '-m', 'm.json'])).toMatchObject({ code: 1, err: '' });
  });
  it('is not a link that leads to something, out of the directory or to another', async () => {
    const cwd = place();
    symlinkSync('../..', join(cwd, 'model/out'));
    await expect(collectDirectory(join(cwd, 'model'))).rejects.toMatchObject({ code: 'ERR_COLLECT_INCOMPLETE' });
  });
});

it('names what OpenSSF Model Signing leaves out, as the specification asks', async () => {
  const cwd = place({ 'model/.gitattributes': 'x' });
  mkdirSync(join(cwd, 'model/.git'));
  writeFileSync(join(cwd, 'model/.git/HEAD'), 'ref: refs/heads/main\n');
  const found = await collected(cwd);
  expect(found.ignored).toEqual(['.git', '.gitattributes']);
  expect(found.err).not.toContain('left out');
});
