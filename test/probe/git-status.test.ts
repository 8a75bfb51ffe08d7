/** What we say of the files of a repository against what git says, over repositories that git made. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { openHost } from '../../src/platform/host.js';
import { git } from '../../src/probe/git/index.js';
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
const HAS_GIT = (() => {
  try {
    execFileSync('git', ['--version'], { env: ENV });
    return true;
  } catch {
    return false;
  }
})();

function run(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

type Env = Readonly<Record<string, string | undefined>>;

async function ours(cwd: string, env: Env = ENV): Promise<{ readonly dirty: unknown; readonly findings: readonly string[] }> {
  const context = { environment: 'host', purpose: ['training'] as const, limits: DEFAULT_LIMITS, includePrivate: false };
  const { contributions, findings = [] } = await git.probe(openHost({ cwd, env }), { ...context, purpose: ['training'] });
  const claim = contributions.find((each) => each.kind === 'claim' && each.pointer === '/model/training/code/dirty');
  return { dirty: claim?.kind === 'claim' ? claim.value : undefined, findings: findings.map(({ message }) => message) };
}

const theirs = (cwd: string): boolean => run(cwd, 'status', '--porcelain') !== '';

/** Files long enough that git stores their history as differences. */
const long = (seed: string): string => Array.from({ length: 300 }, (_, i) => `${seed} line ${i}\n`).join('');

function repository(...init: readonly string[]): string {
  const repo = join(
    temporaryDirectory({
      'repo/train.py': long('print'),
      'repo/run.sh': '#!/bin/sh\n',
      'repo/src/a.py': 'a\n',
      'repo/src/deep/b.py': 'b\n',
      'repo/src-a/c.py': 'c\n',
      'repo/src.py': 'd\n',
      'repo/ä ö.txt': 'e\n',
    }),
    'repo',
  );
  chmodSync(join(repo, 'run.sh'), 0o755);
  symlinkSync('src/a.py', join(repo, 'link'));
  run(repo, 'init', '-q', '-b', 'main', ...init);
  run(repo, 'add', '.');
  run(repo, 'commit', '-q', '-m', 'one');
  return repo;
}

const write = (repo: string, path: string, text: string | Uint8Array): void => {
  mkdirSync(join(repo, path, '..'), { recursive: true });
  writeFileSync(join(repo, path), text);
};
const commitAll = (repo: string): void => {
  run(repo, 'add', '-A');
  run(repo, 'commit', '-q', '--allow-empty', '-m', 'more');
};
/** Makes git look into the file again. */
const age = (repo: string, path: string): void => utimesSync(join(repo, path), 1, 1);

type Change = (repo: string) => void;

/** Changes that a repository may have; each may follow each other. */
const CHANGES: Readonly<Record<string, Change>> = {
  'a changed file': (repo) => appendFileSync(join(repo, 'train.py'), 'x\n'),
  'a file changed and changed back': (repo) => {
    write(repo, 'src/a.py', 'b\n');
    write(repo, 'src/a.py', 'a\n');
  },
  'a file of the same size': (repo) => write(repo, 'src.py', 'x\n'),
  'a touched file': (repo) => age(repo, 'src.py'),
  'a staged file': (repo) => {
    appendFileSync(join(repo, 'src.py'), 'y\n');
    run(repo, 'add', 'src.py');
  },
  'a deleted file': (repo) => rmSync(join(repo, 'src/deep/b.py'), { force: true }),
  'a deleted directory': (repo) => rmSync(join(repo, 'src-a'), { recursive: true, force: true }),
  'a file taken out of the index': (repo) => void run(repo, 'rm', '-q', '--cached', '--ignore-unmatch', 'src-a/c.py'),
  'a renamed file': (repo) => {
    write(repo, 'moved', 'x');
    renameSync(join(repo, 'moved'), join(repo, 'moved.py'));
  },
  'a mode': (repo) => chmodSync(join(repo, 'run.sh'), 0o644),
  'a mode in the index': (repo) => void run(repo, 'update-index', '--chmod=+x', 'src.py'),
  'another link': (repo) => {
    rmSync(join(repo, 'link'), { force: true });
    symlinkSync('src/deep', join(repo, 'link'));
  },
  'a link that became a file': (repo) => {
    rmSync(join(repo, 'link'), { force: true });
    write(repo, 'link', 'src/a.py');
  },
  'a directory that became a link': (repo) => {
    rmSync(join(repo, 'src-a'), { recursive: true, force: true });
    symlinkSync('src', join(repo, 'src-a'));
  },
  'a new file': (repo) => write(repo, 'new.txt', 'x'),
  'a new empty directory': (repo) => void mkdirSync(join(repo, 'empty/er'), { recursive: true }),
  'a new link': (repo) => {
    rmSync(join(repo, 'dangling'), { force: true });
    symlinkSync('nowhere', join(repo, 'dangling'));
  },
  'a repository inside': (repo) => void run(repo, 'init', '-q', 'inner'),
  'a pipe': (repo) => {
    rmSync(join(repo, 'pipe'), { force: true });
    execFileSync('mkfifo', [join(repo, 'pipe')]);
  },
  'an announced file': (repo) => {
    write(repo, 'soon', 'x');
    run(repo, 'add', '-N', 'soon');
  },
  'ignored files': (repo) => {
    write(repo, '.git/info/exclude', '*.log\n/out/\nempty\n');
    write(repo, 'out/x', 'x');
    write(repo, 'src/y.log', 'x');
  },
  'a commit of all': commitAll,
  'a pack': (repo) => void run(repo, 'gc', '-q', '--aggressive', '--prune=now'),
  'packed references': (repo) => void run(repo, 'pack-refs', '--all'),
  'an index of version 4': (repo) => void run(repo, 'update-index', '--index-version', '4'),
  'an index of version 2': (repo) => void run(repo, 'update-index', '--index-version', '2'),
  'an untracked cache': (repo) => void run(repo, 'update-index', '--force-untracked-cache'),
  'another branch': (repo) => void run(repo, 'checkout', '-q', '-B', 'side'),
  'a head by itself': (repo) => void run(repo, 'checkout', '-q', '--detach'),
};
const names = Object.keys(CHANGES);

describe.skipIf(!HAS_GIT)('dirty is what git says (skipped where git is missing)', () => {
  it.each(names)('after %s', async (name) => {
    const repo = repository();
    CHANGES[name]?.(repo);
    expect(await ours(repo)).toEqual({ dirty: theirs(repo), findings: [] });
  });
  it.each([['--object-format=sha1'], ['--object-format=sha256']])(
    'after any changes, with %s',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...names), { minLength: 2, maxLength: 6 }), async (changes) => {
          const repo = repository(format);
          for (const each of changes) {
            try {
              CHANGES[each]?.(repo);
            } catch {
              // A change that is not possible after the others.
            }
          }
          expect(await ours(repo), changes.join(', ')).toEqual({ dirty: theirs(repo), findings: [] });
        }),
        { numRuns: Number(process.env.MSBOM_RUNS ?? 8) },
      );
    },
    300_000,
  );
});

describe.skipIf(!HAS_GIT)('ignore rules are those of git', () => {
  const PATHS = [
    'a.log',
    'b.txt',
    'out/a.log',
    'out/deep/x.py',
    'src/n.py',
    'src/build/y',
    'data/1/z.bin',
    'data/z.bin',
    'x y ',
    '#h',
    '!n',
    'Ü.md',
    '[z]',
    'a*b',
  ];
  const part = fc.constantFrom(
    '*',
    '**',
    'a',
    'out',
    'deep',
    'src',
    'build',
    '*.log',
    '?',
    '[a-z]',
    '[!a]*',
    'data',
    'z.bin',
    '*.b?n',
    '.',
    'x y',
    'Ü*',
    '\\*',
    '[[:alpha:]]*',
    'a\\*b',
    '[',
    '[]z]',
    '1',
    '*.*',
  );
  const pattern = fc
    .tuple(
      fc.constantFrom('', '', '!', '/', '\\'),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '', '/', '/**', ' ', '\\ '),
    )
    .map(([start, parts, end]) => start + parts.join('/') + end);
  const text = fc
    .array(fc.oneof(pattern, fc.constantFrom('#c', '', '*', '!*/', '!*.py', '/*')), { maxLength: 5 })
    .map((lines) => lines.join('\n'));
  const repo = HAS_GIT ? repository() : '';
  const listed = (): boolean => run(repo, 'status', '--porcelain') !== '';
  it('for any patterns', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, fc.subarray(PATHS, { minLength: 1, maxLength: 3 }), async (top, below, paths) => {
        run(repo, 'clean', '-qfdx');
        write(repo, '.git/info/exclude', `.gitignore\n${top}`);
        write(repo, 'src/.gitignore', below);
        write(repo, 'data/.gitignore', top);
        for (const path of paths) write(repo, path, 'x');
        expect(await ours(repo), JSON.stringify({ top, below, paths })).toEqual({ dirty: listed(), findings: [] });
      }),
      { numRuns: Number(process.env.MSBOM_RUNS ?? 60) },
    );
  }, 300_000);
});

describe.skipIf(!HAS_GIT)('texts are compared as git compares them', () => {
  const BODIES = [
    'a\nb\n',
    'a\r\nb\r\n',
    'a\r\nb\n',
    'a\rb\r\n',
    'a\0\r\nb\r\n',
    '\x01\x02\r\n',
    '$Id$\n',
    '$Id: abc $\r\n',
    '$Id: a\nb $\n',
    '\r\r\n',
    '\x1a',
    'ä\r\n',
  ];
  const ATTRIBUTES = [
    '',
    '* text',
    '* text=auto',
    '* -text',
    '* eol=lf',
    '* eol=crlf',
    '* text=auto eol=crlf',
    '* binary',
    '* ident',
    '* text ident',
    '* crlf',
    '* crlf=input',
    '*.txt text\n*.t?t -text',
    '[attr]mine text=auto\n*.txt mine',
    '"*.txt" text=auto',
    '* !text',
  ];
  const CONFIGS = ['false', 'true', 'input'];
  it('whatever attributes and configuration say', async () => {
    const cases = fc.record({
      committed: fc.constantFrom(...BODIES),
      now: fc.constantFrom(...BODIES),
      attributes: fc.constantFrom(...ATTRIBUTES),
      autocrlf: fc.constantFrom(...CONFIGS),
      local: fc.boolean(),
    });
    const repo = repository();
    await fc.assert(
      fc.asyncProperty(cases, async ({ committed, now, attributes, autocrlf, local }) => {
        // What was committed under other rules is another question: such a file is both unchanged and not as it should be.
        run(repo, 'config', 'core.autocrlf', autocrlf);
        rmSync(join(repo, '.gitattributes'), { force: true });
        write(repo, '.git/info/attributes', '');
        write(repo, local ? '.gitattributes' : '.git/info/attributes', attributes);
        write(repo, 't.txt', committed);
        commitAll(repo);
        write(repo, 't.txt', now);
        age(repo, 't.txt');
        const said = await ours(repo);
        // Until a file is added git takes another size for another content, which line endings belie.
        run(repo, 'add', '-A');
        expect(said, JSON.stringify({ committed, now, attributes, autocrlf })).toEqual({ dirty: theirs(repo), findings: [] });
      }),
      { numRuns: Number(process.env.MSBOM_RUNS ?? 60) },
    );
  }, 300_000);
});

describe.skipIf(!HAS_GIT)('other arrangements', () => {
  const ARRANGEMENTS: Readonly<Record<string, (repo: string) => string>> = {
    'a second working tree': (repo) => {
      run(repo, 'worktree', 'add', '-q', '-b', 'w', join(repo, '../w'));
      return join(repo, '../w');
    },
    'a sparse checkout': (repo) => {
      run(repo, 'sparse-checkout', 'set', '--cone', 'src');
      return repo;
    },
    'a sparse index': (repo) => {
      run(repo, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'src');
      return repo;
    },
    'a clone': (repo) => {
      run(repo, 'clone', '-q', `file://${repo}`, join(repo, '../clone'));
      return join(repo, '../clone');
    },
    'a submodule': (repo) => {
      const inner = repository();
      run(repo, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'lib');
      commitAll(repo);
      return repo;
    },
    'many versions in a pack of differences': (repo) => {
      for (let i = 0; i < 8; i++) {
        appendFileSync(join(repo, 'train.py'), `more ${i}\n`);
        write(repo, `src/many/f${i}.py`, long(String(i)));
        commitAll(repo);
      }
      run(repo, 'repack', '-q', '-adf', '--depth=50', '--window=50');
      return repo;
    },
  };
  it.each(Object.entries(ARRANGEMENTS))('%s', async (_name, arrange) => {
    const cwd = arrange(repository());
    expect(await ours(cwd)).toEqual({ dirty: theirs(cwd), findings: [] });
    expect(theirs(cwd)).toBe(false);
    write(cwd, 'src/new', 'x');
    expect(await ours(cwd)).toEqual({ dirty: theirs(cwd), findings: [] });
    rmSync(join(cwd, 'src/new'));
    appendFileSync(join(cwd, 'src/a.py'), 'x');
    expect(await ours(cwd)).toEqual({ dirty: true, findings: [] });
  });
  it('a list of the user, in the place where git looks and in the one that is named', async () => {
    const repo = repository();
    write(repo, 'x.swp', 'x');
    const home = temporaryDirectory({ '.config/git/ignore': '*.swp\n' });
    const env = { PATH: ENV.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
    expect(await ours(repo, env)).toEqual({ dirty: false, findings: [] });
    writeFileSync(join(home, '.gitconfig'), '[core]\n\texcludesFile = ~/other\n');
    expect((await ours(repo, env)).dirty).toBe(true);
    writeFileSync(join(home, 'other'), '*.swp\n');
    expect(await ours(repo, env)).toEqual({ dirty: false, findings: [] });
    // What an included file says is not known, so neither is the answer.
    writeFileSync(join(home, '.gitconfig'), '[include]\n\tpath = more\n');
    rmSync(join(home, '.config'), { recursive: true });
    expect((await ours(repo, env)).dirty).toBeUndefined();
    rmSync(join(repo, 'x.swp'));
    expect((await ours(repo, env)).dirty).toBe(false);
  });
  it('a file that git was told to pass over, and one whose times were forged', async () => {
    const repo = repository();
    run(repo, 'update-index', '--assume-unchanged', 'src.py');
    write(repo, 'src.py', 'x\n');
    expect(theirs(repo)).toBe(false);
    expect((await ours(repo)).dirty).toBe(true);
  });
  it('an index in two files is not decided', async () => {
    const repo = repository();
    run(repo, 'update-index', '--split-index');
    expect(await ours(repo)).toMatchObject({ dirty: undefined, findings: [expect.stringContaining('split')] });
  });
  it('a filter program, another encoding and a broken index are not decided', async () => {
    for (const attributes of ['*.py filter=x', '*.py working-tree-encoding=UTF-16']) {
      const repo = repository();
      write(repo, '.git/info/attributes', attributes);
      expect((await ours(repo)).dirty, attributes).toBe(false);
      write(repo, 'src.py', 'other\n');
      expect((await ours(repo)).dirty, attributes).toBeUndefined();
    }
    const repo = repository();
    appendFileSync(join(repo, '.git/index'), 'x');
    expect((await ours(repo)).dirty).toBeUndefined();
  });
  it('files of Git LFS are those that their pointers name', async () => {
    const repo = repository();
    const model = Buffer.alloc(100_000, 'model');
    const { createHash } = await import('node:crypto');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(model).digest('hex')}\nsize ${model.length}\n`;
    write(repo, '.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
    write(repo, 'model.bin', pointer);
    commitAll(repo);
    expect((await ours(repo)).dirty).toBe(false);
    write(repo, 'model.bin', model);
    expect((await ours(repo)).dirty).toBe(false);
    model[0] = 0;
    write(repo, 'model.bin', model);
    expect((await ours(repo)).dirty).toBe(true);
  });
});
