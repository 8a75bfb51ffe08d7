#!/usr/bin/env node
// The property and fuzz tests with far more runs: `npm run fuzz -- 20000`.
import { spawnSync } from 'node:child_process';

const runs = process.argv[2] ?? '5000';
const { status } = spawnSync('npx', ['vitest', 'run', 'test/formats', 'test/convert', 'test/validate', '--testTimeout=600000'], {
  stdio: 'inherit',
  env: { ...process.env, MSBOM_RUNS: runs },
});
process.exitCode = status ?? 1;
