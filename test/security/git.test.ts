/**
 * Repositories that are written byte by byte so that git, in the same place, would run a program: nothing of it is run here.
 * The payload makes an empty file. Where git is there, it is run afterwards, which proves that the trap works.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openHost } from '../../src/platform/host.js';
import { readPattern } from '../../src/probe/git/patterns.js';
import { collectDirectory } from '../support/collect.js';
import { temporaryDirectory } from '../support/temporary.js';

const HAS_GIT = (() => {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

interface Place {
  /** The directory of the model. */
  readonly root: string;
  readonly git: string;
  /** What a trap runs; it hands its input on. */
  readonly payload: string;
}

const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();

function write(directory: string, path: string, content: string | Uint8Array, executable = false): void {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), content);
  if (executable) chmodSync(join(directory, path), 0o755);
}

function object(git: string, type: string, body: Uint8Array): Buffer {
  const whole = Buffer.concat([Buffer.from(`${type} ${body.byteLength}\0`), body]);
  const id = sha1(whole).toString('hex');
  write(git, `objects/${id.slice(0, 2)}/${id.slice(2)}`, deflateSync(whole));
  return Buffer.from(id, 'hex');
}

/** An entry of the index that knows no times, so that git must read the file. */
function indexEntry(name: string, size: number, id: Buffer, mode = 0o100644): Buffer {
  const head = Buffer.alloc(40);
  head.writeUInt32BE(1, 8);
  head.writeUInt32BE(mode, 24);
  head.writeUInt32BE(size, 36);
  const flags = Buffer.alloc(2);
  flags.writeUInt16BE(name.length);
  const entry = Buffer.concat([head, id, flags, Buffer.from(name)]);
  return Buffer.concat([entry, Buffer.alloc(8 - (entry.length % 8))]);
}

function indexOf(entries: readonly Buffer[], count = entries.length): Buffer {
  const head = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...entries]);
  return Buffer.concat([body, sha1(body)]);
}

const CONFIG = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n';

function repository(
  attributes: string | undefined = '* filter=x\n',
  tracked: Readonly<Record<string, string>> = { 'config.json': '{}\n', 'w.txt': 'hello\n' },
): Place {
  const outer = temporaryDirectory();
  const root = join(outer, 'm');
  const git = join(root, '.git');
  const rows: Buffer[] = [];
  const entries: Buffer[] = [];
  for (const [name, text] of Object.entries(tracked).sort(([a], [b]) => (a < b ? -1 : 1))) {
    write(root, name, text);
    const id = object(git, 'blob', Buffer.from(text));
    rows.push(Buffer.from(`100644 ${name}\0`), id);
    entries.push(indexEntry(name, text.length, id));
  }
  const tree = object(git, 'tree', Buffer.concat(rows)).toString('hex');
  const who = 'a <a@example.org> 1000000000 +0000';
  const commit = object(git, 'commit', Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nx\n`)).toString('hex');
  write(git, 'index', indexOf(entries));
  write(git, 'HEAD', 'ref: refs/heads/main\n');
  write(git, 'refs/heads/main', `${commit}\n`);
  write(git, 'config', CONFIG);
  if (attributes !== undefined) write(git, 'info/attributes', attributes);
  return { root, git, payload: `touch ${outer}/ran; cat` };
}

const append = (directory: string, content: string, name = 'config'): void => writeFileSync(join(directory, name), content, { flag: 'a' });
const filter = ({ payload }: Place): string => `[filter "x"]\n\tclean = "${payload}"\n`;
const marker = ({ root }: Place): string => join(root, '../ran');

/** Configurations by which git runs something, and the command that makes it do so; `status` by default. */
const TRAPS: Readonly<Record<string, (place: Place) => Place | undefined | readonly string[]>> = {
  'plain-filter': (place) => void append(place.git, filter(place)),
  'comment-backslash': (place) => void append(place.git, `# foo \\\n${filter(place)}`),
  'value-u2028': (place) => void append(place.git, `[filter "x"]\n\tclean = "${place.payload}" # \u2028\n`),
  'value-cr': (place) => void append(place.git, `[filter "x"]\n\tclean = "${place.payload}" # a\rb\n`),
  'same-line': (place) => void append(place.git, `[filter "x"] clean = "${place.payload}"\n`),
  'continued-name': (place) => void append(place.git, `[filter "x"]\n\tclean = \\\n"${place.payload}"\n`),
  'many-entries': (place) => void append(place.git, `[zz]\n${'a=1\n'.repeat(120_001)}${filter(place)}`),
  'oversize-config': (place) => void append(place.git, `${filter(place)}${'#'.repeat(5_000_000)}\n`),
  subsection: (place) => {
    write(place.git, 'info/attributes', '* filter=x\u2028\n');
    append(place.git, `[core]\n[filter "x\\\u2028"]\n\tclean = "${place.payload}"\n`);
    return undefined;
  },
  'attributes of the directory': (place) => {
    rmSync(join(place.git, 'info/attributes'));
    write(place.root, '.gitattributes', '* filter=x\n');
    append(place.git, filter(place));
    return undefined;
  },
  'filter process': (place) => void append(place.git, `[filter "x"]\n\tprocess = "${place.payload}"\n\trequired = true\n`),
  fsmonitor: (place) => void append(place.git, `[core]\n\tfsmonitor = "${place.payload.replace('; cat', '')}"\n`),
  include: (place) => {
    write(place.root, 'evil', filter(place));
    append(place.git, '[include]\n\tpath = ../evil\n');
    return undefined;
  },
  'include by condition': (place) => {
    write(place.root, 'evil', filter(place));
    append(place.git, '[includeIf "gitdir:**"]\n\tpath = ../evil\n');
    return undefined;
  },
  'configuration of the working tree': (place) => {
    append(place.git, '[extensions]\n\tworktreeConfig = true\n');
    write(place.git, 'config.worktree', filter(place));
    return undefined;
  },
  hooks: (place) => {
    for (const name of ['post-index-change', 'fsmonitor-watchman', 'query-watchman', 'reference-transaction'])
      write(place.git, `hooks/${name}`, `#!/bin/sh\n${place.payload.replace('; cat', '')}\n`, true);
    append(place.git, '[core]\n\tfsmonitor = true\n');
    return undefined;
  },
  'hooks elsewhere': (place) => {
    write(place.root, 'hk/post-index-change', `#!/bin/sh\n${place.payload.replace('; cat', '')}\n`, true);
    append(place.git, '[core]\n\thooksPath = hk\n');
    return undefined;
  },
  commondir: (place) => {
    for (const name of ['evil', 'evil ']) {
      for (const part of ['objects', 'refs', 'info']) cpSync(join(place.git, part), join(place.git, name, part), { recursive: true });
      write(place.git, `${name}/config`, CONFIG);
    }
    write(place.git, 'commondir', 'evil \n');
    append(join(place.git, 'evil '), filter(place));
    return undefined;
  },
  'bare-beside': (place) => {
    for (const name of readdirSync(place.git).filter((each) => each !== 'info')) renameSync(join(place.git, name), join(place.root, name));
    write(place.root, 'info/attributes', '* filter=x\n');
    write(place.git, 'HEAD', 'ref: refs/heads/main\n');
    write(place.root, 'config', `${CONFIG}\tworktree = ${place.root}\n`);
    append(place.root, filter(place));
    return undefined;
  },
  'an old configuration of diff': (place) => {
    write(place.git, 'info/attributes', '* diff=x\n');
    append(place.git, `[diff "x"]\n\ttextconv = "sh -c '${place.payload} $0'"\n`);
    write(place.root, 'w.txt', 'other\n');
    return ['diff'];
  },
  'an external diff': (place) => {
    append(place.git, `[diff]\n\texternal = "${place.payload} #"\n`);
    write(place.root, 'w.txt', 'other\n');
    return ['diff'];
  },
  alias: (place) => {
    append(place.git, `[alias]\n\tst = "!${place.payload.replace('; cat', '')}"\n`);
    return ['st'];
  },
  'ssh command': (place) => {
    append(
      place.git,
      `[core]\n\tsshCommand = "${place.payload.replace('; cat', '')} #"\n[remote "origin"]\n\turl = ssh://git@example.invalid/x\n`,
    );
    return ['ls-remote', 'origin'];
  },
  'remote helper': (place) => {
    append(place.git, `[protocol]\n\tallow = always\n[remote "origin"]\n\turl = "ext::sh -c touch% ${marker(place)}"\n`);
    return ['ls-remote', 'origin'];
  },
  'credential helper': (place) => {
    append(place.git, `[credential]\n\thelper = "!${place.payload.replace('; cat', '')} #"\n`);
    return ['credential', 'fill'];
  },
  pager: (place) => {
    append(place.git, `[core]\n\tpager = "${place.payload}"\n`);
    return ['--paginate', 'log'];
  },
  editor: (place) => {
    append(place.git, `[core]\n\teditor = "${place.payload.replace('; cat', '')} #"\n`);
    return ['var', 'GIT_EDITOR'];
  },
};

function run(cwd: string, args: readonly string[]): void {
  try {
    const env = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' };
    execFileSync('git', args, {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      input: 'protocol=https\nhost=example.invalid\n\n',
      timeout: 20_000,
    });
  } catch {
    // What git says does not matter; what it runs does.
  }
}

const described = (root: string) => collectDirectory(root, { machine: { probes: ['git'], host: openHost({ cwd: root }) } });

/** git needs a terminal to run the first and third, and newer versions refuse the second. */
const NOT_PROVEN = new Set(['editor', 'oversize-config', 'pager']);

describe('a repository runs nothing', () => {
  it.each(Object.entries(TRAPS))('%s', async (name, set) => {
    const place = repository();
    const command = set(place);
    await described(place.root);
    expect(existsSync(marker(place))).toBe(false);
    if (!HAS_GIT || NOT_PROVEN.has(name)) return;
    run(place.root, Array.isArray(command) ? command : ['status', '--porcelain']);
    expect(existsSync(marker(place)), 'the trap is a real one').toBe(true);
  });
  it('and one without a trap is told of in full', async () => {
    const { manifest, findings } = await described(repository(undefined).root);
    expect(manifest.model?.training?.code).toMatchObject({ branch: 'main', dirty: false });
    expect(findings.map(({ id }) => id)).not.toContain('changes-unknown');
  });
});

describe('a repository leads nowhere', () => {
  const secret = () => {
    const other = repository(undefined);
    append(other.git, '[remote "origin"]\n\turl = https://example.org/private/thing\n');
    return other;
  };
  const LEADS: Readonly<Record<string, (root: string, other: Place) => void>> = {
    'by a .git that is a link': (root, other) => symlinkSync(other.git, join(root, '.git')),
    'by a .git that is a file': (root, other) => write(root, '.git', `gitdir: ${other.git}\n`),
    'by commondir': (root, other) => {
      cpSync(other.git, join(root, '.git'), { recursive: true });
      rmSync(join(root, '.git/config'));
      write(root, '.git/commondir', `${other.git}\n`);
    },
    'by a link to its configuration': (root, other) => {
      cpSync(other.git, join(root, '.git'), { recursive: true });
      rmSync(join(root, '.git/config'));
      symlinkSync(join(other.git, 'config'), join(root, '.git/config'));
    },
    'by core.worktree': (root, other) => {
      cpSync(other.git, join(root, '.git'), { recursive: true });
      append(join(root, '.git'), `[core]\n\tworktree = ${other.root}\n`);
    },
    'by a place on another machine': (root) => write(root, '.git', 'gitdir: //example.invalid/share/.git\n'),
  };
  it.each(Object.entries(LEADS))('%s', async (_name, lead) => {
    const root = join(temporaryDirectory({ 'm/config.json': '{}' }), 'm');
    lead(root, secret());
    const { manifest, findings } = await described(root);
    expect(JSON.stringify(manifest)).not.toContain('private');
    expect(findings.map(({ id }) => id)).toContain('metadata-unreadable');
  });
  it('by paths of its index', async () => {
    for (const path of ['../../secret', '/etc/passwd', '.git/config', 'a//b', './a', 'a/../b', '.GIT/x']) {
      const place = repository(undefined);
      write(place.git, 'index', indexOf([indexEntry(path, 1, Buffer.alloc(20, 1))]));
      const { manifest, findings } = await described(place.root);
      expect(manifest.model?.training?.code?.dirty, path).not.toBe(false);
      expect(manifest.model?.training?.code?.dirty ?? findings.map(({ id }) => id), path).toContain('changes-unknown');
    }
  });
});

describe('a repository holds nothing up', () => {
  const state = async (place: Place) => {
    const { manifest, findings } = await described(place.root);
    return { dirty: manifest.model?.training?.code?.dirty, ids: findings.map(({ id }) => id) };
  };
  const undecided = { dirty: undefined, ids: expect.arrayContaining(['changes-unknown']) };
  it('an index that claims more than it has', async () => {
    for (const count of [3, 1_000_001, 0xffffffff]) {
      const place = repository(undefined);
      write(place.git, 'index', indexOf([indexEntry('w.txt', 6, Buffer.alloc(20))], count));
      expect(await state(place)).toMatchObject(undecided);
    }
  });
  it('differences in a circle', async () => {
    const place = repository(undefined);
    const id = Buffer.alloc(20, 0xab);
    // One entry, a difference to itself.
    const data = Buffer.concat([
      Buffer.from('PACK\0\0\0\x02\0\0\0\x01', 'latin1'),
      Buffer.from([0x74]),
      id,
      deflateSync(Buffer.from([4, 4, 4, 1])),
    ]);
    const fanout = Buffer.alloc(1024);
    for (let i = 0xab; i < 256; i++) fanout.writeUInt32BE(1, i * 4);
    const index = Buffer.concat([
      Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
      fanout,
      id,
      Buffer.alloc(4),
      Buffer.from([0, 0, 0, 12]),
      Buffer.alloc(40),
    ]);
    write(place.git, 'objects/pack/pack-00.idx', index);
    write(place.git, 'objects/pack/pack-00.pack', Buffer.concat([data, sha1(data)]));
    write(place.git, 'refs/heads/main', `${id.toString('hex')}\n`);
    expect(await state(place)).toMatchObject(undecided);
  });
  it('an object that inflates without end', async () => {
    const place = repository(undefined);
    write(
      place.git,
      `objects/${'cd'}/${'cd'.repeat(19)}`,
      deflateSync(Buffer.concat([Buffer.from('commit 99999999\0'), Buffer.alloc(64 * 1024 * 1024)])),
    );
    write(place.git, 'refs/heads/main', `${'cd'.repeat(20)}\n`);
    expect(await state(place)).toMatchObject(undecided);
  });
  it('patterns that could go on for ever', async () => {
    const place = repository(undefined);
    write(place.git, 'info/exclude', `${`${'*a'.repeat(400)}b\n`.repeat(2000)}`);
    for (let i = 0; i < 10; i++) write(place.root, `${'a'.repeat(200)}${i}`, 'x');
    expect(await state(place)).toMatchObject(undecided);
  });
  it.each([
    ['*a', 400, 'a', 200],
    ['**/', 400, 'a/', 200],
    ['?*', 300, 'a', 299],
    ['[a-z]*', 200, 'b', 1000],
    ['**/*', 300, 'a/', 300],
  ])('%s many times takes a step for each token and character at most, and none when nothing is left', (part, times, text, length) => {
    const pattern = readPattern(`${part.repeat(times)}z`, false);
    const path = text.repeat(length);
    const budget = { steps: 1e9 };
    expect(pattern?.matches(path, budget)).toBe(false);
    const taken = 1e9 - budget.steps;
    expect(taken).toBeGreaterThan(path.length);
    expect(taken).toBeLessThanOrEqual(3 * part.length * times * path.length);
    const little = { steps: 1000 };
    expect(pattern?.matches(path, little)).toBe(false);
    expect(little.steps).toBe(-1);
    // What ran out of steps leaves nothing behind.
    const match = `${path.replace(/\/$/, '')}z`;
    expect(pattern?.matches(match, { steps: 1e9 })).toBe(readPattern(`${part.repeat(times)}z`, false)?.matches(match, { steps: 1e9 }));
  });
  it('files that are none', async () => {
    const place = repository(undefined);
    for (const name of ['.gitignore', '.gitattributes', '.git/info/exclude', '.git/packed-refs', '.git/objects/info/alternates', 'pipe']) {
      mkdirSync(join(place.root, name, '..'), { recursive: true });
      execFileSync('mkfifo', [join(place.root, name)]);
    }
    const host = openHost({ cwd: place.root });
    const { probeHost } = await import('../../src/probe/index.js');
    const { DEFAULT_LIMITS } = await import('../../src/core/limits.js');
    const context = { environment: 'host', purpose: ['training' as const], limits: DEFAULT_LIMITS, includePrivate: false };
    const { contributions } = await probeHost(host, ['git'], { ...context, purpose: ['training'] });
    expect(contributions.some((each) => each.kind === 'claim' && each.pointer.endsWith('/commit'))).toBe(true);
  });
});
