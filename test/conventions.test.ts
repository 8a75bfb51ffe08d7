import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/cli/run.js';
import { COLLECTORS } from '../src/collect/index.js';
import { CYCLONEDX_FINDINGS, SPDX_FINDINGS } from '../src/convert/index.js';
import { ERROR_CODES } from '../src/core/error.js';
import { TOOL } from '../src/core/tool.js';
import { READERS } from '../src/formats/index.js';
import * as api from '../src/index.js';
import * as nodeApi from '../src/node.js';
import { POLICY_IDS, readyPolicy } from '../src/policy/index.js';
import { PROBES } from '../src/probe/index.js';
import { SCAN_RULES } from '../src/scan/index.js';
import { RULES, SCHEMA_FINDINGS } from '../src/validate/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = (folder: string, id: string) => join(root, 'docs', folder, `${id}.md`);
const files = (folder: string) => readdirSync(join(root, folder)).map((name) => name.replace(/\.(ts|md)$/, ''));
const sourceText = (execFileSync('git', ['ls-files', 'src'], { cwd: root, encoding: 'utf8' }).trim().split('\n') as string[])
  .filter((path) => path.endsWith('.ts') && !path.includes('generated'))
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');

describe('every', () => {
  it('rule is a file of its name, is in the sorted list, has a page', () => {
    const ids = RULES.map(({ meta }) => meta.id);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toEqual(
      files('src/validate/rules')
        .filter((name) => name !== 'index')
        .sort(),
    );
    for (const id of ids) expect(existsSync(page('rules', id)), id).toBe(true);
  });
  it('finding has a page', () => {
    const ids = new Set([
      ...Object.keys(SCHEMA_FINDINGS),
      ...Object.keys(CYCLONEDX_FINDINGS),
      ...Object.keys(SPDX_FINDINGS),
      ...[...sourceText.matchAll(/\bid: '([a-z]+(?:-[a-z]+)+)'/g)].map((match) => match[1] ?? ''),
    ]);
    for (const { id } of READERS) ids.delete(id);
    for (const { id } of COLLECTORS) ids.delete(id);
    for (const { id } of PROBES) ids.delete(id);
    for (const { id } of SCAN_RULES) ids.delete(id);
    for (const policy of POLICY_IDS.map(readyPolicy)) for (const { id } of [policy, ...policy.rules]) ids.delete(id);
    expect([...ids].filter((id) => !existsSync(page('rules', id)))).toEqual([]);
  });
  it('rule of the scanner has a page with its references, and every page a rule', () => {
    const ids = SCAN_RULES.map(({ id }) => id);
    expect(files('docs/scan-rules').sort()).toEqual([...new Set(ids)].sort());
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, references, title } of SCAN_RULES) {
      const text = readFileSync(page('scan-rules', id), 'utf8');
      for (const reference of references) expect(text, id).toContain(reference);
      expect(text, id).toContain(title);
    }
  });
  it('error code has a page, and every page a code', () => {
    expect(files('docs/errors').sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });
  it('error code is thrown somewhere', () => {
    for (const code of Object.keys(ERROR_CODES)) expect(sourceText.split(`'${code}'`).length, code).toBeGreaterThan(1);
  });
  it('verb has a page', () => {
    expect(files('docs/cli').sort()).toEqual(Object.keys(COMMANDS).sort());
  });
  it('reader is a folder of its name, has a page and a test', () => {
    const ids = READERS.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    for (const id of ids) {
      expect(existsSync(join(root, 'src/formats', id, 'index.ts')), id).toBe(true);
      expect(existsSync(page('formats', id)), id).toBe(true);
      expect(existsSync(join(root, 'test/formats', `${id}.test.ts`)), id).toBe(true);
    }
  });
  it('metadata source and probe is a folder of its name, has a page and a test', () => {
    for (const [folder, sources] of [
      ['src/collect/collectors', COLLECTORS],
      ['src/probe', PROBES],
    ] as const) {
      const ids = sources.map(({ id }) => id);
      expect(ids).toEqual([...ids].sort());
      for (const id of ids) {
        expect(existsSync(join(root, folder, id, 'index.ts')), id).toBe(true);
        expect(existsSync(page('collectors', id)), id).toBe(true);
      }
    }
  });
  it('runtime dependency has its reason', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
    const reasons = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
    for (const name of Object.keys(dependencies)) expect(reasons, name).toContain(`\`${name}\``);
  });
});

it('generated files are fresh', { timeout: 120_000 }, () => {
  execFileSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: root, stdio: 'pipe' });
});

it('the corpus is what its script writes', () => {
  const before = execFileSync('git', ['status', '--porcelain', 'test/corpus'], { cwd: root, encoding: 'utf8' });
  execFileSync(process.execPath, ['scripts/corpus.mjs'], { cwd: root, stdio: 'pipe' });
  expect(execFileSync('git', ['status', '--porcelain', 'test/corpus'], { cwd: root, encoding: 'utf8' })).toBe(before);
});

it('the version stands in one place', () => {
  expect((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version).toBe(TOOL.version);
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(`## ${TOOL.version}`);
});

it('the public names change only on purpose', () => {
  expect({ msbom: Object.keys(api).sort(), 'msbom/node': Object.keys(nodeApi).sort() }).toMatchSnapshot();
});
