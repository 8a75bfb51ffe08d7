import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource, readExactly } from '../../src/core/byte-source.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { openCursor } from '../../src/core/cursor.js';
import { compareDigests, rootDigest, sha256Text } from '../../src/core/digest.js';
import { MsbomError } from '../../src/core/error.js';
import { uniqueId } from '../../src/core/id.js';
import { locatePointer, parseJson } from '../../src/core/json.js';
import { parsePointer, resolvePointer, toPointer } from '../../src/core/json-pointer.js';
import { requireKeptIntegers, withExponents } from '../../src/core/json-text.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { nearest } from '../../src/core/nearest.js';
import { compareCodePoints } from '../../src/core/source-tree.js';

const code = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return MsbomError.is(error) ? error.code : `not ours: ${String(error)}`;
  }
};

describe('canonical JSON (RFC 8785)', () => {
  it('writes the example of the RFC', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalize(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
  it('sorts keys by UTF-16 units, as the RFC shows', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = canonicalize(Object.fromEntries(keys.map((key) => [key, 1])));
    expect(Object.keys(JSON.parse(sorted) as object).filter((key) => key !== '1')).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
  });
  it('means the same and depends on the content alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalize(value);
        expect(canonicalize(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], [10n], [() => 1], ['\ud800'], [new Date()], [new Map()]])(
    'refuses %s',
    (value) => {
      expect(code(() => canonicalize({ a: value }))).toBe('ERR_MANIFEST_VALUE');
    },
  );
  it('refuses a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(code(() => canonicalize(loop))).toBe('ERR_MANIFEST_VALUE');
  });
});

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        if (!text.includes('__proto__')) expect(parseJson(text, { inexactIntegers: 'round' })).toEqual(JSON.parse(text));
      }),
    );
  });
  it('reads what is written with exponents as the same numbers', () => {
    const number = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.bigInt(-(10n ** 22n), 10n ** 22n).map(Number));
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.string())), fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(withExponents(text))).toEqual(JSON.parse(text));
        expect(code(() => requireKeptIntegers(text))).toBe('none');
      }),
    );
  });
  it('can take whole numbers beyond 2^53 - 1 as texts of their digits', () => {
    const text = '[9007199254740993,-12345678901234567890,{"12345678901234567890":" 1234567890123456789"},1e19,9007199254740991]';
    const value = ['9007199254740993', '-12345678901234567890', { '12345678901234567890': ' 1234567890123456789' }, 1e19, 2 ** 53 - 1];
    expect(parseJson(text, { inexactIntegers: 'text' })).toEqual(value);
    expect(code(() => parseJson('{12345678901234567890:1}', { inexactIntegers: 'text' }))).toBe('ERR_JSON_SYNTAX');
    expect(parseJson(`[${'9'.repeat(400)}]`, { inexactIntegers: 'text' })).toEqual(['9'.repeat(400)]);
  });
  it.each([
    ['[9007199254740992, -12345678901234567000, 10000000000000000000000]', 'none'],
    ['[9007199254740993]', 'ERR_JSON_NUMBER'],
    ['[-12345678901234567890]', 'ERR_JSON_NUMBER'],
  ])('whole numbers of %s stay what they are in a double: %s', (text, expected) => {
    expect(code(() => requireKeptIntegers(text))).toBe(expected);
  });
  it('never takes what JSON.parse refuses, and throws nothing but its own errors', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0 1e-"ab\n') }), (text) => {
        const ours = code(() => parseJson(text));
        const valid = code(() => JSON.parse(text)) === 'none';
        if (!valid) expect(ours).toMatch(/^ERR_(JSON|LIMIT)_/);
      }),
      { numRuns: 2000 },
    );
  });
  it.each([
    ['{"a":1,"a":2}', 'ERR_JSON_DUPLICATE_KEY', 1, 8],
    ['{"a":{"b":[{"c":1,\n"\\u0063":2}]}}', 'ERR_JSON_DUPLICATE_KEY', 2, 1],
    ['{"x":"a:b","y":{"__proto__":1}}', 'ERR_JSON_FORBIDDEN_KEY', 1, 17],
    ['{"x":"\\"", "\\u005f_proto__":1}', 'ERR_JSON_FORBIDDEN_KEY', 1, 12],
    ['[1,\n 9007199254740993]', 'ERR_JSON_NUMBER', 2, 2],
    ['{"a":\n tru}', 'ERR_JSON_SYNTAX', 2, 2],
    ['[1,]', 'ERR_JSON_SYNTAX', 1, 4],
    ['{"a" 1}', 'ERR_JSON_SYNTAX', 1, 6],
    ['[1] x', 'ERR_JSON_SYNTAX', 1, 5],
    ['{"a":[1,2', 'ERR_JSON_SYNTAX', 1, 10],
    ['', 'ERR_JSON_SYNTAX', 1, 1],
  ])('%s is %s', (text, expected, line, column) => {
    const error = (() => {
      try {
        parseJson(text, { file: 'x.json' });
        return undefined;
      } catch (reason) {
        return reason;
      }
    })();
    expect(error).toMatchObject({ code: expected, line, column, file: 'x.json' });
  });
  it('bounds size and depth', () => {
    expect(code(() => parseJson('[[[1]]]', { limits: withLimits({ maxDepth: 2 }) }))).toBe('ERR_LIMIT_DEPTH');
    expect(code(() => parseJson('[1,2,3]', { limits: withLimits({ maxDocumentBytes: 3 }) }))).toBe('ERR_LIMIT_BYTES');
    expect(code(() => parseJson('['.repeat(1_000_000)))).toBe('ERR_LIMIT_DEPTH');
  });
  it('names the first byte that is not UTF-8', () => {
    const bytes = Uint8Array.of(0x22, 0xc3, 0xa4, 0xff, 0x22);
    try {
      parseJson(bytes);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_JSON_ENCODING', offset: 3 });
    }
  });
  it('finds every pointer of a document again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = JSON.stringify(value, null, 1);
        if (text.includes('__proto__')) return;
        for (const pointer of pointers(JSON.parse(text) as unknown, '')) {
          const { offset, line, column } = locatePointer(text, pointer);
          const keys = parsePointer(pointer) ?? [];
          const parent = resolvePointer(JSON.parse(text), toPointer(keys.slice(0, -1)));
          const expected =
            pointer === '' ? text[0] : Array.isArray(parent) ? JSON.stringify(resolvePointer(JSON.parse(text), pointer))[0] : '"';
          expect(text[offset]).toBe(expected);
          expect(text.split('\n')[line - 1]?.[column - 1]).toBe(text[offset]);
        }
      }),
    );
  });
});

function pointers(value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([key, member]) => pointers(member, `${at}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`)),
  ];
}

describe('digests', () => {
  const file = (path: string, content: string) => ({ path, digest: { sha256: createHash('sha256').update(content).digest('hex') } });
  it('computes the root of OpenSSF Model Signing', () => {
    // The vector of the specification's order: `a-b` before `a/b`.
    expect(rootDigest([file('a/b', '2\n'), file('a-b', '1\n')])).toBe('bd222050252384e92856fccad34ff9842ed411f042ca3209bf9fc5e3bd447872');
  });
  it('does not depend on the order of the files', () => {
    const files = ['b', 'a', '\u{1f600}', '\uffff', 'a/b', 'a-b'].map((path) => file(path, path));
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => rootDigest(shuffled) === rootDigest(files)),
    );
  });
  it('has no root for no files or without SHA-256', () => {
    expect(rootDigest([])).toBeUndefined();
    expect(rootDigest([{ path: 'a', digest: {} }])).toBeUndefined();
  });
  it('hashes texts as Node does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => sha256Text(text) === createHash('sha256').update(text, 'utf8').digest('hex')),
    );
  });
  it('tells the same from the different and from the unknown', () => {
    expect(compareDigests({ sha256: 'a' }, { sha256: 'a', sha512: 'b' })).toBe('same');
    expect(compareDigests({ sha256: 'a', sha512: 'c' }, { sha256: 'a', sha512: 'b' })).toBe('different');
    expect(compareDigests({ sha256: 'a' }, { sha512: 'b' })).toBe('unknown');
    expect(compareDigests(undefined, { sha512: 'b' })).toBe('unknown');
  });
  it('orders paths by code points, which is the order of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (a, b) => Math.sign(compareCodePoints(a, b)) === Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
      ),
    );
  });
});

describe('the cursor', () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  it('reads the same bytes whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100_000 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 3000 })), { maxLength: 30 }),
        async (page, steps) => {
          const cursor = openCursor(bytesSource('x', bytes), DEFAULT_LIMITS, page);
          let at = 0;
          for (const [skip, length] of steps) {
            if (at + length > bytes.length) break;
            if (skip) cursor.skip(length);
            else {
              await cursor.fill(length);
              expect(cursor.bytes(length)).toEqual(bytes.subarray(at, at + length));
            }
            at += length;
            expect(cursor.position).toBe(at);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
  it('stops at the end of the file and at the budget', async () => {
    const cursor = openCursor(bytesSource('x', bytes), DEFAULT_LIMITS);
    cursor.seek(299_999);
    await expect(cursor.fill(2)).rejects.toMatchObject({ code: 'ERR_FORMAT_TRUNCATED', offset: 299_999, file: 'x' });
    await expect(openCursor(bytesSource('x', bytes), { maxReadBytes: 100 }).fill(101)).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
    await expect(readExactly(bytesSource('x', bytes), 299_990, 20)).rejects.toMatchObject({
      code: 'ERR_FORMAT_TRUNCATED',
      offset: 299_990,
    });
  });
});

it('guesses only near words', () => {
  expect(nearest('licence', ['license', 'name'])).toBe('license');
  expect(nearest('zzz', ['license', 'name'])).toBeUndefined();
});

it('numbers things of one name in time that grows with their number', () => {
  const taken = new Set(['a', 'a-3']);
  expect(['a', 'a', 'b', 'a'].map((id) => uniqueId(id, taken))).toEqual(['a-2', 'a-4', 'b', 'a-5']);
  const many = new Set<string>();
  for (let i = 0; i < 100_000; i++) uniqueId('same', many);
  expect(many.has('same-100000')).toBe(true);
});
