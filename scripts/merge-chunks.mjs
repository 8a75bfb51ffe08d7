// Joins small files of the built package: a verb that opens few files starts faster, and where only few may be open it starts at all.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
/** Files below this size are joined with others that are loaded with them. */
const MIN_BYTES = 8_000;

/** The program stays as it is, with the files that it names: what runs when it is loaded must be loaded by nobody else. */
const PROGRAM = join('cli', 'main.js');

const built = readdirSync(dist, { recursive: true }).filter((path) => path.endsWith('.js') && path !== PROGRAM);
const named = [...readFileSync(join(dist, PROGRAM), 'utf8').matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)].map(([, path]) =>
  normalize(join('cli', path)),
);
const entries = new Set([...built.filter((path) => !/-[A-Z0-9]{8}\.js$/.test(path)), ...named]);

const bundle = await rollup({
  input: Object.fromEntries([...entries].map((path) => [path.slice(0, -'.js'.length), join(dist, path)])),
  // Packages and modules of Node.
  external: (id) => /^[^./]/.test(id) && !/^[A-Za-z]:/.test(id),
  // All that our modules do while they load is to make their tables.
  treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, unknownGlobalSideEffects: false },
  preserveEntrySignatures: 'strict',
  logLevel: 'silent',
  onwarn(warning) {
    if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
  },
});
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunk-[hash].js',
  experimentalMinChunkSize: MIN_BYTES,
  hoistTransitiveImports: false,
  compact: true,
  generatedCode: 'es2015',
});
for (const path of built) rmSync(join(dist, path));
for (const { fileName, code } of output) {
  mkdirSync(dirname(join(dist, fileName)), { recursive: true });
  writeFileSync(join(dist, fileName), code);
}
