#!/usr/bin/env node
// Installs programs that read and write CycloneDX and SPDX in MSBOM_CONSUMERS (default: a folder for temporary files) for `npm run test:interop`:
// Python and Java libraries, Go and Rust programs, an npm package. What a missing toolchain cannot build is told and left out.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = process.env.MSBOM_CONSUMERS ?? join(tmpdir(), 'msbom-consumers');
mkdirSync(join(folder, 'bin'), { recursive: true });

const STEPS = {
  python: [
    ['python3', '-m', 'venv', join(folder, 'py')],
    [join(folder, 'py/bin/pip'), 'install', '--quiet', '--requirement', join(here, 'python/requirements.txt')],
  ],
  'cyclonedx-go': [['go', 'build', '-C', join(here, 'go/cyclonedx-go'), '-o', join(folder, 'bin/cyclonedx-go'), '.']],
  syft: [['go', 'install', 'github.com/anchore/syft/cmd/syft@v1.57.0']],
  'cyclonedx-core-java': [
    [
      'mvn',
      '-q',
      '-B',
      '-f',
      join(folder, 'java/pom.xml'),
      'compile',
      'dependency:build-classpath',
      `-Dmdep.outputFile=${join(folder, 'java/cp.txt')}`,
    ],
  ],
  'spdx-python': [
    ['python3', '-m', 'venv', join(folder, 'spdx-py')],
    [join(folder, 'spdx-py/bin/pip'), 'install', '--quiet', '--requirement', join(here, 'python/requirements-spdx.txt')],
  ],
  'spdx-java': [
    [
      'mvn',
      '-q',
      '-B',
      '-f',
      join(here, 'java-spdx/pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${join(folder, 'spdx-java')}`,
    ],
  ],
  cdxgen: [
    ['npm', 'install', '--silent', '--ignore-scripts', '--omit=optional', '--prefix', join(folder, 'npm'), '@cyclonedx/cdxgen@12.8.4'],
  ],
  'cyclonedx-npm': [
    [
      'npm',
      'install',
      '--silent',
      '--ignore-scripts',
      '--omit=optional',
      '--prefix',
      join(folder, 'npm'),
      '@cyclonedx/cyclonedx-npm@6.0.1',
    ],
  ],
  'sbom-tools': [['cargo', 'install', 'sbom-tools', '--version', '0.3.0', '--debug', '--root', folder]],
};

cpSync(join(here, 'java'), join(folder, 'java'), { recursive: true });
mkdirSync(join(folder, 'npm'), { recursive: true });
const asked = process.argv.slice(2);
for (const [name, commands] of Object.entries(STEPS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const failed = commands.find(([command, ...args]) => {
    const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, GOBIN: join(folder, 'bin') } });
    return status !== 0;
  });
  console.log(failed === undefined ? `${name}: ready` : `${name}: left out, \`${failed.join(' ')}\` failed`);
}
