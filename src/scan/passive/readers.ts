/** Readers of formats without code, loaded together when the first of them is needed: one file to open, not one for each. */
export { catboost } from '../../formats/catboost/index.js';
export { coreml } from '../../formats/coreml/index.js';
export { coremlWeights } from '../../formats/coreml-weights/index.js';
export { executorch } from '../../formats/executorch/index.js';
export { fasttext } from '../../formats/fasttext/index.js';
export { sentencepiece } from '../../formats/sentencepiece/index.js';
export { tensorflowCheckpoint } from '../../formats/tensorflow-checkpoint/index.js';
export { tflite } from '../../formats/tflite/index.js';
export { xgboost } from '../../formats/xgboost/index.js';
