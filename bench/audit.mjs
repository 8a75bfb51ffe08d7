// Known vulnerabilities: 300 packages against 10,000 records, and osv-scanner on the same, offline, from a zip in its cache layout.
// osv-scanner is that of MSBOM_OSV_SCANNER, or the one on the path; Python's zipfile makes the zip.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { limited, paired, row, timed } from './measure.mjs';

const PACKAGES = 300;
const RECORDS = 10_000;
const RUNS = 5;
const PEER = process.env.MSBOM_OSV_SCANNER ?? 'osv-scanner';

export function audit({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    write(work);
    const zip = join(work, 'osv-scalibr/PyPI/all.zip');
    mkdirSync(join(work, 'osv-scalibr/PyPI'), { recursive: true });
    execFileSync('python3', ['-m', 'zipfile', '-c', zip, '.'], { cwd: join(work, 'osv') });
    const ours = [program, 'audit', join(work, 'm.json'), '-a', zip, '-f', 'json', '--fail-on', 'never'];
    const peak = join(work, 'peak');
    timed(process.execPath, ['--import', pathToFileURL(join(root, 'bench/peak-memory.mjs')).href, ...ours], {
      env: { ...process.env, MSBOM_PEAK_FILE: peak },
    });
    const what = `audit, ${PACKAGES} packages against ${RECORDS} records`;
    const memory = limited(`peak memory of ${what}`, 'MB', Number(readFileSync(peak, 'utf8').split(' ')[0]), 200);
    if (spawnSync(PEER, ['--version']).status !== 0) {
      console.error(`left out: ${PEER} is not installed, nothing to compare the time of audit with`);
      return [memory];
    }
    const scan = [
      'scan',
      'source',
      '--offline',
      '--offline-vulnerabilities',
      '--format',
      'json',
      '--output-file',
      join(work, 'theirs.json'),
    ];
    const env = { ...process.env, OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: work };
    const theirs = () => timed(PEER, [...scan, '-L', `requirements.txt:${join(work, 'requirements.txt')}`], { env }, [0, 1]);
    return [
      row(
        what,
        'osv-scanner, offline',
        'ms',
        paired(RUNS, () => timed(process.execPath, ours), theirs),
        { atMost: 0.5 },
      ),
      memory,
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
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
