/** Our facts against those of the formats' own libraries. `npm run test:interop` makes the files anew. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { inspectFile } from '../../src/node.js';
import { realModels } from '../support/real-models.js';
import { temporaryDirectory } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const python = process.env.MSBOM_PYTHON ?? 'python3';
const made = temporaryDirectory();

beforeAll(() => {
  try {
    execFileSync(python, ['-c', 'import onnx, safetensors, gguf'], { stdio: 'pipe' });
  } catch {
    throw new Error(
      `${python} lacks the libraries: pip install onnx safetensors gguf numpy, or set MSBOM_PYTHON to a Python that has them`,
    );
  }
  execFileSync(python, [join(root, 'scripts/interop/make.py'), made], { stdio: 'pipe' });
});

const files = [
  ...realModels.filter(({ format }) => format === 'onnx').map(({ path }) => path),
  join(made, 'made.safetensors'),
  join(made, 'made.gguf'),
];

it.each(files)('%s', async (path) => {
  const theirs = (
    JSON.parse(execFileSync(python, [join(root, 'scripts/interop/facts.py'), path], { encoding: 'utf8' })) as Record<
      string,
      { tensors: number; parameters: number; producer: string | null }
    >
  )[path];
  const ours = await inspectFile(path);
  const producer = ours?.facts.producers?.[0]?.value;
  expect(ours?.facts.tensors).toMatchObject({ count: theirs?.tensors, parameters: theirs?.parameters });
  expect(producer === undefined ? null : [producer.name, producer.version].filter(Boolean).join(' ')).toBe(theirs?.producer);
});
