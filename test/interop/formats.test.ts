/** Our facts against those of the formats' own libraries. `npm run test:interop` makes the files anew and prints the table. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFile } from '../../src/node.js';
import { factOf, type RecordedFile } from '../support/facts.js';
import { realModels } from '../support/real-models.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

const script = fileURLToPath(new URL('../../scripts/interop/run.py', import.meta.url));
const made = temporaryDirectory();
const rows: string[][] = [];

interface Outcome {
  readonly files: readonly RecordedFile[];
  readonly missing: readonly { readonly format: string; readonly reason: string; readonly trace?: string }[];
}
const run = (...args: readonly string[]): Outcome =>
  JSON.parse(
    execFileSync(PYTHON, [script, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }),
  ) as Outcome;

const outcome = run(made, ...(process.env.MSBOM_INTEROP?.split(',') ?? []));
const packaged = run('--facts', 'onnx', ...realModels.filter(({ format }) => format === 'onnx').map(({ path }) => path));

async function compare({ format, path, facts, explained }: RecordedFile, file: string): Promise<void> {
  const ours = await inspectFile(file);
  for (const [name, theirs] of Object.entries(facts)) {
    const our = factOf(ours, name);
    const same = isDeepStrictEqual(our, theirs);
    rows.push([
      format,
      path.split('/').slice(1).join('/').slice(-40),
      name,
      brief(our),
      brief(theirs),
      same ? 'same' : (explained[name] ?? 'DIFFERENT'),
    ]);
  }
  for (const [name, theirs] of Object.entries(facts)) {
    if (explained[name] === undefined) expect(factOf(ours, name), `${path}: ${name}`).toEqual(theirs);
  }
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 44 ? `${text.slice(0, 43)}…` : text;
}

beforeAll(() => {
  for (const { format, reason, trace } of outcome.missing) console.error(`${format}: not compared: ${reason}\n${trace ?? ''}`);
});
afterAll(() => {
  const table = [['format', 'file', 'fact', 'ours', "the library's", 'verdict'], ...rows];
  const widths = table[0]?.map((_, i) => Math.max(...table.map((row) => (row[i] ?? '').length))) ?? [];
  const differences = rows.filter((row) => row[5] === 'DIFFERENT').length;
  const explained = rows.filter((row) => row[5] !== 'DIFFERENT' && row[5] !== 'same').length;
  console.log(
    [
      ...table.map((row) =>
        row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd(),
      ),
      `${rows.length} facts compared, ${differences} differences, ${explained} explained`,
    ].join('\n'),
  );
});

describe('files made by the real libraries', () => {
  it.each(outcome.files.map((file) => [file.path, file] as const))('%s', (path, file) => compare(file, join(made, path)));
  it('are there: `node scripts/interop/setup.mjs` installs the libraries', () => {
    expect(outcome.files.length).toBeGreaterThan(0);
  });
  it('were made for every format whose libraries are there', () => {
    expect(outcome.missing.filter(({ reason }) => reason.startsWith('failed'))).toEqual([]);
  });
});

it.each(packaged.files.map((file) => [file.path, file] as const))('model in a package: %s', (path, file) => compare(file, path));
