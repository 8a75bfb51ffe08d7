import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { READERS, readFacts, SNIFF_BYTES } from '../../src/formats/index.js';
import { isZip } from '../../src/formats/shared/zip.js';
import { inspectFile } from '../../src/node.js';
import { ggufFile, onnxFile, safetensorsFile, utf8 } from '../support/builders.js';
import { programFile } from '../support/executorch.js';
import { realModels } from '../support/real-models.js';
import { tfliteFile } from '../support/tflite.js';

const fixtures = fileURLToPath(new URL('../fixtures/formats', import.meta.url));

/** Recorded files with the id of the reader that is theirs. */
function recordedFiles(): readonly (readonly [path: string, id: string])[] {
  return readdirSync(fixtures).flatMap((format) => {
    const recorded = JSON.parse(readFileSync(join(fixtures, format, 'facts.json'), 'utf8')) as readonly {
      path: string;
      facts: { format?: string };
    }[];
    return recorded.map(({ path, facts }) => [path, facts.format ?? format] as const);
  });
}

const recognisers = (head: Uint8Array, name: string): readonly string[] =>
  READERS.filter((reader) => reader.sniff(head, name)).map(({ id }) => id);

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

  it.each(Object.keys(samples))('%s is recognised by its own reader alone, whatever the name', (id) => {
    for (const name of ['model.bin', 'x.safetensors', 'x.onnx', 'x.json']) {
      expect(recognisers(samples[id] ?? new Uint8Array(), name)).toEqual([id]);
    }
  });

  it.each(recordedFiles())('the recorded %s is recognised by one reader alone', async (path, id) => {
    const head = new Uint8Array(readFileSync(join(fixtures, path)).subarray(0, SNIFF_BYTES));
    if (isZip(head)) expect((await inspectFile(join(fixtures, path)))?.reader.id).toBe(id);
    else expect(recognisers(head, path)).toEqual([id]);
  });

  it('is tried for every reader', () => {
    const tried = new Set([...Object.keys(samples), ...recordedFiles().map(([, id]) => id)]);
    expect(READERS.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });

  it.each([
    ['empty', new Uint8Array()],
    ['text', utf8('hello world')],
    ['other JSON', utf8('{"name":"x","model":{"weights":[]}}')],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)],
    ['pickle', Uint8Array.of(0x80, 2, 0x8a, 10)],
    ['zeros', new Uint8Array(64)],
    // Like a SavedModel, a number and a message, but with a field that a graph does not have.
    ['other protobuf', Uint8Array.of(0x08, 0x01, 0x12, 0x06, 0x4a, 0x04, 0x22, 0x02, 0x61, 0x62)],
  ])('%s is not recognised', async (_what, bytes) => {
    expect(await readFacts(bytesSource('model.bin', bytes))).toBeUndefined();
  });
});
