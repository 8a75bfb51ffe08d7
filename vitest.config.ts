import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/nodes/**', 'node_modules/**'],
    testTimeout: 30_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
