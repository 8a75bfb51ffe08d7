import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contents, packageOf } from '../scripts/notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'msbom-package-'));
const run = (command: string, args: readonly string[], cwd = project) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000, killSignal: 'SIGKILL' });
const SUBPATHS = [
  'msbom',
  'msbom/node',
  'msbom/collect',
  'msbom/convert',
  'msbom/formats',
  'msbom/report',
  'msbom/scan',
  'msbom/show',
  'msbom/sign',
  'msbom/sign/keyless',
  'msbom/lineage',
  'msbom/oci',
  'msbom/policy',
  'msbom/comply',
  'msbom/audit',
  'msbom/paper',
];

beforeAll(() => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist is missing: run `npm run build` first');
  const [{ filename } = { filename: '' }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], root),
  ) as { filename: string }[];
  writeFileSync(join(project, 'package.json'), '{"name":"user","private":true,"type":"module"}');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', join(project, filename)]);
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** The modules that the files of a directory import by name. */
const importsOf = (directory: string): ReadonlySet<string> => {
  const texts = (readdirSync(directory, { recursive: true }) as string[])
    .filter((path) => /\.c?js$/.test(path))
    // Comments of what is bundled show how to import it.
    .map((path) => readFileSync(join(directory, path), 'utf8').replace(/^ *(?:\*|\/\/).*/gm, ''));
  const names = texts.flatMap((text) => [...text.matchAll(/(?:\bfrom|\bimport\(?|require\()\s*["']([a-z@][^"'\s]*)["']/g)]);
  return new Set(names.map(([, name = '']) => name));
};
/** Leaves these modules out of a bundle, and no others of the same packages. */
const without = (names: ReadonlySet<string>): Plugin => ({
  name: 'without',
  setup: ({ onResolve }) => onResolve({ filter: /^[a-z@]/ }, ({ path }) => (names.has(path) ? { path, external: true } : undefined)),
});

describe('the packed package in an empty project', () => {
  it('ships what it should and nothing else', () => {
    const shipped = readdirSync(join(project, 'node_modules/msbom'));
    expect(shipped.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES',
      'dist',
      'docs',
      'man',
      'package.json',
      'schema',
    ]);
  });
  it('has the licence of all that is in it of others', async () => {
    const text = readFileSync(join(project, 'node_modules/msbom/THIRD-PARTY-NOTICES'), 'utf8');
    const named = [...text.matchAll(/^={100}\n(\S+) \((.+)\)\n={100}\n(?=\S)/gm)].map(([, name, license]) => [name, license]);
    // What the built program imports no more, it contains.
    const { metafile } = await build({
      entryPoints: ['src/node.ts', 'src/convert/index.ts', 'src/report/index.ts', 'src/cli/main.ts'].map((path) => join(root, path)),
      bundle: true,
      write: false,
      metafile: true,
      outdir: project,
      format: 'esm',
      platform: 'node',
      plugins: [without(importsOf(join(project, 'node_modules/msbom/dist')))],
      logLevel: 'silent',
    });
    const files = contents(metafile);
    const inside = files.flatMap((path) => packageOf(path)?.name ?? []);
    expect(inside).toEqual(expect.arrayContaining(['js-yaml', '@cyclonedx/cyclonedx-library', 'spdx-exceptions']));
    const generated = files.filter((path) => path.includes('/generated/')).map((path) => readFileSync(path, 'utf8').slice(0, 1000));
    const copied = generated.flatMap((head) => /^\/\/ Contains code of (.+)\.$/m.exec(head)?.[1]?.split(', ') ?? []);
    expect(copied).toContain('ajv');
    // tsup puts its stand-ins for `import.meta` into CommonJS.
    const expected = [...new Set([...inside, ...copied, 'tsup'])].sort();
    expect(named.map(([name]) => name)).toEqual([...expected, 'CycloneDX', 'gitleaks', 'SPDX']);
    for (const [name, license] of named.slice(0, -3)) {
      const { license: stated } = JSON.parse(readFileSync(join(root, 'node_modules', name ?? '', 'package.json'), 'utf8')) as {
        license: string;
      };
      expect(license, name).toBe(stated);
    }
    expect(text).toContain('This product includes software developed by the\nCycloneDX community');
    expect(text).toContain('Copyright (c) 2010-2024, The Linux Foundation and its Contributors');
  });
  it.each(SUBPATHS)('%s: import and require give the same names', (subpath) => {
    const script = `const a = Object.keys(await import('${subpath}')).filter((n) => n !== 'default' && n !== 'module.exports').sort(); const { createRequire } = await import('node:module'); const b = Object.keys(createRequire(import.meta.url)('${subpath}')).sort(); if (a.length === 0 || a.join() !== b.join()) throw new Error(a + ' | ' + b); console.log(a.length)`;
    writeFileSync(join(project, 'names.mjs'), script);
    expect(Number(run(process.execPath, ['names.mjs']))).toBeGreaterThan(0);
  });
  it('errors of the ESM copy are known to the CommonJS copy', () => {
    writeFileSync(
      join(project, 'errors.mjs'),
      "import { createRequire } from 'node:module'; import { MsbomError } from 'msbom'; const other = createRequire(import.meta.url)('msbom'); console.log(other.MsbomError !== MsbomError, other.MsbomError.is(new MsbomError('ERR_IO_READ', 'x')))",
    );
    expect(run(process.execPath, ['errors.mjs']).trim()).toBe('true true');
  });
  it('hashes big files on threads from both module systems', () => {
    for (const [name, load] of [
      ['threads.mjs', "import { collectDirectory } from 'msbom/node';"],
      ['threads.cjs', "const { collectDirectory } = require('msbom/node');"],
    ] as const) {
      mkdirSync(join(project, 'big'), { recursive: true });
      for (const file of ['a.bin', 'b.bin']) writeFileSync(join(project, 'big', file), Buffer.alloc(33 << 20, file));
      writeFileSync(
        join(project, name),
        `${load}\nconst { Worker } = ${name.endsWith('mjs') ? "await import('node:worker_threads')" : "require('node:worker_threads')"}; let threads = 0; process.on('worker', () => threads++); collectDirectory('big', { now: '2026-01-01T00:00:00Z' }).then(({ manifest }) => console.log(threads, Object.keys(manifest.artifacts).length, manifest.artifacts['a.bin'].digest.sha256 !== manifest.artifacts['b.bin'].digest.sha256, Worker !== undefined))`,
      );
      expect(run(process.execPath, [name]).trim()).toBe('1 2 true true');
    }
  });
  it.skipIf(!existsSync('/dev/full'))('has a program that says when its output cannot be written', () => {
    const { status, stderr } = spawnSync('sh', ['-c', 'npx --no-install msbom schema > /dev/full'], { cwd: project, encoding: 'utf8' });
    expect(stderr).toBe('error: standard output: it cannot be written (ENOSPC) [ERR_IO_WRITE]\n');
    expect(status).toBe(2);
  });
  it('has a program that helps, and says its version', () => {
    expect(run('npx', ['--no-install', 'msbom', '--help'])).toContain('msbom collect ./my-model');
    expect(run('npx', ['--no-install', 'msbom', '--version'])).toMatch(/^msbom \d+\.\d+\.\d+\n$/);
    expect(run('npx', ['--no-install', 'msbom', 'explain', 'secret'])).toMatch(/^# secret/);
  });
  it('type-checks and runs the example of the README', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const example = /```ts\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? '';
    expect(example).toContain("from 'msbom'");
    writeFileSync(join(project, 'example.mts'), example);
    writeFileSync(
      join(project, 'tsconfig.json'),
      '{"compilerOptions":{"module":"NodeNext","strict":true,"target":"ES2022","skipLibCheck":false,"types":["node"],"typeRoots":["' +
        join(root, 'node_modules/@types').replace(/\\/g, '/') +
        '"]},"files":["example.mts"]}',
    );
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);
    mkdirSync(join(project, 'out'), { recursive: true });
    writeFileSync(join(project, 'out/labels.txt'), 'zero\none\n');
    run(process.execPath, ['example.mjs']);
    expect(run('npx', ['--no-install', 'msbom', 'validate', 'digits-cnn.msbom.json'])).toContain('valid');
  });
  it('passes publint and are-the-types-wrong', () => {
    run(
      process.execPath,
      [join(root, 'node_modules/publint/src/cli.js'), 'run', join(project, 'node_modules/msbom'), '--strict', '--pack', 'false'],
      root,
    );
    const [tarball = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
    run(
      process.execPath,
      [
        join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'),
        join(project, tarball),
        '--no-emoji',
        '--exclude-entrypoints',
        'schema/1.0',
        'schema/profile-1.0',
        '--profile',
        'node16',
      ],
      root,
    );
  });
  it('asks for nothing to be downloaded or run at install', () => {
    const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript === true)).toEqual([]);
    const own = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(own).not.toMatch(/"resolved": "https?:/);
  });
});

describe('the core in a browser', () => {
  const bundle = async () =>
    (
      await build({
        stdin: { contents: "import * as msbom from 'msbom'; globalThis.msbom = msbom;", resolveDir: project },
        bundle: true,
        write: false,
        format: 'iife',
        platform: 'browser',
        logLevel: 'silent',
      })
    ).outputFiles[0]?.text ?? '';
  it('bundles without any module of Node', async () => {
    const text = await bundle();
    expect(text).not.toMatch(/require\("(node:|fs|path|crypto|os)/);
    expect(text.length).toBeGreaterThan(10_000);
  });
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  it.skipIf(chromium === undefined)(
    `builds and validates in headless Chromium${chromium === undefined ? ' (skipped: no Chromium here)' : ''}`,
    async () => {
      const script = `const text = msbom.manifest({ name: 'x' }, { now: '2026-01-01T00:00:00Z' }).author({ name: 'A' }).stringify(); document.body.textContent = 'verdict:' + msbom.validateText(text).valid + ':' + msbom.validateText('{').valid;`;
      writeFileSync(
        join(project, 'page.html'),
        `<!doctype html><meta charset="utf-8"><body><script>${(await bundle()).replace(/<\/script/g, '<\\/script')}</script><script>${script}</script>`,
      );
      const html = run(chromium ?? '', [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        `--user-data-dir=${join(project, 'profile')}`,
        '--virtual-time-budget=5000',
        '--dump-dom',
        `file://${join(project, 'page.html')}`,
      ]);
      expect(html).toContain('verdict:true:false');
    },
    60_000,
  );
});
