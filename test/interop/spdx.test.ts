/**
 * SPDX documents that msbom writes, fed to programs that read them. `node scripts/interop/consumers/setup.mjs` installs them;
 * one that is not there is skipped. With MSBOM_WRITE=1 the table of docs/interop.md is written anew.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { fromSPDX, stringifySPDX, toSPDX, toSPDX2, toTagValue } from '../../src/convert/index.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { parseManifest } from '../../src/manifest/parse.js';
import type { Manifest } from '../../src/schema/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = process.env.MSBOM_CONSUMERS ?? join(tmpdir(), 'msbom-consumers');
const driver = join(root, 'scripts/interop/consumers/python/spdx_readers.py');
const outputs = temporaryDirectory({});

const MANIFESTS: Readonly<Record<string, Manifest>> = Object.fromEntries(
  [
    ['full', 'test/fixtures/convert/full.msbom.json'],
    ['adapter', 'docs/rules/base.json'],
    ['dataset', 'test/corpus/1.0/valid/dataset.json'],
    ['energy', 'test/corpus/1.0/valid/energy.json'],
    ['hardware', 'test/corpus/1.0/valid/hardware.json'],
    ['vulnerabilities', 'test/corpus/1.0/valid/vulnerabilities.json'],
  ].map(([name = '', path = '']) => [name, parseManifest(readFileSync(join(root, path), 'utf8'))]),
);

/** Files by form. */
const files = {
  spdx3: write('.spdx3.json', (manifest) => stringifySPDX(toSPDX(manifest).document)),
  spdx2: [
    ...write('.spdx2.json', (manifest) => JSON.stringify(toSPDX2(manifest).document)),
    ...write('.spdx', (manifest) => toTagValue(toSPDX2(manifest).document)),
  ],
};

function write(ending: string, text: (manifest: Manifest) => string): readonly string[] {
  return Object.entries(MANIFESTS).map(([name, manifest]) => {
    const path = join(outputs, name + ending);
    writeFileSync(path, text(manifest));
    return path;
  });
}

interface Fed {
  readonly file: string;
  readonly version: string;
  readonly accepted: boolean;
  readonly reason?: string;
  readonly output?: string | null;
}

interface Consumer {
  readonly name: string;
  readonly needs: string;
  readonly how: string;
  readonly fed: readonly string[];
  readonly feed: (files: readonly string[]) => readonly Fed[];
  /** Checks what came out, and says for the table what is kept. */
  readonly kept: (fed: readonly Fed[]) => string;
}

const python =
  (tool: string) =>
  (paths: readonly string[]): readonly Fed[] =>
    execFileSync(join(home, 'spdx-py/bin/python'), [driver, tool, join(root, 'test/support/spdx'), outputs, ...paths], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    })
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Fed);

/** Its verdict is its exit code and its last line. */
function javaTools(paths: readonly string[]): readonly Fed[] {
  return paths.map((file): Fed => {
    const args = ['-cp', join(home, 'spdx-java/*'), 'org.spdx.tools.Main', 'Verify', file];
    const output = execFileSync('java', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return { file, version: '2.0.1', accepted: /This SPDX Document is valid\./.test(output), reason: output.slice(-400) };
  });
}

const read = ({ output }: Fed): unknown => JSON.parse(readFileSync(output ?? '', 'utf8'));
const manifestOf = ({ file }: Fed): Manifest | undefined => MANIFESTS[basename(file).replace(/\..*$/, '')];

const CONSUMERS: readonly Consumer[] = [
  {
    name: 'spdx-python-model',
    needs: 'spdx-py/bin/python',
    how: 'read into its classes, every reference resolved, written again',
    fed: files.spdx3,
    feed: python('spdx-python-model'),
    kept(fed) {
      for (const each of fed) {
        // It spells decimal numbers anew (1200 as 1200.0), which msbom notes as foreign.
        const { foreign: _foreign, ...own } = fromSPDX(read(each)).manifest;
        expect(canonicalize(own), each.file).toBe(canonicalize(manifestOf(each)));
      }
      return 'everything: msbom reads the same manifest from what it writes';
    },
  },
  {
    name: 'spdx3-validate',
    needs: 'spdx-py/bin/python',
    how: 'the official JSON schema, and the official SHACL model by pyshacl',
    fed: files.spdx3,
    feed: python('spdx3-validate'),
    kept: () => 'writes nothing',
  },
  {
    name: 'SPDX Java tools (3.0.1)',
    needs: 'spdx-java',
    how: '`Verify`: JSON schema and its model',
    fed: files.spdx3,
    feed: javaTools,
    kept: () => 'writes nothing',
  },
  {
    name: 'ntia-conformance-checker (3.0.1)',
    needs: 'spdx-py/bin/python',
    how: 'read, elements of the NTIA looked for',
    fed: files.spdx3,
    feed: python('ntia-conformance-checker'),
    kept(fed) {
      for (const each of fed) expect(read(each)).toMatchObject({ names: true, identifiers: true, time: true });
      return 'finds names, identifiers, author, time and relationships; versions and suppliers where the manifest has them';
    },
  },
  {
    name: 'spdx-tools (2.3)',
    needs: 'spdx-py/bin/python',
    how: 'JSON and tag-value read, checked by all rules of 2.3, written again as JSON',
    fed: files.spdx2,
    feed: python('spdx-tools'),
    kept(fed) {
      for (const each of fed) {
        const { packages, relationships } = read(each) as { packages: unknown[]; relationships: unknown[] };
        const { document } = toSPDX2(manifestOf(each) ?? (MANIFESTS.adapter as Manifest));
        expect([packages.length, relationships.length]).toEqual([document.packages.length, document.relationships.length]);
      }
      return 'all packages and relationships';
    },
  },
  {
    name: 'SPDX Java tools (2.3)',
    needs: 'spdx-java',
    how: '`Verify` of JSON and tag-value',
    fed: files.spdx2,
    feed: javaTools,
    kept: () => 'writes nothing',
  },
  {
    name: 'ntia-conformance-checker (2.3)',
    needs: 'spdx-py/bin/python',
    how: 'read, elements of the NTIA looked for',
    fed: files.spdx2.filter((path) => path.endsWith('.json')),
    feed: python('ntia-conformance-checker'),
    kept(fed) {
      for (const each of fed) expect(read(each)).toMatchObject({ names: true, identifiers: true, author: true, time: true });
      return 'finds names, identifiers, author, time and relationships; versions and suppliers where the manifest has them';
    },
  },
];

const rows: string[] = [];

describe.each(CONSUMERS.map((consumer) => [consumer.name, consumer] as const))('%s', (name, { needs, how, fed: paths, feed, kept }) => {
  it('takes what msbom writes', { timeout: 600_000 }, (context) => {
    if (!existsSync(join(home, needs)))
      return context.skip(`skipped: ${name} is not in ${home}; run \`node scripts/interop/consumers/setup.mjs\``);
    const fed = feed(paths);
    expect(fed).toHaveLength(paths.length);
    for (const { file, accepted, reason } of fed) expect(accepted, `${file}: ${reason}`).toBe(true);
    rows.push(
      `| ${name.replace(/ \(.*/, '')} | ${fed[0]?.version} | ${how} | ${/\((.*)\)/.exec(name)?.[1] ?? '3.0.1'}: takes all ${fed.length} | ${kept(fed)} |`,
    );
  });
});

afterAll(() => {
  if (process.env.MSBOM_WRITE !== '1' || rows.length < CONSUMERS.length) return;
  const page = join(root, 'docs/interop.md');
  const table = ['| tool | version | what it does with a document | verdict | keeps |', '|---|---|---|---|---|', ...rows].join('\n');
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(/(<!-- spdx -->\n)[\s\S]*?(\n<!-- end-spdx -->)/, (_, before: string, after: string) => `${before}${table}${after}`),
  );
});
