/** What is written is never one of the files that are read, by whatever name. */
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { MsbomError } from '../../src/core/error.js';
import { collectDirectory, openGuard, verifyDirectory, writeFileAtomic } from '../../src/node.js';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const base = readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8');

function place(): string {
  const cwd = temporaryDirectory({
    'm/config.json': '{"architectures":["A"]}',
    'm/w.bin': 'precious',
    'm/sub/x.bin': 'x',
    'data/d.csv': 'a,b\n1,2\n',
    'over.yaml': 'model:\n  version: "1"\n',
    'c.json': '{"version":"2"}',
    'a.msbom.json': base,
    'b.msbom.json': base,
    'elsewhere/e.txt': 'e',
  });
  symlinkSync(join(cwd, 'm', 'w.bin'), join(cwd, 'link.json'));
  linkSync(join(cwd, 'm', 'w.bin'), join(cwd, 'hard.json'));
  symlinkSync('m', join(cwd, 'n'));
  symlinkSync('nowhere', join(cwd, 'dangling'));
  return cwd;
}

/** All files with their content. */
const all = (cwd: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (readdirSync(cwd, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => existsSync(path) && statSync(path).isFile())
      .map((path) => [relative(cwd, path), readFileSync(path, 'latin1')]),
  );

const REFUSED: readonly (readonly [what: string, code: string, ...argv: readonly string[]])[] = [
  ['a weight file', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '-o', 'm/w.bin'],
  ['a configuration, by a way around', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '-o', 'm/../m/config.json'],
  ['a weight file, through a link to its directory', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '-o', 'n/w.bin'],
  ['a weight file, where the directory is named by a link', 'ERR_OUTPUT_IS_INPUT', 'collect', 'n', '-o', 'm/w.bin'],
  ['a weight file, through a link', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '-o', 'link.json'],
  ['a weight file, by its other name', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '-o', 'hard.json'],
  ['a file that is excluded', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '--exclude', 'w.bin', '-o', 'm/w.bin'],
  ['a file of a dataset', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '--dataset', 'data', '-o', 'data/d.csv'],
  ['the one file of a dataset', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '--dataset', 'data/d.csv', '-o', 'data/d.csv'],
  ['a file of a pattern', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '--dataset', 'data/*.csv', '-o', 'data/d.csv'],
  ['a dataset that is described', 'ERR_OUTPUT_IS_INPUT', 'collect', 'data', '--subject', 'dataset', '-o', 'data/d.csv'],
  ['a dataset of one file', 'ERR_OUTPUT_IS_INPUT', 'collect', 'data/d.csv', '--subject', 'dataset', '-o', 'data/d.csv'],
  ['an overlay', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '--overlay', 'over.yaml', '-o', 'over.yaml'],
  ['a configuration that is named', 'ERR_OUTPUT_IS_INPUT', 'collect', 'm', '--config', 'c.json', '-o', 'c.json'],
  ['an input of a run', 'ERR_OUTPUT_IS_INPUT', 'record', '-i', 'data', '-o', 'data/d.csv', '--', 'true'],
  ['a file of the directory of a run', 'ERR_OUTPUT_IS_INPUT', 'record', '-o', 'm/w.bin', '--', 'true'],
  ['the document that is converted', 'ERR_OUTPUT_IS_INPUT', 'convert', 'a.msbom.json', '-o', 'a.msbom.json'],
  ['the document, by the list of losses', 'ERR_OUTPUT_IS_INPUT', 'convert', 'a.msbom.json', '--losses', './a.msbom.json'],
  ['the first of what is merged', 'ERR_OUTPUT_IS_INPUT', 'merge', 'a.msbom.json', 'b.msbom.json', '-o', 'a.msbom.json'],
  ['the second of what is merged', 'ERR_OUTPUT_IS_INPUT', 'merge', 'a.msbom.json', 'b.msbom.json', '-o', 'b.msbom.json'],
  ['a directory', 'ERR_IO_WRITE', 'collect', 'm', '-o', 'elsewhere'],
  ['a link that leads nowhere', 'ERR_IO_LINK', 'collect', 'm', '-o', 'dangling'],
  ['two outputs in one', 'ERR_CLI_USAGE', 'convert', 'a.msbom.json', '-o', 'x.json', '--losses', 'm/../x.json'],
  ['no name', 'ERR_CLI_USAGE', 'init', '-o', ''],
];

describe.skipIf(process.platform === 'win32')('an output', () => {
  it.each(REFUSED)('that is %s is refused with %s, and everything is as it was', async (_what, code, ...argv) => {
    const cwd = place();
    const before = all(cwd);
    // `--force` lifts nothing of this.
    const [verb = '', ...rest] = argv;
    const { code: exit, err } = await runCli(cwd, [verb, '--force', ...rest], { env: { PATH: process.env.PATH ?? '' } });
    expect({ exit, code: /\[(ERR_\w+)\]/.exec(err)?.[1] }).toEqual({ exit: 2, code });
    expect(all(cwd)).toEqual(before);
  });
  it.each(['link.msbom.json', 'deep/x.msbom.json'])('is not written through a link of the described directory: %s', async (name) => {
    const cwd = place();
    symlinkSync(join(cwd, 'elsewhere', 'e.txt'), join(cwd, 'm', 'link.msbom.json'));
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'm', 'deep'));
    const before = all(cwd);
    const { code, err } = await runCli(cwd, ['collect', 'm', '-o', `m/${name}`, '--force']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('[ERR_IO_LINK]') });
    expect(all(cwd)).toEqual(before);
  });
  it('elsewhere may be a link to a file, which stays one', async () => {
    const cwd = place();
    symlinkSync(join(cwd, 'elsewhere', 'e.txt'), join(cwd, 'latest.json'));
    expect((await runCli(cwd, ['collect', 'm', '-o', 'latest.json', '--force'])).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'elsewhere', 'e.txt'), 'utf8'))).toMatchObject({ model: {} });
  });
  it('that a shell opens is no file of the model, and one that has content is refused', () => {
    const cwd = place();
    const run = (line: string) =>
      spawnSync('sh', ['-c', line], { cwd, encoding: 'utf8', env: { ...process.env, NODE: process.execPath, MSBOM: program } });
    expect(run('"$NODE" "$MSBOM" collect m > m/new.json').status).toBe(0);
    const { artifacts = {} } = JSON.parse(readFileSync(join(cwd, 'm/new.json'), 'utf8')) as Manifest;
    expect(Object.keys(artifacts)).toEqual(['config.json', 'sub/x.bin', 'w.bin']);
    const added = run('"$NODE" "$MSBOM" collect m >> m/w.bin');
    expect(added).toMatchObject({ status: 2, stderr: expect.stringContaining('[ERR_OUTPUT_IS_INPUT]') });
    expect(readFileSync(join(cwd, 'm/w.bin'), 'utf8')).toBe('precious');
    const device = run('"$NODE" "$MSBOM" convert a.msbom.json -o /dev/stdout | cat');
    expect(JSON.parse(device.stdout)).toMatchObject({ bomFormat: 'CycloneDX' });
  });
  it('that is known by other capitals is found by its inode', async () => {
    const cwd = place();
    // What a file system that knows no capitals answers: the same inode under another name.
    linkSync(join(cwd, 'm', 'config.json'), join(cwd, 'm', 'CONFIG.json'));
    const { code, err } = await runCli(cwd, ['collect', 'm', '-o', 'm/CONFIG.json', '--force']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('[ERR_OUTPUT_IS_INPUT]') });
  });
});

describe('a file that is there', () => {
  const made = ['m.msbom.json', 'm.cdx.json', 'm.cdx.xml', 'm.spdx.json', 'm.spdx', 'm.html', 'm.md'];
  it.each(made)('is replaced when msbom made it: %s', async (name) => {
    const cwd = temporaryDirectory({ 'a.msbom.json': base, 'm.json': '' });
    const write = () => runCli(cwd, ['convert', 'a.msbom.json', '-o', name]);
    expect((await write()).code).toBe(0);
    const first = all(cwd);
    expect(await write()).toMatchObject({ code: 0 });
    expect(all(cwd)).toEqual(first);
  });
  it.each(['m.msbom.json', 'notes.md', 'w.bin'])('stays when somebody else made it, unless --force is given: %s', async (name) => {
    const cwd = temporaryDirectory({ 'a.msbom.json': base });
    // It speaks of msbom, and holds no document of it.
    writeFileSync(join(cwd, name), '{"name":"notes about msbom"}');
    const before = all(cwd);
    const refused = await runCli(cwd, ['convert', 'a.msbom.json', '--to', 'msbom', '-o', 'new.json', '-o', name]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(`${name}: the file exists already, and msbom did not make it`) });
    expect(all(cwd)).toEqual(before);
    expect((await runCli(cwd, ['convert', 'a.msbom.json', '-o', name, '--force'])).code).toBe(0);
    expect(all(cwd)[name]).not.toBe(before[name]);
  });
  it('that is a first manifest stays too, for it was filled in', async () => {
    const cwd = temporaryDirectory();
    expect((await runCli(cwd, ['init', '-o', 'x.json'])).code).toBe(0);
    expect(await runCli(cwd, ['init', '-o', 'x.json'])).toMatchObject({ code: 2, err: expect.stringContaining('[ERR_IO_EXISTS]') });
    expect((await runCli(cwd, ['init', '-o', 'x.json', '--force'])).code).toBe(0);
  });
});

describe('the manifest of an earlier run', () => {
  const paths = (cwd: string, file: string) => Object.keys((JSON.parse(readFileSync(join(cwd, file), 'utf8')) as Manifest).artifacts ?? {});
  it.each(['m/about.json', 'm/m.msbom.json', 'm/sub/any.name'])('is replaced and not described: %s', async (file) => {
    const cwd = place();
    for (let i = 0; i < 2; i++) expect((await runCli(cwd, ['collect', 'm', '-o', file, '-q'])).err).toBe('');
    expect(paths(cwd, file)).toEqual(['config.json', 'sub/x.bin', 'w.bin']);
    const { code, out } = await runCli(cwd, ['verify', 'm', '-m', file]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`not covered: ${file.slice(2)} (the manifest itself)`) });
    expect((await runCli(cwd, ['verify', 'm', '-m', file, '--strict'])).code).toBe(0);
  });
  it('is a file like any other for the next one of another name, as signatures are', async () => {
    const cwd = place();
    writeFileSync(join(cwd, 'm', 'model.sig'), 's');
    await runCli(cwd, ['collect', 'm', '-o', 'm/one.msbom.json']);
    await runCli(cwd, ['collect', 'm', '-o', 'm/two.msbom.json']);
    expect(paths(cwd, 'm/two.msbom.json')).toEqual(['config.json', 'model.sig', 'one.msbom.json', 'sub/x.bin', 'w.bin']);
    expect((await runCli(cwd, ['verify', 'm', '-m', 'm/two.msbom.json'])).code).toBe(0);
    expect((await runCli(cwd, ['verify', 'm', '-m', 'm/one.msbom.json'])).code).toBe(1);
  });
  it.skipIf(process.platform === 'win32')('that goes by a second name in the directory is refused', async () => {
    const cwd = place();
    await runCli(cwd, ['collect', 'm', '-o', 'm/one.msbom.json']);
    linkSync(join(cwd, 'm/one.msbom.json'), join(cwd, 'm/two.json'));
    expect((await runCli(cwd, ['collect', 'm', '-o', 'm/one.msbom.json'])).err).toContain('[ERR_OUTPUT_IS_INPUT]');
  });
  it('of a library is left out by its guard', async () => {
    const cwd = place();
    const file = join(cwd, 'm', 'about.json');
    writeFileSync(file, base);
    const guard = openGuard();
    await guard.writes(file);
    const { manifest } = await collectDirectory(join(cwd, 'm'), { guard });
    expect((await verifyDirectory(join(cwd, 'm'), manifest, { manifestFile: file })).ok).toBe(true);
    expect((await verifyDirectory(join(cwd, 'm'), manifest)).ok).toBe(false);
  });
});

const thrown = (work: Promise<unknown>): Promise<Pick<MsbomError, 'code'>> =>
  work.then(
    () => expect.unreachable(),
    (error: MsbomError) => error,
  );

it('a file that became an input between the first look and the writing is refused, and nothing is left behind', async () => {
  const cwd = place();
  const target = join(cwd, 'out.json');
  const guard = openGuard();
  await guard.writes(target);
  await guard.reads(join(cwd, 'over.yaml'));
  linkSync(join(cwd, 'over.yaml'), target);
  expect(await thrown(writeFileAtomic(target, 'x', { guard }))).toMatchObject({ code: 'ERR_OUTPUT_IS_INPUT' });
  expect(readFileSync(join(cwd, 'over.yaml'), 'utf8')).toContain('version');
  expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it.skipIf(process.platform === 'win32')('what a run writes where its record was to go stays', async () => {
  const cwd = place();
  mkdirSync(join(cwd, 'out'));
  const run = ['sh', '-c', 'rm out/w.bin; echo weights > out/w.bin'];
  const env = { PATH: process.env.PATH ?? '' };
  const { code, err } = await runCli(cwd, ['record', '-o', 'out/w.bin', '--output-path', 'out', '--with', 'os', '--', ...run], { env });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('[ERR_OUTPUT_IS_INPUT]') });
  expect(readFileSync(join(cwd, 'out/w.bin'), 'utf8')).toBe('weights\n');
});
