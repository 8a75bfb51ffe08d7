// Conversion: manifests of 50 KB against the library's own serialiser, a document of 50 MB against JSON, one file by the program.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { stringifyCycloneDX, toCycloneDX } from 'msbom/convert';
import { median, paired, row, timed } from './measure.mjs';

const MANIFESTS = 1000;
const COMPONENTS = 100_000;

/** A manifest of about 50 KB: a hundred files and as many packages. */
function manifestOf(base, number) {
  const digest = (i) => ({ sha256: `${number}0${i}`.padStart(64, '0') });
  const artifacts = Array.from({ length: 100 }, (_, i) => ({
    path: `weights/model-${i}.safetensors`,
    role: 'weights',
    format: { serialization: 'safetensors' },
    size: 1_000_000 + i,
    digest: digest(i),
    inspection: { status: 'inspected' },
    tensors: { count: 12, parameters: 250_000, dtypes: { F32: 250_000 }, bytes: 1_000_000 },
  }));
  const components = Array.from({ length: 100 }, (_, i) => ({
    type: 'library',
    name: `package-${i}`,
    version: `1.${i}.${number}`,
    identifiers: [{ type: 'purl', value: `pkg:pypi/package-${i}@1.${i}.${number}` }],
    licenses: [{ expression: 'Apache-2.0', kind: 'declared' }],
    digest: digest(i),
    scope: ['training'],
    status: 'installed',
  }));
  const { digest: _digest, ...model } = base.model;
  const { dependencies: _dependencies, evidence: _evidence, ...rest } = base;
  return {
    ...rest,
    model,
    artifacts: Object.fromEntries(artifacts.map(({ path, ...file }) => [path, file])),
    components: Object.fromEntries(components.map((each) => [each.name, each])),
  };
}

/** What the library can say of the same manifest, by its own models and serialiser. */
function byLibrary(manifest, serializer) {
  const { Component, Bom, Property, NamedLicense } = Models;
  const bom = new Bom({ serialNumber: manifest.bom.serialNumber, version: manifest.bom.version });
  const main = new Component(Enums.ComponentType.MachineLearningModel, manifest.model.name, { bomRef: 'model' });
  bom.metadata.component = main;
  const add = (component, digest, properties) => {
    component.hashes.set(Enums.HashAlgorithm['SHA-256'], digest.sha256);
    for (const [name, value] of properties) component.properties.add(new Property(name, String(value)));
    return component;
  };
  for (const [path, { digest, size, role, tensors }] of Object.entries(manifest.artifacts)) {
    const component = new Component(Enums.ComponentType.File, path, { bomRef: `file:${path}` });
    const said = { size, role, count: tensors.count, parameters: tensors.parameters, bytes: tensors.bytes, F32: tensors.dtypes.F32 };
    main.components.add(add(component, digest, Object.entries(said)));
  }
  for (const [id, { name, version, identifiers, licenses, digest, scope, status }] of Object.entries(manifest.components)) {
    const component = new Component(Enums.ComponentType.Library, name, { bomRef: id, version, purl: identifiers[0].value });
    component.licenses.add(new NamedLicense(licenses[0].expression));
    bom.components.add(add(component, digest, Object.entries({ scope: scope[0], status })));
    main.dependencies.add(component.bomRef);
  }
  return serializer.serialize(bom, { sortLists: false, space: 2 });
}

async function manyManifests(base) {
  const manifests = Array.from({ length: MANIFESTS }, (_, i) => manifestOf(base, i));
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  const all = async (write) => {
    const start = performance.now();
    for (const manifest of manifests)
      if ((await validator.validate(write(manifest))) !== null) throw new Error('a document does not meet the schema');
    return performance.now() - start;
  };
  const ours = () => all((manifest) => stringifyCycloneDX(toCycloneDX(manifest).document));
  const theirs = () => all((manifest) => byLibrary(manifest, serializer));
  const [a, b] = [[], []];
  for (let i = 0; i < 4; i++) {
    a.push(await ours());
    b.push(await theirs());
  }
  const size = Math.round(JSON.stringify(manifests[0]).length / 1000);
  // The first round warms up.
  return row(
    `toCycloneDX and validate, ${MANIFESTS} manifests of ${size} KB, nothing lost`,
    "the library's serialiser alone and validate",
    'ms',
    { ours: median(a.slice(1)), theirs: median(b.slice(1)) },
    { atMost: 2 },
  );
}

/** A software bill of materials of 50 MB, as text. */
function largeDocument() {
  const ref = (i) => `pkg:npm/package-${i}@1.${i % 50}.${i % 7}`;
  const components = Array.from({ length: COMPONENTS }, (_, i) => ({
    type: 'library',
    'bom-ref': ref(i),
    name: `package-${i}`,
    version: `1.${i % 50}.${i % 7}`,
    purl: ref(i),
    licenses: [{ license: { id: 'MIT' } }],
    hashes: [{ alg: 'SHA-256', content: String(i).padStart(64, '0') }],
    externalReferences: [{ type: 'vcs', url: `https://example.org/package-${i}.git` }],
    properties: [{ name: 'cdx:npm:package:path', value: `node_modules/package-${i}` }],
  }));
  const dependencies = components.map((_, i) => ({ ref: ref(i), dependsOn: i % 3 === 0 && i + 1 < COMPONENTS ? [ref(i + 1)] : [] }));
  const metadata = { timestamp: '2026-01-01T00:00:00Z', component: { type: 'application', 'bom-ref': 'app', name: 'app' } };
  const serialNumber = 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79';
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, version: 1, metadata, components, dependencies });
}

/** In a process of its own, for its memory: what a script prints. */
function measured(script, file) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const JSON_ONLY = `import { readFileSync } from 'node:fs';
const text = readFileSync(process.argv[1], 'utf8');
const start = performance.now();
JSON.stringify(JSON.parse(text));
console.log(JSON.stringify({ ms: performance.now() - start, mb: process.resourceUsage().maxRSS / 1024 }));`;
const CONVERT = `import { readFileSync } from 'node:fs';
import { fromCycloneDX } from 'msbom/convert';
const text = readFileSync(process.argv[1], 'utf8');
const start = performance.now();
const { manifest } = fromCycloneDX(JSON.parse(text));
const ms = performance.now() - start;
if (Object.keys(manifest.components).length !== ${COMPONENTS}) throw new Error('components are missing');
console.log(JSON.stringify({ ms, mb: process.resourceUsage().maxRSS / 1024 }));`;

function largeConversion(work) {
  const file = join(work, 'large.json');
  const text = largeDocument();
  writeFileSync(file, text);
  const megabytes = Math.round(text.length / 1e6);
  const peak = [];
  const milliseconds = paired(
    5,
    () => {
      const { ms, mb } = measured(CONVERT, file);
      peak.push(mb);
      return ms;
    },
    () => measured(JSON_ONLY, file).ms,
  );
  const what = `fromCycloneDX, ${megabytes} MB with ${COMPONENTS.toLocaleString('en')} components`;
  return [
    row(what, 'JSON.parse and JSON.stringify', 'ms', milliseconds, { atMost: 10 }),
    row(`${what}: peak memory`, '1 GB', 'MB', { ours: median(peak), theirs: 1000 }, { atMost: 1 }),
  ];
}

export async function convert({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    const base = JSON.parse(readFileSync(join(root, 'docs/rules/base.json'), 'utf8'));
    const manifest = join(work, 'm.json');
    writeFileSync(manifest, JSON.stringify(base));
    const start = paired(
      41,
      () => timed(process.execPath, [program, 'convert', manifest, '-q']),
      () => timed(process.execPath, ['-e', '0']),
    );
    return [await manyManifests(base), ...largeConversion(work), row('msbom convert, 5 KB', 'node -e 0', 'ms', start, { atMost: 3 })];
  } finally {
    rmSync(work, { recursive: true });
  }
}
