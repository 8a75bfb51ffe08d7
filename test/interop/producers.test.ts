/**
 * Documents of programs that write CycloneDX and SPDX, of this project itself, taken to a manifest and back. The programs are those
 * of `node scripts/interop/consumers/setup.mjs`, and npm; one that is not there is skipped. With MSBOM_WRITE=1 the table of
 * docs/interop.md is written anew.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { type CycloneDXVersion, fromCycloneDX, fromSPDX, toCycloneDX, upgradeSPDX2 } from '../../src/convert/index.js';
import { checkOfficialSchema, openDocument } from '../../src/convert/validate.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { checkSchema } from '../../src/schema/check.js';
import { temporaryDirectory } from '../support/temporary.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON of others
type Json = any;

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = process.env.MSBOM_CONSUMERS ?? join(tmpdir(), 'msbom-consumers');
const work = temporaryDirectory({});
const out = (name: string): string => join(work, name);
const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 300_000, stdio: ['ignore', 'pipe', 'ignore'] });

interface Producer {
  readonly name: string;
  /** What must be there; npm comes with Node. */
  readonly needs?: string;
  readonly version: () => string;
  /** The documents that it writes of this project. */
  readonly write: () => readonly string[];
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const cyclonedxNpm = join(home, 'npm/node_modules/.bin/cyclonedx-npm');
const cyclonedxPy = join(home, 'py/bin/cyclonedx-py');
const syft = join(home, 'bin/syft');

const PRODUCERS: readonly Producer[] = [
  {
    name: 'npm sbom',
    version: () => run(npm, '--version').trim(),
    write: () =>
      ['cyclonedx', 'spdx'].map((format) => {
        writeFileSync(out(`npm.${format}.json`), run(npm, 'sbom', `--sbom-format=${format}`));
        return out(`npm.${format}.json`);
      }),
  },
  {
    name: 'cyclonedx-npm',
    needs: cyclonedxNpm,
    version: () => run(cyclonedxNpm, '--version').trim(),
    write: () =>
      ['1.4', '1.5', '1.6', '1.7'].flatMap((version) =>
        ['JSON', 'XML'].map((format) => {
          const path = out(`cyclonedx-npm-${version}.${format.toLowerCase()}`);
          run(cyclonedxNpm, '--spec-version', version, '--output-format', format, '--output-file', path, 'package.json');
          return path;
        }),
      ),
  },
  {
    name: 'cyclonedx-py',
    needs: cyclonedxPy,
    version: () =>
      run(cyclonedxPy, '--version')
        .trim()
        .replace(/^\S+\s/, ''),
    write: () =>
      ['1.4', '1.5', '1.6', '1.7'].flatMap((version) =>
        ['JSON', 'XML'].map((format) => {
          const path = out(`cyclonedx-py-${version}.${format.toLowerCase()}`);
          run(cyclonedxPy, 'environment', '--spec-version', version, '--output-format', format, '--output-file', path);
          return path;
        }),
      ),
  },
  {
    name: 'Syft',
    needs: syft,
    // What `go install` builds does not know its own.
    version: () => /\bgithub\.com\/anchore\/syft\s+v(\S+)/.exec(run('go', 'version', '-m', syft))?.[1] ?? '',
    write: () => {
      const files = { 'cyclonedx-json': out('syft.cdx.json'), 'cyclonedx-xml': out('syft.xml'), 'spdx-json': out('syft.spdx.json') };
      run(syft, 'scan', `dir:${root}`, '-q', ...Object.entries(files).flatMap(([format, path]) => ['-o', `${format}=${path}`]));
      return Object.values(files);
    },
  },
];

/** What became of a document: its kind, and how much came back. */
interface Taken {
  readonly kind: string;
  readonly things: number;
}

async function take(path: string): Promise<Taken> {
  const text = readFileSync(path, 'utf8');
  const opened = await openDocument(text);
  const { kind, value } = opened;
  expect(await checkOfficialSchema(opened)).toEqual([]);
  if (kind.standard === 'spdx') return takeSPDX2(value);
  const { manifest } = fromCycloneDX(value);
  expect(checkSchema(manifest)).toEqual([]);
  const { version = '', syntax } = kind as { readonly version?: string; readonly syntax: string };
  // 1.4 is read, and written as 1.5.
  const target = (version === '1.4' ? '1.5' : version) as CycloneDXVersion;
  if (syntax === 'xml') {
    const back = readCycloneDXXml(toCycloneDXXml(manifest, { version: target }).text);
    if (target === version) expect(canonicalize(back.document)).toBe(canonicalize(value));
  } else if (target === version) expect(canonicalize(toCycloneDX(manifest, { version: target }).document)).toBe(canonicalize(value));
  return { kind: `CycloneDX ${version} ${syntax === 'xml' ? 'XML' : 'JSON'}`, things: Object.keys(manifest.components ?? {}).length };
}

function takeSPDX2(value: unknown): Taken {
  const source = value as Json;
  const { manifest } = fromSPDX(upgradeSPDX2(source).document);
  expect(checkSchema(manifest)).toEqual([]);
  const purls = (list: readonly Json[] = []): string[] => list.filter(({ type }) => type === 'purl').map((each) => each.value);
  const theirs = source.packages.flatMap(({ externalRefs = [] }: Json) =>
    externalRefs.flatMap(({ referenceType, referenceLocator }: Json) => (referenceType === 'purl' ? [referenceLocator] : [])),
  );
  const ours = [
    ...purls(manifest.model?.identifiers),
    ...Object.values(manifest.components ?? {}).flatMap(({ identifiers }) => purls(identifiers)),
  ];
  expect(ours.sort()).toEqual(theirs.sort());
  return { kind: 'SPDX 2.3 JSON', things: Object.keys(manifest.components ?? {}).length };
}

const rows: string[] = [];

describe.each(PRODUCERS)('documents of $name', ({ name, needs, version, write }) => {
  it.skipIf(needs !== undefined && !existsSync(needs))('are read, and come back as they were', { timeout: 600_000 }, async () => {
    const taken: Taken[] = [];
    for (const path of write()) taken.push(await take(path));
    expect(taken.every(({ things }) => things > 10)).toBe(true);
    rows.push(`| ${name} | ${version()} | ${[...new Set(taken.map(({ kind }) => kind))].join(', ')} |`);
  });
});

afterAll(() => {
  if (process.env.MSBOM_WRITE !== '1') return;
  const path = join(root, 'docs/interop.md');
  const table = ['| tool | version | documents |', '|---|---|---|', ...rows].join('\n');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/(<!-- producers -->\n)[\s\S]*?(<!-- end-producers -->)/, `$1${table}\n$2`));
});
