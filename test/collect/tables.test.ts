import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { arrow } from '../../src/collect/collectors/arrow/index.js';
import { readArrow } from '../../src/collect/collectors/arrow/stream.js';
import { readParquet } from '../../src/collect/collectors/parquet/footer.js';
import { parquet } from '../../src/collect/collectors/parquet/index.js';
import { checkThrift } from '../../src/collect/collectors/parquet/thrift.js';
import type { Collected, SourceCollector } from '../../src/collect/contribution.js';
import type { TableFacts } from '../../src/collect/dataset/tables.js';
import { OF_THE_SUBJECT } from '../../src/collect/models/owners.js';
import { type ByteSource, bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/core/limits.js';

const fixture = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../fixtures/collect/dataset/${path}`, import.meta.url)));
interface Stated {
  readonly rows: number;
  readonly row_groups?: number;
  readonly created_by?: string;
  readonly columns: readonly string[];
  readonly types?: readonly string[];
}
const stated = JSON.parse(new TextDecoder().decode(fixture('facts.json'))) as Record<string, Stated>;
const context = {
  owner: OF_THE_SUBJECT,
  paths: new Set<string>(),
  limits: DEFAULT_LIMITS,
  includePrivate: false,
  read: async () => undefined,
};
const collect = (collector: SourceCollector, bytes: Uint8Array): Promise<Collected> =>
  collector.collectSource(bytesSource('data/x', bytes), context);

describe.each(Object.entries(stated))('%s', (path, expected) => {
  it('has the rows and columns that pyarrow counts', async () => {
    const read = path.endsWith('.parquet') ? readParquet : readArrow;
    const table = await read(bytesSource(path, fixture(path)), DEFAULT_LIMITS);
    expect(table.rows).toBe(expected.rows);
    expect(table.columns.map(({ name }) => name)).toEqual(expected.columns);
    if (path.endsWith('.parquet')) {
      expect(`${table.producer?.name} version ${table.producer?.version}`).toBe(expected.created_by);
      expect(table.metadata).toMatchObject({ num_rows: String(expected.rows), row_groups: String(expected.row_groups) });
    }
  });
});

describe('parquet', () => {
  it('names the types, and labels where the datasets library wrote them', async () => {
    const types = await readParquet(bytesSource('x', fixture('parquet-types.parquet')), DEFAULT_LIMITS);
    expect(types.columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'i: int32',
      'f: float',
      'd: date',
      's: struct',
      'l: list',
      'u: integer',
      't: string',
      'b: boolean',
      'c: string',
    ]);
    const { columns } = await readParquet(bytesSource('x', fixture('parquet/train.parquet')), DEFAULT_LIMITS);
    expect(columns).toEqual([
      { name: 'text', type: 'string', labels: [] },
      { name: 'label', type: 'ClassLabel', labels: ['neg', 'pos'] },
    ]);
  });
  it('keeps the version of pandas, not its schema', async () => {
    const { metadata } = await readParquet(bytesSource('x', fixture('parquet-pandas.parquet')), DEFAULT_LIMITS);
    expect(metadata.pandas_version).toMatch(/^\d/);
    expect(Object.keys(metadata)).not.toContain('pandas');
  });
  it('is noted as inspected', async () => {
    expect(await collect(parquet, fixture('parquet/train.parquet'))).toMatchObject({
      contributions: [
        {
          kind: 'file',
          path: 'data/x',
          facts: { format: { serialization: 'parquet' }, inspection: { status: 'inspected' }, producers: [{ name: 'parquet-cpp-arrow' }] },
        },
      ],
    });
  });
  it('reads the footer alone', async () => {
    const bytes = fixture('parquet/train.parquet');
    let read = 0;
    const source: ByteSource = {
      name: 'x',
      size: bytes.byteLength,
      read: async (offset, length) => {
        read += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    await readParquet(source, DEFAULT_LIMITS);
    expect(read).toBe(new DataView(bytes.buffer).getUint32(bytes.byteLength - 8, true) + 16);
  });
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'data-unreadable'],
    ['text', new TextEncoder().encode('PAR1 is how it begins, and not how it ends'), 'data-unreadable'],
    ['half of it', fixture('parquet/train.parquet').slice(0, 700), 'data-unreadable'],
    [
      'an encrypted footer',
      Uint8Array.from([...new TextEncoder().encode('PAR1xxxx'), 4, 0, 0, 0, ...new TextEncoder().encode('PARE')]),
      'data-unreadable',
    ],
    [
      'a footer longer than the file',
      Uint8Array.from([...new TextEncoder().encode('PAR1xxxx'), 255, 0, 0, 0, ...new TextEncoder().encode('PAR1')]),
      'data-unreadable',
    ],
  ])('of %s is a finding, and the file is not inspected', async (_, bytes, id) => {
    const { contributions, findings } = await collect(parquet, bytes);
    expect(findings).toMatchObject([{ id, severity: 'medium', file: 'data/x' }]);
    expect(contributions).toMatchObject([{ facts: { inspection: { status: 'not-inspected' } } }]);
  });
});

describe('the walk before the parser', () => {
  const refuse = (bytes: readonly number[], code: string): void => {
    expect(() => checkThrift(Uint8Array.from(bytes), { maxItems: 1000 })).toThrow(expect.objectContaining({ code }));
  };
  it('refuses what would make the parser slow or deep', () => {
    // The parser alone takes a number of any length, in time that grows with the square of it.
    refuse([0x16, ...new Array<number>(11).fill(0x80), 0], 'ERR_FORMAT_MALFORMED');
    refuse(new Array<number>(100).fill(0x1c), 'ERR_LIMIT_DEPTH');
    refuse([0x19, ...new Array<number>(100).fill(0x19)], 'ERR_LIMIT_DEPTH');
    refuse([0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f], 'ERR_FORMAT_TRUNCATED');
    refuse([0x18, 0xff, 0xff, 0xff, 0xff, 0x0f], 'ERR_FORMAT_TRUNCATED');
    refuse([0x1b, 0], 'ERR_FORMAT_MALFORMED');
    refuse([0x15, 2], 'ERR_FORMAT_TRUNCATED');
    refuse([0x19, 0xf3, 0xd0, 0x0f, ...new Array<number>(2000).fill(1), 0], 'ERR_LIMIT_COUNT');
  });
  it('lets through what the parser reads', () => {
    for (const path of Object.keys(stated).filter((each) => each.endsWith('.parquet'))) {
      const bytes = fixture(path);
      const length = new DataView(bytes.buffer).getUint32(bytes.byteLength - 8, true);
      checkThrift(bytes.subarray(bytes.byteLength - 8 - length, -8), { maxItems: 100_000 });
      expect(Number(parquetMetadata(bytes).num_rows)).toBe(stated[path]?.rows);
    }
  });
});

describe('arrow', () => {
  it('names the types', async () => {
    const { columns, format, metadata } = await readArrow(bytesSource('x', fixture('types.arrow')), DEFAULT_LIMITS);
    expect(columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'i: int32',
      'f: float32',
      'd: date',
      's: struct',
      'l: list',
      'u: uint8',
      't: utf8',
      'b: bool',
      'c: utf8',
    ]);
    expect(format).toBe('arrow');
    expect(metadata).toEqual({ rows: '4', record_batches: '2' });
    expect((await readArrow(bytesSource('x', fixture('stream.arrow')), DEFAULT_LIMITS)).format).toBe('arrow-stream');
  });
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('this is no arrow file at all')],
    ['half of it', fixture('types.arrow').slice(0, 1500)],
    ['a stream without its start', fixture('stream.arrow').slice(8)],
  ])('of %s is a finding', async (_, bytes) => {
    expect((await collect(arrow, bytes)).findings).toMatchObject([{ id: 'data-unreadable', file: 'data/x' }]);
  });
});

const small: Limits = { ...DEFAULT_LIMITS, maxReadBytes: 1 << 20, maxHeaderBytes: 1 << 20, maxItems: 1 << 14 };
type Reader = (source: ByteSource, limits: Limits) => Promise<TableFacts>;

/** Facts, or one of the errors that hostile bytes may cause, and no read outside the file. */
async function readHostile(read: Reader, bytes: Uint8Array): Promise<void> {
  const source = bytesSource('hostile', bytes);
  const watched = {
    ...source,
    read(offset: number, length: number) {
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset + length).toBeLessThanOrEqual(bytes.byteLength);
      return source.read(offset, length);
    },
  };
  try {
    await read(watched, small);
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    expect(error.code).toMatch(/^ERR_(FORMAT|LIMIT)_/);
    expect(error.file).toBe('hostile');
  }
}

describe.each<[string, Reader, Uint8Array]>([
  ['parquet', readParquet, fixture('parquet-types.parquet')],
  ['arrow file', readArrow, fixture('types.arrow')],
  ['arrow stream', readArrow, fixture('stream.arrow')],
])('%s', (_, read, good) => {
  it('survives truncation and changed bytes', async () => {
    for (let length = 0; length < good.byteLength; length += 3) await readHostile(read, good.slice(0, length));
    // A footer that still fits its file, cut from the front: the lengths in it stay what they are.
    for (let from = 1; from < good.byteLength; from += 7) await readHostile(read, good.slice(from));
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.nat({ max: good.byteLength - 1 }), fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff), fc.integer({ min: 1, max: 9 })),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        async (changes) => {
          const bytes = good.slice();
          for (const [at, value, length] of changes) bytes.fill(value, at, at + length);
          await readHostile(read, bytes);
        },
      ),
      { numRuns: 400 },
    );
  });
});
