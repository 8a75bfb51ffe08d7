import { defineConfig } from 'vitest/config';

/** Tests against other programs; they need more than Node. */
export default defineConfig({ test: { include: ['test/interop/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } });
