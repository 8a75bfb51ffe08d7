/** Files that the libraries themselves wrote: clean and complete, but for those that hold what has to be told. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scanBytes } from '../support/scan/scan.js';

const root = fileURLToPath(new URL('../fixtures/formats', import.meta.url));

/** What is told of the others: the verdict, and why. */
const TOLD: Readonly<Record<string, readonly [verdict: string, why: string]>> = {
  'keras/custom.keras': ['suspicious', 'a lambda'],
  'pickle/optimized.pkl': ['malicious', 'holds `pickle.loads` itself'],
  'pickle/plain0.pkl': ['malicious', 'holds `pickle.loads` itself'],
  'pickle/plain1.pkl': ['malicious', 'holds `pickle.loads` itself'],
  'pickle/plain2.pkl': ['malicious', 'holds `pickle.loads` itself'],
  'pickle/plain3.pkl': ['malicious', 'holds `pickle.loads` itself'],
  'pickle/plain4.pkl': ['malicious', 'holds `pickle.loads` itself'],
  'pickle/plain5.pkl': ['malicious', 'holds `pickle.loads` itself'],
  'pickle/several.pkl': ['suspicious', 'classes of the script that made it'],
  'pytorch/kinds.pt': ['suspicious', 'a class of the script that made it'],
  'pytorch/module.pt': ['suspicious', 'a class of the script that made it'],
  'tensorflow-graphdef/half.pb': ['suspicious', 'reads a file'],
  'tensorflow-savedmodel/module/saved_model.pb': ['suspicious', 'reads a file'],
  'hdf5/userblock.h5': ['unknown', 'bytes of no format before the first group'],
  'onnx/w': ['unknown', 'numbers without a header, under any name'],
  'onnx/external.onnx.data': ['clean', 'numbers without a header, by its name'],
  'openvino/branch.bin': ['unknown', 'numbers without a header'],
  'openvino/compressed.bin': ['unknown', 'numbers without a header'],
  'openvino/converted.bin': ['unknown', 'numbers without a header'],
  'openvino/float.bin': ['unknown', 'numbers without a header'],
  'openvino/packed.bin': ['unknown', 'numbers without a header'],
  'openvino/shared.bin': ['unknown', 'numbers without a header'],
};

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
  .sort();

describe('files of real libraries', () => {
  it.each(files)('%s', async (path) => {
    const { verdict, status, findings, notInspected } = await scanBytes(new Uint8Array(readFileSync(join(root, path))), path);
    const [expected = 'clean'] = TOLD[path] ?? [];
    expect(verdict, JSON.stringify({ findings, notInspected }).slice(0, 2000)).toBe(expected);
    if (expected === 'clean') expect(status).toBe('complete');
  });
  it('are all there', () => {
    expect(files.length).toBeGreaterThan(250);
    expect(Object.keys(TOLD).filter((path) => !files.includes(path))).toEqual([]);
  });
});
