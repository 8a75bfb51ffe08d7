/** All inspectors, in the order in which they are asked. Those of models are loaded when the first bytes ask for them. */
import { beginsGguf, beginsHdf5, beginsProtobuf, beginsR, beginsSafetensors, beginsSevenZip } from './begins.js';
import { compressed } from './compressed/index.js';
import { executable } from './executable/index.js';
import type { Inspector } from './inspector.js';
import { npy } from './numpy/index.js';
import { passive } from './passive/index.js';
import { pickle } from './pickle/index.js';
import { plainFormat } from './plain.js';
import { mobile } from './python/mobile.js';
import { raw } from './raw/index.js';
import { tar } from './tar/index.js';
import { zip } from './zip/index.js';

type Load = () => Promise<Pick<Inspector, 'inspect'>>;

const late = (inspector: Omit<Inspector, 'inspect'>, load: Load): Inspector => ({
  ...inspector,
  inspect: async (source, ctx) => (await load()).inspect(source, ctx),
});

export const INSPECTORS: readonly Inspector[] = [
  zip,
  tar,
  late({ format: '7z', matches: (head) => beginsSevenZip(head) }, async () => (await import('./sevenzip/index.js')).sevenZip),
  ...compressed,
  npy,
  pickle,
  executable,
  late({ format: 'safetensors', matches: beginsSafetensors }, async () => ({ inspect: (await import('./models.js')).safetensors })),
  late({ format: 'gguf', matches: beginsGguf }, async () => ({ inspect: (await import('./models.js')).gguf })),
  late({ format: 'hdf5', matches: beginsHdf5 }, async () => ({ inspect: (await import('./models.js')).hdf5 })),
  late({ format: 'onnx', weak: true, matches: beginsProtobuf }, async () => ({ inspect: (await import('./models.js')).onnx })),
  late({ format: 'tensorflow', weak: true, matches: beginsProtobuf }, async () => ({ inspect: (await import('./models.js')).tensorflow })),
  late({ format: 'r', weak: true, matches: beginsR }, () => import('./r/index.js')),
  ...passive,
  mobile,
  ...raw,
  late(
    { format: 'text', weak: true, soft: true, matches: (head, _name, size) => plainFormat(head, head.length >= size) === 'text' },
    () => import('./text/index.js'),
  ),
];
