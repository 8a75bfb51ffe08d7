/** Our reader of SQLite databases beside SQLite itself, as Python has it: logs, vacuums, roll-backs and all sizes of pages. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../support/sqlite.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

const COUNT = Number(process.env.MSBOM_RUNS ?? 25);
const SEED = Number(process.env.MSBOM_SEED ?? 1);

describe('a database of Python', () => {
  it(`has the rows that Python reads (${COUNT} databases)`, async () => {
    const directory = temporaryDirectory({});
    const script = fileURLToPath(new URL('../../scripts/interop/random_sqlite.py', import.meta.url));
    execFileSync(PYTHON, [script, directory, String(SEED), String(COUNT)]);
    let logs = 0;
    let rows = 0;
    for (let n = 0; n < COUNT; n++) {
      const path = join(directory, `${n}.db`);
      const wal = existsSync(`${path}-wal`) ? { wal: new Uint8Array(readFileSync(`${path}-wal`)) } : {};
      const expected: unknown[] = JSON.parse(readFileSync(join(directory, `${n}.json`), 'utf8'));
      expect(await rowsOf(new Uint8Array(readFileSync(path)), 't', ['id', 'a', 'b', 'c'], wal), `database ${n}`).toEqual(expected);
      logs += 'wal' in wal ? 1 : 0;
      rows += expected.length;
    }
    expect(logs).toBeGreaterThan(COUNT / 4);
    expect(rows).toBeGreaterThan(COUNT);
  });
});
