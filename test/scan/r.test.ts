/** Objects of R: files that R itself wrote (scripts/interop/make-r.R), and some put together by hand. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FileScan } from '../../src/scan/index.js';
import { concat, utf8 } from '../support/builders.js';
import { scanBytes } from '../support/scan/scan.js';

const FILES = JSON.parse(readFileSync(new URL('../fixtures/scan/r.json', import.meta.url), 'utf8')) as Readonly<Record<string, string>>;
const bytesOf = (name: string): Uint8Array => new Uint8Array(Buffer.from(FILES[name] ?? '', 'base64'));
const plainOf = (name: string): Uint8Array => new Uint8Array(gunzipSync(bytesOf(name)));
const scan = (name: string): Promise<FileScan> => scanBytes(bytesOf(name), name);
const told = ({ findings }: FileScan): readonly string[] => findings.map(({ rule, verdict }) => `${rule} ${verdict}`);

describe('files that R wrote', () => {
  it.each([
    'compact.rds',
    'complex.rds',
    'kmeans-ascii.rds',
    'kmeans-plain.rds',
    'lm-xz.rds',
    'lm.rds',
    'prcomp-v2.rds',
    's4.rds',
    'workspace-ascii.rda',
    'workspace.RData',
  ])('%s is clean, with nothing told', async (name) => {
    expect(await scan(name)).toMatchObject({ verdict: 'clean', status: 'complete', findings: [] });
  });
  it.each(['compiled.rds', 'ecdf.rds', 'rpart.rds'])('%s is clean, and its functions are told', async (name) => {
    expect(await scan(name)).toMatchObject({ verdict: 'clean', status: 'complete', findings: [{ rule: 'r-code', verdict: 'note' }] });
  });
  it.each(Object.keys(FILES).filter((name) => name.startsWith('run')))('%s, which runs programs, is malicious', async (name) => {
    const found = await scan(name);
    expect(found).toMatchObject({ verdict: 'malicious', status: 'complete', findings: [{ rule: 'r-code', seen: { calls: ['system'] } }] });
    expect(found.findings[0]?.message).toContain(/promise|active/.test(name) ? 'a promise' : 'code runs programs');
  });
  it.each([
    ['made.rds', 'code is made of texts, and run'],
    ['computed.rds', 'a function that is put together'],
    ['fetch.rds', 'over the network with `download.file`'],
    ['first.RData', 'R runs `.First` by itself'],
  ])('%s is suspicious: %s', async (name, words) => {
    const found = await scan(name);
    expect(found).toMatchObject({ verdict: 'suspicious', status: 'complete' });
    expect(found.findings[0]?.message).toContain(words);
  });
  it('name the packages that reading them loads', async () => {
    expect(Object.values((await scan('rpart.rds')).facts).find((facts) => 'packages' in facts)).toMatchObject({ packages: ['rpart'] });
  });
});

const int = (value: number): Uint8Array => new Uint8Array([value >> 24, value >> 16, value >> 8, value]);
const chars = (text: string): Uint8Array => concat(int(0x40009), int(text.length), utf8(text));
const symbol = (text: string): Uint8Array => concat(int(1), chars(text));
const text = (value: string): Uint8Array => concat(int(16), int(1), chars(value));
const NIL = int(254);
const call = (name: string, ...given: readonly Uint8Array[]): Uint8Array =>
  concat(int(6), symbol(name), ...given.map((each) => concat(int(2), each)), NIL);
/** Not run yet: its environment, nothing, its code. */
const promise = (code: Uint8Array): Uint8Array => concat(int(0x405), int(253), int(252), code);
const object = (...items: readonly Uint8Array[]): Uint8Array => concat(utf8('X\n'), int(2), int(0x40202), int(0x20300), ...items);

describe('objects put together by hand', () => {
  it.each([
    ['as the object', promise(call('print', text('a')))],
    ['in a list', concat(int(19), int(1), promise(call('print', text('a'))))],
    ['in pairs', concat(int(2), promise(call('print', text('a'))), NIL)],
    ['in an attribute', concat(int(0x213), int(0), concat(int(2), promise(call('print', text('a'))), NIL))],
  ])('with a promise %s are malicious, whatever it runs', async (_, item) => {
    const found = await scanBytes(object(item), 'a.rds');
    expect(told(found)).toEqual(['r-promise malicious']);
    expect(found.findings[0]?.message).toContain('`print`');
  });
  it('with a promise in an environment, or one that was kept, are clean', async () => {
    const frame = concat(int(0x402), symbol('x'), promise(call('print', text('a'))), NIL);
    expect(await scanBytes(object(concat(int(4), int(0), int(253), frame, NIL, NIL)), 'a.rds')).toMatchObject({ verdict: 'clean' });
    const done = concat(int(5), text('value'), call('print', text('a')));
    expect(await scanBytes(object(concat(int(19), int(1), done)), 'a.rds')).toMatchObject({ verdict: 'clean' });
  });
  it('with names behind references are read as those', async () => {
    const named = concat(int(19), int(2), symbol('system'), concat(int(6), int(0x1ff), concat(int(2), text('echo')), NIL));
    expect(told(await scanBytes(object(named), 'a.rds'))).toEqual(['r-code malicious']);
  });
  it('in the order of the machine are read, too', async () => {
    const little = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse();
    const item = concat(little(int(6)), little(int(1)), little(int(9)), little(int(6)), utf8('system'), little(NIL));
    const bytes = concat(utf8('B\n'), ...[2, 0x40202, 0x20300].map((value) => little(int(value))), item);
    expect(told(await scanBytes(bytes, 'a.rds'))).toEqual(['r-code malicious']);
  });
});

describe('objects that are broken', () => {
  it('at any byte are no object that is clean, and what was found is kept', async () => {
    const bytes = plainOf('run.rds');
    const whole = (await scanBytes(bytes, 'a.rds')).verdict;
    expect(whole).toBe('malicious');
    for (let length = 15; length < bytes.length; length++) {
      const { verdict, status } = await scanBytes(bytes.subarray(0, length), 'a.rds');
      expect([verdict, status], `${length}`).not.toContain('clean');
      expect(status, `${length}`).not.toBe('complete');
    }
    const behind = object(concat(int(19), int(9), call('system', text('echo'))));
    expect(await scanBytes(behind, 'a.rds')).toMatchObject({ verdict: 'malicious', status: 'incomplete' });
  });
  it.each([
    ['lengths', concat(int(19), int(0x7fffffff), NIL)],
    ['long lengths', concat(int(14), int(-1), int(0x7fff), int(-1))],
    ['negative lengths', concat(int(14), int(-7))],
    ['unknown types', int(99)],
    ['depths', concat(...new Array<Uint8Array>(100_000).fill(concat(int(19), int(1))))],
    ['depths of compiled code', concat(int(21), int(1), ...new Array<Uint8Array>(100_000).fill(concat(int(13), int(0), int(1), int(21))))],
    ['depths of calls', concat(...new Array<Uint8Array>(100_000).fill(int(6)))],
  ])('in their %s are incomplete', async (_, item) => {
    expect(await scanBytes(object(item), 'a.rds')).toMatchObject({ verdict: 'unknown', status: 'incomplete' });
  });
  it('with more behind them are told', async () => {
    const found = await scanBytes(concat(object(NIL), new Uint8Array(40).fill(7)), 'a.rds');
    expect(told(found)).toContain('format-trailing-data suspicious');
  });
  it('in their header are nothing known, and lists of words are texts', async () => {
    expect(await scanBytes(concat(utf8('X\n'), int(3), int(1), int(1), new Uint8Array(40)), 'a.rds')).toMatchObject({ verdict: 'unknown' });
    expect(await scanBytes(utf8('A\n3\nb\nc\n'), 'a.txt')).toMatchObject({ verdict: 'clean', formats: ['text'] });
  });
  it('in a million values end soon', async () => {
    const many = object(
      concat(
        int(19),
        int(1_000_000),
        new Uint8Array(4_000_000).map((_, i) => (i % 4 === 3 ? 254 : 0)),
      ),
    );
    expect(await scanBytes(many, 'a.rds')).toMatchObject({ verdict: 'clean', status: 'complete' });
  }, 30_000);
});
