#!/usr/bin/env node
// Prints ratios against named peers, measured in this run: a table on standard error, JSON on standard output.
// usage: npm run bench [-- NAME…]
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { audit } from './audit.mjs';
import { comply } from './comply.mjs';
import { convert } from './convert.mjs';
import { ggufHeader } from './gguf-header.mjs';
import { hashing } from './hashing.mjs';
import { inspect } from './inspect.mjs';
import { pythonEnvironment } from './python-environment.mjs';
import { record } from './record.mjs';
import { sign } from './sign.mjs';
import { smallFiles } from './small-files.mjs';
import { startUp } from './start-up.mjs';
import { validation } from './validation.mjs';

const BENCHMARKS = {
  'start-up': startUp,
  hashing,
  validation,
  convert,
  comply,
  audit,
  'gguf-header': ggufHeader,
  inspect,
  'python-environment': pythonEnvironment,
  'small-files': smallFiles,
  record,
  sign,
};
const root = fileURLToPath(new URL('..', import.meta.url));
const asked = process.argv.slice(2);
const rows = [];
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const each of await run({ root, program: join(root, 'dist/cli/main.js') })) {
    rows.push({ benchmark: name, ...each });
    const { name: what, peer, unit, ours, theirs, ratio, target, met } = each;
    const goal = target.atMost === undefined ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
    console.error(
      `${met ? 'met   ' : 'MISSED'}  ${what.padEnd(52)} ${String(ours).padStart(10)} ${unit.padEnd(11)} ${String(theirs).padStart(10)} (${peer})  ratio ${ratio}, ${goal}`,
    );
  }
}
console.log(JSON.stringify({ node: process.version, cores: cpus().length, rows }, null, 2));
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
