/**
 * The schema as other programs read it: validators with equal verdicts over the corpus and mutants of it, and generators whose
 * types hold documents without changing them. `node scripts/interop/schema/setup.mjs` installs them; one that is not there is
 * skipped. With MSBOM_WRITE=1 the table of docs/interop.md is written anew.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { transformSync } from 'esbuild';
import { compile } from 'json-schema-to-typescript';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalize } from '../../src/core/canonical-json.js';
import { checkSchema } from '../../src/schema/check.js';
import { mutants } from '../support/json-mutants.js';
import { temporaryDirectory } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = process.env.MSBOM_SCHEMA_PEERS ?? join(tmpdir(), 'msbom-schema-peers');
const drivers = join(root, 'scripts/interop/schema');
const schemaPath = join(root, 'schema/1.0/msbom.schema.json');
const schema = JSON.parse(readFileSync(schemaPath, 'utf8'));
const corpus = join(root, 'test/corpus/1.0');
const work = temporaryDirectory({});
const MUTANTS = 800;

interface Entry {
  readonly file: string;
  readonly findings?: readonly string[];
}
/** Files whose text is no JSON value, or none that every language can hold. */
const UNREADABLE = /^(json-|limit-)/;
const index = (JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8')) as readonly Entry[]).filter(
  ({ findings = [] }) => !findings.some((id) => UNREADABLE.test(id)) && !findings.includes('text-form'),
);
const documents = index.map(({ file, findings }) => ({ file, findings, value: JSON.parse(readFileSync(join(corpus, file), 'utf8')) }));
const valid = documents.filter(({ file }) => file.startsWith('valid/') && !file.includes('newer-version'));
const all = [
  ...documents.map(({ value }) => value),
  ...mutants(
    valid.map(({ value }) => value),
    MUTANTS,
  ),
];
const rows: string[][] = [];
afterAll(() => {
  console.log(rows.map((row) => row.join('\t')).join('\n'));
  if (process.env.MSBOM_WRITE !== '1' || rows.some((row) => row.includes('is not installed'))) return;
  const page = join(root, 'docs/interop.md');
  const table = ['| tool | over | result |', '|---|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
  writeFileSync(page, readFileSync(page, 'utf8').replace(/(<!-- schema -->\n)[\s\S]*?(<!-- end-schema -->)/, `$1${table}\n$2`));
});

const lines = join(work, 'documents.jsonl');
writeFileSync(lines, all.map((value) => `${JSON.stringify(value)}\n`).join(''));

describe('validators', () => {
  const ajv = new Ajv2020({ strict: true, strictTypes: true, strictTuples: true, strictRequired: true }).compile(schema);
  const verdicts = all.map((value) => (ajv(value) ? '1' : '0')).join('');
  rows.push(['ajv', `${all.length} documents`, `${verdicts.split('1').length - 1} meet the schema`]);
  const python = join(home, 'py/bin/python');
  const go = join(home, 'bin/validate');
  /** In Python `$` matches before a final line feed too (clause 1.3). */
  const endsInLineFeed = (value: unknown): boolean => /\\n"/.test(JSON.stringify(value));

  it('take and refuse the corpus as it says', () => {
    documents.forEach(({ file, findings = [] }, i) => {
      const later = file.includes('newer-version');
      const bySchema = findings.some((id) => id.startsWith('schema-') || id === 'manifest-version');
      expect(verdicts[i], file).toBe(bySchema || later ? '0' : '1');
    });
    expect([...new Set(verdicts.slice(documents.length))].sort()).toEqual(['0', '1']);
  });
  it('the compiled one says what ajv says', () => {
    expect(all.map((value) => (checkSchema(value).length === 0 ? '1' : '0')).join('')).toBe(verdicts);
  });
  it.each([
    ['Python jsonschema', python, [join(drivers, 'validate.py'), 'jsonschema'], true],
    ['Rust jsonschema', python, [join(drivers, 'validate.py'), 'jsonschema_rs'], false],
    ['Go santhosh-tekuri/jsonschema', go, [], false],
  ] as const)('%s says what ajv says', (name, command, args, lenient) => {
    if (!existsSync(command)) return void rows.push([name, 'is not installed']);
    const said = execFileSync(command, [...args, schemaPath, lines], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
    expect(said.length).toBe(all.length);
    const other = all.filter((_, i) => said[i] !== verdicts[i]);
    rows.push([name, `${all.length} documents`, `${other.length} other verdicts${lenient ? ', each for a final line feed' : ''}`]);
    expect(other.filter((value) => !(lenient && endsInLineFeed(value))).map((value) => JSON.stringify(value).slice(0, 400))).toEqual([]);
    if (lenient) expect(other.length).toBeLessThan(all.length / 20);
  });
});

/** What the strict compiler says of some files. */
function typeErrors(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = join(work, `types-${Object.keys(files).join('-')}`);
  mkdirSync(folder, { recursive: true });
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const options = { strict: true, noEmit: true, skipLibCheck: false, target: ts.ScriptTarget.ES2022, types: [] };
  const program = ts.createProgram(paths, options);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start = 0 }) => {
    const at = file?.text.slice(start, start + 60) ?? '';
    return `${ts.flattenDiagnosticMessageText(messageText, ' ')}: ${at}`;
  });
}

describe('generators', () => {
  it('json-schema-to-typescript: types that compile and that the corpus has', async () => {
    const text = await compile(schema, 'Manifest', { bannerComment: '', ignoreMinAndMaxItems: true });
    const names = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
    const uses = valid.map(
      ({ value }, i) => `export const d${i}: Manifest = ${JSON.stringify(value).replaceAll('"__proto__"', '["__proto__"]')};`,
    );
    const errors = typeErrors({ 'manifest.ts': text, 'uses.ts': `import type { Manifest } from './manifest';\n${uses.join('\n')}\n` });
    rows.push(['json-schema-to-typescript', `${names.length} types`, `${valid.length} documents, ${errors.length} errors in strict mode`]);
    expect(errors).toEqual([]);
    expect(names.filter((name) => /\d$/.test(name ?? '') && name !== 'Sha256')).toEqual([]);
  });

  it('datamodel-code-generator: pydantic reads and writes without changing a digest', () => {
    const generator = join(home, 'py/bin/datamodel-codegen');
    if (!existsSync(generator)) return void rows.push(['datamodel-code-generator', 'is not installed']);
    const module = join(work, 'generated.py');
    const options = ['--output-model-type', 'pydantic_v2.BaseModel', '--collapse-root-models', '--target-python-version', '3.11'];
    execFileSync(generator, ['--input', schemaPath, '--input-file-type', 'jsonschema', '--output', module, ...options], { stdio: 'pipe' });
    const held = join(work, 'held.jsonl');
    const refused = documents.filter(({ findings = [] }) => findings.some((id) => id.startsWith('schema-')));
    writeFileSync(held, [...valid, ...refused].map(({ value }) => `${JSON.stringify(value)}\n`).join(''));
    const said = execFileSync(join(home, 'py/bin/python'), [join(drivers, 'round_trip.py'), module, held], { encoding: 'utf8' })
      .trim()
      .split('\n');
    const of = (list: readonly string[], word: string) => list.filter((each) => each === word).length;
    const [good, bad] = [said.slice(0, valid.length), said.slice(valid.length)];
    const classes = readFileSync(module, 'utf8').match(/^class (\w+)/gm) ?? [];
    rows.push([
      'datamodel-code-generator',
      `${classes.length} classes`,
      `${of(good, 'same')} of ${valid.length} valid documents keep their digest, ${of(bad, 'refused')} of ${refused.length} invalid ones are refused`,
    ]);
    expect(valid.filter((_, i) => good[i] !== 'same').map(({ file }, i) => `${file} ${good[i]}`)).toEqual([]);
    expect(of(bad, 'refused')).toBeGreaterThan(refused.length * 0.7);
    expect(classes.filter((name) => /\d$/.test(name) && !name.endsWith('Sha256'))).toEqual([]);
  });

  it('quicktype: TypeScript that compiles and gives documents back as they were', async () => {
    const generator = join(home, 'npm/node_modules/.bin/quicktype');
    if (!existsSync(generator)) return void rows.push(['quicktype', 'is not installed']);
    const output = join(work, 'quicktype.ts');
    execFileSync(generator, [
      '--src-lang',
      'schema',
      '--lang',
      'typescript',
      '--top-level',
      'Manifest',
      '--src',
      schemaPath,
      '--out',
      output,
    ]);
    const text = readFileSync(output, 'utf8');
    const errors = typeErrors({ 'quicktype.ts': text });
    const script = join(work, 'quicktype.mjs');
    writeFileSync(script, transformSync(text, { loader: 'ts', format: 'esm' }).code);
    const { Convert } = (await import(pathToFileURL(script).href)) as {
      Convert: { toManifest: (text: string) => unknown; manifestToJson: (value: unknown) => string };
    };
    const other = valid.filter(
      ({ value }) => canonicalize(JSON.parse(Convert.manifestToJson(Convert.toManifest(JSON.stringify(value))))) !== canonicalize(value),
    );
    const interfaces = text.match(/^export (?:interface|type) (\w+)/gm) ?? [];
    rows.push([
      'quicktype',
      `${interfaces.length} types`,
      `${valid.length - other.length} of ${valid.length} documents come back, ${errors.length} errors in strict mode`,
    ]);
    expect(errors).toEqual([]);
    expect(other.map(({ file }) => file)).toEqual([]);
  });
});
