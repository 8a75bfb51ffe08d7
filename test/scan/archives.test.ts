/** Payloads in archives, and archives that show programs different things. */
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../support/builders.js';
import { objectArray, wrapped } from '../support/joblib.js';
import { little, op, pickle } from '../support/pickle.js';
import { CARRIERS, HARMLESS, hostileArchives, objectsFile, PAYLOAD, tarFile, torchFile, torchMembers } from '../support/scan/archives.js';
import { tensor } from '../support/scan/benign.js';
import { scanBytes } from '../support/scan/scan.js';
import { zipFile } from '../support/zip.js';

describe('archives', () => {
  it('that carry a payload are malicious', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const { name, bytes } of hostileArchives()) {
      count++;
      const { verdict, findings } = await scanBytes(bytes);
      if (verdict !== 'malicious') wrong.push(`${name}: ${verdict} ${findings.map(({ rule }) => rule).join()}`);
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(250);
  });
  it('that carry nothing of it are clean and complete', async () => {
    const wrong: string[] = [];
    for (const [a, outer] of Object.entries(CARRIERS))
      for (const [b, inner] of Object.entries(CARRIERS)) {
        const { verdict, findings, notInspected } = await scanBytes(outer(inner(HARMLESS)));
        if (verdict !== 'clean') wrong.push(`${b} in ${a}: ${verdict} ${findings.map(({ rule }) => rule).join()} ${notInspected.join()}`);
      }
    expect(wrong).toEqual([]);
  });
  it('tell where the payload is', async () => {
    const { findings } = await scanBytes(zipFile([{ name: 'inner.pt', bytes: torchFile(PAYLOAD) }]));
    expect(findings[0]).toMatchObject({
      rule: 'pickle-denied-call',
      member: 'inner.pt!archive/data.pkl',
      offset: PAYLOAD.length - 2,
      seen: { call: "posix.system('echo')", import: 'posix.system' },
    });
  });
  it('are scanned to a depth, and then say so', async () => {
    let bytes = PAYLOAD;
    for (let i = 0; i < 7; i++) bytes = zipFile([{ name: 'a', bytes }]);
    const { status, verdict, notInspected } = await scanBytes(bytes);
    expect({ status, verdict }).toEqual({ status: 'incomplete', verdict: 'suspicious' });
    expect(notInspected.join()).toContain('deeper than 4 levels');
  });
  it('that unpack to far more than they are, are stopped', async () => {
    const bomb = zipFile([{ name: 'a', bytes: new Uint8Array(100 * 1024 * 1024), method: 8 }]);
    const { status, findings } = await scanBytes(bomb);
    expect(status).toBe('incomplete');
    expect(findings.map(({ rule }) => rule)).toContain('archive-bomb');
  });
  it.each([
    ['../a.pkl', 'zip-path'],
    ['/etc/a', 'zip-path'],
    ['C:\\a', 'zip-path'],
    ['a\\..\\..\\b', 'zip-path'],
  ])('with a member named %s are suspicious', async (name, rule) => {
    for (const bytes of [zipFile([{ name, bytes: utf8('x') }]), ...(name.includes('\\') ? [] : [tarFile([{ name, bytes: utf8('x') }])])]) {
      const { verdict, findings } = await scanBytes(bytes);
      expect(verdict).toBe('suspicious');
      expect(findings.map((found) => found.rule)).toContain(rule);
    }
  });
  it('with links are suspicious', async () => {
    expect(await scanBytes(tarFile([{ name: 'a', bytes: new Uint8Array(0), type: '2' }]))).toMatchObject({ verdict: 'suspicious' });
  });
  it('that are encrypted or packed in another way are not clean', async () => {
    const packed = zipFile([{ name: 'a', bytes: utf8('packed'), method: 97 }]);
    expect(await scanBytes(packed)).toMatchObject({ status: 'incomplete', verdict: 'unknown' });
    const zstd = concat(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), new Uint8Array(20));
    expect(await scanBytes(zstd)).toMatchObject({ status: 'incomplete', formats: ['zstd'] });
  });
});

describe('members with two names', () => {
  it('are told by both', async () => {
    const archive = zipFile([{ name: 'a.pkl', bytes: PAYLOAD }]);
    archive[Buffer.from(archive).indexOf('PK\u0001\u0002') + 46] = 0x62;
    const { findings } = await scanBytes(archive);
    const members = findings.filter(({ rule }) => rule === 'pickle-denied-call').map(({ member }) => member);
    expect(members.sort()).toEqual(['a.pkl', 'b.pkl']);
  });
});

describe('names', () => {
  it('that promise another format are suspicious', async () => {
    expect(await scanBytes(torchFile(HARMLESS), 'model.safetensors')).toMatchObject({ verdict: 'suspicious' });
    expect(await scanBytes(HARMLESS, 'a/model.gguf')).toMatchObject({ verdict: 'suspicious' });
    expect(await scanBytes(torchFile(HARMLESS), 'model.pkl')).toMatchObject({ verdict: 'clean' });
  });
  it('never change what is found', async () => {
    const rules = async (name: string): Promise<string[]> =>
      (await scanBytes(torchFile(PAYLOAD), name)).findings.map(({ rule }) => rule).filter((rule) => rule !== 'format-mismatch');
    expect(await rules('a.safetensors')).toEqual(await rules('a.pt'));
    expect(await rules('README.md')).toEqual(await rules('a.pt'));
  });
});

describe('unknown bytes', () => {
  it('are unknown, not clean; texts and nothing are clean', async () => {
    expect(await scanBytes(new Uint8Array(500).map((_, i) => (i * 91 + 13) & 0xff))).toMatchObject({
      verdict: 'unknown',
      status: 'incomplete',
    });
    expect(await scanBytes(utf8('# A model\n'), 'README.md')).toMatchObject({ verdict: 'clean', formats: ['text'] });
    expect(await scanBytes(new Uint8Array(0))).toMatchObject({ verdict: 'clean' });
  });
  it('are searched for calls', async () => {
    const bytes = concat(new Uint8Array(300).fill(0xf7), PAYLOAD, new Uint8Array(300).fill(0xf7));
    expect(await scanBytes(bytes)).toMatchObject({ verdict: 'malicious', status: 'incomplete' });
  });
});

describe('tensors', () => {
  it('are data, whatever their numbers are', async () => {
    for (const first of [0x80, 0x28, 0x50, 0x63, 0x5d, 0x1f, 0x78]) {
      const data = new Uint8Array(5000).map((_, i) => (i === 0 ? first : (i * 7 + 2) & 0xff));
      expect(await scanBytes(zipFile([...torchMembers(HARMLESS), { name: 'archive/data/1', bytes: data }]))).toMatchObject({
        verdict: 'clean',
      });
    }
  });
  it('of objects are pickles', async () => {
    expect(await scanBytes(objectsFile(PAYLOAD))).toMatchObject({ verdict: 'malicious', formats: ['npy'] });
  });
});

describe('the old form of torch', () => {
  const magic = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
  const numbers = concat(little(4, 8), new Uint8Array(16).fill(0x63));
  const legacy = (object: Uint8Array, storages = numbers): Uint8Array =>
    concat(magic, pickle(1001), pickle({ little_endian: true }), object, pickle(['0']), storages);
  const weights = concat(op.proto(2), op.emptyDict, op.text('w'), tensor('0', 4), op.setItem, op.stop);

  it('is clean with its storages, and not with more or less', async () => {
    expect(await scanBytes(legacy(weights), 'a.pt')).toMatchObject({ formats: ['pytorch-legacy'], verdict: 'clean', status: 'complete' });
    expect(await scanBytes(legacy(weights, numbers.subarray(0, 20)), 'a.pt')).toMatchObject({ verdict: 'unknown' });
    expect(await scanBytes(concat(legacy(weights), PAYLOAD), 'a.pt')).toMatchObject({ verdict: 'malicious' });
  });
  it('is scanned in each of its pickles', async () => {
    expect(await scanBytes(legacy(PAYLOAD))).toMatchObject({ verdict: 'malicious' });
    expect(await scanBytes(concat(magic, pickle(1001), PAYLOAD, weights, pickle(['0']), numbers))).toMatchObject({ verdict: 'malicious' });
  });
});

describe('joblib', () => {
  const record = (objects: Uint8Array): Uint8Array =>
    pickle({ a: wrapped({ code: 'V16', flags: 27, order: '|', shape: [1], data: objects }), b: 'x' }, 4);
  it('records that hold objects are a pickle of their own', async () => {
    expect(await scanBytes(record(objectArray('a')))).toMatchObject({ verdict: 'clean', status: 'complete' });
    expect(await scanBytes(record(PAYLOAD))).toMatchObject({ verdict: 'malicious' });
  });
  it('padding that joblib does not write is told', async () => {
    const bytes = pickle({ a: wrapped({ code: 'f8', shape: [1], data: new Uint8Array(8), padding: 5 }) }, 4);
    expect(await scanBytes(bytes)).toMatchObject({ verdict: 'clean' });
    bytes[Buffer.from(bytes).indexOf(Buffer.alloc(5, 0xff)) + 2] = 0;
    expect((await scanBytes(bytes)).findings.map(({ rule }) => rule)).toEqual(['pickle-array']);
  });
});
