#!/usr/bin/env node
// Keeps small files that the real libraries made, with what the libraries said of them, as fixtures for the default tests.
// usage: node scripts/interop/fixtures.mjs [ID…]     (MSBOM_PYTHON or .tmp/interop is the Python used)
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_BYTES = 48 * 1024;
const root = fileURLToPath(new URL('../..', import.meta.url));
const own = join(root, '.tmp/interop/bin/python');
const python = process.env.MSBOM_PYTHON ?? (existsSync(own) ? own : 'python3');
const made = mkdtempSync(join(tmpdir(), 'msbom-fixtures-'));
const output = execFileSync(python, [join(root, 'scripts/interop/run.py'), made, ...process.argv.slice(2)], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const { files, missing } = JSON.parse(output);
for (const { format, reason, trace } of missing) console.error(`${format}: no fixtures: ${reason}\n${trace ?? ''}`);
for (const format of new Set(files.map((file) => file.format))) {
  const target = join(root, 'test/fixtures/formats', format);
  rmSync(target, { recursive: true, force: true });
  const kept = readdirSync(join(made, format), { recursive: true }).filter((path) => {
    const stats = statSync(join(made, format, path));
    return stats.isFile() && stats.size <= MAX_BYTES;
  });
  for (const path of kept) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    copyFileSync(join(made, format, path), join(target, path));
  }
  const recorded = files.filter((file) => file.format === format && kept.includes(file.path.slice(format.length + 1)));
  writeFileSync(join(target, 'facts.json'), `${JSON.stringify(recorded, null, 1)}\n`);
  console.log(`${format}: ${kept.length} files, ${recorded.length} with facts`);
}
rmSync(made, { recursive: true, force: true });
process.exitCode = missing.length > 0 ? 1 : 0;
