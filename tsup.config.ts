import { readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { noticesPlugin } from './scripts/notices.mjs';

/** Small CommonJS and JSON dependencies are bundled: Node 20 warns about imported JSON, and one file starts faster than forty. */
const BUNDLED = [
  'spdx-license-ids',
  'spdx-expression-parse',
  'spdx-exceptions',
  'packageurl-js',
  '@renovatebot/pep440',
  'semver',
  'ae-cvss-calculator',
  '@noble/hashes',
  'js-yaml',
  'fzstd',
  'smol-toml',
  // Files of word processors, loaded only when one is written. Built in, since its own dependencies ask for Node 22.
  'docx',
  'fflate',
  // Not the whole: its validators read their schemas from its own directory.
  /^@cyclonedx\/cyclonedx-library\/(Enums|Models|Serialize|SPDX|Spec)$/,
];

/**
 * packageurl-js makes a collator while it loads, to sort eight words of its own once. That takes longer than loading all the
 * rest of it.
 */
const plainOrder: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'plain-order',
  setup(build) {
    build.onLoad({ filter: /packageurl-js[\\/]src[\\/]strings\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace('new Intl.Collator()', '{ compare: (a, b) => Number(a > b) - Number(a < b) }');
      if (contents === text) throw new Error('packageurl-js makes no collator any more: this plugin can go');
      return { contents, loader: 'js' };
    });
  },
};

const LIBRARY = {
  index: 'src/index.ts',
  node: 'src/node.ts',
  'collect/index': 'src/collect/index.ts',
  'convert/index': 'src/convert/index.ts',
  'formats/index': 'src/formats/index.ts',
  'report/index': 'src/report/index.ts',
  'sign/index': 'src/sign/index.ts',
  'sign/keyless/index': 'src/sign/keyless/index.ts',
  'lineage/index': 'src/lineage/index.ts',
  'oci/index': 'src/oci/index.ts',
  'policy/index': 'src/policy/index.ts',
  'scan/index': 'src/scan/index.ts',
  'show/index': 'src/show/index.ts',
  'comply/index': 'src/comply/index.ts',
  'audit/index': 'src/audit/index.ts',
  'paper/index': 'src/paper/index.ts',
};

/** Threads, each a file of its own beside the bundle. */
const WORKERS = { 'hash-worker': 'src/platform/hash-worker.ts', 'watch-worker': 'src/platform/watch-worker.ts' };

const common: Options = {
  target: 'node20',
  dts: { entry: LIBRARY },
  splitting: true,
  noExternal: BUNDLED,
  esbuildPlugins: [plainOrder, noticesPlugin(process.cwd())],
  // The library asks for it only to write XML by itself, which we do.
  external: ['xmlbuilder2'],
  // What Node shows of an error is a line that a person can read, in the file that it was written in.
  sourcemap: true,
  // The lines are enough for that; the texts would be four fifths of the package.
  esbuildOptions(options) {
    options.sourcesContent = false;
  },
};

/**
 * Two builds, since only CommonJS needs stand-ins for `import.meta`, and they would bring Node into browsers. Its types are those
 * of the other, which scripts/commonjs-types.mjs copies: making them takes longer than all else.
 */
export default defineConfig([
  { ...common, format: 'esm', entry: { ...LIBRARY, ...WORKERS, 'cli/main': 'src/cli/main.ts' } },
  { ...common, format: 'cjs', entry: LIBRARY, shims: true, dts: false },
]);
