import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/run.js';
import type { Manifest } from '../../src/schema/index.js';
import { safetensorsFile } from '../support/builders.js';
import { type CliOptions, runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const weights = safetensorsFile({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);
const model = () => temporaryDirectory({ 'model/m.safetensors': weights, 'model/README.md': '---\nlicense: mit\n---\n' });

const msbom = (cwd: string, argv: readonly string[], { env = {}, ...rest }: CliOptions = {}) =>
  runCli(cwd, argv, { ...rest, env: { SOURCE_DATE_EPOCH: '1763888400', ...env } });

describe('the main job', () => {
  it('collect, validate, convert, verify, diff', async () => {
    const cwd = model();
    expect(await msbom(cwd, ['collect', 'model', '-o', 'm.msbom.json'])).toEqual({
      code: 0,
      out: '',
      err: 'model (2 parameters; MIT)\n  2 files; wrote m.msbom.json\n  look at: no finding; not stated: version, base models, training data, evaluations\n',
    });
    expect(await msbom(cwd, ['validate', 'm.msbom.json'])).toEqual({ code: 0, out: 'valid  m.msbom.json\n', err: '' });
    const converted = await msbom(cwd, ['convert', 'm.msbom.json', '-o', 'bom.json', '--losses', 'losses.json']);
    expect(converted).toMatchObject({ code: 0, out: '' });
    expect(JSON.parse(readFileSync(join(cwd, 'bom.json'), 'utf8'))).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { type: 'machine-learning-model', name: 'model' } },
    });
    expect((JSON.parse(readFileSync(join(cwd, 'losses.json'), 'utf8')) as { losses: unknown[] }).losses.length).toBeGreaterThan(0);
    expect(await msbom(cwd, ['verify', 'model', '--manifest', 'm.msbom.json'])).toEqual({
      code: 0,
      out: 'not recorded, so not checked: file modes, owners and times, symbolic links, empty directories\nverified  2 files match\n',
      err: '',
    });
    expect(await msbom(cwd, ['diff', 'm.msbom.json', 'm.msbom.json'])).toEqual({ code: 0, out: 'no difference\n', err: '' });
    writeFileSync(join(cwd, 'model', 'm.safetensors'), safetensorsFile({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }, 12));
    expect((await msbom(cwd, ['verify', 'model', '-m', 'm.msbom.json'])).code).toBe(1);
    await msbom(cwd, ['collect', 'model', '-o', 'n.msbom.json']);
    const diff = await msbom(cwd, ['diff', 'm.msbom.json', 'n.msbom.json']);
    expect(diff.code).toBe(1);
    expect(diff.out).toContain('weights\n');
    expect((await msbom(cwd, ['diff', 'm.msbom.json', 'n.msbom.json', '--exit-zero'])).code).toBe(0);
    const data = await msbom(cwd, ['diff', 'm.msbom.json', 'n.msbom.json', '--only', 'data,training']);
    expect(data).toMatchObject({ code: 0, out: 'no difference\n' });
    expect((await msbom(cwd, ['diff', 'm.msbom.json', 'n.msbom.json', '--only', 'weights'])).code).toBe(1);
    expect((await msbom(cwd, ['diff', 'm.msbom.json', 'n.msbom.json', '--only', 'weight'])).err).toContain('did you mean `weights`');
  });
  it('gives the same bytes every time', async () => {
    const cwd = model();
    const first = await msbom(cwd, ['collect', 'model']);
    expect(first.out).toContain('"timestamp": "2025-11-23T09:00:00Z"');
    expect(await msbom(cwd, ['collect', 'model'])).toEqual(first);
  });
  it('reads standard input and many files', async () => {
    const cwd = model();
    const { out: text } = await msbom(cwd, ['collect', 'model']);
    expect(await msbom(cwd, ['validate', '-'], { stdin: text })).toMatchObject({ code: 0, out: 'valid  -\n' });
    writeFileSync(join(cwd, 'good.json'), text);
    writeFileSync(join(cwd, 'bad.json'), text.replace('"1.0"', '"9"'));
    const both = await msbom(cwd, ['validate', 'good.json', 'bad.json']);
    expect(both.code).toBe(1);
    expect(both.out).toContain('valid  good.json');
    expect(both.out).toMatch(/bad\.json:4:5: high .*\[schema-pattern\]\n {2}at \/bom\/specVersion\n {2}fix: /);
    expect((await msbom(cwd, ['validate', 'good.json', 'gone.json'])).code).toBe(2);
  });
  it('starts a manifest that is valid', async () => {
    const cwd = temporaryDirectory();
    await msbom(cwd, ['init', '--name', 'x', '-o', 'x.json']);
    expect((await msbom(cwd, ['validate', 'x.json'])).code).toBe(0);
  });
});

describe('formats of findings', () => {
  const bad = '{"bom":{"specVersion":"1.0","serialNumber":"x","version":1,"timestamp":"2026-01-01T00:00:00Z"},"model":{"name":"m"}}';
  it('json', async () => {
    expect(JSON.parse((await msbom(temporaryDirectory(), ['validate', '-', '-f', 'json'], { stdin: bad })).out)).toMatchObject({
      files: [{ file: '-', valid: false, findings: [{ id: 'schema-pattern', line: 1, pointer: '/bom/serialNumber' }] }],
    });
  });
  it('sarif', async () => {
    expect(JSON.parse((await msbom(temporaryDirectory(), ['validate', '-', '-f', 'sarif'], { stdin: bad })).out)).toMatchObject({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'msbom' } }, results: [{ ruleId: 'schema-pattern', level: 'error' }] }],
    });
  });
  it('github', async () => {
    expect((await msbom(temporaryDirectory(), ['validate', '-', '-f', 'github'], { stdin: bad })).out).toMatch(
      /^::error file=-,line=1,col=\d+,title=schema-pattern::/,
    );
  });
  it('colours only on a terminal, and not with NO_COLOR', async () => {
    expect((await msbom(temporaryDirectory(), ['validate', '-'], { stdin: bad, tty: true })).out).toContain('\u001b[');
    expect((await msbom(temporaryDirectory(), ['validate', '-'], { stdin: bad, tty: true, env: { NO_COLOR: '1' } })).out).not.toContain(
      '\u001b[',
    );
  });
});

describe('what goes wrong', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['no verb', [], 2, /usage: msbom VERB/],
    ['an unknown verb', ['colect'], 2, /did you mean `msbom collect`/],
    ['an unknown option', ['validate', '--formt', 'x'], 2, /did you mean `--format`/],
    ['a wrong choice', ['convert', 'x', '--to', 'cyclonedx@1.9'], 2, /cannot be `cyclonedx@1.9`/],
    ['a missing argument', ['verify'], 2, /needs more arguments/],
    ['too many arguments', ['collect', 'a', 'b'], 2, /takes no argument `b`/],
    ['a missing manifest option', ['verify', '.'], 2, /needs --manifest/],
    ['a missing file', ['validate', 'gone.json'], 2, /ERR_IO_NOT_FOUND/],
    ['a missing directory', ['collect', 'gone'], 2, /ERR_IO_NOT_FOUND/],
    ['a bad number', ['collect', '.', '-j', '0'], 2, /`--jobs` cannot be `0`/],
    ['an unknown page', ['explain', 'license-conflct'], 2, /did you mean `license-conflict`/],
    ['a file that no reader knows', ['inspect', 'text.txt'], 2, /ERR_FORMAT_UNKNOWN/],
    ['a broken weight file', ['inspect', 'broken.safetensors'], 2, /broken\.safetensors \(byte \d+\).*ERR_FORMAT_TRUNCATED/],
    ['a conversion of no manifest', ['convert', 'text.txt'], 1, /text\.txt:1:1: .*ERR_JSON_SYNTAX/],
  ])('%s', async (_what, argv, code, message) => {
    const cwd = temporaryDirectory({ 'text.txt': 'text', 'broken.safetensors': weights.slice(0, -1) });
    const result = await msbom(cwd, argv);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
    expect(readdirSync(cwd).sort()).toEqual(['broken.safetensors', 'text.txt']);
  });
  it('leaves no output behind', async () => {
    const cwd = temporaryDirectory({ 'bad.json': '{' });
    expect((await msbom(cwd, ['convert', 'bad.json', '-o', 'out.json'])).code).toBe(1);
    expect(existsSync(join(cwd, 'out.json'))).toBe(false);
  });
  it('in the files makes exit 1, with the manifest written', async () => {
    const cwd = temporaryDirectory({ 'm/x.safetensors': weights.slice(0, -1) });
    const result = await msbom(cwd, ['collect', 'm', '-o', 'm.json']);
    expect(result.code).toBe(1);
    expect(result.err).toContain('weights-unreadable');
    expect(existsSync(join(cwd, 'm.json'))).toBe(true);
    expect((await msbom(cwd, ['collect', 'm', '-o', 'm.json', '--fail-on', 'never', '-q'])).err).toBe('');
  });
});

describe('help', () => {
  it.each(Object.keys(COMMANDS))('%s has a page with examples and exit codes', async (verb) => {
    const { code, out } = await msbom(temporaryDirectory(), [verb, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`usage: msbom ${verb}`);
    expect(out).toMatch(/examples:\n {2}msbom /);
    expect((await msbom(temporaryDirectory(), ['help', verb])).out).toBe(out);
  });
  it('explains rules, errors, formats and verbs', async () => {
    for (const id of ['license-conflict', 'ERR_FORMAT_TRUNCATED', 'gguf', 'collect'])
      expect((await msbom(temporaryDirectory(), ['explain', id])).out).toMatch(/^# /);
  });
  it('prints the schema', async () => {
    expect(JSON.parse((await msbom(temporaryDirectory(), ['schema'])).out)).toMatchObject({ $id: 'urn:msbom:schema:1.0' });
  });
});

describe('facts of your own', () => {
  const described = async (cwd: string, ...argv: readonly string[]) => {
    const result = await msbom(cwd, ['collect', 'model', ...argv]);
    return { ...result, manifest: result.code === 2 || result.out === '' ? undefined : (JSON.parse(result.out) as Manifest) };
  };
  it('by --set overrule what the files say, with evidence', async () => {
    const { manifest, code, err } = await described(
      model(),
      '--set',
      'model.version=1.10',
      '--set',
      '/model/training/hyperparameters/learning_rate=0.5',
      '--set',
      'model.description=said',
    );
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('no finding') });
    expect(manifest?.model).toMatchObject({ description: 'said', version: '1.10' });
    expect(manifest?.model?.training?.hyperparameters).toEqual({ learning_rate: 0.5 });
    expect(manifest?.evidence).toContainEqual(
      expect.objectContaining({
        origin: 'supplied',
        source: { name: 'command line' },
        values: expect.objectContaining({ '/model/description': { key: 'model.description' } }),
      }),
    );
  });
  it('by --overlay join things by key, and keep a version as it is written', async () => {
    const cwd = model();
    writeFileSync(
      join(cwd, 'facts.yaml'),
      'model:\n  version: 1.10\ndatasets:\n  tickets:\n    name: tickets\n    roles: [training]\n    size: {dataPoints: 42}\nartifacts:\n  m.safetensors:\n    note: checked by hand\n',
    );
    const { manifest, code } = await described(cwd, '--overlay', 'facts.yaml');
    expect(code).toBe(0);
    expect(manifest?.model?.version).toBe('1.10');
    expect(manifest?.datasets).toMatchObject({ tickets: { size: { dataPoints: 42 } } });
    expect(manifest?.artifacts?.['m.safetensors']?.note).toBe('checked by hand');
  });
  it('that break the specification are refused, and nothing is written', async () => {
    const cwd = model();
    expect((await described(cwd, '--set', 'model.version=2')).manifest?.model?.version).toBe('2');
    expect(await described(cwd, '--set', 'model.parameterCount.total="many"', '-o', 'm.msbom.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('`/model/parameterCount/total` is a number, not "many"'),
    });
    expect(existsSync(join(cwd, 'm.msbom.json'))).toBe(false);
    expect(await described(cwd, '--set', 'nonsense=1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('`nonsense` cannot be supplied'),
    });
    expect(await described(cwd, '--set', 'model.version')).toMatchObject({ code: 2, err: expect.stringContaining('has no `=`') });
  });
  it('by a configuration, in JSON or TypeScript, which the command line overrules', async () => {
    const cwd = model();
    writeFileSync(join(cwd, '.msbom.json'), '{"group":"acme","version":"1.0","set":{"model.description":"from the file"}}');
    expect((await described(cwd)).manifest?.model).toMatchObject({ group: 'acme', version: '1.0', description: 'from the file' });
    expect((await described(cwd, '--model-version', '2.0')).manifest?.model?.version).toBe('2.0');
    writeFileSync(join(cwd, 'own.ts'), 'const version: string = "3." + 1;\nexport default { version };\n');
    expect((await described(cwd, '--config', 'own.ts')).manifest?.model?.version).toBe('3.1');
    writeFileSync(join(cwd, '.msbom.json'), '{"grop":"acme"}');
    expect(await described(cwd)).toMatchObject({ code: 2, err: expect.stringContaining('did you mean `group`?') });
  });
  it('by a configuration in YAML, found upwards, of which one directory has one', async () => {
    const cwd = model();
    writeFileSync(join(cwd, '.msbom.yaml'), 'version: 1.10\ngroup: acme\n');
    const below = join(cwd, 'a/b');
    mkdirSync(below, { recursive: true });
    expect((await described(below, '../../model')).err).not.toContain('not loaded');
    const { out } = await msbom(below, ['collect', '../../model']);
    expect(JSON.parse(out).model).toMatchObject({ group: 'acme', version: '1.10' });
    writeFileSync(join(cwd, 'a/.msbom.json'), '{"group":"nearer"}');
    expect(JSON.parse((await msbom(below, ['collect', '../../model'])).out).model.group).toBe('nearer');
    writeFileSync(join(cwd, 'a/.msbom.yaml'), 'group: [');
    expect(await msbom(below, ['collect', '../../model'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('lie in the same directory'),
    });
    rmSync(join(cwd, 'a/.msbom.json'));
    expect(await msbom(below, ['collect', '../../model'])).toMatchObject({ code: 2, err: expect.stringContaining('is not YAML') });
  });
  it.each([
    ['{"name": 1}', '`name` is not a text'],
    ['{"version": 1.10}', '`version` is not a text'],
    ['{"exclude": "wandb"}', '`exclude` is not a list of texts'],
    ['{"authors": ["me"]}', '`authors` is not a list of objects'],
    ['{"overlay": 5}', '`overlay` is not an object'],
    ['{"sha512": "yes"}', '`sha512` is not `true` or `false`'],
    ['[]', 'holds no object'],
  ])('not by a configuration that is %s', async (config, message) => {
    const cwd = model();
    writeFileSync(join(cwd, '.msbom.json'), config);
    expect(await described(cwd)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
  it('never from the directory that is described, unless it is named', async () => {
    const cwd = model();
    const inner = join(cwd, 'model');
    writeFileSync(join(inner, '.msbom.json'), '{"exclude":["*.safetensors"],"only":["readme"],"name":"theirs"}');
    const notLoaded = { code: 0, err: expect.stringContaining('was not loaded') };
    expect(await msbom(inner, ['collect', '.'])).toMatchObject(notLoaded);
    symlinkSync('.', join(inner, 'self'));
    expect(await msbom(inner, ['collect', 'self', '--exclude', 'self'])).toMatchObject(notLoaded);
    expect((await described(cwd, '--config', 'model/.msbom.json')).err).not.toContain('was not loaded');
  });
  it.each(['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'])('never by a program that is not named: %s', async (ending) => {
    const cwd = model();
    const marker = join(cwd, 'ran');
    const name = `msbom.config.${ending}`;
    writeFileSync(
      join(cwd, name),
      `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');\nmodule.exports = { version: '7' };\n`,
    );
    const result = await described(cwd);
    expect(result).toMatchObject({ code: 0, err: expect.stringContaining(`${name} is a program and was not loaded`) });
    expect(existsSync(marker)).toBe(false);
    if (!ending.startsWith('m')) {
      // It is one that works.
      expect((await described(cwd, '--config', name)).manifest?.model?.version).toBe('7');
      expect(existsSync(marker)).toBe(true);
    }
  });
});

describe('documents', () => {
  it('are not written to a terminal unless that is asked for, and then are', async () => {
    const cwd = model();
    const silent = await msbom(cwd, ['collect', 'model'], { tty: true, env: { NO_COLOR: '1' } });
    expect(silent).toMatchObject({ code: 0, out: '', err: expect.stringContaining('nothing was written: name a file with -o') });
    const asked = await msbom(cwd, ['collect', 'model', '-o', '-'], { tty: true });
    expect(JSON.parse(asked.out)).toMatchObject({ model: { name: 'model' } });
  });
  it('take the formats of their names, several at once', async () => {
    const cwd = model();
    const names = ['m.msbom.json', 'm.cdx.json', 'm.cdx.xml', 'm.spdx.json', 'm.spdx', 'm.html', 'm.md'];
    expect((await msbom(cwd, ['collect', 'model', ...names.flatMap((name) => ['-o', name])])).code).toBe(0);
    const begins = names.map((name) => readFileSync(join(cwd, name), 'utf8'));
    expect(begins[0]).toContain('"specVersion": "1.0"');
    expect(JSON.parse(begins[1] ?? '')).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(begins[2]).toMatch(/^<\?xml[\s\S]*cyclonedx\.org\/schema\/bom\/1\.6/);
    expect(begins[3]).toContain('https://spdx.org/rdf/3.0.1/spdx-context.jsonld');
    expect(begins[4]).toContain('SPDXVersion: SPDX-2.3');
    expect(begins[5]).toMatch(/^<!doctype html>/);
    expect(begins[6]).toMatch(/^---\n/);
    for (const name of names.slice(0, 4)) expect((await msbom(cwd, ['validate', name])).code, name).toBe(0);
  });
  it('take the version of --to where their names leave it open, and refuse one that their names contradict', async () => {
    const cwd = model();
    await msbom(cwd, ['collect', 'model', '-o', 'm.msbom.json']);
    await msbom(cwd, ['convert', 'm.msbom.json', '--to', 'cyclonedx@1.7', '-o', 'b.cdx.json', '-o', 'b.html']);
    expect(JSON.parse(readFileSync(join(cwd, 'b.cdx.json'), 'utf8'))).toMatchObject({ specVersion: '1.7' });
    expect(await msbom(cwd, ['convert', 'm.msbom.json', '--to', 'spdx', '-o', 'c.cdx.json'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('the name says cyclonedx@1.6, and --to says spdx'),
    });
  });
  it('are made of one file too, which is the model', async () => {
    const cwd = model();
    const { code, out } = await msbom(cwd, ['collect', 'model/m.safetensors']);
    const { artifacts, model: described } = JSON.parse(out) as Manifest;
    expect({ code, files: Object.keys(artifacts ?? {}), parameters: described?.parameterCount?.total }).toEqual({
      code: 0,
      files: ['m.safetensors'],
      parameters: 2,
    });
  });
  it('of another standard are converted where that is safe, and told where it is not', async () => {
    const cwd = model();
    await msbom(cwd, ['collect', 'model', '-o', 'm.msbom.json', '-o', 'm.cdx.json']);
    expect((await msbom(cwd, ['diff', 'm.cdx.json', 'm.cdx.json'])).out).toBe('no difference\n');
    const other = await msbom(cwd, ['verify', 'model', '-m', 'm.cdx.json']);
    expect(other.err).toContain('this is CycloneDX 1.6, and a manifest is needed');
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('`msbom convert m.cdx.json -o m.msbom.json` makes a manifest') });
  });
  it('are compared as a release note, in which no text is mark-up', async () => {
    const cwd = model();
    await msbom(cwd, ['collect', 'model', '-o', 'a.msbom.json', '--set', 'model.description=old']);
    await msbom(cwd, ['collect', 'model', '-o', 'b.msbom.json', '--set', 'model.description=<img src=x> [new](https://example.org)']);
    const html = await msbom(cwd, ['diff', 'a.msbom.json', 'b.msbom.json', '-f', 'html', '--exit-zero']);
    expect(html.out).toContain('old → &lt;img src=x&gt;');
    const markdown = await msbom(cwd, ['diff', 'a.msbom.json', 'b.msbom.json', '-f', 'markdown', '--exit-zero']);
    expect(markdown.out).toMatch(/^# Changes of model\n\n## Identity\n\n- /);
    expect(markdown.out).not.toMatch(/<img|\]\(/);
  });
});

describe('which sources are read', () => {
  it('is said by --only and --exclude', async () => {
    const cwd = model();
    const licenses = async (...argv: readonly string[]) => {
      const { out } = await msbom(cwd, ['collect', 'model', ...argv]);
      return (JSON.parse(out) as Manifest).model?.licenses?.length;
    };
    expect(await licenses()).toBe(1);
    expect(await licenses('--only', 'pipeline,tokenizer')).toBeUndefined();
    expect(await licenses('--exclude', 'model-card')).toBeUndefined();
    expect(await msbom(cwd, ['collect', 'model', '--only', 'model-cart'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean `model-card`?'),
    });
  });
  it('is said by --with for the machine, here one that lies in a directory', async () => {
    const cwd = model();
    mkdirSync(join(cwd, 'image/etc'), { recursive: true });
    writeFileSync(join(cwd, 'image/etc/os-release'), 'NAME="Example Linux"\nVERSION_ID="9"\n');
    const { code, out } = await msbom(cwd, ['collect', 'model', '--with', 'os', '--root', 'image']);
    expect(code).toBe(0);
    expect((JSON.parse(out) as Manifest).environments).toMatchObject({ machine: { os: { name: 'Example Linux', version: '9' } } });
    expect(await msbom(cwd, ['collect', 'model', '--with', 'hardwear'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean `hardware`?'),
    });
  });
});

describe('inspect', () => {
  it('goes on after a file that it cannot read, and says of each what is the matter', async () => {
    const cwd = model();
    writeFileSync(join(cwd, 'model/unknown.bin'), 'what is this');
    const { code, out, err } = await msbom(cwd, ['inspect', 'model/unknown.bin', 'model/m.safetensors']);
    expect(code).toBe(2);
    expect(out).toContain('m.safetensors\n  format         safetensors');
    expect(err).toContain('model/unknown.bin: not inspected: no reader recognises the file [ERR_FORMAT_UNKNOWN]');
  });
  it('takes a directory, and passes over what is no weight file', async () => {
    const { code, out } = await msbom(model(), ['inspect', 'model']);
    expect({ code, files: out.match(/^\S.*$/gm) }).toEqual({ code: 0, files: ['m.safetensors'] });
  });
});
