/** Pickles that texts spell out: each way with a payload, and with what is none. */
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FileScan } from '../../src/scan/index.js';
import { concat, ggufFile, utf8 } from '../support/builders.js';
import { op, pickle, tuple } from '../support/pickle.js';
import { PAYLOAD } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';
import { zipFile } from '../support/zip.js';

const scan = (text: string, name = 'config.json'): Promise<FileScan> => scanBytes(utf8(text), name);
const two = (value: number): string => value.toString(16).padStart(2, '0');
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((value) => value.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}

function base85(bytes: Uint8Array, letters: string): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const group = bytes.subarray(at, at + 4);
    let value = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (group[i] ?? 0), 0);
    let text = '';
    for (let i = 0; i < 5; i++) {
      text = letters.charAt(value % 85) + text;
      value = Math.floor(value / 85);
    }
    out += text.slice(0, group.length + 1);
  }
  return out;
}
const WORDS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const SPELLINGS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  'a list of numbers': (bytes) => JSON.stringify({ a: [...bytes] }),
  'a list of numbers, one a line': (bytes) => JSON.stringify({ a: [...bytes] }, null, 2),
  'a list of signed numbers': (bytes) => JSON.stringify({ a: [...new Int8Array(bytes)] }),
  'a list of YAML': (bytes) => `a:\n${[...bytes].map((value) => `  - ${value}\n`).join('')}`,
  'numbers of C': (bytes) => `{ ${[...bytes].map((value) => `0x${two(value)}`).join(', ')} }`,
  'pairs of digits': (bytes) => `"${[...bytes].map(two).join(' ')}"`,
  'pairs of digits with colons': (bytes) => `"${[...bytes].map(two).join(':')}"`,
  'escapes of Python': (bytes) =>
    `a = b'${[...bytes].map((value) => (value >= 32 && value < 127 && value !== 39 && value !== 92 ? String.fromCharCode(value) : `\\x${two(value)}`)).join('')}'`,
  'escapes of all bytes': (bytes) => `"${[...bytes].map((value) => `\\x${two(value)}`).join('')}"`,
  'escapes in base 8': (bytes) => `"${[...bytes].map((value) => `\\${value.toString(8).padStart(3, '0')}`).join('')}"`,
  'letters of JSON': (bytes) => JSON.stringify({ a: latin(bytes) }),
  'escapes of JSON': (bytes) => `{"a": "${[...bytes].map((value) => `\\u00${two(value)}`).join('')}"}`,
  'escapes of addresses': (bytes) =>
    `{"a": "${[...bytes].map((value) => (value > 96 && value < 123 ? String.fromCharCode(value) : `%${two(value).toUpperCase()}`)).join('')}"}`,
  'base 32': (bytes) => `{"a": "${base32(bytes)}"}`,
  'base 64': (bytes) => `{"a": "${Buffer.from(bytes).toString('base64')}"}`,
  'base 64 in pieces': (bytes) =>
    JSON.stringify({
      a: Buffer.from(bytes)
        .toString('base64')
        .match(/.{1,16}/g),
    }),
  'base 85': (bytes) => JSON.stringify({ a: base85(bytes, `${WORDS}!#$%&()*+-;<=>?@^_\`{|}~`) }),
  Ascii85: (bytes) => JSON.stringify({ a: base85(bytes, String.fromCharCode(...Array.from({ length: 85 }, (_, i) => 33 + i))) }),
  'base 85 of ZeroMQ': (bytes) =>
    `a: "${base85(bytes, '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#')}"`,
};
const protocol0 = concat(op.global('posix', 'system'), utf8("p0\n(S'echo'\np1\ntp2\nRp3\n."));
const FILES: Readonly<Record<string, Uint8Array>> = {
  'a pickle': PAYLOAD,
  'a pickle of protocol 0': protocol0,
  zlib: new Uint8Array(deflateSync(PAYLOAD)),
  gzip: new Uint8Array(gzipSync(PAYLOAD)),
  'a zip archive': zipFile([{ name: 'a.pkl', bytes: PAYLOAD }]),
};

describe('a payload that a text spells out', () => {
  for (const [file, bytes] of Object.entries(FILES))
    it.each(Object.keys(SPELLINGS))(`in %s is found: ${file}`, async (name) => {
      const found = await scan(SPELLINGS[name]?.(bytes) ?? '', 'notes.txt');
      expect(found).toMatchObject({ verdict: 'malicious', status: 'complete' });
      expect(found.findings.map(({ rule }) => rule)).toContain('pickle-nested');
    });
  it('is found behind much else, and in a text of many megabytes', async () => {
    for (const name of ['a list of numbers', 'base 64', 'base 85', 'escapes of JSON']) {
      const text = SPELLINGS[name]?.(PAYLOAD) ?? '';
      const value = JSON.parse(text) as object;
      expect(await scan(JSON.stringify({ pad: new Array<string>(1000).fill('a token'), ...value }))).toMatchObject({
        verdict: 'malicious',
      });
      expect(await scan(JSON.stringify({ pad: new Array<string>(500_000).fill('a token'), ...value }))).toMatchObject({
        verdict: 'malicious',
        status: 'complete',
      });
    }
  }, 60_000);
});

describe('a payload that metadata spells out', () => {
  it.each(['a list of numbers', 'base 64', 'escapes of Python'])('in %s is found', async (name) => {
    const text = SPELLINGS[name]?.(PAYLOAD) ?? '';
    const header = utf8(JSON.stringify({ __metadata__: { note: text } }));
    const file = concat(Uint8Array.of(header.length & 255, header.length >> 8, 0, 0, 0, 0, 0, 0), header);
    expect(await scanBytes(file, 'a.safetensors')).toMatchObject({ verdict: 'malicious', formats: ['safetensors'] });
    expect(await scanBytes(ggufFile({ metadata: [['general.note', 8, text]] }), 'a.gguf')).toMatchObject({
      verdict: 'malicious',
      formats: ['gguf'],
    });
  });
});

describe('texts that spell out what is harmless', () => {
  it.each(Object.keys(SPELLINGS))('in %s are clean', async (name) => {
    expect(await scan(SPELLINGS[name]?.(pickle({ a: [1, 2, 3] })) ?? '', 'notes.txt')).toMatchObject({
      verdict: 'clean',
      status: 'complete',
    });
  });
  it('as numbers, words and formulas are clean, with nothing told', async () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256);
    for (const text of [
      JSON.stringify({ a: numbers, b: [128, 4, 149, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }),
      JSON.stringify({ a: numbers.map((each) => each / 7) }),
      'Games, Gab and PAAS: x^2 + y^2 = z^2, fC%d P)( c$c%c- J-j, 80 04 95 12 and 12:34:56\n'.repeat(200),
      JSON.stringify({ text: 'can you\\nread this\\n(or that)\\nand \\u0080 \\x80 %80 too' }),
      JSON.stringify({ text: 'can you\nread this\n(or that)\n.' }),
    ])
      expect(await scan(text, 'notes.txt')).toMatchObject({ verdict: 'clean', status: 'complete', findings: [] });
  });
  it('more often than the limit are not complete', async () => {
    const call = Buffer.from(concat(op.proto(2), op.global('collections', 'OrderedDict'), tuple(), op.reduce, op.stop)).toString('base64');
    const found = await scan(JSON.stringify(new Array<{ a: string }>(80).fill({ a: call })));
    expect(found).toMatchObject({ verdict: 'unknown', status: 'incomplete' });
  });
  it('take time that grows with their length', async () => {
    for (const unit of ['128,4,', '80 04 ', '\\x80\\x04', 'fC', '99,112,', 'c\\na\\n', '%80%04', 'QAC']) {
      await scan(unit.repeat(3_000_000 / unit.length), 'notes.txt');
    }
  }, 180_000);
});
