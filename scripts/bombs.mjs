#!/usr/bin/env node
// The most memory that `collect`, or another verb, takes over an idle run, for inputs made to take much: test/support/bombs.ts. Needs a build.
// usage: node scripts/bombs.mjs [--verb collect|scan] [--bytes 9900000] [--only PART] [--kind text|binary|zeros] [--over 0]   prints a table
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createJiti } from 'jiti';

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '9900000' },
    only: { type: 'string', default: '' },
    kind: { type: 'string', default: 'text,binary,zeros' },
    verb: { type: 'string', default: 'collect' },
    over: { type: 'string', default: '0' },
    main: { type: 'string', default: 'dist/cli/main.js' },
  },
});
const jiti = createJiti(import.meta.url);
const { BINARY_BOMBS, SPARSE_BOMBS, TEXT_BOMBS, writeBomb } = await jiti.import('../test/support/bombs.ts');
const { peakOf } = await jiti.import('../test/support/peak.ts');
const KINDS = { text: TEXT_BOMBS, binary: BINARY_BOMBS, zeros: SPARSE_BOMBS };

async function measured(bomb) {
  const directory = mkdtempSync(join(tmpdir(), 'msbom-bomb-'));
  try {
    if (bomb !== undefined) await writeBomb(bomb, directory, Number(values.bytes));
    const output = values.verb === 'collect' ? ['-o', `${directory}.out.json`] : ['--format', 'json'];
    return await peakOf([values.verb, directory, ...output], 300, values.main);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    rmSync(`${directory}.out.json`, { force: true });
  }
}

const idle = (await measured(undefined)).mib ?? 0;
console.log(`idle: ${idle.toFixed(0)} MiB\n\n| input | MiB over idle | seconds | exit | first finding |\n|---|---|---|---|---|`);
for (const bomb of values.kind.split(',').flatMap((kind) => KINDS[kind])) {
  if (!values.only.split(',').some((part) => bomb.id.includes(part))) continue;
  const { code, mib, seconds, err } = await measured(bomb);
  const over = mib === undefined ? 'died' : Math.max(0, mib - idle).toFixed(0);
  if (mib !== undefined && Math.max(0, mib - idle) < Number(values.over)) continue;
  const first = err.split('\n').find((line) => /\S/.test(line)) ?? '';
  console.log(`| ${bomb.id} | ${over} | ${seconds.toFixed(1)} | ${code ?? 'signal'} | ${first.trim().slice(0, 90).replaceAll('|', '/')} |`);
}
