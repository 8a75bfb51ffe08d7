// The reader of Git repositories, which fuzzing feeds with a broken file of a repository that git has made: one of an index, a
// pack, the index of a pack, a loose object, a list of references, a configuration, patterns. Without git there is no seed, and
// no parser of this table.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const MAX_SEED_BYTES = 256 * 1024;
const CODES = /^ERR_(FORMAT|LIMIT|IO)_/;

const lazy = (make) => {
  let made;
  return () => (made ??= make());
};

/** A repository with all that is read: two commits, tags, packed and loose objects, patterns, a remote. */
const repository = lazy(() => {
  const directory = mkdtempSync(join(tmpdir(), 'msbom-fuzz-git-'));
  const env = { PATH: process.env.PATH, HOME: directory, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const names = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@example.org'];
  const git = (...args) => execFileSync('git', [...names, ...args], { cwd: directory, env, stdio: 'ignore' });
  const put = (path, text) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  try {
    git('init', '-q', '-b', 'main');
    put('a.txt', 'one\n'.repeat(50));
    put('sub/b.bin', Buffer.alloc(300, 7));
    put('.gitignore', '*.log\n!keep.log\n/build/\n**/x[a-c]?/*.tmp\n');
    put('.gitattributes', '* text=auto\n*.bin -text\n*.md ident eol=crlf\n[attr]own filter=lfs\n');
    git('add', '.');
    git('commit', '-q', '-m', 'one');
    git('tag', '-a', 'v1', '-m', 'v1');
    put('a.txt', `${'one\n'.repeat(50)}two\n`);
    git('commit', '-q', '-a', '-m', 'two');
    git('remote', 'add', 'origin', 'https://example.org/org/thing.git');
    git('gc', '-q');
    put('sub/c.txt', 'three\n');
    git('add', 'sub/c.txt');
    git('tag', 'loose');
    const paths = readdirSync(directory, { recursive: true }).filter(
      (path) => statSync(join(directory, path)).isFile() && !path.includes('hooks/'),
    );
    return paths.sort().map((path) => ({ name: path, bytes: readFileSync(join(directory, path)).subarray(0, MAX_SEED_BYTES) }));
  } catch {
    return [];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

const READ = /^\.git\/(index|HEAD|config|packed-refs|refs\/|objects\/|info\/)|^\.git(ignore|attributes)$/;
const seeds = lazy(() => repository().filter(({ name }) => READ.test(name)));

/** What is found may be less, and is told; what fails must be coded. */
async function run(bytes, name) {
  const { openHost, PROBES } = await import(new URL('../../dist/node.js', import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), 'msbom-fuzz-git-'));
  try {
    for (const file of repository()) {
      mkdirSync(dirname(join(directory, file.name)), { recursive: true });
      writeFileSync(join(directory, file.name), file.name === name ? bytes : file.bytes);
    }
    const git = PROBES.find(({ id }) => id === 'git');
    const host = openHost({ cwd: directory });
    const { DEFAULT_LIMITS } = await import(new URL('../../dist/index.js', import.meta.url));
    const { contributions, findings = [] } = await git.probe(host, {
      environment: 'host',
      purpose: ['training'],
      limits: DEFAULT_LIMITS,
      includePrivate: false,
    });
    if (findings.some(({ message }) => /call stack|is not a function|Cannot read/i.test(message)))
      throw new Error('a message of the engine');
    return contributions.length > 0 ? 'read' : 'refused';
  } catch (error) {
    if (error?.name === 'MsbomError' && CODES.test(error.code ?? '')) return 'refused';
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export default seeds().length === 0 ? [] : [{ name: 'git', seeds, run }];
