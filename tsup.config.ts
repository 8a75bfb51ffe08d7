import { defineConfig } from 'tsup';

/** Small CommonJS and JSON dependencies are bundled: Node 20 warns about imported JSON, and one file starts faster than forty. */
const BUNDLED = ['spdx-license-ids', 'spdx-expression-parse', 'spdx-exceptions', 'packageurl-js', '@noble/hashes'];

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    node: 'src/node.ts',
    'collect/index': 'src/collect/index.ts',
    'convert/index': 'src/convert/index.ts',
    'formats/index': 'src/formats/index.ts',
    'report/index': 'src/report/index.ts',
    'hash-worker': 'src/node/hash-worker.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  dts: {
    entry: {
      index: 'src/index.ts',
      node: 'src/node.ts',
      'collect/index': 'src/collect/index.ts',
      'convert/index': 'src/convert/index.ts',
      'formats/index': 'src/formats/index.ts',
      'report/index': 'src/report/index.ts',
    },
  },
  splitting: true,
  shims: true,
  clean: true,
  noExternal: BUNDLED,
  // The compiled schema is most of the code: without indentation it parses in half the time.
  esbuildOptions(options) {
    options.minifyWhitespace = true;
  },
});
