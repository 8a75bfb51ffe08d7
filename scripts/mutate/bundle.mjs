// All tests of conversions with what they test, in one script; sources under a path hold all their mutants.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { instrument } from './mutants.mjs';

/** @param tests paths of test files in the order in which they run */
export async function bundleOf(root, under, tests, outfile) {
  const mutants = [];
  let next = 0;
  const plugin = {
    name: 'mutants',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^vitest$/ }, () => ({ path: `${root}scripts/mutate/vitest.mjs` }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const isUnder = path.startsWith(root + under) && !path.includes('/generated/');
        const made = isUnder ? instrument(path.slice(root.length), text, next) : { text, mutants: [], next };
        next = made.next;
        mutants.push(...made.mutants);
        return { contents: made.text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
      });
    },
  };
  const entry = [...tests.map((test) => `import ${JSON.stringify(root + test)};`), "export { collected } from 'vitest';"].join('\n');
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    // That modules have no effects of their own does not hold for tests.
    ignoreAnnotations: true,
    logLevel: 'error',
    plugins: [plugin],
  });
  writeFileSync(outfile, outputFiles[0].text);
  return mutants;
}
