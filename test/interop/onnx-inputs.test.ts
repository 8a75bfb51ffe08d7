/** What goes into an ONNX model, as we read it and as ONNX Runtime says: inputs, and initialisers that a caller may override. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { TensorInfo } from '../../src/core/facts.js';
import { inspectFile } from '../../src/node.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

interface Side {
  readonly name: string;
  /** `tensor(float)`, `seq(tensor(int64))` … */
  readonly type: string;
  readonly shape: readonly number[];
}
interface Answer {
  readonly version: string;
  readonly models: readonly {
    readonly name: string;
    readonly inputs: readonly Side[];
    readonly outputs: readonly Side[];
    readonly overridable: readonly string[];
  }[];
  /** Models that ONNX Runtime does not load, and why. */
  readonly refused: Readonly<Record<string, string>>;
}

const directory = temporaryDirectory();
const script = fileURLToPath(new URL('../../scripts/interop/onnx_inputs.py', import.meta.url));
const answer = JSON.parse(execFileSync(PYTHON, [script, directory], { encoding: 'utf8', maxBuffer: 1 << 26 })) as Answer;

const asRuntime = ({ name, dtype, shape }: TensorInfo): Side => ({
  name,
  type: /^[A-Z]/.test(dtype) ? `tensor(${dtype.toLowerCase()})` : dtype,
  shape,
});
const withoutShape = ({ name, type }: Side) => ({ name, type });

it.each(answer.models.map((model) => [model.name, model] as const))('%s', async (name, theirs) => {
  const { inputs = [], outputs = [], metadata = {} } = (await inspectFile(join(directory, `${name}.onnx`)))?.facts ?? {};
  expect(inputs.map(asRuntime)).toEqual(theirs.inputs);
  // ONNX Runtime infers what the file leaves open of the shapes of outputs.
  expect(outputs.map(asRuntime).map(withoutShape)).toEqual(theirs.outputs.map(withoutShape));
  const overridable = metadata.overridable_initializers?.split(', ') ?? [];
  expect([...overridable].sort()).toEqual(theirs.overridable);
});

it('are models of every kind that ONNX Runtime loads', () => {
  expect(answer.refused).toEqual({});
  expect(answer.models.length).toBeGreaterThan(80);
});
