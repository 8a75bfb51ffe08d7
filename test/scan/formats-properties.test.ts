/** Whatever the bytes are: an answer in time, a coded one, and never `clean` without having looked at everything. */
import { describe, expect, it } from 'vitest';
import { concat, field, ggufFile, onnxFile, safetensorsFile, utf8 } from '../support/builders.js';
import { dataset, hardLink, hdf5File, linkInfo, textAttribute } from '../support/hdf5.js';
import { PAYLOAD } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';
import { CHAT_TEMPLATES, HOSTILE_TEMPLATES } from '../support/scan/templates.js';
import { graph, library, node, savedModel } from '../support/tensorflow.js';
import { tfliteFile } from '../support/tflite.js';

const SEEDS: Readonly<Record<string, Uint8Array>> = {
  safetensors: safetensorsFile({ __metadata__: { format: 'pt' }, w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8),
  gguf: ggufFile({
    metadata: [['tokenizer.chat_template', 8, CHAT_TEMPLATES[0]]],
    tensors: [{ name: 'w', sizes: [4], type: 0, offset: 0 }],
    dataBytes: 16,
  }),
  hdf5: hdf5File(
    [[linkInfo(), textAttribute('model_config', '{"class_name": "Sequential"}'), hardLink('w', 1)], dataset([2])],
    new Uint8Array(8),
  ),
  onnx: onnxFile(field(7, field(5, concat(field(8, 'w'), field(13, concat(field(1, 'location'), field(2, 'x'))))))),
  tensorflow: savedModel(concat(graph(node('x', 'MatMul')), library('f', node('y', 'ReadFile')))),
  tflite: tfliteFile(),
  json: utf8(
    JSON.stringify({ chat_template: HOSTILE_TEMPLATES[0], a: { class_name: 'Lambda', config: { function: ['4w==', null, null] } } }),
  ),
  yaml: utf8('a: !!python/object/apply:os.system ["echo"]\nb:\n  _target_: os.system\n'),
  python: utf8('import os as o, sys\nfrom a import (b as c)\ngetattr(o, "sys" + "tem")("""x""")\nexec(open(\'x\').read())\n'),
  template: utf8(CHAT_TEMPLATES.join('\n') + HOSTILE_TEMPLATES.join('\n')),
};

/** A fixed sequence, so that a failure can be seen again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state;
  };
}

function mutated(bytes: Uint8Array, next: () => number): Uint8Array {
  const out = bytes.slice();
  for (let i = 0; i <= next() % 4; i++) {
    const at = next() % out.length;
    out[at] = [0, 0xff, 0x7f, 0x80, next() & 0xff][next() % 5] ?? 0;
  }
  const kind = next() % 4;
  if (kind === 0) return out.subarray(0, next() % out.length);
  const cut = next() % out.length;
  return kind === 1 ? concat(out.subarray(0, cut), out.subarray(next() % out.length)) : out;
}

describe('bytes that are changed', () => {
  it.each(Object.keys(SEEDS))(
    'of %s give an answer',
    async (format) => {
      const seed = SEEDS[format] ?? new Uint8Array(1);
      const next = numbers(seed.length);
      for (let i = 0; i < 150; i++) {
        const { verdict, status, notInspected } = await scanBytes(mutated(seed, next), `model.${format}`);
        if (verdict === 'clean') expect(status).toBe('complete');
        expect(status === 'complete').toBe(notInspected.length === 0);
      }
    },
    60_000,
  );
});

describe('a pickle', () => {
  it.each(['safetensors', 'gguf', 'onnx', 'tensorflow', 'tflite', 'json', 'yaml', 'python'])(
    'in front of %s is malicious',
    async (format) => {
      const seed = SEEDS[format] ?? new Uint8Array(1);
      expect(await scanBytes(concat(PAYLOAD, seed), `model.${format}`)).toMatchObject({ verdict: 'malicious' });
    },
  );
  it.each(['safetensors', 'gguf', 'onnx', 'tensorflow'])('behind %s is never clean', async (format) => {
    const seed = SEEDS[format] ?? new Uint8Array(1);
    expect((await scanBytes(concat(seed, new Uint8Array(64), PAYLOAD), `model.${format}`)).verdict).not.toBe('clean');
  });
});
