import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { READERS, readFacts } from '../../src/formats/index.js';
import { inspectFile } from '../../src/node.js';
import { ggufFile, onnxFile, safetensorsFile, utf8 } from '../support/builders.js';
import { programFile } from '../support/executorch.js';
import { realModels } from '../support/real-models.js';
import { tfliteFile } from '../support/tflite.js';

describe('real models', () => {
  it.each(realModels)('$id', async ({ path, format, tensors, parameters, producer }) => {
    const found = await inspectFile(path);
    expect(found?.reader.id).toBe(format);
    expect(found?.facts.tensors).toMatchObject({ count: tensors, parameters });
    expect(found?.tensors).toHaveLength(tensors);
    const first = found?.facts.producers?.[0]?.value;
    expect(first === undefined ? undefined : [first.name, first.version].filter(Boolean).join(' ')).toBe(producer);
  });
});

describe('detection', () => {
  const samples: Readonly<Record<string, Uint8Array>> = {
    safetensors: safetensorsFile({ t: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4),
    gguf: ggufFile({}),
    onnx: onnxFile(),
    executorch: programFile(),
    tflite: tfliteFile(),
    tensorflowjs: utf8('{"format":"layers-model","modelTopology":{},"weightsManifest":[]}'),
  };

  it.each(READERS.map(({ id }) => id))('%s is recognised by its own reader alone, whatever the name', async (id) => {
    const head = samples[id] ?? new Uint8Array();
    for (const name of ['model.bin', 'x.safetensors', 'x.onnx', 'x.json']) {
      expect(READERS.filter((reader) => reader.sniff(head, name)).map((reader) => reader.id)).toEqual([id]);
    }
  });

  it.each([
    ['empty', new Uint8Array()],
    ['text', utf8('hello world')],
    ['other JSON', utf8('{"name":"x","model":{"weights":[]}}')],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)],
    ['pickle', Uint8Array.of(0x80, 2, 0x8a, 10)],
    ['zeros', new Uint8Array(64)],
    // A SavedModel: field 1 (schema version), then field 2 as a message.
    ['SavedModel', Uint8Array.of(0x08, 0x01, 0x12, 0x06, 0x0a, 0x04, 0x22, 0x02, 0x61, 0x62)],
  ])('%s is not recognised', async (_what, bytes) => {
    expect(await readFacts(bytesSource('model.bin', bytes))).toBeUndefined();
  });
});
