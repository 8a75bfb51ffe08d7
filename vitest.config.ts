import { defineConfig } from 'vitest/config';
import { watchdog } from './test/support/watchdog.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/nodes/**', 'node_modules/**'],
    setupFiles: ['test/setup.ts'],
    reporters: process.env.MSBOM_RUNS === undefined ? ['default', watchdog()] : ['default'],
    testTimeout: 120_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
