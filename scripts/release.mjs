#!/usr/bin/env node
// What is released: the package, its SBOM and the checksums of both. `node scripts/release.mjs [--tag v1.2.3] DIRECTORY`
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({ options: { tag: { type: 'string' } }, allowPositionals: true });
const target = resolve(positionals[0] ?? 'release');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

if (values.tag !== undefined && values.tag !== `v${version}`) throw new Error(`the tag is ${values.tag}, the package is ${version}`);
if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## ${version}\n`))
  throw new Error(`CHANGELOG.md says nothing of ${version}`);
mkdirSync(target, { recursive: true });
if (readdirSync(target).length > 0) throw new Error(`${target} is not empty`);

const npm = (...argv) => execFileSync('npm', argv, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
npm('pack', '--pack-destination', target); // builds it first
// Of what is installed with the package: its dependencies, not those of its development.
writeFileSync(
  join(target, `${name}-${version}.cdx.json`),
  npm('sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--omit', 'peer', '--package-lock-only'),
);
const files = readdirSync(target).sort();
const sum = (file) =>
  createHash('sha256')
    .update(readFileSync(join(target, file)))
    .digest('hex');
writeFileSync(join(target, 'SHA256SUMS'), files.map((file) => `${sum(file)}  ${file}\n`).join(''));
console.log([...files, 'SHA256SUMS'].join('\n'));
