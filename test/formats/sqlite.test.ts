import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { UNREAD } from '../../src/formats/shared/sqlite/index.js';
import { answer, made, rowsOf } from '../support/sqlite.js';

const fixture = (name: string) => new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/sqlite/${name}`, import.meta.url))));
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

describe('a table has the rows that SQLite itself has', () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.integer({ min: -(2 ** 47), max: 2 ** 47 }),
    fc.double({ noNaN: true }),
    fc.string({ unit: 'grapheme' }),
    fc.nat({ max: 9000 }).map((length) => 'ä'.repeat(length)),
    fc.uint8Array({ maxLength: 3000 }),
  );
  const name = fc.stringMatching(/^[A-Za-z ."'`,()é-]{1,12}$/).map((each) => `c${each}`);
  const plan = fc.record({
    page: fc.constantFrom(512, 1024, 4096, 65_536),
    encoding: fc.constantFrom('UTF-8', 'UTF-16le', 'UTF-16be'),
    vacuum: fc.constantFrom(0, 1, 2),
    columns: fc.uniqueArray(
      fc.tuple(name, fc.constantFrom('', 'TEXT', 'BLOB', 'VARCHAR(8000) NULL', "TEXT CHECK (1 <> 2 or ')' <> ',')")),
      {
        minLength: 1,
        maxLength: 6,
        selector: ([each]) => each.toLowerCase(),
      },
    ),
    rows: fc.integer({ min: 0, max: 60 }),
    added: fc.constantFrom(
      "TEXT DEFAULT 'a,)''b'",
      'INTEGER DEFAULT -5',
      'BLOB DEFAULT 1.5',
      "BLOB DEFAULT x'00ff'",
      'TEXT',
      'TEXT DEFAULT 12 NOT NULL',
      "INTEGER DEFAULT '7'",
      'INT DEFAULT TRUE',
    ),
    deleted: fc.integer({ min: 2, max: 5 }),
  });

  it('of any page size, encoding and length, after deletions and added columns', async () => {
    await fc.assert(
      fc.asyncProperty(
        plan,
        fc.array(fc.array(value, { minLength: 6, maxLength: 6 }), { minLength: 60, maxLength: 60 }),
        async (what, values) => {
          const names = ['id', ...what.columns.map(([each]) => each), 'added'];
          const { bytes, asked } = await made(
            (database) => {
              database.run(`pragma page_size=${what.page}; pragma encoding="${what.encoding}"; pragma auto_vacuum=${what.vacuum}`);
              database.run(
                `create table "a b" (id INTEGER PRIMARY KEY, ${what.columns.map(([each, type]) => `${quoted(each)} ${type}`).join(', ')})`,
              );
              database.run('create table other (x); create index i on other (x); insert into other values (1), (2)');
              const insert = (row: number) =>
                database.run(
                  `insert into "a b" (id, ${what.columns.map(([each]) => quoted(each)).join(', ')}) values (${row * 1000 - 3}, ${what.columns.map(() => '?').join(', ')})`,
                  (values[row] ?? []).slice(0, what.columns.length),
                );
              for (let row = 0; row < what.rows; row++) insert(row);
              database.run(`alter table "a b" add column added ${what.added}`);
              database.run(`delete from "a b" where (id + 3) / 1000 % ${what.deleted} = 0`);
              if (what.rows > 0) insert(0);
            },
            (database) => answer(database, `select ${names.map(quoted).join(', ')} from "a b" order by rowid`),
          );
          expect(await rowsOf(bytes, 'a b', names)).toEqual(asked);
          expect(await rowsOf(bytes, 'other', ['X'])).toEqual([[1], [2]]);
        },
      ),
      { numRuns: Number(process.env.MSBOM_RUNS ?? 60) },
    );
  });
  it('with trees of several levels', async () => {
    const { bytes } = await made((database) => {
      database.run('pragma page_size=512; create table t (a integer, b text)');
      database.run(
        `with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000) insert into t select x, 'row ' || x from n`,
      );
    });
    const rows = await rowsOf(bytes, 't', ['a', 'b']);
    expect(rows).toEqual(Array.from({ length: 20_000 }, (_, i) => [i + 1, `row ${i + 1}`]));
  });
  it('whole numbers of 64 bits exactly', async () => {
    const { bytes } = await made((database) =>
      database.run(
        'create table t (a); insert into t values (9223372036854775807), (-9223372036854775808), (9007199254740991), (1099511627776)',
      ),
    );
    expect(await rowsOf(bytes, 't', ['a'])).toEqual([[2n ** 63n - 1n], [-(2n ** 63n)], [2 ** 53 - 1], [2 ** 40]]);
  });
  it('and `rowid` aliases as SQLite has them', async () => {
    const statements = [
      'a INTEGER PRIMARY KEY, b',
      'a INTEGER, b, PRIMARY KEY (a)',
      'a INTEGER, b, CONSTRAINT k PRIMARY KEY (a DESC)',
      'a INTEGER PRIMARY KEY DESC, b',
      'a INT PRIMARY KEY, b',
      'b INTEGER, a INTEGER, PRIMARY KEY (a, b)',
      'a integer /* not this one */ not null primary key autoincrement, b -- )\n',
    ];
    for (const columns of statements) {
      const { bytes, asked } = await made(
        (database) => database.run(`create table t (${columns}); insert into t (a, b) values (7, 1), (9, 2)`),
        (database) => answer(database, 'select a, b from t'),
      );
      expect(await rowsOf(bytes, 't', ['a', 'b']), columns).toEqual(asked);
    }
  });
});

describe('what would be computed is not read', () => {
  it.each([
    ['create view v as with recursive n(x) as (select 1 union all select x + 1 from n) select x as a from n', 'view'],
    ['create table v (a, b as (hex(zeroblob(1000000))))', 'computed'],
    ['create table v (a, b text generated always as (1) stored)', 'computed'],
    ['create table v (a primary key) without rowid', 'WITHOUT ROWID'],
    ['create virtual table v using fts3(a)', 'virtual'],
  ])('%s', async (statement, why) => {
    const { bytes } = await made((database) => database.run(statement));
    expect(await rowsOf(bytes, 'v', ['a'])).toContain(why);
  });
  it('a view that says it is a table, and a name that is there twice', async () => {
    const { bytes } = await made((database) => {
      database.run('create table t (a); create table u (a); create view v as select 1 as a; pragma writable_schema = 1');
      database.run(
        "update sqlite_master set type = 'table', rootpage = 2 where name = 'v'; update sqlite_master set name = 't' where name = 'u'",
      );
    });
    expect(await rowsOf(bytes, 'v', ['a'])).toContain('plain CREATE TABLE');
    expect(await rowsOf(bytes, 't', ['a'])).toContain('twice');
  });
  it('defaults that are expressions are not known', async () => {
    const { bytes } = await made((database) => {
      database.run('create table t (a); insert into t values (1); alter table t add column b default 1; pragma writable_schema = 1');
      database.run("update sqlite_master set sql = replace(sql, 'default 1', 'default (1 + 1)')");
    });
    expect(await rowsOf(bytes, 't', ['a', 'b'])).toEqual([[1, UNREAD]]);
  });
  it('triggers, checks and indexes do nothing', async () => {
    const { bytes } = await made((database) => {
      database.run(
        'create table t (a check (length(a) < 9 or random()), unique (a)); create trigger r after insert on t begin delete from t; end',
      );
      database.run('drop trigger r; insert into t values (1)');
    });
    expect(await rowsOf(bytes, 't', ['a'])).toEqual([[1]]);
  });
});

describe('a write-ahead log', () => {
  const texts = (rows: unknown) => (Array.isArray(rows) ? rows.map(([, a]) => String(a).slice(0, 18)) : rows);
  it('gives what was committed last, and nothing of what was not', async () => {
    const rows = await rowsOf(fixture('wal.db'), 't', ['id', 'a'], { wal: fixture('wal.db-wal') });
    expect(texts(rows)).toEqual([
      'changed in the log',
      'in the log',
      ...Array.from({ length: 12 }, (_, i) => `row ${i} ${'x'.repeat(30)}`.slice(0, 18)),
    ]);
    expect(texts(await rowsOf(fixture('wal.db'), 't', ['id', 'a']))).toEqual(['in the file']);
  });
  it('counts up to the first frame that is damaged', async () => {
    const wal = fixture('wal.db-wal');
    // Frames of 24 and 512 bytes behind 32: the first is a commit of its own.
    const second = 32 + 536;
    wal[second + 30] = (wal[second + 30] ?? 0) ^ 1;
    expect(texts(await rowsOf(fixture('wal.db'), 't', ['id', 'a'], { wal }))).toEqual(['in the file', 'in the log']);
    const salted = fixture('wal.db-wal');
    salted[second + 8] = (salted[second + 8] ?? 0) ^ 1;
    expect(texts(await rowsOf(fixture('wal.db'), 't', ['id', 'a'], { wal: salted }))).toEqual(['in the file', 'in the log']);
    expect(texts(await rowsOf(fixture('wal.db'), 't', ['id', 'a'], { wal: wal.subarray(0, 100) }))).toEqual(['in the file']);
  });
});

describe('a hostile database', () => {
  const PAGE = 512;
  const table = async () => {
    const { bytes } = await made((database) => {
      database.run('pragma page_size=512; create table t (a)');
      database.run(`with recursive n(x) as (select 1 union all select x + 1 from n where x < 200) insert into t select 'row ' || x from n`);
    });
    return bytes;
  };
  const put = (bytes: Uint8Array, at: number, value: number) => new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value);
  const root = PAGE; // the second page

  it('whose pages turn in circles is refused', async () => {
    const bytes = await table();
    expect(bytes[root]).toBe(5);
    put(bytes, root + 8, 2);
    expect(await codeOf(rowsOf(bytes, 't', ['a']))).toBe('ERR_FORMAT_MALFORMED');
  });
  it('that names pages outside of the file is refused', async () => {
    for (const page of [0, 99_999, 0xffff_ffff]) {
      const bytes = await table();
      put(bytes, root + 8, page);
      expect(await codeOf(rowsOf(bytes, 't', ['a'])), String(page)).toBe('ERR_FORMAT_MALFORMED');
    }
  });
  it('whose cells all lie in one place is refused', async () => {
    const { bytes } = await made((database) =>
      database.run(`pragma page_size=512; create table t (a); insert into t values ('${'x'.repeat(300)}'), (1)`),
    );
    const view = new DataView(bytes.buffer);
    view.setUint16(root + 10, view.getUint16(root + 8));
    expect(await codeOf(rowsOf(bytes, 't', ['a']))).toBe('ERR_FORMAT_MALFORMED');
  });
  it('whose long values share a chain of pages is refused', async () => {
    const { bytes } = await made((database) =>
      database.run(`pragma page_size=512; create table t (a); insert into t values ('${'x'.repeat(2000)}'), ('${'y'.repeat(2000)}')`),
    );
    const view = new DataView(bytes.buffer);
    const chain = (cell: number) => root + view.getUint16(root + 8 + 2 * cell) + 2 + 1 + localOf(2004);
    put(bytes, chain(1), view.getUint32(chain(0)));
    expect(await codeOf(rowsOf(bytes, 't', ['a']))).toBe('ERR_FORMAT_MALFORMED');
  });
  it('of more rows or bytes than the limits is refused by their codes', async () => {
    const bytes = await table();
    expect(await codeOf(rowsOf(bytes, 't', ['a'], { limits: { maxItems: 100 } }))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf(rowsOf(bytes, 't', ['a'], { limits: { maxReadBytes: 4 * PAGE } }))).toBe('ERR_LIMIT_BYTES');
    expect(await codeOf(rowsOf(bytes.subarray(0, 4 * PAGE), 't', ['a']))).toBe('ERR_FORMAT_TRUNCATED');
    expect(await codeOf(rowsOf(new Uint8Array(100), 't', ['a']))).toBe('ERR_FORMAT_MALFORMED');
  });
  it('with long values is read without them', async () => {
    const { bytes } = await made((database) => database.run("create table t (a, b); insert into t values (zeroblob(3000000), 'behind')"));
    const counted = countedSource(bytes);
    expect(await rowsOf(counted, 't', ['a'])).toEqual([[UNREAD]]);
    expect(counted.total()).toBeLessThan(20_000);
    expect(await rowsOf(bytes, 't', ['b'])).toEqual([['behind']]);
    expect(await rowsOf(bytes, 't', ['b'], { limits: { maxStringBytes: 1000 } })).toEqual([[UNREAD]]);
  });
  it('damaged in any way ends with rows or a code, and reads no page twice', async () => {
    const { bytes } = await made((database) => {
      database.run(`pragma page_size=512; create table t (a, b text); insert into t values (1, '${'x'.repeat(3000)}'), (2, 'y')`);
      database.run(
        `with recursive n(x) as (select 1 union all select x + 1 from n where x < 100) insert into t select x, 'row ' || x from n`,
      );
    });
    const change = fc.tuple(
      fc.oneof(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 1100 })),
      fc.oneof(fc.constantFrom(0, 1, 2, 5, 13, 127, 128, 255), fc.nat({ max: 255 })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const damaged = bytes.slice();
        for (const [at, value] of changes) damaged[at] = value;
        const counted = countedSource(damaged);
        expect(await codeOf(rowsOf(counted, 't', ['a', 'b']))).toMatch(/^read$|^ERR_(FORMAT|LIMIT)_/);
        // The schema and the table, each page once.
        expect(counted.total()).toBeLessThanOrEqual(2 * damaged.length + 200);
      }),
      { numRuns: Number(process.env.MSBOM_RUNS ?? 60) * 5 },
    );
  });
});

/** A source that counts the bytes that are read of it. */
function countedSource(bytes: Uint8Array): ByteSource & { total(): number } {
  let total = 0;
  const source = bytesSource('x.db', bytes);
  const read = (offset: number, length: number) => {
    total += length;
    return source.read(offset, length);
  };
  return { ...source, read, total: () => total };
}

/** Bytes of a row that lie in its own page of 512 bytes, by the rule of the format. */
function localOf(size: number): number {
  const least = Math.floor((500 * 32) / 255) - 23;
  const wanted = least + ((size - least) % 508);
  return wanted <= 477 ? wanted : least;
}
