/** Plain values: data by the rules of their format, and nothing when they break them. */
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../support/builders.js';
import { PAYLOAD } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';

const clean = (format: string) => ({ verdict: 'clean', status: 'complete', formats: [format] });

describe('MessagePack', () => {
  const numbers = new Uint8Array(300).fill(0xf7);
  // {"w": ext 1 of 300 bytes, "n": [1, -1, 1.5, nil, "text"]}
  const bytes = concat(
    Uint8Array.of(0x82, 0xa1, 0x77, 0xc8, 0x01, 0x2c, 1),
    numbers,
    Uint8Array.of(0xa1, 0x6e, 0x95, 1, 0xff, 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0xd9, 4),
    utf8('text'),
  );
  it('is clean to its last byte', async () => {
    expect(await scanBytes(bytes, 'flax_model.msgpack')).toMatchObject(clean('msgpack'));
  });
  it('that is cut off or goes on is unknown', async () => {
    for (const other of [bytes.subarray(0, bytes.length - 1), concat(bytes, Uint8Array.of(0xc0))])
      expect(await scanBytes(other, 'flax_model.msgpack')).toMatchObject({ verdict: 'unknown' });
    expect(await scanBytes(concat(bytes, PAYLOAD), 'flax_model.msgpack')).toMatchObject({ verdict: 'malicious' });
  });
});

describe('files of events', () => {
  const record = (data: Uint8Array) =>
    concat(Uint8Array.of(data.length, 0, 0, 0, 0, 0, 0, 0), new Uint8Array(4).fill(0xf7), data, new Uint8Array(4).fill(0xf7));
  const bytes = concat(record(utf8('brain.Event:2........')), record(utf8('x'.repeat(60))));
  it('are clean to their last byte', async () => {
    expect(await scanBytes(bytes, 'runs/events.out.tfevents.1')).toMatchObject(clean('tfrecord'));
    expect(await scanBytes(concat(bytes, Uint8Array.of(0xff)), 'runs/events.out.tfevents.1')).toMatchObject({
      verdict: 'unknown',
      status: 'incomplete',
    });
  });
});

describe('tensors in files of their own', () => {
  it.each(['model.onnx_data', 'model.onnx_data_12', 'model.onnx.data', 'variables.data-00000-of-00001'])(
    'are data by their name %s, and never hide a pickle',
    async (name) => {
      const numbers = new Uint8Array(200).fill(0xf7);
      expect(await scanBytes(numbers, name)).toMatchObject(clean('tensors'));
      expect(await scanBytes(concat(numbers, PAYLOAD, numbers), name)).toMatchObject({ verdict: 'malicious' });
      expect(await scanBytes(PAYLOAD, name)).toMatchObject({ verdict: 'malicious', formats: ['pickle'] });
    },
  );
  it('are unknown under other names', async () => {
    for (const name of ['model.bin', 'x.data-0000a-of-00001', 'onnx_data'])
      expect(await scanBytes(new Uint8Array(200).fill(0xf7), name)).toMatchObject({ verdict: 'unknown' });
  });
});
