#!/usr/bin/env node
// Installs the formats' own libraries (several GB) in .tmp/interop for `npm run test:interop`. Needs Python 3.11 or later.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (command, ...args) => {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `exit ${status}`}`);
};
run('python3', '-m', 'venv', '.tmp/interop');
run('.tmp/interop/bin/pip', 'install', '--quiet', '--requirement', 'scripts/interop/requirements.txt');
