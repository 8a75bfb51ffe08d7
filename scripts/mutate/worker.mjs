// Runs the tests with one mutant after the other, each in a fresh copy of all modules; says which test failed first.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';

const { bundle, root, runs, times = {} } = workerData;
process.env.MSBOM_RUNS = String(runs);
fc.configureGlobal({ seed: 1, endOnFailure: true });
console.info = () => {};
const code = readFileSync(bundle, 'utf8');
const make = new Function('require', 'module', '__row', '__word', '__flip', code);
const require = createRequire(`${root}package.json`);

/** Tests of the golden documents themselves, which no mutant changes. */
const OF_GOLDENS_ALONE = /^the full manifest as .* > meets the official schema$/;

async function killerOf(mutant) {
  const module = { exports: {} };
  try {
    make(
      require,
      module,
      (n) => n === mutant,
      (n, text) => (n === mutant ? `${text}x` : text),
      (n, value) => (n === mutant ? !value : value),
    );
  } catch (error) {
    return { test: 'loading', error: String(error) };
  }
  for (const { name, run } of ordered(module.exports.collected)) {
    const start = performance.now();
    try {
      await run();
    } catch (error) {
      return { test: name, error: String(error).slice(0, 300) };
    }
    times[name] ??= performance.now() - start;
  }
  return undefined;
}

/** Golden documents first, which most mutants change; then what takes the least time. */
function ordered(tests) {
  const list = tests.filter(({ name }) => !OF_GOLDENS_ALONE.test(name));
  const isGolden = ({ name }) => /golden|read natively/.test(name);
  const rest = list.filter((each) => !isGolden(each)).sort((a, b) => (times[a.name] ?? 0) - (times[b.name] ?? 0));
  return [...list.filter(isGolden), ...rest];
}

parentPort.on('message', async (mutant) => parentPort.postMessage({ mutant, killer: await killerOf(mutant), times }));
