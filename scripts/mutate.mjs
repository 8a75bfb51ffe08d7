#!/usr/bin/env node
// Do the tests notice when a conversion is wrong? `npm run test:mutate -- PATH --seed N`: takes out and misspells every row of the tables
// under PATH, negates 300 of its conditions, chosen by the seed, and runs the tests of conversions with each of these mutants until one
// fails. Nothing of the work tree is changed: the mutants stand in a script in the folder for temporary files. Two workers at most,
// and each mutant has a limited time; one that does not end counts as noticed.
//   --seed N     another choice of conditions (default 1)
//   --limit N    how many conditions (default 300)
//   --only KIND  row, word or flip
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { generator } from './fuzz/random.mjs';
import { bundleOf } from './mutate/bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    limit: { type: 'string', default: '300' },
    only: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});
const [under = 'src/convert'] = positionals;
/** Tests by how likely they notice; each property tries few cases. */
const TESTS = ['golden', 'golden-read', 'native-names', 'details', 'words', 'clean', 'patch', 'round-trip', 'foreign'];
const RUNS = 2;
const EQUIVALENT = JSON.parse(readFileSync(new URL('./mutate/equivalent.json', import.meta.url), 'utf8'));
const TIME_LIMIT = 120_000;
const FRESH_AFTER = 40;

const folder = mkdtempSync(join(tmpdir(), 'msbom-mutate-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const bundle = join(folder, 'bundle.cjs');
  const all = await bundleOf(
    root,
    under,
    TESTS.map((name) => `test/convert/${name}.test.ts`),
    bundle,
  );
  const chosen = choose(all).filter(({ kind }) => values.only === undefined || values.only === kind);
  if (chosen.length === 0) throw new Error(`nothing under ${under} can be mutated`);
  const [sound] = await run([{ n: -1 }], bundle, 1, {});
  if (sound.killer !== undefined) throw new Error(`the tests fail without any mutant: ${JSON.stringify(sound.killer)}`);
  const results = await run(chosen, bundle, Math.min(Number(values.workers), 2), sound.times, tell);
  report(chosen, results);
}

/** Every row and word, and some of the conditions. */
function choose(all) {
  const random = generator(Number(values.seed));
  const flips = all.filter(({ kind }) => kind === 'flip');
  for (let i = flips.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [flips[i], flips[j]] = [flips[j], flips[i]];
  }
  return [...all.filter(({ kind }) => kind !== 'flip'), ...flips.slice(0, Number(values.limit))];
}

/** Runs mutants in workers; each gets the next one when it is done. */
async function run(mutants, bundle, workers, times, onSurvivor = () => {}) {
  const queue = [...mutants];
  const results = [];
  const lane = async () => {
    let worker;
    let done = 0;
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      if (worker === undefined || done++ % FRESH_AFTER === 0) {
        await worker?.terminate();
        worker = new Worker(new URL('./mutate/worker.mjs', import.meta.url), { workerData: { bundle, root, runs: RUNS, times } });
      }
      const result = await ask(worker, mutant.n);
      if (result.isStuck) {
        await worker.terminate();
        worker = undefined;
      }
      results.push({ mutant, ...result });
      if (result.killer === undefined) onSurvivor(mutant);
      if (process.stderr.isTTY) process.stderr.write(`\r${results.length}/${mutants.length} `);
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: workers }, lane));
  return results;
}

function ask(worker, n) {
  return new Promise((resolve) => {
    const stuck = (why) => finish({ killer: { test: why }, isStuck: true });
    const timer = setTimeout(() => stuck('time limit'), TIME_LIMIT);
    const onMessage = ({ killer, times }) => finish({ killer, times });
    const onError = (error) => stuck(`the worker ended: ${error.message}`);
    function finish(result) {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      resolve(result);
    }
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(n);
  });
}

/** Mutants that mean the same as the original, with the reason: `path`, `kind`, the mutated text, and why. */
function isKnown({ path, kind, text }) {
  return EQUIVALENT.some((each) => each.path === path && each.kind === kind && each.text === text);
}

function tell(mutant) {
  if (!isKnown(mutant)) console.log(`survived: ${mutant.path}:${mutant.line} ${mutant.kind} ${mutant.text}`);
}

function report(chosen, results) {
  const survivors = results.filter(({ killer }) => killer === undefined).map(({ mutant }) => mutant);
  const open = survivors.filter((mutant) => !isKnown(mutant));
  const rate = (kinds) => {
    const of = chosen.filter(({ kind }) => kinds.includes(kind));
    const left = open.filter(({ kind }) => kinds.includes(kind)).length;
    const same = survivors.filter((mutant) => kinds.includes(mutant.kind) && isKnown(mutant)).length;
    const counted = of.length - same;
    return `${counted - left} of ${counted} (${((100 * (counted - left)) / Math.max(counted, 1)).toFixed(1)} %), ${same} equivalent`;
  };
  console.log(`rows taken out: ${rate(['row'])}`);
  console.log(`rows misspelt: ${rate(['word'])}`);
  console.log(`conditions negated (seed ${values.seed}): ${rate(['flip'])}`);
  const isGood = open.every(({ kind }) => kind === 'flip') && open.length * 20 <= chosen.filter(({ kind }) => kind === 'flip').length;
  process.exitCode = isGood || values.only !== undefined ? 0 : 1;
}
