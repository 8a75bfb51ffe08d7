/** What processes tell of themselves: real programs of Python, and lines that somebody else may have written. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openHost } from '../../src/platform/host.js';
import { importNames } from '../../src/probe/python/imports.js';
import { recordCommand } from '../../src/record/command.js';
import type { Known } from '../../src/record/interpreters.js';
import { openTrace, processOf, readTrace } from '../../src/record/trace/index.js';
import { seenIn, untraced } from '../../src/record/trace/processes.js';
import { MAX_LINES, startupFile } from '../../src/record/trace/startup.js';
import { validateManifest } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** Audit events came with 3.8. */
const hasPython =
  process.platform !== 'win32' &&
  spawnSync('python3', ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 8))'], { timeout: 20_000 }).status === 0;

const TRAIN = `
import importlib, os, sys
import pkg.model
from space.inner import other
importlib.import_module("hid" + "den")
open("data/raw/a.csv").read()
with open(os.path.abspath("data/raw/b.csv"), "rb") as file: file.read()
os.close(os.open("single.csv", os.O_RDONLY))
open("conf.yaml").read(); open("base.safetensors", "rb").read(); open(".env").read()
open("log.txt", "a").write("x"); open("pkg/touched.csv", "a").close()
os.makedirs("out", exist_ok=True)
open("out/model.bin", "wb").write(b"weights")
open("out/model.bin", "rb").read()
open("out/chained", "w").write(repr((getattr(sys, "chained", None), [path for path in sys.path if "msbom-trace" in path])))
if os.fork() == 0:
    open("data/forked.csv").read()
    os._exit(0)
os.wait()
`;
const PROJECT = {
  'work/train.py': TRAIN,
  'work/pkg/__init__.py': '',
  'work/pkg/model.py': 'z = 1\n',
  'work/pkg/idle.py': '',
  'work/pkg/touched.csv': 't',
  'work/data/raw/a.csv': 'a\n',
  'work/data/raw/b.csv': 'b\n',
  'work/data/raw/unread.csv': 'c\n',
  'work/data/forked.csv': 'f\n',
  'work/single.csv': 's\n',
  'work/conf.yaml': 'a: 1\n',
  'work/base.safetensors': 'x',
  'work/.env': 'TOKEN=x\n',
  'work/log.txt': 'old\n',
};

function distribution(site: string, name: string, files: Readonly<Record<string, string>>): void {
  const own = { ...files, [`${name}-1.2.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.2\n` };
  const record = `${name}-1.2.dist-info/RECORD`;
  const all = {
    ...own,
    [record]: Object.keys(own)
      .map((path) => `${path},,\n`)
      .join(''),
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(site, path, '..'), { recursive: true });
    writeFileSync(join(site, path), text);
  }
}

describe.skipIf(!hasPython)('a traced run (needs python3 >= 3.8)', () => {
  let root = '';
  const record = (command: readonly [string, ...string[]], more: object = {}) =>
    recordCommand(command, { cwd: join(root, 'work'), env: { PATH: process.env.PATH }, trace: true, file: 'run.msbom.json', ...more });
  beforeAll(() => {
    root = temporaryDirectory(PROJECT);
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(root, 'venv')]);
    const site = execFileSync(join(root, 'venv/bin/python'), ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
      encoding: 'utf8',
    }).trim();
    distribution(site, 'hidden', { 'hidden/__init__.py': '' });
    distribution(site, 'idle', { 'idle/__init__.py': '' });
    distribution(site, 'space_one', { 'space/inner/other.py': '' });
    distribution(site, 'space_two', { 'space/outer/other.py': '' });
    writeFileSync(join(site, 'sitecustomize.py'), 'import sys\nsys.chained = True\n');
  }, 60_000);

  it('has the packages that were imported, whatever the text says, and what else was used', async () => {
    const { outcome, record: left } = await record([join(root, 'venv/bin/python'), 'train.py']);
    expect(outcome).toEqual({ exitCode: 0 });
    if (left === undefined) throw new Error('no record');
    const { components = {}, datasets = {}, artifacts = {} } = left.manifest;
    const all = Object.values(components);
    const used = all.filter(({ extensions }) => extensions !== undefined);
    expect(used.map(({ name, extensions }) => [name, extensions])).toEqual([
      ['hidden', { 'msbom.trace': { used: true } }],
      ['space-one', { 'msbom.trace': { used: true } }],
    ]);
    // The text says `space`, which two have files in: both stay, and one was used.
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['space-two', '1 other packages of the environment']));
    expect(all.filter(({ type }) => type === 'file').map(({ name, digest }) => [name, digest?.sha256])).toEqual(
      expect.arrayContaining([
        ['pkg/__init__.py', sha256('')],
        ['pkg/model.py', sha256('z = 1\n')],
        ['conf.yaml', sha256('a: 1\n')],
        ['base.safetensors', sha256('x')],
      ]),
    );
    expect(all.filter(({ type }) => type === 'file')).toHaveLength(4);
    expect(Object.values(datasets).map(({ name, roles, files }) => [name, roles, Object.keys(files ?? {})])).toEqual([
      ['data', undefined, ['forked.csv', 'raw/a.csv', 'raw/b.csv']],
      ['single.csv', undefined, ['single.csv']],
    ]);
    expect(Object.keys(artifacts)).toEqual(['log.txt', 'out/chained', 'out/model.bin']);
    expect(left.findings.map(({ id }) => id)).not.toContain('trace-incomplete');
    expect(validateManifest(left.manifest).valid).toBe(true);
    const statement = JSON.parse(readFileSync(left.provenance ?? '', 'utf8'));
    expect(statement.predicate.buildDefinition.resolvedDependencies).toContainEqual({
      name: 'pkg/model.py',
      digest: { sha256: sha256('z = 1\n') },
      annotations: { role: 'module of the project that the run imported' },
    });
  }, 60_000);
  it('lets an installed start-up file run, and leaves no trace of its own', () => {
    expect(readFileSync(join(root, 'work/out/chained'), 'utf8')).toBe('(True, [])');
    expect(readFileSync(join(root, 'work/run.msbom.json'), 'utf8')).not.toContain('msbom-trace-');
  });
  it('has data that was named once, with its role', async () => {
    const { record: left } = await record([join(root, 'venv/bin/python'), 'train.py'], { inputs: ['data/raw=validation'] });
    expect(
      Object.values(left?.manifest.datasets ?? {}).map(({ name, roles, files }) => [name, roles, Object.keys(files ?? {}).length]),
    ).toEqual([
      ['raw', ['validation'], 3],
      ['forked.csv', undefined, 1],
      ['single.csv', undefined, 1],
    ]);
  }, 60_000);
  it('finds the environment of a process that no launcher names', async () => {
    writeFileSync(join(root, 'work/run.sh'), `exec "$1/venv/bin/python" train.py\n`);
    const { record: left } = await record(['sh', 'run.sh', root]);
    expect(Object.values(left?.manifest.components ?? {}).map(({ name }) => name)).toContain('hidden');
  }, 60_000);
  it('counts in the environment that the caller names', async () => {
    // Longer than the first look at the environment takes, which knows of no trace.
    writeFileSync(join(root, 'work/slow.sh'), 'sh run.sh "$1"; sleep 1\n');
    const { record: left } = await record(['sh', 'slow.sh', root], { python: join(root, 'venv') });
    const used = Object.values(left?.manifest.components ?? {}).filter(({ extensions }) => extensions !== undefined);
    expect(used.map(({ name }) => name)).toEqual(['hidden', 'space-one']);
  }, 60_000);
  it('says so where Python does not load the file', async () => {
    const { record: left } = await record([join(root, 'venv/bin/python'), '-I', '-c', 'open("log.txt", "w").write("y")']);
    expect(left?.findings).toContainEqual(expect.objectContaining({ id: 'trace-incomplete', severity: 'medium' }));
  }, 60_000);
  it('leaves out what was changed since it was read, and says so', async () => {
    const script = 'import os; open("single.csv").read(); open("single.csv", "w").write("t"); open("pkg/model.py").read()';
    const { record: left } = await record([join(root, 'venv/bin/python'), '-c', script]);
    expect(left?.manifest.datasets).toBeUndefined();
    // What a run writes is an output of it, whatever it read there.
    expect(Object.keys(left?.manifest.artifacts ?? {})).toEqual(['single.csv']);
    expect(left?.findings.map(({ id }) => id)).not.toContain('trace-incomplete');
    const named = await record([join(root, 'venv/bin/python'), '-c', script], { outputs: ['out'] });
    expect(named.record?.manifest.datasets).toBeUndefined();
    expect(named.record?.findings).toContainEqual(
      expect.objectContaining({ id: 'trace-incomplete', message: expect.stringContaining('`single.csv`') }),
    );
  }, 60_000);
  it('tells of each fork by itself', async () => {
    const trace = await openTrace(join(root, 'work'), {});
    const env = { PATH: process.env.PATH, PYTHONPATH: trace.env.PYTHONPATH };
    execFileSync(join(root, 'venv/bin/python'), ['train.py'], { cwd: join(root, 'work'), env });
    const { processes } = await trace.read();
    await trace.close();
    const [parent, child] = [...processes].sort((a, b) => a.reads.length - b.reads.length).reverse();
    expect(processes).toHaveLength(2);
    expect(child).toMatchObject({ parent: parent?.pid, reads: [expect.stringMatching(/data\/forked\.csv$/)], modules: [] });
  }, 60_000);
  it('fails as it would without', async () => {
    const { outcome } = await record([join(root, 'venv/bin/python'), '-c', 'import os; os.abort()']);
    expect(outcome).toEqual({ signal: 'SIGABRT' });
  }, 60_000);
});

it('has a package by the place of its file, not by its name', async () => {
  const venv = temporaryDirectory({ 'pyvenv.cfg': 'home = /opt/none/bin\nversion = 3.11.2\n' });
  const site = join(venv, 'lib/python3.11/site-packages');
  distribution(site, 'one', { 'one/__init__.py': '' });
  distribution(site, 'two', { 'two/__init__.py': '' });
  const files = new Set([join(site, 'two/__init__.py'), '/elsewhere/lib/python3.11/site-packages/one/__init__.py']);
  expect([...(await importNames(openHost({ cwd: venv, env: {} }), venv, files)).used]).toEqual(['two']);
});

describe('the directory of a trace', () => {
  it('stands in front of the path that there was, and is gone when it is closed', async () => {
    const trace = await openTrace(temporaryDirectory(), { PYTHONPATH: '/opt/own' });
    const [directory = '', ...rest] = (trace.env.PYTHONPATH ?? '').split(':');
    expect(rest).toEqual(['/opt/own']);
    expect(existsSync(join(directory, 'sitecustomize.py'))).toBe(true);
    expect(await trace.read()).toEqual({ processes: [], isCut: false });
    await trace.close();
    expect(existsSync(directory)).toBe(false);
  });
  it('names the directory of the run in signs that every encoding has', () => {
    expect(startupFile(['/a"b\\ä\n'])).toContain('roots = ("/a\\U00000022b\\U0000005c\\U000000e4\\U0000000a/", )');
  });
});

const HEAD = {
  pid: 7,
  parent: 1,
  executable: '/usr/bin/python3',
  prefix: '/usr',
  cwd: '/w',
  version: '3.11.2',
  words: ['python3', 't.py'],
};
const lines = (...all: readonly unknown[]) => all.map((each) => `${JSON.stringify(each)}\n`).join('');

describe('what a process tells', () => {
  it('is taken where it has the right form, each path once', () => {
    const text = lines(HEAD, { package: '/s/a.py' }, { module: '/w/m.py' }, { read: '/w/d.csv' }, { read: '/w/d.csv' });
    expect(processOf(text)).toEqual({ ...HEAD, packages: ['/s/a.py'], modules: ['/w/m.py'], reads: ['/w/d.csv'], isCut: false });
  });
  it.each([
    ['no number', { ...HEAD, pid: '7' }],
    ['a negative number', { ...HEAD, pid: -1 }],
    ['a path that is not absolute', { ...HEAD, executable: 'python3' }],
    ['no object', [HEAD]],
  ])('is nothing where it begins with %s', (_, head) => {
    expect(processOf(lines(head, { read: '/w/d.csv' }))).toBeUndefined();
  });
  it.each([
    ['relative', 'd.csv'],
    ['leads back', '/w/../etc/passwd'],
    ['too long', `/${'d'.repeat(4096)}`],
    ['half a character', '/w/\ud800'],
    ['no text', 7],
    ['one with a zero', '/w/\0'],
  ])('has no path that is %s', (_, path) => {
    expect(processOf(lines(HEAD, { read: path }))).toMatchObject({ reads: [], isCut: true });
  });
  it('is bounded in lines, and passes over one that was cut off', () => {
    const many = Array.from({ length: MAX_LINES + 5 }, (_, i) => ({ read: `/w/${i}` }));
    const told = processOf(lines(HEAD, ...many));
    expect(told?.reads).toHaveLength(MAX_LINES);
    expect(told?.isCut).toBe(true);
    expect(processOf(`${lines(HEAD, { read: '/w/a' })}{"read":"/w/`)).toMatchObject({ reads: ['/w/a'], isCut: true });
  });
  it.skipIf(process.platform === 'win32')('is read from files alone: no link, no pipe, no directory', async () => {
    const directory = temporaryDirectory({ '7-1.jsonl': lines(HEAD), 'elsewhere/secret': lines({ ...HEAD, pid: 8 }), 'x.jsonl/y': '' });
    symlinkSync(join(directory, 'elsewhere/secret'), join(directory, '8-1.jsonl'));
    execFileSync('mkfifo', [join(directory, '9-1.jsonl')]);
    expect((await readTrace(directory)).processes.map(({ pid }) => pid)).toEqual([7]);
  });
});

describe('traced processes beside those that were seen', () => {
  const traced = { processes: [{ ...HEAD, packages: [], modules: [], reads: [], isCut: false }], isCut: false };
  const seen = (pid: number, parent: number, words: readonly string[], language: 'python' | 'shell' = 'python'): Known => ({
    seen: { pid, parent, program: '/usr/bin/python3', words, cwd: '/w', variables: {} },
    interpreter: { language, path: '/usr/bin/python3', environment: '/usr', cwd: '/w', variables: {} },
  });
  it('count where nobody saw them, as they were called', async () => {
    expect(await seenIn(traced, [seen(7, 1, ['python3'])])).toEqual([]);
    expect(await seenIn(traced, [seen(7, 1, ['sh'], 'shell')])).toMatchObject([{ pid: 7, words: ['/usr/bin/python3', 't.py'], cwd: '/w' }]);
  });
  it('are missed where they tell nothing; a copy of a parent is no process of its own', () => {
    const [first, other] = [seen(7, 1, ['python3', 't.py']), seen(9, 7, ['python3', '-I', 'x.py'])];
    expect(untraced(traced, [first, other])).toMatchObject([
      { id: 'trace-incomplete', severity: 'low', message: expect.stringMatching(/^1 of 2/) },
    ]);
    expect(untraced(traced, [first, seen(9, 7, ['python3', 't.py'])])).toEqual([]);
    expect(untraced({ processes: [], isCut: false }, [first])).toMatchObject([{ severity: 'medium' }]);
    expect(untraced({ ...traced, isCut: true }, [first])).toMatchObject([{ severity: 'low' }]);
  });
});
