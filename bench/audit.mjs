#!/usr/bin/env node
// Time and peak memory of `msbom audit`: 300 packages against 10,000 records, and osv-scanner on the same, where it is installed.
// usage: node bench/audit.mjs   (MSBOM_OSV_SCANNER names osv-scanner; /usr/bin/time of GNU tells the memory)
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = 300;
const RECORDS = 10_000;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'msbom-bench-audit-'));
try {
  write(work);
  const ours = measured(process.execPath, [main, 'audit', join(work, 'm.json'), '-a', join(work, 'osv'), '-f', 'json']);
  console.log(`msbom: ${ours.seconds.toFixed(2)} s, ${ours.megabytes} MB, exit ${ours.status}`);
  const peer = process.env.MSBOM_OSV_SCANNER;
  if (peer !== undefined) {
    const args = [
      '--experimental-offline',
      '--experimental-local-db-path',
      work,
      '--format',
      'json',
      '-L',
      `requirements.txt:${join(work, 'requirements.txt')}`,
    ];
    const theirs = measured(peer, args);
    console.log(`osv-scanner: ${theirs.seconds.toFixed(2)} s, ${theirs.megabytes} MB, exit ${theirs.status}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Records as the advisory database of PyPA has them: a range, and the versions in it one by one. */
function write(directory) {
  mkdirSync(join(directory, 'osv'));
  for (let i = 0; i < RECORDS; i++) {
    const record = {
      id: `PYSEC-2026-${i}`,
      modified: '2026-01-10T00:00:00Z',
      details: 'A flaw. '.repeat(60),
      affected: [
        {
          package: { ecosystem: 'PyPI', name: `package-${i % 3000}` },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `${1 + (i % 5)}.0` }] }],
          versions: Array.from({ length: 60 }, (_, n) => `0.${n}`),
        },
      ],
    };
    writeFileSync(join(directory, 'osv', `${record.id}.json`), JSON.stringify(record, null, 2));
  }
  const names = Array.from({ length: PACKAGES }, (_, i) => `package-${i * 10}`);
  const component = (name) => ({ type: 'library', name, version: '2.5', identifiers: [{ type: 'purl', value: `pkg:pypi/${name}@2.5` }] });
  const bom = {
    specVersion: '1.0',
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    version: 1,
    timestamp: '2026-01-01T00:00:00Z',
  };
  const components = Object.fromEntries(names.map((name) => [name, component(name)]));
  writeFileSync(join(directory, 'm.json'), JSON.stringify({ bom, model: { name: 'm' }, components }));
  writeFileSync(join(directory, 'requirements.txt'), names.map((name) => `${name}==2.5\n`).join(''));
}

function measured(program, args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', program, ...args], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { seconds, status, megabytes: Math.round(Number(stderr.trim().split('\n').at(-1)) / 1024) };
}
