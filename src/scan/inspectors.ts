/** All inspectors, in the order in which they are asked. */
import { compressed } from './compressed/index.js';
import { executable } from './executable/index.js';
import { gguf } from './gguf/index.js';
import { hdf5 } from './hdf5/index.js';
import type { Inspector } from './inspector.js';
import { npy } from './numpy/index.js';
import { onnx } from './onnx/index.js';
import { passive } from './passive/index.js';
import { pickle } from './pickle/index.js';
import { raw } from './raw/index.js';
import { safetensors } from './safetensors/index.js';
import { sevenZip } from './sevenzip/index.js';
import { tar } from './tar/index.js';
import { tensorflow } from './tensorflow/index.js';
import { text } from './text/index.js';
import { zip } from './zip/index.js';

export const INSPECTORS: readonly Inspector[] = [
  zip,
  tar,
  sevenZip,
  ...compressed,
  npy,
  pickle,
  executable,
  safetensors,
  gguf,
  hdf5,
  onnx,
  tensorflow,
  ...passive,
  ...raw,
  text,
];
