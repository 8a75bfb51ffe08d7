import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openHost } from '../../src/platform/host.js';
import { temporaryDirectory } from '../support/temporary.js';

/** A root with something secret beside it. */
function tree(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
  const directory = temporaryDirectory({
    secret: 'secret',
    'root/.keep': '',
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`root${path}`, text])),
  });
  const root = join(directory, 'root');
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  return { root, directory, host: openHost({ root }) };
}

describe('a root that is not /', () => {
  it('has paths of its own', async () => {
    const { host } = tree({ '/etc/os-release': 'ID=x\n', '/etc/b': '', '/etc/a': '' });
    expect(await host.readText('/etc/os-release')).toBe('ID=x\n');
    expect(await host.readText('/etc/../etc/./os-release')).toBe('ID=x\n');
    expect(await host.list('/etc')).toEqual(['a', 'b', 'os-release']);
    expect(await host.kind('/etc')).toBe('directory');
    expect(await host.kind('/etc/a')).toBe('file');
    expect(await host.kind('/etc/none')).toBeUndefined();
    expect(await host.readText('/etc')).toBeUndefined();
    expect(await host.list('/etc/a')).toEqual([]);
    expect(await host.list('/none')).toEqual([]);
    expect(await host.readText('/etc/a/b')).toBeUndefined();
    expect(await host.open('/none')).toBeUndefined();
  });
  it('says nothing of the machine that runs us', () => {
    const { host } = tree({});
    expect(host).toMatchObject({ live: false, platform: 'linux', env: {}, cwd: '/' });
    expect(host.machine).toBeUndefined();
    expect(host.system).toBeUndefined();
  });
  it('runs nothing', async () => {
    expect(await tree({}).host.run('true', [])).toBeUndefined();
  });
  it('can stand for a running machine', async () => {
    const run = () => Promise.resolve({ exitCode: 0, stdout: 'x' });
    const host = openHost({ root: tree({}).root, live: true, machine: 'aarch64', platform: 'linux', env: { A: 'b' }, cwd: '/w', run });
    expect(host).toMatchObject({ live: true, machine: 'aarch64', env: { A: 'b' }, cwd: '/w' });
    expect(await host.run('anything', [])).toEqual({ exitCode: 0, stdout: 'x' });
  });

  describe('is never left', () => {
    const links = {
      absolute: '/etc/name',
      relative: 'etc/name',
      up: '../../../../etc/name',
      out: '../secret',
      'out-absolute': '/secret',
      loop: 'loop2',
      loop2: 'loop',
      self: '.',
      parent: '..',
      'etc/parent': '..',
      dangling: 'nowhere',
      directory: '/etc',
      through: 'directory/name',
      'up-from-link': 'directory/../etc/name',
    };
    it('by links', async () => {
      const { host, directory } = tree({ '/etc/name': 'inside', '/etc/deep/x': '' }, links);
      symlinkSync(join(directory, 'secret'), join(directory, 'root', 'host-path'));
      for (const path of [
        'absolute',
        'relative',
        'up',
        'through',
        'up-from-link',
        'parent/etc/name',
        'etc/parent/parent/parent/etc/name',
        'self/self/relative',
      ])
        expect(await host.readText(`/${path}`), path).toBe('inside');
      for (const path of ['out', 'out-absolute', 'host-path', 'loop', 'dangling', '../secret', '../../secret', 'etc/../../secret'])
        expect(await host.readText(`/${path}`), path).toBeUndefined();
      expect(await host.resolve('/through')).toBe('/etc/name');
      expect(await host.resolve('/parent')).toBe('/');
      expect(await host.resolve('/loop')).toBeUndefined();
      expect(await host.kind('/parent')).toBe('directory');
      expect(await host.list('/parent')).toContain('etc');
    });
    it('by a step up behind a link, which is a step up from where the link leads', async () => {
      const { host } = tree({ '/a/b/name': 'ab', '/a/name': 'a', '/name': 'root' }, { link: 'a/b' });
      expect(await host.readText('/link/name')).toBe('ab');
      expect(await host.readText('/link/../name')).toBe('a');
      expect(await host.readText('/link/../../name')).toBe('root');
      expect(await host.readText('/link/../../../../name')).toBe('root');
    });
    it('by any path at all', async () => {
      const { host } = tree({ '/etc/name': 'inside', '/a/b/c/d': 'inside' }, links);
      const step = fc.constantFrom(
        '..',
        '.',
        '',
        'etc',
        'a',
        'b',
        'secret',
        ...Object.keys(links).map((name) => name.split('/').at(-1) ?? ''),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          expect([undefined, 'inside', '']).toContain(await host.readText(`/${steps.join('/')}`));
        }),
        { numRuns: 300 },
      );
    });
    it('by names that no file can have', async () => {
      const { host } = tree({ '/etc/name': 'inside' });
      for (const path of ['/etc/na\0me', '/\0', `/${'x'.repeat(5000)}`, '']) expect(await host.readText(path)).toBeUndefined();
    });
  });

  it('reads only regular files, and never waits', async () => {
    const { host, root } = tree({});
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await expect(host.readText('/pipe')).rejects.toMatchObject({ code: 'ERR_IO_READ', file: '/pipe' });
    await expect(host.open('/pipe')).rejects.toMatchObject({ code: 'ERR_IO_READ' });
    expect(await host.kind('/pipe')).toBeUndefined();
  });
  it('stops at the limit, to the byte', async () => {
    const { host } = tree({ '/f': 'x'.repeat(100_000) });
    expect((await host.readText('/f', 100_000))?.length).toBe(100_000);
    await expect(host.readText('/f', 99_999)).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES', file: '/f' });
    await expect(host.readText('/f', 0)).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
    await expect(tree({ '/g': 'x'.repeat(1024 * 1024 + 1) }).host.readText('/g')).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
  });
  it('reads large files when asked to', async () => {
    const { host } = tree({ '/f': 'y'.repeat(20 * 1024 * 1024) });
    expect((await host.readText('/f', 32 * 1024 * 1024))?.length).toBe(20 * 1024 * 1024);
  });
  it('opens files to be read anywhere', async () => {
    const source = await tree({ '/f': 'abcdef' }).host.open('/f');
    expect(source?.size).toBe(6);
    expect(new TextDecoder().decode(await source?.read(2, 3))).toBe('cde');
    await source?.close();
  });
  it.runIf(process.getuid?.() !== 0 && process.platform !== 'win32')('says what it may not read', async () => {
    const { host, root } = tree({ '/f': 'x', '/d/x': '' });
    chmodSync(join(root, 'f'), 0);
    chmodSync(join(root, 'd'), 0);
    await expect(host.readText('/f')).rejects.toMatchObject({ code: 'ERR_IO_PERMISSION', file: '/f' });
    await expect(host.list('/d')).rejects.toMatchObject({ code: 'ERR_IO_PERMISSION' });
    await expect(host.readText('/d/x')).rejects.toMatchObject({ code: 'ERR_IO_PERMISSION' });
    chmodSync(join(root, 'd'), 0o755);
  });
});

describe.runIf(process.platform === 'linux')('the running machine', () => {
  const host = openHost();
  it('is itself', () => {
    expect(host).toMatchObject({ live: true, platform: process.platform, cwd: process.cwd() });
    expect(host.machine).toBe(execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim());
    expect(host.system?.release).toBe(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
  });
  it('has files without a size', async () => {
    expect(await host.readText('/proc/sys/kernel/osrelease')).toBe(`${host.system?.release}\n`);
    expect((await host.readText('/proc/self/mountinfo'))?.length).toBeGreaterThan(10);
    expect(await host.list('/proc/self')).toContain('status');
    expect(await host.kind('/proc/cpuinfo')).toBe('file');
  });
  it('tells a file that cannot be read from one that is not there', async () => {
    // Address 0 of a process is never mapped.
    await expect(host.readText('/proc/self/mem')).rejects.toMatchObject({ code: 'ERR_IO_READ', file: '/proc/self/mem' });
    await expect(host.readText('/dev/null')).rejects.toMatchObject({ code: 'ERR_IO_READ' });
    expect(await host.readText('/proc/self/none')).toBeUndefined();
    expect(await host.readText('/')).toBeUndefined();
  });
  it('is read as what it is through links to it', async () => {
    const directory = temporaryDirectory({ 'a/b': 'x' });
    symlinkSync('a', join(directory, 'link'));
    expect(await host.resolve(join(directory, 'link/b'))).toBe(join(directory, 'a/b'));
    expect(await host.readText(join(directory, 'link/b'))).toBe('x');
  });
});

describe.runIf(process.platform !== 'win32')('a program', () => {
  function programs(scripts: Readonly<Record<string, string>>) {
    const directory = temporaryDirectory();
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(directory, name), 0o755);
    }
    return { directory, host: openHost({ env: { PATH: `${directory}:/usr/bin:/bin`, SECRET: 'given' } }) };
  }
  it('is run with its arguments as they are, in C', async () => {
    const { host } = programs({ show: 'printf "%s|" "$@"; printf %s "$LC_ALL $SECRET"; pwd' });
    expect(await host.run('show', ['a b', '$(id)', '; rm'])).toEqual({ exitCode: 0, stdout: 'a b|$(id)|; rm|C /\n' });
  });
  it('has its exit code, and no input to wait for', async () => {
    const { host } = programs({ fail: 'cat; echo out; echo err >&2; exit 3' });
    expect(await host.run('fail', [])).toEqual({ exitCode: 3, stdout: 'out\n' });
  });
  it('that is not there, or is no program, is undefined', async () => {
    const { host, directory } = programs({ yes: 'true' });
    writeFileSync(join(directory, 'text'), 'x');
    mkdirSync(join(directory, 'folder'));
    for (const name of ['no-such-program', 'text', 'folder', './yes', '../yes', join(directory, 'none')])
      expect(await host.run(name, []), name).toBeUndefined();
    expect(await host.run(join(directory, 'yes'), [])).toEqual({ exitCode: 0, stdout: '' });
  });
  it('in the working directory, or in what is described, is not run, by name or path or link', async () => {
    const { directory } = programs({ tool: 'touch "$0.ran"' });
    const elsewhere = temporaryDirectory();
    symlinkSync(join(directory, 'tool'), join(elsewhere, 'tool'));
    symlinkSync(directory, join(elsewhere, 'folder'));
    const refused = { code: 'ERR_IO_PERMISSION', message: expect.stringContaining('described') };
    for (const options of [{ cwd: directory }, { described: [directory] }, { cwd: join(elsewhere, 'folder') }]) {
      for (const PATH of [directory, elsewhere, join(elsewhere, 'folder')])
        await expect(openHost({ ...options, env: { PATH } }).run('tool', [])).rejects.toMatchObject(refused);
      await expect(openHost({ ...options, env: {} }).run(join(directory, 'tool'), [])).rejects.toMatchObject(refused);
    }
    for (const PATH of ['.', '', '::', 'relative'])
      expect(await openHost({ cwd: directory, env: { PATH } }).run('tool', [])).toBeUndefined();
    expect(existsSync(join(directory, 'tool.ran'))).toBe(false);
    // It would run, and one that is trusted runs although one that is not comes first.
    expect(await openHost({ env: { PATH: `${directory}:/usr/bin:/bin` } }).run('tool', [])).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(directory, 'tool.ran'))).toBe(true);
    const other = programs({ tool: 'echo other' }).directory;
    expect(await openHost({ cwd: directory, env: { PATH: `${directory}:${other}` } }).run('tool', [])).toMatchObject({ stdout: 'other\n' });
  });
  it('that any user can replace is not run', async () => {
    const { directory, host } = programs({ tool: 'true' });
    chmodSync(join(directory, 'tool'), 0o777);
    await expect(host.run('tool', [])).rejects.toMatchObject({ code: 'ERR_IO_PERMISSION', message: expect.stringContaining('any user') });
    chmodSync(join(directory, 'tool'), 0o755);
    chmodSync(directory, 0o777);
    await expect(host.run('tool', [])).rejects.toMatchObject({ code: 'ERR_IO_PERMISSION' });
    chmodSync(directory, 0o755);
    expect(await host.run('tool', [])).toMatchObject({ exitCode: 0 });
  });
  it('gets no variable that makes it load or run something else', async () => {
    const { directory } = programs({ show: 'export -p' });
    const names = [
      'PYTHONSTARTUP',
      'PYTHONPATH',
      'NODE_OPTIONS',
      'LD_PRELOAD',
      'LD_LIBRARY_PATH',
      'BASH_ENV',
      'ENV',
      'GIT_DIR',
      'PERL5OPT',
    ];
    const env = Object.fromEntries(names.map((name) => [name, '/nonexistent/planted']));
    const host = openHost({ env: { ...env, HOME: '/home/example', PATH: `${directory}:/usr/bin:relative:/bin` } });
    const said = (await host.run('show', []))?.stdout ?? '';
    expect(said).not.toContain('planted');
    expect(said).not.toContain('relative');
    expect(said).toContain("HOME='/home/example'");
    const inside = openHost({ cwd: directory, env: { HOME: directory, PATH: `${directory}:/usr/bin:/bin` } });
    const theirs = (await inside.run('env', []))?.stdout ?? '';
    expect(theirs).not.toContain(directory);
  });
  it('that takes too long is ended, with what it started', async () => {
    const { host, directory } = programs({ slow: 'trap "" TERM; sleep 30 & echo $! >"$0.pid"; wait', 'slow-exec': 'exec sleep 30' });
    for (const name of ['slow', 'slow-exec'])
      await expect(host.run(name, [], { timeoutMs: 200 })).rejects.toMatchObject({ code: 'ERR_IO_READ', file: name });
    const state = `ps -o stat= -p ${readFileSync(join(directory, 'slow.pid'), 'utf8').trim()} || true`;
    await vi.waitFor(() => expect(execFileSync('sh', ['-c', state], { encoding: 'utf8' }).trim()).toMatch(/^Z?$/), 5000);
  });
  it('that prints without end is ended', async () => {
    const { host } = programs({ flood: 'yes' });
    await expect(host.run('flood', [])).rejects.toMatchObject({ code: 'ERR_IO_READ', message: expect.stringContaining('printed more') });
  });
  it('that dies of a signal has no output to trust', async () => {
    const { host } = programs({ die: 'echo half; kill -9 $$' });
    await expect(host.run('die', [])).rejects.toMatchObject({ code: 'ERR_IO_READ', message: expect.stringContaining('SIGKILL') });
  });
  it('that cannot be started is an error', async () => {
    const { host, directory } = programs({ odd: '' });
    writeFileSync(join(directory, 'odd'), '#!/no/such/interpreter\n');
    const result = await host.run('odd', []).catch((error: { code: string }) => error.code);
    expect([undefined, 'ERR_IO_READ']).toContain(result);
  });
});
