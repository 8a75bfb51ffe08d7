/** A recorded run with old versions, from its description to known vulnerabilities, fixes, VEX and CycloneDX. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AuditFinding, Fix } from '../../src/audit/index.js';
import { validateCycloneDX } from '../../src/convert/index.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const env = { SOURCE_DATE_EPOCH: String(Date.parse('2026-01-20T00:00:00Z') / 1000) };
/** Records in our own words, with the ids, packages and versions that the public ones have. */
const record = (id: string, name: string, fixed: string, details: string, aliases: readonly string[] = []) => ({
  [`osv/${id}.json`]: JSON.stringify({
    id,
    aliases,
    modified: '2026-01-10T00:00:00Z',
    details,
    affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }] }],
  }),
});
const library = (name: string, version: string) => ({
  type: 'library',
  name,
  version,
  identifiers: [{ type: 'purl', value: `pkg:pypi/${name}@${version}` }],
  environment: 'run',
});
/** As `msbom record` leaves it. */
const run = {
  bom: { specVersion: '1.0', serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79', version: 1, timestamp: '2026-01-01T00:00:00Z' },
  model: { name: 'digits', training: { environment: 'run' } },
  artifacts: {
    'model.safetensors': {
      role: 'weights',
      format: { serialization: 'safetensors' },
      size: 4,
      digest: { sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
      inspection: { status: 'inspected' },
    },
  },
  environments: { run: { purpose: ['training'] } },
  components: {
    torch: library('torch', '2.0.1'),
    transformers: library('transformers', '4.30.0'),
    mlflow: library('mlflow', '2.2.0'),
    gradio: library('gradio', '3.40.0'),
  },
  dependencies: {
    model: { edges: { 'depends-on': ['transformers', 'mlflow', 'gradio'] } },
    transformers: { edges: { 'depends-on': ['torch'] } },
  },
};
const files = {
  'run.json': JSON.stringify(run),
  ...record('CVE-2025-32434', 'torch', '2.6.0', 'torch.load with weights_only=True runs code from a pickle'),
  ...record('CVE-2023-6730', 'transformers', '4.36.0', 'Deserialization of untrusted data: a pickle is loaded'),
  ...record('PYSEC-2023-68', 'mlflow', '2.3.1', 'Path traversal reads any file of the server', ['CVE-2023-2780']),
  ...record('PYSEC-2024-1', 'gradio', '4.11.0', 'A request reaches servers behind the one that is asked', ['CVE-2023-51449']),
};

it('names the vulnerabilities, says what reaches them and what to update, and carries them to CycloneDX', async () => {
  const cwd = temporaryDirectory(files);
  const argv = [
    'audit',
    'run.json',
    '-a',
    'osv',
    '-f',
    'json',
    '--vex-out',
    'v.json',
    '--manifest-out',
    'audited.json',
    '--constraints',
    'c.txt',
  ];
  const { code, out } = await runCli(cwd, argv, { env });
  expect(code).toBe(1);
  const { findings, fixes } = JSON.parse(out) as { findings: readonly AuditFinding[]; fixes: readonly Fix[] };
  expect(
    findings.map(({ id, package: of, fix, reachability }) => [id, of.name, of.environments, of.models, fix, reachability.status]),
  ).toEqual([
    ['CVE-2023-51449', 'gradio', ['run'], ['model'], '4.11.0', 'unknown'],
    ['CVE-2023-2780', 'mlflow', ['run'], ['model'], '2.3.1', 'unknown'],
    ['CVE-2025-32434', 'torch', ['run'], ['model'], '2.6.0', 'not-loaded'],
    ['CVE-2023-6730', 'transformers', ['run'], ['model'], '4.36.0', 'not-loaded'],
  ]);
  expect(fixes.map(({ package: of, version, through }) => [of.name, version, through])).toContainEqual([
    'torch',
    '2.6.0',
    ['transformers'],
  ]);
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  expect(
    read('c.txt')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .sort(),
  ).toEqual(['', 'gradio>=4.11.0', 'mlflow>=2.3.1', 'torch>=2.6.0', 'transformers>=4.36.0']);
  const statements = (JSON.parse(read('v.json')) as { statements: readonly { status: string; status_notes: string }[] }).statements;
  expect(new Set(statements.map(({ status }) => status))).toEqual(new Set(['under_investigation']));
  expect(statements.some(({ status_notes: notes }) => notes.startsWith('not-loaded: it is about loading a pickle'))).toBe(true);

  expect(await runCli(cwd, ['convert', 'audited.json', '--to', 'cyclonedx@1.6', '-o', 'bom.json'], { env })).toMatchObject({ code: 0 });
  const bom = read('bom.json');
  expect(await validateCycloneDX(bom, '1.6')).toEqual([]);
  const { vulnerabilities } = JSON.parse(bom) as {
    vulnerabilities: readonly { id: string; analysis: { state: string }; recommendation: string; affects: readonly unknown[] }[];
  };
  expect(
    vulnerabilities.map(({ id, analysis, recommendation, affects }) => [id, analysis.state, recommendation, affects.length]).sort(),
  ).toEqual([
    ['CVE-2023-2780', 'in_triage', 'update mlflow to 2.3.1', 1],
    ['CVE-2023-51449', 'in_triage', 'update gradio to 4.11.0', 1],
    ['CVE-2023-6730', 'in_triage', 'update transformers to 4.36.0', 1],
    ['CVE-2025-32434', 'in_triage', 'update torch to 2.6.0', 1],
  ]);
  // With what a person judged, the manifest says so.
  const judged = JSON.parse(read('v.json')) as { author: string; statements: Record<string, unknown>[] };
  judged.author = 'Ada';
  for (const each of judged.statements)
    Object.assign(each, { status: 'not_affected', justification: 'vulnerable_code_not_in_execute_path' });
  const again = temporaryDirectory({ ...files, 'judged.json': JSON.stringify(judged) });
  expect(
    await runCli(again, ['audit', 'run.json', '-a', 'osv', '--vex', 'judged.json', '--manifest-out', 'm.json'], { env }),
  ).toMatchObject({ code: 0 });
  const { security } = JSON.parse(readFileSync(join(again, 'm.json'), 'utf8')) as { security: { vulnerabilities: object } };
  expect(security.vulnerabilities).toMatchObject({
    'CVE-2025-32434': {
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      affects: ['torch'],
      date: '2026-01-20',
    },
  });
}, 120_000);
