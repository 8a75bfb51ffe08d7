import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import type { HostOptions } from '../../src/platform/host.js';
import { openHost } from '../../src/platform/host.js';
import { parseGitConfig } from '../../src/probe/git/config.js';
import { git } from '../../src/probe/git/index.js';
import { isRefName } from '../../src/probe/git/refs.js';
import { publicUrl } from '../../src/probe/git/remote.js';
import type { ProbeContext } from '../../src/probe/probe.js';
import { temporaryDirectory } from '../support/temporary.js';

const ENV = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Example',
  GIT_AUTHOR_EMAIL: 'dev@example.org',
  GIT_COMMITTER_NAME: 'Example',
  GIT_COMMITTER_EMAIL: 'dev@example.org',
};
const run = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
const tried = (cwd: string, ...args: readonly string[]): string | undefined => {
  try {
    return run(cwd, ...args);
  } catch {
    return undefined;
  }
};

const context: ProbeContext = { environment: 'host', purpose: ['training'], limits: DEFAULT_LIMITS, includePrivate: false };

async function code(cwd: string, options: HostOptions = {}, given: ProbeContext = context) {
  const { contributions, findings = [] } = await git.probe(openHost({ cwd, env: ENV, ...options }), given);
  const claims = contributions.flatMap((each) => (each.kind === 'claim' ? [each] : []));
  return {
    said: Object.fromEntries(claims.map(({ pointer, value }) => [pointer.replace('/model/training/code/', ''), value])),
    claims,
    ids: findings.map(({ id }) => id),
  };
}

/** What the program says, in the same words. */
function byGit(cwd: string): { [key: string]: unknown } {
  const tags = (tried(cwd, 'tag', '--points-at', 'HEAD') ?? '').split('\n').filter(Boolean);
  const all = {
    commit: tried(cwd, 'rev-parse', '--verify', 'HEAD'),
    branch: tried(cwd, 'symbolic-ref', '--short', 'HEAD'),
    tag: tags.length === 0 ? undefined : tags[0],
    dirty: (tried(cwd, 'status', '--porcelain') ?? '') !== '',
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function repository(...init: readonly string[]): string {
  const directory = temporaryDirectory({ 'repo/train.py': 'print(1)\n' });
  const repo = join(directory, 'repo');
  run(repo, 'init', '-q', '-b', 'main', ...init);
  return repo;
}

function commit(repo: string, text: string): void {
  writeFileSync(join(repo, 'train.py'), `print(${JSON.stringify(text)})\n`);
  run(repo, 'add', '.');
  run(repo, 'commit', '-q', '-m', text);
}

describe('a repository is read as git reads it', () => {
  const cases: Readonly<Record<string, (repo: string) => string>> = {
    'with loose references': (repo) => repo,
    'in a directory below': (repo) => {
      mkdirSync(join(repo, 'deep/er'), { recursive: true });
      return join(repo, 'deep/er');
    },
    'on a branch with slashes': (repo) => {
      run(repo, 'checkout', '-q', '-b', 'feature/lora/r8');
      commit(repo, 'more');
      return repo;
    },
    'with packed references': (repo) => {
      run(repo, 'pack-refs', '--all', '--prune');
      return repo;
    },
    'with a lightweight tag': (repo) => {
      run(repo, 'tag', 'v1.0');
      return repo;
    },
    'with an annotated tag in a file of its own': (repo) => {
      run(repo, 'tag', '-a', 'v1.1', '-m', 'release');
      return repo;
    },
    'with an annotated tag in packed-refs': (repo) => {
      run(repo, 'tag', '-a', 'v1.2', '-m', 'release');
      run(repo, 'pack-refs', '--all', '--prune');
      return repo;
    },
    'with a loose tag whose object is in a pack': (repo) => {
      run(repo, 'tag', '-a', 'v1.3', '-m', 'release');
      const id = run(repo, 'rev-parse', 'v1.3');
      run(repo, 'gc', '-q', '--aggressive', '--prune=now');
      rmSync(join(repo, '.git/packed-refs'));
      mkdirSync(join(repo, '.git/refs/heads'), { recursive: true });
      mkdirSync(join(repo, '.git/refs/tags'), { recursive: true });
      writeFileSync(join(repo, '.git/refs/tags/v1.3'), `${id}\n`);
      writeFileSync(join(repo, '.git/refs/heads/main'), `${run(repo, 'rev-parse', `${id}^{commit}`)}\n`);
      return repo;
    },
    'with a tag of a tag': (repo) => {
      run(repo, 'tag', '-a', 'inner', '-m', 'x', 'HEAD~1');
      run(repo, 'tag', '-a', 'a-inner', '-m', 'x');
      run(repo, 'tag', '-a', 'b/outer', '-m', 'x', 'a-inner');
      return repo;
    },
    'with tags elsewhere only': (repo) => {
      run(repo, 'tag', '-a', 'old', '-m', 'x', 'HEAD~1');
      run(repo, 'tag', 'older', 'HEAD~1');
      return repo;
    },
    'with a detached HEAD': (repo) => {
      run(repo, 'checkout', '-q', '--detach', 'HEAD~1');
      return repo;
    },
    'in a second working tree': (repo) => {
      run(repo, 'worktree', 'add', '-q', '-b', 'side', join(repo, '../side'));
      commit(join(repo, '../side'), 'side');
      run(repo, 'pack-refs', '--all');
      return join(repo, '../side');
    },
    'in a shallow clone': (repo) => {
      run(repo, 'clone', '-q', '--depth', '1', `file://${repo}`, join(repo, '../shallow'));
      return join(repo, '../shallow');
    },
    'with a changed file': (repo) => {
      writeFileSync(join(repo, 'train.py'), 'print(2)\n');
      return repo;
    },
    'with a new file': (repo) => {
      writeFileSync(join(repo, 'new.py'), 'x');
      return repo;
    },
    'with an ignored file only': (repo) => {
      writeFileSync(join(repo, '.git/info/exclude'), 'out/\n');
      mkdirSync(join(repo, 'out'));
      writeFileSync(join(repo, 'out/x'), 'x');
      return repo;
    },
  };
  it.each(Object.entries(cases))('%s', async (_name, prepare) => {
    const repo = repository();
    commit(repo, 'one');
    commit(repo, 'two');
    const cwd = prepare(repo);
    const { said, ids } = await code(cwd);
    const { repository: _url, ...rest } = said;
    expect(rest).toEqual(byGit(cwd));
    expect(ids).toEqual([]);
  });
  it('with SHA-256 object ids', async () => {
    const repo = repository('--object-format=sha256');
    commit(repo, 'one');
    run(repo, 'tag', '-a', 'v2', '-m', 'x');
    expect((await code(repo)).said).toEqual(byGit(repo));
    expect((await code(repo)).said.commit).toMatch(/^[0-9a-f]{64}$/);
    run(repo, 'gc', '-q');
    expect((await code(repo)).said).toEqual(byGit(repo));
  });
  it('without a commit yet', async () => {
    const repo = repository();
    expect((await code(repo)).said).toEqual({ branch: 'main', dirty: true });
  });
});

describe('a submodule', () => {
  it('is a repository of its own, whose changes are those of the outer one', async () => {
    const inner = repository();
    commit(inner, 'inner');
    const outer = repository();
    commit(outer, 'outer');
    run(outer, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'lib');
    run(outer, 'commit', '-q', '-m', 'with submodule');
    const within = await code(join(outer, 'lib'));
    expect(within.said).toMatchObject({ commit: run(inner, 'rev-parse', 'HEAD'), dirty: false });
    expect(await code(outer)).toMatchObject({ said: { commit: run(outer, 'rev-parse', 'HEAD'), dirty: false }, ids: [] });
    writeFileSync(join(outer, 'lib/new'), 'x');
    expect((await code(outer)).said.dirty).toBe(true);
    rmSync(join(outer, 'lib/new'));
    commit(join(outer, 'lib'), 'another');
    expect((await code(outer)).said.dirty).toBe(true);
  });
});

describe('several tags at one commit', () => {
  it('give the annotated one', async () => {
    const repo = repository();
    commit(repo, 'one');
    run(repo, 'tag', 'a-light');
    run(repo, 'tag', '-a', 'z-release', '-m', 'x');
    expect((await code(repo)).said.tag).toBe('z-release');
  });
});

describe('the state of the files', () => {
  it('nothing is said', async () => {
    expect(await code(temporaryDirectory({ 'a/b': 'x' }))).toMatchObject({ said: {}, ids: [] });
  });
  it('of a mounted image the same is told', async () => {
    const repo = repository();
    commit(repo, 'one');
    expect(await code('/', { root: repo })).toMatchObject({ said: byGit(repo), ids: [] });
    writeFileSync(join(repo, 'train.py'), 'print(2)\n');
    expect((await code('/', { root: repo })).said).toEqual({ ...byGit(repo), dirty: true });
  });
  it('git need not be there', async () => {
    const repo = repository();
    commit(repo, 'one');
    expect(await code(repo, { env: { PATH: '/nonexistent' } })).toMatchObject({ said: byGit(repo), ids: [] });
  });
  it('a reftable is named as not read', async () => {
    const repo = repository();
    writeFileSync(join(repo, '.git/config'), '[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = reftable\n');
    writeFileSync(join(repo, '.git/HEAD'), 'ref: refs/heads/.invalid\n');
    const { said, ids } = await code(repo, { env: { PATH: '/nonexistent' } });
    // There is a new file, whatever the commit is.
    expect(said).toEqual({ dirty: true });
    expect(ids).toContain('metadata-unreadable');
    rmSync(join(repo, 'train.py'));
    expect(await code(repo)).toEqual({ said: {}, claims: [], ids: ['changes-unknown', 'metadata-unreadable'] });
  });
  it('code of an environment that only serves is not the training code', async () => {
    const repo = repository();
    commit(repo, 'one');
    const { claims } = await code(repo, {}, { ...context, purpose: ['inference'] });
    expect(claims.map(({ pointer }) => pointer)).toContain('/model/training/evaluationCode/commit');
    expect(claims.every(({ pointer }) => pointer.startsWith('/model/training/evaluationCode/'))).toBe(true);
  });
});

describe('the address', () => {
  it.each([
    ['https://example.org/org/repo.git', 'https://example.org/org/repo.git'],
    ['https://user:secret@example.org/org/repo.git', 'https://example.org/org/repo.git'],
    ['https://token@example.org:8443/r', 'https://example.org:8443/r'],
    ['https://a@b:c@example.org/r', 'https://example.org/r'],
    ['https://example.org/r?private_token=abc#frag', 'https://example.org/r'],
    ['git@example.org:org/repo.git', 'git@example.org:org/repo.git'],
    ['alice@example.org:org/repo.git', 'example.org:org/repo.git'],
    ['ssh://git@example.org/org/repo.git', 'ssh://git@example.org/org/repo.git'],
    ['ssh://alice:pw@example.org:22/org/repo.git', 'ssh://example.org:22/org/repo.git'],
    ['/home/alice/repo.git', undefined],
    ['../repo.git', undefined],
    ['C:\\Users\\alice\\repo', undefined],
    ['file:///srv/git/repo.git', undefined],
    ['https://', undefined],
    ['', undefined],
  ])('%s is told as %s', (url, expected) => {
    expect(publicUrl(url, false)).toBe(expected);
  });
  it('is that of the branch, and never holds a credential', async () => {
    const repo = repository();
    commit(repo, 'one');
    run(repo, 'remote', 'add', 'origin', 'https://alice:hunter2@example.org/a.git');
    expect((await code(repo)).said.repository).toBe('https://example.org/a.git');
    run(repo, 'remote', 'add', 'up', 'https://example.org/b.git');
    run(repo, 'config', 'branch.main.remote', 'up');
    expect((await code(repo)).said.repository).toBe('https://example.org/b.git');
    expect(JSON.stringify((await code(repo, {}, { ...context, includePrivate: true })).claims)).not.toContain('hunter2');
  });
});

describe('a hostile repository runs nothing', () => {
  const traps: Readonly<Record<string, (repo: string, trap: string) => void>> = {
    'by a file system monitor': (repo, trap) => run(repo, 'config', 'core.fsmonitor', trap),
    'by a clean filter': (repo, trap) => {
      run(repo, 'config', 'filter.x.clean', trap);
      writeFileSync(join(repo, '.gitattributes'), '* filter=x\n');
    },
    'by a filter process': (repo, trap) => {
      run(repo, 'config', 'filter.a.b.process', trap);
      writeFileSync(join(repo, '.gitattributes'), '* filter=a.b\n');
    },
    'by an included configuration': (repo, trap) => {
      writeFileSync(join(repo, '.git/more'), `[filter "x"]\n\tclean = ${trap}\n`);
      run(repo, 'config', 'include.path', 'more');
      writeFileSync(join(repo, '.gitattributes'), '* filter=x\n');
    },
    'by a hook': (repo, trap) => {
      writeFileSync(join(repo, '.git/hooks/post-index-change'), `#!/bin/sh\n${trap}\n`);
      chmodSync(join(repo, '.git/hooks/post-index-change'), 0o755);
    },
    'by a submodule': (repo, trap) => {
      mkdirSync(join(repo, 'lib'));
      run(join(repo, 'lib'), 'init', '-q', '-b', 'main');
      writeFileSync(join(repo, 'lib/f'), 'x');
      run(join(repo, 'lib'), 'add', '.');
      run(join(repo, 'lib'), 'commit', '-q', '-m', 'x');
      run(repo, 'add', 'lib');
      run(repo, 'commit', '-q', '-m', 'lib');
      run(join(repo, 'lib'), 'config', 'filter.x.clean', trap);
      writeFileSync(join(repo, 'lib/.gitattributes'), '* filter=x\n');
      writeFileSync(join(repo, 'lib/f'), 'y');
    },
  };
  it.each(Object.entries(traps))('%s', async (_name, set) => {
    const repo = repository();
    commit(repo, 'one');
    const marker = join(repo, '../ran');
    const trap = join(repo, '../trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${marker}\ncat\n`);
    chmodSync(trap, 0o755);
    set(repo, trap);
    // Old times make git look into the file again.
    execFileSync('touch', ['-d', '2001-01-01', join(repo, 'train.py')]);
    await code(repo);
    expect(tried('/', '--version')).toBeDefined();
    expect(() => execFileSync('test', ['-e', marker])).toThrow();
    // The trap is a real one: git without care falls into it.
    if (!_name.includes('submodule')) tried(repo, 'status', '--porcelain');
    else tried(repo, 'status', '--porcelain', '--ignore-submodules=none');
    expect(() => execFileSync('test', ['-e', marker])).not.toThrow();
  });
  it('git in the directory itself is not the git that runs', async () => {
    const repo = repository();
    commit(repo, 'one');
    writeFileSync(join(repo, 'git'), `#!/bin/sh\ntouch ${join(repo, '../ran')}\n`);
    chmodSync(join(repo, 'git'), 0o755);
    await code(repo, { env: { ...ENV, PATH: `.:${ENV.PATH}` } });
    expect(() => execFileSync('test', ['-e', join(repo, '../ran')])).toThrow();
  });
  it('variables that lead to another repository have no effect', async () => {
    const repo = repository();
    commit(repo, 'one');
    const other = repository();
    const { said } = await code(repo, { env: { ...ENV, GIT_DIR: join(other, '.git'), GIT_WORK_TREE: other } });
    expect(said).toEqual(byGit(repo));
  });
});

describe('odd content', () => {
  it.each([
    ['HEAD that leads out', { 'repo/.git/HEAD': 'ref: ../../secret\n', secret: 'a'.repeat(40) }],
    ['HEAD with an odd name', { 'repo/.git/HEAD': 'ref: refs/heads/../../../secret\n', secret: 'a'.repeat(40) }],
    ['references in a circle', { 'repo/.git/HEAD': 'ref: refs/heads/a\n', 'repo/.git/refs/heads/a': 'ref: refs/heads/a\n' }],
    ['an object id that is too short', { 'repo/.git/HEAD': `${'a'.repeat(39)}\n` }],
    ['an object id of the other length', { 'repo/.git/HEAD': `${'a'.repeat(64)}\n` }],
    ['an empty HEAD', { 'repo/.git/HEAD': '' }],
  ])('%s gives no commit', async (_name, files) => {
    const { said } = await code('/repo', { root: temporaryDirectory(files as Record<string, string>) });
    expect(said).not.toHaveProperty('commit');
  });
  it('bytes of any kind in every file give no made-up value', async () => {
    const paths = [
      'HEAD',
      'config',
      'packed-refs',
      'refs/heads/main',
      'refs/tags/v1',
      'objects/pack/pack-00.idx',
      'objects/pack/pack-00.pack',
      'commondir',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 8, maxLength: 8 }), fc.boolean(), async (bytes, known) => {
        const files = Object.fromEntries(paths.slice(0, known ? 7 : 8).map((path, i) => [`.git/${path}`, bytes[i] ?? '']));
        const head = known ? { '.git/HEAD': 'ref: refs/heads/main\n' } : {};
        const { said } = await code('/', { root: temporaryDirectory({ ...files, ...head }) });
        expect(said).toEqual(known ? { branch: 'main' } : {});
      }),
      { numRuns: 60 },
    );
  });
  it('a tag whose object is broken is told of', async () => {
    const root = temporaryDirectory({
      '.git/HEAD': `${'a'.repeat(40)}\n`,
      '.git/refs/tags/v1': `${'b'.repeat(40)}\n`,
      [`.git/objects/bb/${'b'.repeat(38)}`]: 'junk',
    });
    expect(await code('/', { root })).toMatchObject({ said: { commit: 'a'.repeat(40) }, ids: ['changes-unknown', 'metadata-unreadable'] });
  });
});

it('reads configuration as git does', () => {
  const text = [
    '[core]',
    '\tbare = false ; no',
    '[Remote "Ori\\"gin"] url = "https://example.org/a b" # x',
    '[remote "two"]',
    '\turl = https://example.org/\\',
    'two.git',
    '\tFetch',
    '[alias.old]',
    'x = "a ; b" c  ',
    'not a line =',
    '= 5',
  ].join('\n');
  const directory = temporaryDirectory({ config: text.split('\n').slice(0, -2).join('\n') });
  const theirs = run(directory, 'config', '--file', 'config', '--list', '-z').split('\0').filter(Boolean);
  const ours = [...parseGitConfig(text).values].map(([key, values]) => `${key}\n${values.join('\n')}`);
  // A name without a value has none to print.
  expect(ours.map((entry) => entry.replace(/^remote\.two\.fetch\ntrue$/, 'remote.two.fetch'))).toEqual(theirs);
});

it('knows the names that git allows', () => {
  for (const name of [
    'refs/heads/main',
    'refs/tags/v1.0',
    'refs/heads/a/b-c',
    'refs/heads/ä',
    'refs/heads/a..b',
    'refs/heads/.a',
    'refs/heads/a.lock',
    'refs/heads/a b',
    'refs/heads/a~1',
    'refs/heads/a/',
    'refs/heads//a',
    'refs/heads/a@{1}',
    'refs/heads/a.',
    'refs/heads/a*',
    'refs/heads/a:b',
  ])
    expect(isRefName(name), name).toBe(tried('/', 'check-ref-format', name) !== undefined);
});
