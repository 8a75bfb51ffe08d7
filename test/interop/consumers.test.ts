/**
 * Documents that msbom writes, fed to programs that read CycloneDX. `node scripts/interop/consumers/setup.mjs` installs them;
 * one that is not there is skipped. With MSBOM_WRITE=1 the table of docs/interop.md is written anew.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { CYCLONEDX_VERSIONS, stringifyCycloneDX, toCycloneDX } from '../../src/convert/index.js';
import { validateText } from '../../src/validate/index.js';
import { goldenDocuments, readFixture } from '../support/cyclonedx.js';
import { keptParts, PART_NAMES } from '../support/kept.js';
import { temporaryDirectory } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = process.env.MSBOM_CONSUMERS ?? join(tmpdir(), 'msbom-consumers');
const drivers = join(root, 'scripts/interop/consumers');
const outputs = temporaryDirectory({});

/** What `msbom convert` writes of a manifest with something in most of its sections. */
function fullDocuments(): readonly string[] {
  const checked = validateText(readFixture('full.msbom.json'));
  if (!checked.valid) throw new Error(JSON.stringify(checked.findings));
  return CYCLONEDX_VERSIONS.map((version) => {
    const path = join(outputs, `full-${version}.cdx.json`);
    writeFileSync(path, stringifyCycloneDX(toCycloneDX(checked.manifest, { version }).document));
    return path;
  });
}

/** The same in XML. */
function xmlDocuments(): readonly string[] {
  const checked = validateText(readFixture('full.msbom.json'));
  if (!checked.valid) return [];
  return CYCLONEDX_VERSIONS.map((version) => {
    const path = join(outputs, `full-${version}.cdx.xml`);
    writeFileSync(path, toCycloneDXXml(checked.manifest, { version }).text);
    return path;
  });
}

const documents = [...goldenDocuments().map((name) => join(root, 'test/fixtures/convert', name)), ...fullDocuments()];
const VERSIONS = ['1.5', '1.6', '1.7'] as const;
type Version = (typeof VERSIONS)[number];
const versionOf = (path: string): Version => VERSIONS.find((version) => path.includes(`-${version}.`)) ?? '1.6';

/** What a driver prints for each file. */
interface Fed {
  readonly file: string;
  readonly version: string;
  readonly accepted: boolean;
  readonly reason?: string;
  readonly output?: string;
}

interface Consumer {
  readonly name: string;
  /** What must be there. */
  readonly needs: string;
  readonly feed: (folder: string, files: readonly string[]) => readonly Fed[];
  /** It reads XML too. */
  readonly xml?: boolean;
  /** What it does with a document, for the table. */
  readonly how: string;
  /** Versions it does not know, with a part of its words. */
  readonly refuses?: Partial<Record<Version, RegExp>>;
  /** It fails on the full document in XML, with a part of its words. */
  readonly refusesXml?: RegExp;
  /** Its output is CycloneDX, or a form of its own. */
  readonly cyclonedx: boolean;
  /** Parts that it keeps whole, and parts that it drops, as far as the documents have them. */
  readonly keeps: readonly string[];
  readonly drops: readonly string[];
  /** What else its output says, for the table. */
  readonly note?: (outputs: readonly unknown[]) => string;
}

const lines = (text: string): readonly Fed[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Fed);
const program = (command: string, ...args: readonly string[]): readonly Fed[] =>
  lines(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 }));

/** Runs a program once for each document, and takes what it writes on standard output. */
function each(
  folder: string,
  files: readonly string[],
  version: string,
  command: string,
  args: (file: string) => readonly string[],
): readonly Fed[] {
  return files.map((file): Fed => {
    const output = join(folder, `${basename(file)}.json`);
    try {
      writeFileSync(output, execFileSync(command, args(file), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 }));
      return { file, version, accepted: true, output };
    } catch (error) {
      return { file, version, accepted: false, reason: (error as Error).message.slice(0, 400) };
    }
  });
}

const CONSUMERS: readonly Consumer[] = [
  {
    name: 'cyclonedx-python-lib',
    xml: true,
    needs: 'py/bin/python',
    how: 'strict schema check, read, written again',
    feed: (folder, files) => program(join(home, 'py/bin/python'), join(drivers, 'python/cyclonedx_python_lib.py'), folder, ...files),
    cyclonedx: true,
    keeps: ['model', 'components', 'hashes', 'licences', 'properties'],
    drops: ['model card', 'formulation', 'component data'],
  },
  {
    name: 'cyclonedx-core-java',
    xml: true,
    needs: 'java/cp.txt',
    how: 'schema check, read, written again',
    feed(folder, files) {
      const classes = `${join(home, 'java/target/classes')}:${readFileSync(join(home, 'java/cp.txt'), 'utf8').trim()}`;
      const version = /<cyclonedx.version>([^<]+)/.exec(readFileSync(join(drivers, 'java/pom.xml'), 'utf8'))?.[1] ?? '';
      return program('java', `-Dcyclonedx.version=${version}`, '-cp', classes, 'Feed', folder, ...files);
    },
    refuses: { '1.7': /knows no CycloneDX 1\.7/ },
    // Two references among the datasets of a model card.
    refusesXml: /DatasetChoice/,
    cyclonedx: true,
    keeps: ['model', 'components', 'hashes', 'licences', 'properties', 'dependencies'],
    drops: [],
  },
  {
    name: 'cyclonedx-go',
    xml: true,
    needs: 'bin/cyclonedx-go',
    how: 'decoded, encoded again',
    feed: (folder, files) => program(join(home, 'bin/cyclonedx-go'), folder, ...files),
    cyclonedx: true,
    keeps: ['model', 'components', 'hashes', 'licences', 'properties', 'dependencies', 'pedigree'],
    drops: [],
  },
  {
    name: 'Syft',
    needs: 'bin/syft',
    how: '`syft convert -o cyclonedx-json`',
    feed: (folder, files) =>
      each(folder, files, '1.57.0', join(home, 'bin/syft'), (file) => ['convert', '-q', file, '-o', 'cyclonedx-json']),
    cyclonedx: true,
    keeps: [],
    drops: ['model card', 'formulation', 'component data', 'pedigree'],
  },
  {
    name: 'cdxgen',
    needs: 'npm/node_modules/@cyclonedx/cdxgen/package.json',
    how: 'its schema check and its checks of references, purls and metadata',
    feed: (_, files) => program(process.execPath, join(drivers, 'cdxgen.mjs'), join(home, 'npm'), ...files),
    cyclonedx: true,
    keeps: [],
    drops: [],
  },
  {
    name: 'sbom-tools',
    needs: 'bin/sbom-tools',
    how: '`sbom-tools quality --profile ai-readiness`',
    feed: (folder, files) =>
      each(folder, files, '0.3.0', join(home, 'bin/sbom-tools'), (file) => [
        '-q',
        'quality',
        '--profile',
        'ai-readiness',
        '-o',
        'json',
        file,
      ]),
    cyclonedx: false,
    keeps: [],
    drops: [],
    note: (reports) => `finds in the full document: ${passedChecks(reports).join(', ')}`,
  },
  {
    name: 'lib4sbom',
    needs: 'py/bin/python',
    how: 'read into its own form',
    feed: (folder, files) => program(join(home, 'py/bin/python'), join(drivers, 'python/lib4sbom_reader.py'), folder, ...files),
    cyclonedx: false,
    keeps: [],
    drops: [],
  },
];

/** Names of the checks that a report of sbom-tools passes, in any of its reports. */
function passedChecks(reports: readonly unknown[]): readonly string[] {
  type Report = {
    readonly report?: {
      readonly ai_readiness_metrics?: { readonly checks?: readonly { readonly name: string; readonly passed: boolean }[] };
    };
  };
  const checks = (reports as readonly Report[]).flatMap(({ report }) => report?.ai_readiness_metrics?.checks ?? []);
  return [...new Set(checks.filter(({ passed }) => passed).map(({ name }) => name))];
}

interface Row {
  readonly name: string;
  readonly version: string;
  readonly how: string;
  readonly verdict: string;
  readonly kept: string;
}

const rows: Row[] = [];

it.runIf(existsSync(join(home, 'bin/sbom-tools')))('sbom-tools finds the fields of a model', () => {
  const consumer = CONSUMERS.find(({ name }) => name === 'sbom-tools');
  const folder = join(outputs, 'ai');
  mkdirSync(folder, { recursive: true });
  expect(passedChecks(readAll(consumer?.feed(folder, documents) ?? []))).toEqual(
    expect.arrayContaining([
      'Architecture family declared',
      'Training datasets referenced',
      'Quantitative analysis present',
      'Known limitations stated',
    ]),
  );
});

describe.each(CONSUMERS.map((consumer) => [consumer.name, consumer] as const))('%s', (name, consumer) => {
  it('takes what msbom writes', (context) => {
    if (!existsSync(join(home, consumer.needs)))
      return context.skip(`skipped: ${name} is not in ${home}; run \`node scripts/interop/consumers/setup.mjs\``);
    const folder = join(outputs, name);
    mkdirSync(folder, { recursive: true });
    const files = consumer.xml === true ? [...documents, ...xmlDocuments()] : documents;
    const fed = consumer.feed(folder, files);
    expect(fed).toHaveLength(files.length);
    const kept = shares(fed, consumer);
    rows.push({
      name,
      version: fed[0]?.version ?? '',
      how: consumer.how,
      verdict: verdictOf(fed),
      kept: consumer.note?.(readAll(fed)) ?? keptWords(kept),
    });
    for (const { file, accepted, reason = '' } of fed) {
      const refusal = (file.endsWith('.xml') ? consumer.refusesXml : undefined) ?? consumer.refuses?.[versionOf(file)];
      if (refusal === undefined) expect(accepted, `${file}: ${reason}`).toBe(true);
      else expect(reason).toMatch(refusal);
    }
    for (const part of consumer.keeps) expect(kept.get(part), `${part}: ${keptWords(kept)}`).toBe(1);
    for (const part of consumer.drops) expect(kept.get(part), `${part}: ${keptWords(kept)}`).toBeLessThan(0.5);
  });
});

/** As JSON, whatever its form. */
function readDocument(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.xml') ? readCycloneDXXml(text).document : (JSON.parse(text) as unknown);
}

const readAll = (fed: readonly Fed[]): readonly unknown[] =>
  fed.flatMap(({ output }) => (output === undefined ? [] : [JSON.parse(readFileSync(output, 'utf8')) as unknown]));

/** Mean share of each part over the documents that have it. */
function shares(fed: readonly Fed[], { cyclonedx }: Consumer): ReadonlyMap<string, number> {
  const all = new Map<string, number[]>();
  for (const { file, output } of fed) {
    if (output === undefined) continue;
    const parts = keptParts(readDocument(file), JSON.parse(readFileSync(output, 'utf8')), cyclonedx);
    for (const [part, share] of parts) all.set(part, [...(all.get(part) ?? []), share]);
  }
  return new Map([...all].map(([part, list]) => [part, list.reduce((sum, share) => sum + share, 0) / list.length]));
}

function verdictOf(fed: readonly Fed[]): string {
  return VERSIONS.map((version) => {
    const of = fed.filter(({ file }) => versionOf(file) === version);
    const refused = of.filter(({ accepted }) => !accepted);
    const xml = of.some(({ file }) => file.endsWith('.xml'));
    if (refused.length === 0) return `${version}: takes all ${of.length}${xml ? ' (1 in XML)' : ''}`;
    const which =
      refused.length === 1 && refused[0]?.file.endsWith('.xml')
        ? 'takes all but the one in XML'
        : `refuses ${refused.length} of ${of.length}`;
    return `${version}: ${which} (${(refused.at(0)?.reason ?? '').replace(/[|\n]/g, ' ').slice(0, 60)}…)`;
  }).join('; ');
}

function keptWords(kept: ReadonlyMap<string, number>): string {
  if (kept.size === 0) return 'writes nothing again';
  const order = PART_NAMES.filter((part) => kept.has(part));
  const share = (part: string): number => Math.round(100 * (kept.get(part) ?? 0));
  const group = (title: string, of: readonly string[]): readonly string[] => (of.length === 0 ? [] : [`${title} ${of.join(', ')}`]);
  return [
    ...group(
      'all of',
      order.filter((part) => share(part) === 100),
    ),
    ...group(
      'a part of',
      order.filter((part) => share(part) > 0 && share(part) < 100).map((part) => `${part} (${share(part)} %)`),
    ),
    ...group(
      'nothing of',
      order.filter((part) => share(part) === 0),
    ),
  ].join('; ');
}

afterAll(() => {
  if (process.env.MSBOM_WRITE !== '1' || rows.length < CONSUMERS.length) return;
  const page = join(root, 'docs/interop.md');
  const table = [
    '| tool | version | what it does with a document | verdict | keeps |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${Object.values(row).join(' | ')} |`),
  ].join('\n');
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(/(<!-- cyclonedx -->\n)[\s\S]*?(\n<!-- end -->)/, (_, before: string, after: string) => `${before}${table}${after}`),
  );
});
