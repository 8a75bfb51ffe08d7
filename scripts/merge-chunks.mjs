// Joins the many small files of the program: it opens fewer, and where only few may be open it starts at all. The library stays in small
// files, for who takes a part of it must not get modules of Node with it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
/** Files below this size are joined with others that are loaded with them. */
const MIN_BYTES = 8_000;
const PROGRAM = join('cli', 'main.js');

/** Paths, below `dist`, of the files that one names. */
const namedBy = (path) =>
  [...readFileSync(join(dist, path), 'utf8').matchAll(/(?:from|import)\s*\(?"(\.[^"]+\.js)"/g)].map(([, to]) =>
    normalize(join(dirname(path), to)),
  );

const program = namedBy(PROGRAM);
const bundle = await rollup({
  input: Object.fromEntries(program.map((path) => [path.slice(0, -'.js'.length), join(dist, path)])),
  // Packages and modules of Node.
  external: (id) => /^[^./]/.test(id) && !/^[A-Za-z]:/.test(id),
  // All that our modules do while they load is to make their tables.
  treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, unknownGlobalSideEffects: false },
  // Errors are shown in the files that they were written in.
  plugins: [{ name: 'maps', load: (id) => ({ code: readFileSync(id, 'utf8'), map: JSON.parse(readFileSync(`${id}.map`, 'utf8')) }) }],
  preserveEntrySignatures: 'strict',
  logLevel: 'silent',
  onwarn(warning) {
    if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
  },
});
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: 'program-[name].js',
  chunkFileNames: 'program-[hash].js',
  experimentalMinChunkSize: MIN_BYTES,
  hoistTransitiveImports: false,
  generatedCode: 'es2015',
  sourcemap: true,
  sourcemapExcludeSources: true,
});
for (const { fileName, code, source } of output) writeFileSync(join(dist, fileName), code ?? source);
let main = readFileSync(join(dist, PROGRAM), 'utf8');
for (const path of program) main = main.replaceAll(`../${path}"`, `../program-${basename(path)}"`);
writeFileSync(join(dist, PROGRAM), main);

// What nothing names any more goes.
const built = readdirSync(dist, { recursive: true }).filter((path) => path.endsWith('.js'));
const open = built.filter((path) => !/-[A-Z0-9]{8}\.js$/.test(path) || path.startsWith('program-'));
const reached = new Set(open);
for (let path = open.pop(); path !== undefined; path = open.pop())
  for (const next of namedBy(path)) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(next);
  }
for (const path of built) if (!reached.has(path)) for (const end of ['', '.map']) rmSync(join(dist, path + end), { force: true });
