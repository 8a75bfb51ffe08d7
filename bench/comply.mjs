// Profiles: `msbom comply --profile all` of a manifest of 1 MB, and `msbom validate` of the same.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paired, row, timed } from './measure.mjs';

const BYTES = 1_000_000;
const RUNS = 7;

export function comply({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    const file = join(work, 'm.msbom.json');
    writeFileSync(file, grown(JSON.parse(readFileSync(join(root, 'test/fixtures/comply/full.msbom.json'), 'utf8'))));
    const asked = ['comply', file, '--profile', 'all', '--format', 'json', '--fail-on', 'never'];
    const times = paired(
      RUNS,
      () => timed(process.execPath, [program, ...asked]),
      () => timed(process.execPath, [program, 'validate', file]),
    );
    return [row('comply, 624 requirements of 1 MB', 'msbom validate of the same', 'ms', times, { atMost: 3 })];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The document that answers every requirement, with packages and their evidence until it is large enough. */
function grown(manifest) {
  for (let i = 0; JSON.stringify(manifest, null, 2).length < BYTES; ) {
    for (const end = i + 100; i < end; i++) {
      const [id, version] = [`package-${i}`, `1.${i}`];
      manifest.components[id] = {
        type: 'library',
        name: id,
        version,
        identifiers: [{ type: 'purl', value: `pkg:pypi/${id}@${version}` }],
        licenses: [{ expression: 'MIT' }],
      };
      const source = { uri: `https://pypi.org/project/${id}` };
      manifest.evidence.push({ origin: 'observed', method: 'dist-info', source, values: { [`/components/${id}/version`]: {} } });
    }
  }
  return JSON.stringify(manifest, null, 2);
}
