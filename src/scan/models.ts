/** Inspectors that share their readers with `collect`, loaded together: one file to open, not one for each. */
export { inspect as gguf } from './gguf/index.js';
export { inspect as hdf5 } from './hdf5/index.js';
export { inspect as onnx } from './onnx/index.js';
export { inspect as safetensors } from './safetensors/index.js';
export { inspect as tensorflow } from './tensorflow/index.js';
