/** One network has as many parameters in every format that it is written in. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { collectDirectory } from '../../src/collect/disk/directory.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

const directory = temporaryDirectory();
mkdirSync(directory, { recursive: true });
const script = fileURLToPath(new URL('../../scripts/interop/same_model.py', import.meta.url));
const { made, missing } = JSON.parse(
  execFileSync(PYTHON, [script, directory], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] }),
) as { readonly made: readonly string[]; readonly missing: Readonly<Record<string, string>> };

for (const [format, reason] of Object.entries(missing)) console.error(`${format}: not compared: ${reason}`);

it.each(made)('has 23 parameters as %s', async (format) => {
  const { manifest } = await collectDirectory(join(directory, format), { now: '2026-11-30T00:00:00Z' });
  expect(manifest.model?.parameterCount).toEqual({ total: 23 });
});
it('is there in several formats', () => expect(made.length).toBeGreaterThan(5));
