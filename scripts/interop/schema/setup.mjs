#!/usr/bin/env node
// Installs validators of JSON Schema and generators of code in MSBOM_SCHEMA_PEERS (default: a folder for temporary files) for
// `npm run test:interop`. What a missing toolchain cannot build is told and left out.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = process.env.MSBOM_SCHEMA_PEERS ?? join(tmpdir(), 'msbom-schema-peers');
mkdirSync(join(folder, 'bin'), { recursive: true });

const STEPS = {
  python: [
    ['python3', '-m', 'venv', join(folder, 'py')],
    [join(folder, 'py/bin/pip'), 'install', '--quiet', '--requirement', join(here, 'requirements.txt')],
  ],
  go: [['go', 'build', '-C', join(here, 'go'), '-o', join(folder, 'bin/validate'), '.']],
  quicktype: [['npm', 'install', '--silent', '--ignore-scripts', '--omit=optional', '--prefix', join(folder, 'npm'), 'quicktype@26']],
};
for (const [name, steps] of Object.entries(STEPS))
  for (const [command, ...args] of steps) {
    const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
    if (status === 0) continue;
    console.error(`${name} was left out: ${command} ${args.join(' ')} failed: ${error?.message ?? `exit ${status}`}`);
    break;
  }
