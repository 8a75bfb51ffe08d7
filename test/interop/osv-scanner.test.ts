/** Findings beside those of osv-scanner, offline, over the same records and the same lock files. `MSBOM_OSV_SCANNER` names the program. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseYaml } from '../../src/core/yaml.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const PROGRAM = process.env.MSBOM_OSV_SCANNER;
const directory = fileURLToPath(new URL('../../../shared/data/advisories/pypi/', import.meta.url));

const poetry = (name: string, version: string) =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\ndescription = ""\noptional = false\npython-versions = "*"\nfiles = []\n`;
const FILES = {
  'requirements.txt':
    'torch==1.12.0\ntransformers==4.30.0\nmlflow==2.2.0\ngradio==3.40.0\nPillow==9.0.0\nnumpy==1.19.0\nurllib3==1.26.4\naiohttp==3.8.4\nscipy==1.7.0rc1\ntensorflow==2.5.0\n',
  'poetry.lock': `${poetry('notebook', '6.4.0')}\n${poetry('onnx', '1.15.0')}\n[metadata]\nlock-version = "2.0"\npython-versions = "*"\ncontent-hash = "aa"\n`,
  'package-lock.json': JSON.stringify({
    name: 'p',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'p', version: '1.0.0', dependencies: { lodash: '4.17.15' } },
      'node_modules/lodash': { version: '4.17.15' },
      'node_modules/minimist': { version: '1.2.5' },
    },
  }),
  'go.mod': 'module example.org/p\n\ngo 1.20\n\nrequire golang.org/x/text v0.3.5\nrequire github.com/gin-gonic/gin v1.6.0\n',
  'Cargo.lock':
    'version = 3\n\n[[package]]\nname = "time"\nversion = "0.1.43"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n',
};
const RANGES = [
  ['npm', 'GHSA-aaaa-aaaa-aaaa', 'lodash', '0', '4.17.21'],
  ['npm', 'GHSA-bbbb-bbbb-bbbb', 'minimist', '1.2.6', '2.0.0'],
  ['npm', 'GHSA-cccc-cccc-cccc', 'minimist', '0', '1.2.6'],
  ['Go', 'GO-2026-1', 'golang.org/x/text', '0', '0.3.7'],
  ['Go', 'GO-2026-2', 'github.com/gin-gonic/gin', '0', '1.6.0'],
  ['crates.io', 'RUSTSEC-2026-1', 'time', '0.1.0', '0.2.23'],
] as const;

/** A folder as osv-scanner keeps its records, one `all.zip` for each ecosystem. */
function databases(work: string): readonly string[] {
  const write = (ecosystem: string, id: string, record: unknown): void => {
    mkdirSync(join(work, 'json', ecosystem), { recursive: true });
    writeFileSync(join(work, 'json', ecosystem, `${id}.json`), JSON.stringify(record));
  };
  for (const path of readdirSync(directory, { recursive: true }) as string[]) {
    if (!path.endsWith('.yaml')) continue;
    const parsed = parseYaml(readFileSync(join(directory, path), 'utf8'));
    if ('problem' in parsed) throw new Error(parsed.problem);
    write('PyPI', String((parsed.value as { id: string }).id), parsed.value);
  }
  for (const [ecosystem, id, name, introduced, fixed] of RANGES)
    write(ecosystem, id, {
      id,
      modified: '2026-01-10T00:00:00Z',
      affected: [{ package: { ecosystem, name }, ranges: [{ type: 'SEMVER', events: [{ introduced }, { fixed }] }] }],
    });
  return readdirSync(join(work, 'json')).map((ecosystem) => {
    const zip = join(work, 'osv-scalibr', ecosystem, 'all.zip');
    mkdirSync(join(work, 'osv-scalibr', ecosystem), { recursive: true });
    execFileSync('python3', ['-m', 'zipfile', '-c', zip, '.'], { cwd: join(work, 'json', ecosystem) });
    return zip;
  });
}

interface Theirs {
  readonly results: readonly {
    readonly packages: readonly {
      readonly package: { readonly ecosystem: string; readonly name: string; readonly version: string };
      readonly vulnerabilities: readonly { readonly id: string }[];
    }[];
  }[];
}
interface Ours {
  readonly findings: readonly {
    readonly ids: readonly string[];
    readonly package: { readonly ecosystem: string; readonly name: string; readonly version: string };
  }[];
  readonly unevaluated: readonly { readonly what: string }[];
}
const lineOf = ({ ecosystem, name, version }: Theirs['results'][number]['packages'][number]['package'], id: string): string =>
  `${ecosystem} ${name.toLowerCase()} ${version} ${id}`;

it.skipIf(PROGRAM === undefined || !existsSync(directory))(
  'finds what osv-scanner finds, and tells of the lists that it does not read',
  async () => {
    const work = temporaryDirectory(Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`p/${name}`, text])));
    const zips = databases(work);
    const argv = ['scan', 'source', '--offline', '--offline-vulnerabilities', '-f', 'json', '-r', join(work, 'p')];
    const { stdout } = spawnSync(PROGRAM ?? '', argv, {
      encoding: 'utf8',
      env: { ...process.env, OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: work },
    });
    const theirs = (JSON.parse(stdout) as Theirs).results.flatMap(({ packages }) =>
      packages.flatMap((each) => each.vulnerabilities.map(({ id }) => lineOf(each.package, id))),
    );
    const asked = ['audit', 'p', ...zips.flatMap((zip) => ['-a', zip]), '-f', 'json', '--fail-on', 'never', '--max-age', '9999'];
    const ours = JSON.parse((await runCli(work, asked, { env: { SOURCE_DATE_EPOCH: '1768900000' } })).out) as Ours;
    const found = new Set(ours.findings.flatMap((each) => each.ids.map((id) => lineOf(each.package, id))));
    const records = new Set(readdirSync(join(work, 'json'), { recursive: true }).map((path) => String(path).replace(/^.*\/|\.json$/g, '')));
    const known = [...found].filter((line) => records.has(line.slice(line.lastIndexOf(' ') + 1)));
    console.log(`${theirs.length} findings of osv-scanner, ${known.length} of msbom`);
    // Lists of Go and Rust are read by no collector, which is told.
    const missing = theirs.filter((line) => !found.has(line));
    expect(missing.map((line) => line.split(' ')[0]).sort()).toEqual(['Go', 'crates.io']);
    expect(ours.unevaluated.map(({ what }) => what)).toEqual(expect.arrayContaining(['Cargo.lock', 'go.mod']));
    expect(known.filter((line) => !theirs.includes(line))).toEqual([]);
    expect(theirs.length).toBeGreaterThan(50);
  },
  300_000,
);
