import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { validateText } from '../../src/index.js';
import { realDirectories } from '../support/real-models.js';
import { temporaryDirectory } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/cli/main.js');
const run = (command: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: options.cwd ?? root,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, ...options.env },
  });
  return { status, stdout, stderr };
};

beforeAll(() => {
  if (!existsSync(program)) throw new Error('dist is missing: run `npm run build` first');
});

describe('record', () => {
  it('records the training run of train-tfjs, which verifies', () => {
    const directory = temporaryDirectory();
    const script = join(root, 'examples/train-tfjs/train.mjs');
    const recorded = run(
      process.execPath,
      [program, 'record', '--output-path', 'out', '-o', 'run.msbom.json', '--', 'node', script, 'out'],
      {
        cwd: directory,
      },
    );
    expect(recorded.status, recorded.stderr).toBe(0);
    const verdict = validateText(readFileSync(join(directory, 'run.msbom.json'), 'utf8'));
    if (!verdict.valid) return expect.unreachable();
    expect(verdict.manifest.model?.training?.run?.status).toBe('completed');
    expect(
      Object.values(verdict.manifest.artifacts ?? {}).some(({ role, tensors }) => role === 'weights' && (tensors?.parameters ?? 0) > 0),
    ).toBe(true);
    expect(run(process.execPath, [program, 'verify', 'out', '--manifest', 'run.msbom.json'], { cwd: directory }).status).toBe(0);
  });
});

describe('train-tfjs', () => {
  const train = (directory: string) =>
    run(process.execPath, ['examples/train-tfjs/train.mjs', directory], { env: { SOURCE_DATE_EPOCH: '1763888400' } });
  it('trains a model that works, and describes it; twice with the same bytes', () => {
    const [first, second] = [temporaryDirectory(), temporaryDirectory()];
    const result = train(first);
    expect(result.stderr.replace(/.*tensorflow.*|=+|Hi.*/gi, '').includes('Error')).toBe(false);
    expect(result.status).toBe(0);
    expect(train(second).status).toBe(0);
    const [text, again] = [first, second].map((directory) => readFileSync(join(directory, 'iris-classifier.msbom.json'), 'utf8'));
    expect(again).toBe(text);
    const verdict = validateText(text ?? '');
    expect(verdict.findings).toEqual([]);
    if (!verdict.valid) return expect.unreachable();
    expect(verdict.manifest).toMatchObject({
      model: {
        name: 'iris-classifier',
        parameterCount: { total: 4 * 16 + 16 + 16 * 3 + 3 },
        lineage: { scratch: true },
        training: { hyperparameters: { seed: 42 } },
      },
    });
    expect(Object.keys(verdict.manifest.artifacts ?? {})).toEqual(['model.json', 'weights.bin']);
    expect(Number(Object.values(Object.values(verdict.manifest.evaluations ?? {})[0]?.metrics ?? {})[0]?.value)).toBeGreaterThan(0.8);
    expect(run(process.execPath, [program, 'verify', first, '-m', join(first, 'iris-classifier.msbom.json')]).status).toBe(0);
  }, 60_000);
});

describe('pipeline-gate', () => {
  it('passes the files that were described, and stops one flipped byte', () => {
    const work = temporaryDirectory();
    cpSync(realDirectories[0] ?? '', join(work, 'model'), { recursive: true });
    const gate = () =>
      run('sh', [join(root, 'examples/pipeline-gate/gate.sh'), 'model', 'model.msbom.json'], {
        cwd: work,
        env: { MSBOM: `${process.execPath} ${program}` },
      });
    run(process.execPath, [program, 'collect', 'model', '-o', 'model.msbom.json'], { cwd: work });
    expect(gate()).toMatchObject({ status: 0, stdout: expect.stringContaining('gate: passed') });
    const [weights = ''] = readdirSync(join(work, 'model')).filter((name) => name.endsWith('.bin'));
    const bytes = readFileSync(join(work, 'model', weights));
    bytes[500] = (bytes[500] ?? 0) ^ 1;
    writeFileSync(join(work, 'model', weights), bytes);
    expect(gate()).toMatchObject({ status: 1, stdout: expect.not.stringContaining('gate: passed') });
    writeFileSync(join(work, 'model.msbom.json'), '{');
    expect(gate().status).toBe(1);
  });
  it.each(['github-workflow.yml', 'gitlab-ci.yml'])('%s is YAML whose commands are verbs', (name) => {
    const text = readFileSync(join(root, 'examples/pipeline-gate', name), 'utf8');
    expect(parse(text)).toBeTypeOf('object');
    for (const [, verb = ''] of text.matchAll(/npx msbom (\w+)/g))
      expect(existsSync(join(root, 'docs/cli', `${verb}.md`)), verb).toBe(true);
  });
});

describe('custody', () => {
  it('deploys what was handed over, and refuses it on every base but its own', () => {
    const work = join(temporaryDirectory(), 'work');
    const { status, stdout, stderr } = run('sh', [join(root, 'examples/custody/custody.sh'), work], {
      env: { MSBOM: `${process.execPath} ${program}` },
    });
    expect(status, stderr).toBe(0);
    expect(stdout.match(/^verified {2}by the policy custody-example$/gm)).toHaveLength(2);
    expect(stdout.match(/^refused$/gm)).toHaveLength(2);
    expect(stdout).toContain('the base model there is sha256:');
    expect(stdout).toMatch(/^not met {2}base-verified .*mismatch/m);
    expect(stdout).toMatch(/^not met {2}base-verified .*unresolved/m);
    expect(readFileSync(join(work, 'lineage.mmd'), 'utf8').match(/-->/g)).toHaveLength(2);
  }, 120_000);
});

describe('to-compliance-tool', () => {
  it('passes every check on real models', () => {
    const { status, stdout } = run(process.execPath, ['examples/to-compliance-tool/convert.mjs', temporaryDirectory()]);
    expect(stdout).not.toContain('FAILED');
    expect(stdout.match(/\bok\b/g)?.length).toBe(16);
    expect(status).toBe(0);
  }, 60_000);
});
