#!/usr/bin/env node
// Feeds broken files to every parser until the time is over. The parsers stand in tables: scripts/fuzz/binary.mjs, text.mjs and
// git.mjs each export by default an array of
//   { name, seeds: () => [{ name, bytes }], run: (bytes, name) => word or promise, mutate?: (bytes, random, { other, most }) => bytes }
// `run` throws for what must not happen; the word that it gives back ('read', 'refused') is counted.
//
// What fails a case: an error without a code of its kind, and memory. Memory is counted by V8, not by the clock or the size of
// the process: a worker whose living objects need more than HEAP_MB is ended by V8 itself, and buffers are counted after each
// case, those of the case before having been collected. A case without an end is a failure too, after END_MS.
//
// usage: npm run fuzz -- [NAME …] [--minutes 10] [--seed N] [--jobs N] [--repeat NAME:SEED]
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { generator, pick } from './fuzz/random.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const TABLES = ['binary', 'text', 'git', 'scan'];
/** A seed is at most 256 KiB, what is made of it this much. */
const MOST_BYTES = 512 * 1024;
/** Living objects of V8 and bytes of buffers that a case may need: the modules take about 60 MB, 60 bytes for each of the input 31. */
const HEAP_MB = 192;
const BUFFER_BYTES = 96 * 2 ** 20;
const END_MS = 120_000;

/** The parsers whose names have one of the words. */
async function targets(words) {
  const paths = TABLES.map((name) => new URL(`./fuzz/${name}.mjs`, import.meta.url)).filter((url) => existsSync(fileURLToPath(url)));
  const tables = await Promise.all(paths.map(async (url) => (await import(url)).default));
  return tables.flat().filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
}

/** The bytes of one case. Text parsers bring a way of their own to break texts. */
async function caseOf(target, seed) {
  const random = generator(seed);
  const seeds = target.seeds();
  const { name, bytes } = pick(random, seeds);
  const { mutateBinary } = await import('./fuzz/mutate-binary.mjs');
  const mutate = target.mutate ?? mutateBinary;
  return { name, bytes: mutate(bytes, random, { other: () => pick(random, seeds).bytes, most: MOST_BYTES }) };
}

async function runCase(target, seed) {
  const { name, bytes } = await caseOf(target, seed);
  const before = process.memoryUsage().arrayBuffers;
  const word = (await target.run(bytes, name)) ?? 'read';
  const grown = process.memoryUsage().arrayBuffers - before;
  if (grown > BUFFER_BYTES) throw new Error(`${grown} bytes of buffers for a file of ${bytes.length}`);
  return word;
}

async function work({ seed, words, until, done }) {
  const all = await targets(words);
  const random = generator(seed);
  const stats = {};
  const report = () => parentPort.postMessage({ stats });
  for (let n = 0; Date.now() < until; n++) {
    const target = all[(n + done) % all.length];
    const own = random(2 ** 31);
    parentPort.postMessage({ begin: { name: target.name, seed: own } });
    stats[target.name] ??= {};
    try {
      const word = await runCase(target, own);
      stats[target.name][word] = (stats[target.name][word] ?? 0) + 1;
    } catch (error) {
      parentPort.postMessage({ failure: { name: target.name, seed: own, error: String(error?.stack ?? error) } });
    }
    if (n % 64 === 63) report();
  }
  report();
}

/** A worker, and another one after it when it does not end or dies. */
async function watch({ seed, words, until }, failures, totals) {
  for (let turn = 0; Date.now() < until && failures.length <= 50; turn++) {
    await new Promise((ended) => {
      let current;
      let latest = {};
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { seed: seed + turn * 7919, words, until, done: turn },
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      });
      const timer = setInterval(() => {
        if (current === undefined || Date.now() - current.at < END_MS) return;
        failures.push({ ...current, error: `no end after ${END_MS} ms` });
        current = undefined;
        worker.terminate();
      }, 1000);
      worker.on('message', ({ begin, failure, stats }) => {
        if (begin !== undefined) current = { ...begin, at: Date.now() };
        if (failure !== undefined) failures.push(failure);
        if (stats !== undefined) latest = stats;
      });
      worker.on('error', (error) => failures.push({ ...current, error: String(error.stack ?? error) }));
      worker.on('exit', () => {
        clearInterval(timer);
        for (const [name, words] of Object.entries(latest))
          for (const [word, count] of Object.entries(words)) {
            totals[name] ??= {};
            totals[name][word] = (totals[name][word] ?? 0) + count;
          }
        ended();
      });
    });
  }
}

/** The first failure of each kind: what is told more often is told once. */
function firstOfEach(failures) {
  const seen = new Set();
  return failures.filter(({ name, error }) => {
    const key = `${name} ${error.split('\n', 1)[0].replace(/\d+/g, '0')}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** One case again; its bytes are left in .tmp/fuzz-case. */
async function repeat(spec) {
  const at = spec.lastIndexOf(':');
  const target = (await targets([])).find(({ name }) => name === spec.slice(0, at));
  if (target === undefined) throw new Error(`there is no parser ${spec.slice(0, at)}`);
  const seed = Number(spec.slice(at + 1));
  const { name, bytes } = await caseOf(target, seed);
  mkdirSync(join(root, '.tmp'), { recursive: true });
  writeFileSync(join(root, '.tmp/fuzz-case'), bytes);
  console.log(`${name}: ${bytes.length} bytes in .tmp/fuzz-case`);
  console.log(await runCase(target, seed));
}

async function main() {
  const { values, positionals: words } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      repeat: { type: 'string' },
      jobs: { type: 'string', default: '1' },
    },
  });
  if (values.repeat !== undefined) return repeat(values.repeat);
  const names = (await targets(words)).map(({ name }) => name);
  if (names.length === 0) throw new Error(`no parser is named like ${words.join(', ')}`);
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const until = Date.now() + Number(values.minutes) * 60_000;
  console.log(`${names.length} parsers, ${values.minutes} minutes, --seed ${seed}`);
  const failures = [];
  const totals = {};
  await Promise.all(Array.from({ length: Number(values.jobs) }, (_, i) => watch({ seed: seed + i, words, until }, failures, totals)));
  for (const name of names) {
    const counts = Object.entries(totals[name] ?? {})
      .sort()
      .map(([word, count]) => `${count} ${word}`);
    const failed = failures.filter((each) => each.name === name).length;
    console.log(`${name.padEnd(28)} ${counts.join(', ') || 'no case'}, ${failed} failures`);
  }
  const cases = Object.values(totals)
    .flatMap((each) => Object.values(each))
    .reduce((sum, count) => sum + count, 0);
  console.log(`${cases} cases, ${failures.length} failures`);
  for (const { name, seed: own, error } of firstOfEach(failures).slice(0, 20)) console.log(`\nFAILED --repeat ${name}:${own}\n${error}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

await (isMainThread ? main() : work(workerData));
