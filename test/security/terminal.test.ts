/** What goes to a terminal or into the log of a CI: nothing that the input says is obeyed, hidden, or a line of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TARGETS } from '../../src/convert/targets.js';
import { canonicalDigest } from '../../src/core/digest.js';
import { SEVERITIES } from '../../src/core/finding.js';
import { escaped, escapedParts, printableDocument, printableJson } from '../../src/core/printable.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { asGithub, asJson, asSarif, asText, changesAsText, printLines, verdictAsText } from '../../src/report/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { safetensorsFile } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

/** Written out by number, so that this does not rest on the tables of the code. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: they are told one by one
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e0fff}]|(?![\ud800-\udbff][\udc00-\udfff])[\ud800-\udbff]|(?<![\ud800-\udbff])[\udc00-\udfff]/u;
/** What GitHub Actions, Azure Pipelines, GitLab, TeamCity and Buildkite look for. */
const COMMAND = /^\s*(::|##|---|\+\+\+|~~~|\^\^\^)|##\w*\[|section_(start|end):/m;

const lines = [
  '::error::FORGED',
  '  ::set-output name=a::FORGED',
  '##vso[task.setvariable variable=a]FORGED',
  '##[error]FORGED',
  "##teamcity[buildStatus text='FORGED']",
  'section_start:1:FORGED',
  'FORGED',
  '--- FORGED',
];
const PLANTED = `a\u001b[31m\u001b]0;P\u0007\u009b2J\u202e\u2066\u200b\ufeff\u2028\u2029\u007f\ud800\u{e0041}\r\n${lines.join('\n')}\r`;
/** As a file can be called. */
const NAME = PLANTED.replace('\ud800', '').replaceAll('/', '');

function expectClean(text: string): void {
  const plain = text.replace(/\n|\t/g, '');
  expect(FORBIDDEN.exec(plain)?.[0].codePointAt(0)?.toString(16)).toBeUndefined();
  expect(text.split('\n').filter((line) => /^\s*FORGED/.test(line) || COMMAND.test(line))).toEqual([]);
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...[...PLANTED], ...lines, '#', ':', '[', '\\', '\n', 'x1b', 'n', '\udc00')).map((parts) => parts.join('')),
);

describe('a text of anybody', () => {
  it('is shown in one line that nothing obeys', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = escaped(text);
        expect(shown).not.toMatch(FORBIDDEN);
        expect(shown).not.toMatch(/##\w*\[|[\n\t]/);
      }),
    );
  });
  it('is shown like no other text', () => {
    const read = (shown: string): string =>
      shown.replace(/\\(?:([nrt\\])|x([\da-f]{2})|u\{([\da-f]+)\})/g, (_, short, byte, code) =>
        short === undefined
          ? String.fromCodePoint(Number.parseInt(byte ?? code, 16))
          : (({ n: '\n', r: '\r', t: '\t' } as Record<string, string>)[short] ?? short),
      );
    fc.assert(
      fc.property(anyText, (text) => {
        expect(read(escaped(text))).toBe(text);
      }),
    );
  });
  it.each([
    ['a\u001b[0m', 'a\\x1b[0m'],
    ['\u202e', '\\u{202e}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud83d', '\\u{d83d}'],
    ['a\nb\tc\r', 'a\\nb\\tc\\r'],
    ['\\x1b', '\\\\x1b'],
    ['C:\\data \\d', 'C:\\data \\d'],
    ['naïve 模型 😀 ✓ عربي', 'naïve 模型 😀 ✓ عربي'],
    ['##vso[x]', '\\x23#vso[x]'],
    ['C# and ## heading', 'C# and ## heading'],
  ])('%j is shown as %s', (text, shown) => expect(escaped(text)).toBe(shown));
  it('is no command in front of a line or in parts, and is styled whole', () => {
    expect(printLines(['::a', '  ::b', '--- c', '-:1:1: d', 'e ::f'])).toBe('\\x3a:a\n  \\x3a:b\n\\x2d-- c\n-:1:1: d\ne ::f\n');
    expect(escapedParts(['a#', '#[b']).join('')).toBe('a\\x23\\x23[b');
    expect(escapedParts([' ', '', ':', ':a']).join('')).toBe(' \\x3a:a');
    expect(printLines([[['red', '\u001b'], 'x']], (style, text) => `<${style}>${text}</>`)).toBe('<red>\\x1b</>x\n');
  });
});

describe('every renderer', () => {
  const finding = fc.record(
    {
      id: fc.constant('some-rule'),
      severity: fc.constantFrom(...SEVERITIES),
      message: anyText,
      fix: anyText,
      pointer: anyText,
      file: anyText,
      line: fc.nat(),
    },
    { requiredKeys: ['id', 'severity', 'message'] },
  );
  it('gives as many lines for findings, whatever they say', () => {
    fc.assert(
      fc.property(finding, anyText, (found, file) => {
        const of = (each: typeof found, name: string) => [{ file: name, valid: false, findings: [each] }];
        const keys = Object.entries(found).map(([key, value]) => [key, key === 'id' || key === 'severity' || key === 'line' ? value : 'x']);
        const tame = { ...found, ...Object.fromEntries(keys) };
        if (found.pointer === '') tame.pointer = '';
        for (const render of [asText, asGithub, asJson, asSarif]) {
          const text = render(of(found, file));
          expect(text.split('\n').length).toBe(render(of(tame, 'x')).split('\n').length);
          // What is said stands behind the command, in the same line.
          if (render === asGithub) expect(text.slice(2)).not.toMatch(/^::|##\w*\[/m);
          else expectClean(text);
          expect(text.replace(/\n/g, '')).not.toMatch(FORBIDDEN);
        }
      }),
    );
  });
  it('gives as many lines for verdicts and changes', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (path, detail, label) => {
        const verdict = verdictAsText({
          ok: false,
          files: [
            { path, status: 'changed', detail },
            { path, status: 'matched', checked: ['sha256'], notChecked: [label] },
          ],
          root: 'changed',
          byRoot: [],
          uncovered: [{ path, why: 'link' }],
          notRecorded: [label],
          strict: true,
          refused: [detail],
        });
        expectClean(verdict);
        expect(verdict.split('\n').length).toBe(8);
        const changes = changesAsText([
          { kind: 'changed', area: 'model', severity: 'low', label, pointer: path, before: detail, after: path },
        ] as never);
        expectClean(changes);
        expect(changes.split('\n').length).toBe(3);
      }),
    );
  });
  it('keeps data in JSON exactly', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const text = printableJson(value);
        expectClean(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it('keeps texts in XML exactly', () => {
    expect(printableDocument('<a b="\u202e">\u0085##vso[x]</a>\n')).toBe('<a b="&#x202e;">&#x85;&#x23;#vso[x]</a>\n');
    expect(printableDocument('<a>\n  ::b</a>\n')).toBe('<a>\n  &#x3a;:b</a>\n');
  });
});

const base = JSON.parse(readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8')) as Manifest;
/** Half a surrogate pair cannot stand in a manifest. */
const SAYABLE = PLANTED.replace('\ud800', '');
const eachOf = <T>(things: { readonly [id: string]: T } | undefined, change: (thing: T) => T) =>
  Object.fromEntries(Object.entries(things ?? {}).map(([id, thing]) => [id, change(thing)]));
const planted: Manifest = {
  ...base,
  model: { ...base.model, name: SAYABLE, description: SAYABLE, tags: [SAYABLE], version: SAYABLE },
  components: eachOf(base.components, (each) => ({ ...each, name: SAYABLE, version: SAYABLE })),
  datasets: eachOf(base.datasets, (each) => ({ ...each, name: SAYABLE, description: SAYABLE })),
} as Manifest;

it('a manifest keeps its digest when it is written and read again', () => {
  expect(canonicalDigest(JSON.parse(stringifyManifest(planted)))).toBe(canonicalDigest(planted));
});

describe.each(Object.keys(TARGETS))('convert to %s', (target) => {
  it('shows nothing that was planted', async () => {
    const cwd = temporaryDirectory({ 'm.json': stringifyManifest(planted) });
    const { code, out, err } = await runCli(cwd, ['convert', 'm.json', '--to', target, '--losses', 'l.json']);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(out.length).toBeGreaterThan(500);
    // Free text of tag-value has lines, which the format knows no escape for; they are no commands.
    expectClean(target.startsWith('spdx-tag-value') ? out.replace(/^ *FORGED$/gm, '') : out);
    for (const text of [err, readFileSync(join(cwd, 'l.json'), 'utf8')]) expectClean(text);
  });
});

const header = {
  __metadata__: { format: `pt${PLANTED}`, 'modelspec.title': PLANTED, 'modelspec.architecture': PLANTED },
  [`t${PLANTED}`]: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
};

function hostileDirectory(): string {
  const cwd = temporaryDirectory({
    'm/config.json': JSON.stringify({ architectures: [PLANTED], model_type: PLANTED, [PLANTED]: 1 }),
    'm/README.md': `---\nlicense: ${JSON.stringify(SAYABLE)}\ntags: [${JSON.stringify(SAYABLE)}]\nbase_model: ${JSON.stringify(SAYABLE)}\n---\n`,
    'm/bad.json': `{"a${JSON.stringify(PLANTED).slice(1, -1)}":1,`,
    'm/w.safetensors': safetensorsFile(header as never, 1),
    'm/broken.safetensors': 'x',
    'plain/w.bin': 'w',
    'm.json': stringifyManifest(planted),
    'bad.json': `{"$schema":1,"bom":{"specVersion":${JSON.stringify(PLANTED)}},"x${JSON.stringify(PLANTED).slice(1, -1)}":1}`,
    'cdx.json': JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      serialNumber: PLANTED,
      components: [{ type: PLANTED, name: SAYABLE, purl: PLANTED }],
      dependencies: [{ ref: PLANTED }],
    }),
    'cdx.xml': '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><zz\u202e/></bom>',
    'twice.json': `{${`${JSON.stringify(PLANTED)}:1,`.repeat(2)}"a":1}`,
    'raw.json': `{"a": ${PLANTED}}`,
  });
  writeFileSync(join(cwd, 'm', `${NAME}.bin`), 'w');
  writeFileSync(join(cwd, 'm', '::error::FORGED.safetensors'), 'x');
  writeFileSync(join(cwd, 'm', '##[error]FORGED.safetensors'), safetensorsFile(header as never, 1));
  writeFileSync(join(cwd, `${NAME}.json`), '{');
  mkdirSync(join(cwd, `${NAME}.d`));
  return cwd;
}

const ARGUMENTS: readonly (readonly string[])[] = [
  ['collect', 'm'],
  ['collect', 'm', '-o', 'o.json'],
  ['collect', 'm', '--subject', 'dataset'],
  ['collect', `${NAME}.d`],
  ['collect', 'm', '--dataset', NAME],
  ['collect', 'm', '--overlay', 'raw.json'],
  ['collect', 'm', '--config', 'raw.json'],
  ['collect', 'm', '--set', `${NAME}=1`],
  ['collect', 'm', '--set', NAME],
  ['collect', 'm', '--only', NAME],
  ['collect', 'm', '--fail-on', NAME],
  ['collect', 'm', `--${NAME}`],
  ['collect', 'm', '-j', NAME],
  ['collect', 'm', NAME],
  ['collect', NAME],
  ['collect', 'm', '-o', `no/${NAME}`],
  ['inspect', 'm'],
  ['inspect', 'm', '--tensors'],
  ['inspect', 'm', '--tensors', '-f', 'json'],
  ['inspect', 'm/w.safetensors', NAME],
  ['inspect', 'm/::error::FORGED.safetensors'],
  ...['text', 'json', 'sarif', 'github'].map((format) => [
    'validate',
    'm.json',
    'bad.json',
    'cdx.json',
    'cdx.xml',
    'twice.json',
    'raw.json',
    `${NAME}.json`,
    NAME,
    '-f',
    format,
  ]),
  ['verify', 'plain', '-m', 'o.json'],
  ['verify', 'm', '-m', 'p.json'],
  ['verify', 'm', '-m', 'p.json', '-f', 'json'],
  ['verify', 'm', '-m', NAME],
  ['verify', NAME, '-m', 'p.json'],
  ['diff', 'p.json', 'o.json'],
  ['diff', 'p.json', 'o.json', '-f', 'json'],
  ['diff', 'p.json', 'o.json', '-f', 'markdown'],
  ['diff', NAME, NAME],
  ['completion', NAME],
  ['merge', 'm.json', 'cdx.json'],
  ['merge', 'p.json', 'o.json'],
  ['merge', 'p.json', NAME],
  ['convert', 'cdx.json', '--to', 'msbom'],
  ['convert', 'raw.json'],
  ['convert', NAME, '--to', 'spdx'],
  ['explain', NAME],
  ['init', '--name', SAYABLE],
  ['schema', NAME],
  [NAME],
  ['help', NAME],
  ['record', '-o', 'r.json', '-i', NAME, '--', 'true'],
  ['record', '-o', 'r.json', '--name', 'x', '--', NAME],
  ['record', NAME],
];

/** A workflow command of ours starts a line with a level, a place and the id of a rule. */
const withoutOurCommands = (text: string): string =>
  text.replace(/^::(error|warning|notice) file=[^:,]*(,line=\d+,col=\d+)?,title=[a-z-]+::/gm, '> ');

/** A heading of a release note is no command: those have no space behind the signs. */
const withoutOurHeadings = (text: string): string => text.replace(/^## (?=[A-Z][a-z]+$)/gm, '');
const withoutOurs = (argv: readonly string[], text: string): string =>
  argv.includes('github') ? withoutOurCommands(text) : argv.includes('markdown') ? withoutOurHeadings(text) : text;

describe.skipIf(process.platform === 'win32')('every verb', async () => {
  const cwd = hostileDirectory();
  await runCli(cwd, ['collect', 'm', '-o', 'o.json']);
  await runCli(cwd, ['collect', 'plain', '-o', 'p.json']);
  it.each(ARGUMENTS.map((argv) => [argv.map(escaped).join(' ').slice(0, 60), argv] as const))('%s', async (_name, argv) => {
    const { out, err } = await runCli(cwd, argv);
    expect(out + err).not.toBe('');
    expectClean(withoutOurs(argv, out));
    expectClean(err);
    const coloured = await runCli(cwd, argv, { tty: true });
    expectClean(stripVTControlCharacters(withoutOurs(argv, coloured.out).replace(/^::.*$/gm, '')));
    expectClean(stripVTControlCharacters(coloured.err));
  });
});

/** The compiled program where there is one, as it is run by a user. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
describe.skipIf(process.platform === 'win32')('the program itself', async () => {
  const cwd = hostileDirectory();
  const run = (...argv: readonly string[]) =>
    promisify(execFile)(process.execPath, [program, ...argv], { cwd }).catch((error: { stdout: string; stderr: string }) => error);
  it.each(ARGUMENTS.filter((_, i) => i % 6 === 0).map((argv) => [argv.map(escaped).join(' ').slice(0, 60), argv] as const))(
    '%s',
    async (_name, argv) => {
      const { stdout, stderr } = await run(...argv);
      expect(stdout + stderr).not.toBe('');
      expectClean(withoutOurs(argv, stdout));
      expectClean(stderr);
    },
  );
});
