/** Writes the corpus of the scan benchmark: hostile files with inert payloads, and harmless ones. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat, field, ggufFile, onnxFile, safetensorsFile, utf8 } from '../test/support/builders.js';
import { hostileArchives } from '../test/support/scan/archives.js';
import { benignPickles } from '../test/support/scan/benign.js';
import { hostilePickles } from '../test/support/scan/pickles.js';
import { CHAT_TEMPLATES, HOSTILE_TEMPLATES } from '../test/support/scan/templates.js';
import { marshalled } from '../test/support/scan/texts.js';
import { graph, node, savedModel } from '../test/support/tensorflow.js';

/** Every so many-th of a list, so that all kinds are in it. */
function spread<T>(items: Iterable<T>, most: number): readonly T[] {
  const all = [...items];
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)] as T);
}

export function writeCorpus(directory: string, most: number): void {
  const write = (kind: 'hostile' | 'benign', name: string, bytes: Uint8Array): void => writeFileSync(join(directory, kind, name), bytes);
  let count = 0;
  const next = (): string => String(++count).padStart(4, '0');
  for (const { bytes } of spread(hostilePickles(), most)) write('hostile', `pickle-${next()}.pkl`, bytes);
  for (const { bytes } of spread(hostileArchives(), Math.ceil(most / 3))) write('hostile', `archive-${next()}.pt`, bytes);
  for (const { bytes } of spread(benignPickles(), most)) write('benign', `pickle-${next()}.pkl`, bytes);
  const lambda = (...names: readonly string[]) => ({
    class_name: 'Lambda',
    config: { function: [marshalled(names), null, null], function_type: 'lambda' },
  });
  const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
  for (const template of HOSTILE_TEMPLATES) {
    write('hostile', `tokenizer_config-${next()}.json`, json({ chat_template: template }));
    write('hostile', `model-${next()}.gguf`, ggufFile({ metadata: [['tokenizer.chat_template', 8, template]] }));
  }
  for (const template of CHAT_TEMPLATES) {
    write('benign', `tokenizer_config-${next()}.json`, json({ chat_template: template }));
    write('benign', `model-${next()}.gguf`, ggufFile({ metadata: [['tokenizer.chat_template', 8, template]] }));
  }
  write('hostile', `keras-${next()}.json`, json({ class_name: 'Sequential', config: { layers: [lambda('os', 'system')] } }));
  write('benign', `keras-${next()}.json`, json({ class_name: 'Sequential', config: { name: 's', layers: [] } }));
  for (const op of ['PyFunc', 'WriteFile', 'ReadFile']) write('hostile', `${next()}-saved_model.pb`, savedModel(graph(node('x', op))));
  write('benign', `${next()}-saved_model.pb`, savedModel(graph(node('x', 'MatMul'))));
  for (const location of ['/etc/hostname', '../../x'])
    write(
      'hostile',
      `${next()}.onnx`,
      onnxFile(field(7, field(5, concat(field(8, 'w'), field(13, concat(field(1, 'location'), field(2, location))), field(14, 1))))),
    );
  write('benign', `${next()}.onnx`, onnxFile());
  write('benign', `${next()}.safetensors`, safetensorsFile({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8));
}
