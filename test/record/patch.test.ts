/** The patch of uncommitted changes: git itself takes it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordCommand } from '../../src/record/command.js';
import { PATCH_MARK, patchOf } from '../../src/record/patch.js';
import { temporaryDirectory } from '../support/temporary.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gitIn = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'core.autocrlf=false', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const COMMITTED = {
  'train.py': 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n',
  'end.py': 'a\nb',
  'gone.py': 'x\n',
  'emptied.py': 'y\n',
  'a name.py': 'z\n',
  'latin.py': Buffer.from([0x61, 0xe9, 0x0a, 0x62, 0x0a]),
  'crlf.py': 'a\r\nb\r\n',
  'run.sh': 'echo\n',
  'pkg/same.py': 's\n',
};
const CHANGED = {
  'train.py': 'one\ntwo\nthree\nfour\nFIVE\nsix\nseven\nEIGHT\nnine\n',
  'end.py': 'a\nb\n',
  'emptied.py': '',
  'a name.py': 'z\nz\n',
  'latin.py': Buffer.from([0x61, 0xe8, 0x0a, 0x62, 0x0a]),
  'crlf.py': 'a\r\nc\r\n',
  'pkg/new.py': 'n',
  'blank.py': '',
};
const KEPT = ['run.sh', ...Object.keys(CHANGED)];

function repository(): string {
  const cwd = temporaryDirectory(COMMITTED);
  symlinkSync('train.py', join(cwd, 'link.py'));
  gitIn(cwd, 'init', '-q');
  gitIn(cwd, 'add', '-A');
  gitIn(cwd, 'commit', '-qm', 'x');
  return cwd;
}
const record = async (cwd: string, more: object = {}) =>
  (
    await recordCommand(['sh', '-c', 'mkdir -p out; echo 1 > out/w.bin'], {
      env: { PATH: process.env.PATH },
      probes: ['git'],
      cwd,
      file: 'run.msbom.json',
      keepPatch: 'run.patch',
      ...more,
    })
  ).record;
const patchIn = (all: Awaited<ReturnType<typeof record>>) =>
  Object.values(all?.manifest.components ?? {}).find(({ description }) => description?.startsWith('patch of'));

describe.skipIf(spawnSync('git', ['--version']).status !== 0)('the patch of a run (needs git)', () => {
  it('gives the files that ran from the commit alone, and its digest stands in the record', async () => {
    const cwd = repository();
    for (const [path, text] of Object.entries(CHANGED)) writeFileSync(join(cwd, path), text);
    rmSync(join(cwd, 'gone.py'));
    chmodSync(join(cwd, 'run.sh'), 0o755);
    const left = await record(cwd);
    const patch = readFileSync(join(cwd, 'run.patch'));
    expect(patchIn(left)).toMatchObject({ type: 'file', name: 'run.patch', digest: { sha256: sha256(patch) } });
    expect(left?.findings.map(({ message }) => message).join('\n')).not.toContain('the patch lacks');
    expect(Object.keys(left?.manifest.artifacts ?? {})).toEqual(['w.bin']);

    const clean = join(temporaryDirectory(), 'clean');
    gitIn(cwd, 'clone', '-q', cwd, clean);
    gitIn(clean, 'apply', join(cwd, 'run.patch'));
    for (const path of KEPT) expect(readFileSync(join(clean, path)), path).toEqual(readFileSync(join(cwd, path)));
    expect(existsSync(join(clean, 'gone.py'))).toBe(false);
    expect(gitIn(clean, 'diff', '--summary')).toContain('mode change 100644 => 100755 run.sh');
  }, 60_000);
  it('is not written where all is as committed, and that of an earlier run goes', async () => {
    const cwd = repository();
    writeFileSync(join(cwd, 'train.py'), 'other\n');
    expect(patchIn(await record(cwd))).toBeDefined();
    gitIn(cwd, 'checkout', 'train.py');
    // The patch itself is no code that was changed.
    expect(patchIn(await record(cwd))).toBeUndefined();
    expect(existsSync(join(cwd, 'run.patch'))).toBe(false);
  }, 60_000);
  it('replaces no file of somebody else', async () => {
    const cwd = repository();
    writeFileSync(join(cwd, 'run.patch'), 'mine');
    await expect(record(cwd)).rejects.toMatchObject({ code: 'ERR_IO_EXISTS' });
    expect(readFileSync(join(cwd, 'run.patch'), 'utf8')).toBe('mine');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  }, 60_000);
  it('is kept only when that is wished, and lacks what is no text or looks like a credential, which is told', async () => {
    const cwd = repository();
    mkdirSync(join(cwd, 'conf'));
    const key = `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6'}`;
    writeFileSync(join(cwd, 'train.py'), `TOKEN = "${key}"\n`);
    writeFileSync(join(cwd, 'conf/.env'), 'PASSPHRASE=x\n');
    writeFileSync(join(cwd, 'end.py'), new Uint8Array([0, 1]));
    writeFileSync(join(cwd, 'new.py'), 'fine\n');
    rmSync(join(cwd, 'crlf.py'));
    symlinkSync('end.py', join(cwd, 'crlf.py'));
    rmSync(join(cwd, 'link.py'));
    writeFileSync(join(cwd, 'link.py'), 'plain\n');
    const left = await record(cwd);
    const patch = readFileSync(join(cwd, 'run.patch'), 'utf8');
    expect(patch).toBe(
      `${PATCH_MARK}\ndiff --git a/new.py b/new.py\nnew file mode 100644\n--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,1 @@\n+fine\n`,
    );
    const told = left?.findings.find(({ message }) => message.startsWith('the patch lacks'));
    expect(told).toMatchObject({
      id: 'code-changed',
      message: expect.stringContaining('5 files (`conf/.env`, `crlf.py`, `end.py`, `link.py`, `train.py`)'),
    });
    expect(patchIn(await record(cwd, { keepPatch: undefined }))).toBeUndefined();
  }, 60_000);
});

describe('a patch', () => {
  const of = (before: string | undefined, after: string | undefined) =>
    Buffer.from(
      patchOf([
        {
          path: 'f',
          state: 'changed',
          content: {
            ...(before === undefined ? {} : { before: Buffer.from(before) }),
            ...(after === undefined ? {} : { after: Buffer.from(after) }),
            mode: '100644',
          },
        },
      ]).bytes,
    )
      .toString()
      .split('\n')
      .slice(1);
  it('has three lines before and behind', () => {
    expect(of('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nx\n6\n7\n8\n9\n')).toEqual([
      'diff --git a/f b/f',
      '--- a/f',
      '+++ b/f',
      '@@ -2,7 +2,7 @@',
      ...[' 2', ' 3', ' 4', '-5', '+x', ' 6', ' 7', ' 8', ''],
    ]);
  });
  it('tells of a last line without an end', () => {
    expect(of('a', 'a\n').slice(3)).toEqual(['@@ -1,1 +1,1 @@', '-a', '\\ No newline at end of file', '+a', '']);
  });
  it('is bounded in length', () => {
    const file = (path: string) => ({
      path,
      state: 'added' as const,
      content: { after: Buffer.alloc(9 * 1024 * 1024, 'word word\n'), mode: '100644' },
    });
    expect(patchOf([file('a'), file('b')]).left).toEqual(['b']);
  });
});
