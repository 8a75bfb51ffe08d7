/** The files around the package: workflows, hooks, the action and the script of a release. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

it('the hooks of pre-commit name verbs, and files by linear patterns', () => {
  const hooks = load(read('.pre-commit-hooks.yaml')) as readonly { id: string; entry: string; files: string }[];
  expect(hooks.map(({ id }) => id)).toEqual(['msbom-validate', 'msbom-scan']);
  for (const { entry } of hooks) expect(Object.keys(COMMANDS)).toContain(entry.split(' ')[1]);
  const [documents, models] = hooks.map(({ files }) => new RegExp(files));
  expect(['m.msbom.json', 'a/b.cdx.xml', 'x.spdx.json'].every((path) => documents?.test(path))).toBe(true);
  expect(['a/model.pt', 'x.safetensors', 'y.7z'].every((path) => models?.test(path))).toBe(true);
  expect(['a.json', 'pt', 'x.py'].some((path) => documents?.test(path) || models?.test(path))).toBe(false);
});

it('the action hands its words on as they are, and tells the exit code', () => {
  const { runs } = load(read('action.yml')) as { runs: { steps: readonly { run: string; env: Record<string, string> }[] } };
  const [step] = runs.steps;
  expect(Object.values(step?.env ?? {}).join()).toBe(`\${{ inputs.command }},\${{ inputs.version }}`);
  expect(step?.run).not.toContain('${{');
  const cwd = mkdtempSync(join(tmpdir(), 'msbom-action-'));
  // Stands for npx, which would fetch a package: it writes down what it is called with.
  writeFileSync(join(cwd, 'npx'), '#!/bin/bash\nprintf "%s\\n" "$@" > "$0.said"\nexit 1\n');
  chmodSync(join(cwd, 'npx'), 0o755);
  const env = {
    PATH: `${cwd}:${process.env.PATH}`,
    GITHUB_OUTPUT: join(cwd, 'output'),
    MSBOM_ACTION_COMMAND: 'scan\n\nmy models; rm -rf x\n--fail-on\n$(high)\n',
    MSBOM_ACTION_VERSION: '1.2.3',
  };
  expect(spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], { cwd, env }).status).toBe(1);
  expect(readFileSync(join(cwd, 'npx.said'), 'utf8')).toBe('--yes\nmsbom@1.2.3\nscan\nmy models; rm -rf x\n--fail-on\n$(high)\n');
  expect(readFileSync(join(cwd, 'output'), 'utf8')).toBe('exit-code=1\n');
});

it('a release refuses a tag of another version', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/release.mjs'), '--tag', 'v9.9.9'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('the tag is v9.9.9');
});

it('man pages are those of the package', () => {
  const { man } = JSON.parse(read('package.json')) as { man: readonly string[] };
  expect(man).toEqual(['./man/msbom.1', ...Object.keys(COMMANDS).map((verb) => `./man/msbom-${verb}.1`)]);
  for (const path of man) {
    const text = read(path);
    for (const section of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS']) expect(text).toContain(`.SH ${section}\n`);
    // Every line is text, or a command that man(7) knows.
    expect(text.split('\n').filter((line) => /^[.']/.test(line) && !/^\.(\\"|TH|SH|TP|PP|BR?|I)( |$)/.test(line))).toEqual([]);
  }
});
