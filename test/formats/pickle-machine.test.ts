import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { type Cursor, openCursor } from '../../src/core/cursor.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import {
  asPlain,
  className,
  enumValue,
  isNotPlain,
  itemsOf,
  ofKind,
  type PickleCall,
  type PickleOptions,
  readPickle,
  scanPickle,
  stateOf,
} from '../../src/formats/shared/pickle/index.js';
import { concat, utf8 } from '../support/builders.js';
import { call, instance, little, op, type Plain, pickle, tuple, value } from '../support/pickle.js';
import { opcodesOf } from '../support/pickle-opcodes.js';

const cursorOf = (bytes: Uint8Array, page?: number): Cursor => openCursor(bytesSource('m.pkl', bytes), DEFAULT_LIMITS, page);
const read = (bytes: Uint8Array, options: PickleOptions = {}, limits = DEFAULT_LIMITS) => readPickle(cursorOf(bytes), limits, options);
const scan = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => scanPickle(cursorOf(bytes), limits);
const plain = async (...parts: readonly Uint8Array[]) => asPlain((await read(concat(...parts, op.stop))).root);

describe('plain data', () => {
  it.each<[string, Uint8Array, unknown]>([
    ['INT', op.line('I', '42'), 42],
    ['INT as a boolean', op.line('I', '01'), true],
    ['INT as false', op.line('I', '00'), false],
    ['INT in hexadecimal', op.line('I', '0x1F'), 31],
    ['LONG', op.line('L', '-12345678901234567890L'), -12345678901234567890n],
    ['LONG1 of no bytes', op.long1(new Uint8Array(0)), 0],
    ['LONG1', op.long1(Uint8Array.of(0xff, 0x7f)), 32767],
    ['LONG1 below zero', op.long1(Uint8Array.of(0x00, 0x80)), -32768],
    ['LONG4', op.long4(little(2n ** 70n, 9)), 2n ** 70n],
    ['BININT', op.int(-5), -5],
    ['BININT2', Uint8Array.of(0x4d, 0x01, 0x02), 513],
    ['FLOAT', op.line('F', '-1.5e3'), -1500],
    ['FLOAT of infinity', op.line('F', '-inf'), -Infinity],
    ['BINFLOAT', op.float(0.1), 0.1],
    ['STRING', op.line('S', "'a\\n\\x41\\101\\'\\q'"), "a\nAA'\\q"],
    ['STRING in UTF-8', op.line('S', '"\\xc3\\xa9"'), 'é'],
    ['BINSTRING', op.oldString(utf8('é')), 'é'],
    ['UNICODE', concat(Uint8Array.of(0x56, 0xe9), utf8('\\u20ac\\U0001F600\n')), 'é€😀'],
    ['BINUNICODE', op.text('x'.repeat(4000)), 'x'.repeat(4000)],
    ['BINUNICODE8', op.text8('é'), 'é'],
    ['NONE', op.none, null],
    ['booleans', concat(op.true, op.false, op.tuple2), [true, false]],
    ['EMPTY_LIST, APPEND', concat(op.emptyList, op.int1(1), op.append), [1]],
    ['APPENDS', concat(op.emptyList, op.mark, op.int1(1), op.int1(2), op.appends), [1, 2]],
    ['LIST', concat(op.mark, op.int1(1), op.list), [1]],
    ['TUPLE1 to 3', concat(op.int1(1), op.tuple1, op.int1(2), op.int1(3), op.tuple3), [[1], 2, 3]],
    ['sets', concat(op.emptySet, op.mark, op.int1(1), op.addItems), [1]],
    ['FROZENSET', concat(op.mark, op.int1(1), op.frozenSet), [1]],
    [
      'DICT',
      value({ a: 1, __proto__x: { b: [true] } }),
      new Map<string, unknown>([
        ['a', 1],
        ['__proto__x', new Map([['b', [true]]])],
      ]),
    ],
    ['SETITEM', concat(op.emptyDict, op.text('__proto__'), op.int1(1), op.setItem), new Map([['__proto__', 1]])],
    ['an OrderedDict', concat(call('collections', 'OrderedDict'), op.mark, op.text('k'), op.int1(1), op.setItems), new Map([['k', 1]])],
    ['an empty OrderedDict', call('collections', 'OrderedDict'), new Map()],
    ['memo by number', concat(op.text('a'), op.put(3), op.get(3), op.tuple2), ['a', 'a']],
    [
      'memo in turn',
      concat(op.text('a'), op.memoize, op.text('b'), op.memoize, op.get(0), op.get(1), op.tuple2, op.tuple3),
      ['a', 'b', ['a', 'b']],
    ],
    ['memo as text', concat(op.text('a'), op.line('p', '1000'), op.line('g', '1000'), op.tuple2), ['a', 'a']],
    ['a wide memo', concat(op.text('a'), op.longPut(0xffff_ffff), op.longGet(0xffff_ffff), op.tuple2), ['a', 'a']],
    ['POP', concat(op.int1(1), op.int1(2), op.pop), 1],
    ['POP of a mark', concat(op.int1(1), op.mark, op.pop), 1],
    ['POP_MARK', concat(op.int1(1), op.mark, op.int1(2), op.int1(3), op.popMark), 1],
    ['DUP', concat(op.int1(1), op.dup, op.tuple2), [1, 1]],
  ])('of %s', async (_what, bytes, expected) => {
    expect(await plain(bytes)).toEqual(expected);
  });
  it('keeps keys that are no text', async () => {
    const root = await plain(op.emptyDict, op.mark, op.int1(7), op.text('seven'), op.none, op.int1(0), op.setItems);
    expect(root).toEqual(
      new Map<unknown, unknown>([
        [7, 'seven'],
        [null, 0],
      ]),
    );
  });
  it('of any shape comes back, whatever the page of the cursor', async () => {
    const { tree } = fc.letrec<{ tree: Plain }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const asMaps = (data: unknown): unknown =>
      Array.isArray(data)
        ? data.map(asMaps)
        : typeof data === 'object' && data !== null
          ? new Map(Object.entries(data).map(([key, item]) => [key, asMaps(item)]))
          : data;
    await fc.assert(
      fc.asyncProperty(tree, fc.constantFrom(1, 2, 7, 64, 4096), async (data, page) => {
        const stream = await readPickle(cursorOf(pickle(data), page), DEFAULT_LIMITS);
        expect(asPlain(stream.root)).toEqual(asMaps(data));
      }),
      { numRuns: 200 },
    );
  });
});

describe('objects', () => {
  it('are calls with what is done to them', async () => {
    const { root, imports } = await read(pickle(instance('torch', 'Thing', { lr: 0.5 })));
    expect(className(root)).toBe('torch.Thing');
    expect(stateOf(root)?.entries.get('lr')).toBe(0.5);
    expect(imports).toEqual([{ module: 'torch', name: 'Thing', at: 2, count: 1 }]);
  });
  it('have the class that a reconstructor is given', async () => {
    const { root } = await read(
      pickle(call('copy_reg', '_reconstructor', op.global('a.b', 'C'), op.global('__builtin__', 'object'), null)),
    );
    expect(className(root)).toBe('a.b.C');
  });
  it.each<[string, Uint8Array, PickleCall['opcode']]>([
    ['INST', concat(op.mark, op.int1(1), op.inst('os', 'system')), 'INST'],
    ['OBJ', concat(op.mark, op.global('os', 'system'), op.int1(1), op.obj), 'OBJ'],
    ['NEWOBJ', concat(op.shortText('os'), op.shortText('system'), op.stackGlobal, op.int1(1), op.tuple1, op.newObj), 'NEWOBJ'],
    ['NEWOBJ_EX', concat(op.global('os', 'system'), op.int1(1), op.tuple1, op.emptyDict, op.newObjEx), 'NEWOBJ_EX'],
    ['REDUCE, thrown away', concat(op.none, op.global('os', 'system'), op.int1(1), op.tuple1, op.reduce, op.pop), 'REDUCE'],
  ])('made by %s are told to the caller', async (_what, bytes, opcode) => {
    const calls: PickleCall[] = [];
    const imported: number[] = [];
    await read(concat(bytes, op.stop), { onCall: (made) => calls.push(made), onImport: ({ at }) => imported.push(at) });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ opcode, callee: { module: 'os', name: 'system' } });
    expect(itemsOf(calls[0]?.args)).toEqual([1]);
    expect(imported).toHaveLength(1);
  });
  it('keep items and entries that are added to them', async () => {
    const { root } = await read(pickle(concat(call('a', 'B'), op.int1(1), op.append, op.text('k'), op.int1(2), op.setItem)));
    expect(root).toMatchObject({ kind: 'call', list: { items: [1], length: 1 } });
    expect(ofKind(root, 'call')?.dict?.entries).toEqual(new Map([['k', 2]]));
  });
  it('that are members of an Enum give their value', async () => {
    expect(enumValue((await read(pickle(call('m', 'Strategy', 'epoch')))).root)).toBe('epoch');
    expect(enumValue((await read(pickle(call('m', 'Range', 1, 2)))).root)).toBeUndefined();
  });
  it('outside of the pickle stay symbols', async () => {
    const parts = [
      op.line('P', 'id-1'),
      tuple('storage', 3),
      op.persId,
      op.ext1(4),
      op.tuple3,
      op.nextBuffer,
      op.readonlyBuffer,
      op.tuple2,
    ];
    const { root, anomalies } = await read(concat(...parts, op.stop));
    expect(root).toMatchObject({
      items: [
        {
          items: [
            { kind: 'persistent', id: 'id-1' },
            { kind: 'persistent', id: { items: ['storage', 3] } },
            { kind: 'extension', code: 4 },
          ],
        },
        { kind: 'buffer', index: 0 },
      ],
    });
    expect(anomalies).toEqual([{ kind: 'extension code', at: expect.any(Number) }]);
  });
  it('are marked where they are not plain', async () => {
    const root = asPlain(
      (await read(pickle([call('torch', 'device', 'cpu'), op.shortBytes(utf8('x')), op.global('torch', 'float32')]))).root,
    );
    expect(Array.isArray(root) && root.map((item) => isNotPlain(item) && item.notPlain)).toEqual([
      'torch.device',
      'bytes',
      'torch.float32',
    ]);
  });
});

describe('raw bytes', () => {
  it('that are long are known by their place', async () => {
    const big = new Uint8Array(300_000);
    const cursor = cursorOf(concat(op.bytes8(big), op.byteArray(big), op.text('x'.repeat(100_000)), op.tuple3, op.stop), 4096);
    const { root } = await readPickle(cursor, DEFAULT_LIMITS);
    expect(itemsOf(root)).toEqual([
      { kind: 'bytes', offset: 9, length: 300_000 },
      { kind: 'bytearray', offset: 300_018, length: 300_000 },
      { kind: 'text', offset: 600_023, length: 100_000 },
    ]);
    expect(cursor.bytesRead).toBeLessThan(20_000);
  });
  it('after a BUILD are passed over by the hook', async () => {
    const raw = new Uint8Array(500_000).fill(0x2e);
    const onBuild: PickleOptions['onBuild'] = async (target, state, cursor) => {
      if (className(target) !== 'joblib.Wrapper') return;
      expect(state).toMatchObject({ kind: 'dict' });
      await cursor.fill(4);
      expect(cursor.u8()).toBe(0x2e);
      cursor.skip(raw.byteLength - 1);
    };
    const { root, end } = await read(concat(value([]), instance('joblib', 'Wrapper', { n: 1 }), raw, op.append, op.stop), { onBuild });
    expect(className(itemsOf(root)?.[0])).toBe('joblib.Wrapper');
    expect(end).toBeGreaterThan(raw.byteLength);
  });
  it('after STOP are left to the caller, who may read on', async () => {
    const cursor = cursorOf(concat(pickle(1), pickle('two', 4), utf8('trailing')));
    expect(await readPickle(cursor, DEFAULT_LIMITS)).toMatchObject({ start: 0, end: 8, root: 1, protocol: 2 });
    expect(await readPickle(cursor, DEFAULT_LIMITS)).toMatchObject({ start: 8, root: 'two', protocol: 4 });
    expect(cursor.source.size - cursor.position).toBe(8);
  });
  it('of a memo may be carried to the next pickle', async () => {
    const cursor = cursorOf(concat(op.text('a'), op.memoize, op.stop, op.get(0), op.stop));
    const first = await readPickle(cursor, DEFAULT_LIMITS);
    expect(await readPickle(cursor, DEFAULT_LIMITS, { memo: first.memo })).toMatchObject({ root: 'a' });
  });
});

describe('odd pickles', () => {
  it.each<[string, Uint8Array, string]>([
    ['read a memo entry that was never set', op.get(9), 'unset memo'],
    ['import what is no text', concat(op.int1(1), op.int1(2), op.stackGlobal), 'computed import'],
    ['append to a text', concat(op.text('a'), op.int1(1), op.append), 'mutation of a non-container'],
    ['set entries of a list', concat(op.emptyList, op.int1(1), op.int1(1), op.setItem), 'mutation of a non-container'],
    ['set the state of a module', concat(op.global('os', 'path'), op.emptyDict, op.build), 'state on a non-instance'],
    ['announce the protocol late', concat(op.none, op.pop, op.proto(2), op.none), 'odd protocol'],
    ['open a frame in a frame', concat(op.frame(14), op.frame(2), op.none, op.none, op.pop, op.none, op.pop), 'frame boundary'],
    ['open a frame beyond the end', concat(op.frame(2n ** 63n), op.none), 'frame boundary'],
    ['reach over the end of a frame', concat(op.frame(2), op.text('abc')), 'frame boundary'],
    ['leave values behind', concat(op.none, op.mark, op.none), 'values left on the stack'],
  ])('that %s are read and noted', async (_what, bytes, kind) => {
    const { anomalies, error } = await scan(concat(bytes, op.stop));
    expect(error).toBeUndefined();
    expect(anomalies.map((anomaly) => anomaly.kind)).toContain(kind);
  });
  it.each<[string, Uint8Array, string]>([
    ['an unknown opcode', Uint8Array.of(0xff), 'ERR_FORMAT_MALFORMED'],
    ['no STOP', op.none, 'ERR_FORMAT_TRUNCATED'],
    ['nothing on the stack', op.stop, 'ERR_FORMAT_MALFORMED'],
    ['a value behind a mark only', concat(op.none, op.mark, op.stop), 'ERR_FORMAT_MALFORMED'],
    ['no mark', op.list, 'ERR_FORMAT_MALFORMED'],
    ['too few values', concat(op.none, op.tuple2), 'ERR_FORMAT_MALFORMED'],
    ['an object without a class', concat(op.mark, op.obj), 'ERR_FORMAT_MALFORMED'],
    ['a key without a value', concat(op.emptyDict, op.mark, op.none, op.setItems), 'ERR_FORMAT_MALFORMED'],
    ['protocol 6', op.proto(6), 'ERR_FORMAT_UNSUPPORTED'],
    ['a negative length', concat(utf8('T'), little(-1, 4), op.stop), 'ERR_FORMAT_MALFORMED'],
    ['a length beyond 2^53', concat(Uint8Array.of(0x8e), little(2n ** 60n, 8)), 'ERR_FORMAT_MALFORMED'],
    ['a length beyond the end', concat(Uint8Array.of(0x8e), little(99, 8)), 'ERR_FORMAT_TRUNCATED'],
    ['half an argument', Uint8Array.of(0x4a, 1), 'ERR_FORMAT_TRUNCATED'],
    ['a line without end', utf8('I12'), 'ERR_FORMAT_TRUNCATED'],
    ['a line that is no number', op.line('I', 'x'), 'ERR_FORMAT_MALFORMED'],
    ['a line that is no float', op.line('F', '1..2'), 'ERR_FORMAT_MALFORMED'],
    ['a string without quotes', op.line('S', 'x'), 'ERR_FORMAT_MALFORMED'],
    ['a memo index below zero', concat(op.none, op.line('p', '-1')), 'ERR_FORMAT_MALFORMED'],
    ['a memo index beyond 2^32', concat(op.none, op.line('p', '99999999999')), 'ERR_FORMAT_MALFORMED'],
  ])('with %s stop there, and keep what came before', async (_what, bytes, code) => {
    const { error, imports, root } = await scan(concat(op.global('os', 'system'), op.pop, bytes));
    expect(error).toMatchObject({ code, file: 'm.pkl', offset: expect.any(Number) });
    expect(imports).toMatchObject([{ module: 'os', name: 'system' }]);
    expect(root).toBeNull();
    await expect(read(bytes)).rejects.toSatisfy((reason) => MsbomError.is(reason));
  });
  it('with huge integers keep their place', async () => {
    const digits = '9'.repeat(100_000);
    const { root } = await read(concat(op.line('L', `${digits}L`), op.long4(new Uint8Array(5000)), op.tuple2, op.stop));
    expect(itemsOf(root)).toEqual([
      { kind: 'integer', offset: 1, length: 100_001 },
      { kind: 'integer', offset: 100_008, length: 5000 },
    ]);
  });
  it.each<[string, Uint8Array]>([
    ['opcodes', concat(...Array.from({ length: 400 }, () => concat(op.none, op.pop)))],
    ['objects', concat(...Array.from({ length: 150 }, () => op.emptyList))],
    ['marks', concat(...Array.from({ length: 150 }, () => op.mark))],
    ['copies', concat(op.none, ...Array.from({ length: 150 }, () => op.dup))],
    ['memo entries', concat(op.none, ...Array.from({ length: 150 }, (_, i) => op.longPut(i * 7919)))],
  ])('with too many %s stop', async (_what, bytes) => {
    expect((await scan(concat(bytes, op.stop), withLimits({ maxItems: 100 }))).error).toMatchObject({ code: 'ERR_LIMIT_COUNT' });
  });
  it('keep as many items as they are told to, and count the others', async () => {
    const list = concat(op.emptyList, op.mark, ...Array.from({ length: 50 }, (_, i) => op.int1(i)), op.appends);
    expect((await read(concat(list, op.stop), { keep: 10 })).root).toMatchObject({ items: { length: 10 }, length: 50 });
  });
});

describe('walking', () => {
  it('is cut where values are shared without end', async () => {
    const level = concat(op.dup, op.tuple2);
    const bomb = concat(value(['x']), ...Array.from({ length: 200 }, () => level), op.stop);
    const { root } = await read(bomb);
    let seen = 0;
    const visit = (item: unknown): void => {
      seen++;
      if (Array.isArray(item)) item.forEach(visit);
    };
    visit(asPlain(root, { maxItems: 1000, maxDepth: 1000 }));
    expect(seen).toBeLessThan(3000);
    visit(asPlain(root));
    expect(seen).toBeLessThan(30_000);
  });
  it('is cut at loops and at great depth', async () => {
    const loop = await read(concat(op.emptyList, op.put(0), op.get(0), op.append, op.stop));
    expect(asPlain(loop.root)).toMatchObject([{ notPlain: 'a loop' }]);
    const deep = await read(concat(Buffer.alloc(100_000, op.emptyList), Buffer.alloc(99_999, op.append), op.stop));
    expect(JSON.stringify(asPlain(deep.root), (key, item: unknown) => (key === 'value' ? 0 : item))).toContain('more than the limit');
  });
});

describe('pickles that Python wrote', () => {
  const fixture = (path: string) => readFileSync(fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url)));
  const recorded = JSON.parse(fixture('pickle-opcodes/pickletools.json').toString()) as Readonly<
    Record<string, { readonly opcodes: number; readonly sha256: string }>
  >;
  it.each(Object.entries(recorded))('%s has the opcodes that pickletools sees', async (name, { opcodes, sha256 }) => {
    const ours = await opcodesOf(new Uint8Array(fixture(`formats/pickle/${name}`)));
    expect(ours.error).toBeUndefined();
    expect([ours.opcodes.length, createHash('sha256').update(ours.opcodes.join('\n')).digest('hex')]).toEqual([opcodes, sha256]);
  });
});

it('hostile bytes cause errors of the format or of a limit only', async () => {
  const good = concat(
    op.proto(4),
    op.frame(40),
    value({ a: [1, 2.5, 'x', null, true], b: instance('a', 'B', { c: tuple(1, op.shortBytes(utf8('raw'))) }) }),
    concat(op.memoize, op.get(0), op.pop, op.line('I', '12'), op.line('S', "'s'"), op.pop, op.pop, op.long1(little(5, 3)), op.pop),
    op.stop,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: good.byteLength - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }),
      fc.nat({ max: good.byteLength }),
      async (changes, length) => {
        const bytes = good.slice(0, length);
        for (const [at, byte] of changes) bytes[at] = byte;
        const { error, root } = await scanPickle(cursorOf(bytes, 16), withLimits({ maxItems: 5000 }));
        asPlain(root);
        if (error !== undefined) expect(error.code).toMatch(/^ERR_(FORMAT|LIMIT)_/);
      },
    ),
    { numRuns: Number(process.env.MSBOM_RUNS ?? 1000) },
  );
});
