/** What a run reads is what it is: data, a model that it begins from, or a file that tells it what to do. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordRun } from '../../src/node.js';
import { openHost } from '../../src/platform/host.js';
import { recordCommand } from '../../src/record/command.js';
import { givenInput } from '../../src/record/inputs.js';
import { validateManifest } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const host = openHost({ root: temporaryDirectory({ 'etc/os-release': 'NAME=Example\nVERSION_ID=1\n' }) });
const sha256 = (...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const raw = (text: string) => createHash('sha256').update(text).digest();
const ADAPTER = JSON.stringify({ base_model_name_or_path: './base', peft_type: 'LORA', r: 2 });
/** Root digest of OpenSSF Model Signing: over the raw digests in the order of their paths. */
const BASE_ROOT = sha256(raw('{"model_type":"llama"}'), raw('weights of the base'));

const files = {
  'base/config.json': '{"model_type":"llama"}',
  'base/model.safetensors': 'weights of the base',
  'data.csv': 'a\n1\n',
  'conf.yaml': 'lr: 1\n',
};
async function record(
  inputs: readonly string[],
  script = `mkdir out; printf '%s' '${ADAPTER}' > out/adapter_config.json; echo 1 > out/adapter_model.bin`,
  cwd = temporaryDirectory(files),
) {
  const { record: done } = await recordCommand(['sh', '-c', script], { host, env: { PATH: process.env.PATH }, probes: [], cwd, inputs });
  if (done === undefined) throw new Error('nothing was recorded');
  expect(validateManifest(done.manifest).valid).toBe(true);
  return done;
}

describe('an input', () => {
  it('that is a model is the base, by the digest that it had, and not another one beside the one the adapter names', async () => {
    const { manifest } = await record(['base', 'data.csv']);
    const parents = Object.values(manifest.model?.lineage?.parents ?? {});
    expect(parents).toMatchObject([{ relation: 'adapter', role: 'base' }]);
    expect(manifest.models?.[parents[0]?.model ?? '']).toMatchObject({
      name: 'base',
      digest: { root: { sha256: BASE_ROOT }, method: 'oms-v1' },
    });
    expect(Object.values(manifest.datasets ?? {}).map(({ name, roles }) => [name, roles])).toEqual([['data.csv', ['training']]]);
  });
  it('in the cache of the Hub has repository and commit', async () => {
    const commit = 'c'.repeat(40);
    const cwd = temporaryDirectory(files);
    mkdirSync(join(cwd, 'hub/models--acme--tiny/snapshots'), { recursive: true });
    renameSync(join(cwd, 'base'), join(cwd, `hub/models--acme--tiny/snapshots/${commit}`));
    const { manifest } = await record([`hub/models--acme--tiny/snapshots/${commit}`], 'echo 1 > model.bin', cwd);
    expect(Object.values(manifest.models ?? {})).toMatchObject([
      {
        name: 'acme/tiny',
        version: commit,
        identifiers: [{ value: `pkg:huggingface/acme/tiny@${commit}` }],
        digest: { root: { sha256: BASE_ROOT } },
      },
    ]);
    expect(manifest.datasets).toBeUndefined();
  });
  it('is what somebody says that it is', async () => {
    const { manifest } = await record(['data.csv=validation', 'conf.yaml=config', 'base=teacher'], 'echo 1 > model.bin');
    expect(Object.values(manifest.datasets ?? {})).toMatchObject([{ name: 'data.csv', roles: ['validation'] }]);
    expect(Object.values(manifest.components ?? {})).toMatchObject([
      { type: 'file', name: 'conf.yaml', digest: { sha256: sha256('lr: 1\n') } },
    ]);
    expect(Object.values(manifest.model?.lineage?.parents ?? {})).toMatchObject([{ role: 'teacher' }]);
  });
  it('of a script may be a base too', async () => {
    const cwd = temporaryDirectory(files);
    const { manifest } = await recordRun((run) => run.input('base', 'base'), { host, env: {}, probes: [], cwd });
    expect(Object.values(manifest.models ?? {})).toMatchObject([{ name: 'base' }]);
  });
  it.each([
    ['data.csv=validation', { path: 'data.csv', roles: ['validation'] }],
    ['conf=x=code', { path: 'conf=x', roles: ['code'] }],
    ['a=b', { path: 'a=b' }],
    ['=training', { path: '=training' }],
  ])('%s is read as path and role', (text, given) => {
    expect(givenInput(text, temporaryDirectory())).toEqual(given);
  });
  it('whose path ends like a role is the path that is there', () => {
    expect(givenInput('x=test', temporaryDirectory({ 'x=test': '' }))).toEqual({ path: 'x=test' });
  });
});

it('outputs that lay there before the run are not attested, and told', async () => {
  const cwd = temporaryDirectory({ 'out/old.bin': 'old', 'out/again.bin': 'old' });
  const done = await recordCommand(['sh', '-c', 'echo new > out/new.bin; echo newer > out/again.bin'], {
    host,
    env: { PATH: process.env.PATH },
    probes: [],
    cwd,
    outputs: ['out'],
  });
  expect(Object.keys(done.record?.manifest.artifacts ?? {})).toEqual(['again.bin', 'new.bin']);
  expect(done.record?.findings).toMatchObject([{ id: 'output-unchanged', message: expect.stringContaining('`out/old.bin`') }]);
});

it('an output that a script names later has only what is no older than the run', async () => {
  const cwd = temporaryDirectory({ 'named/old.bin': 'old', 'later/old.bin': 'old' });
  const { manifest } = await recordRun((run) => run.output('later'), {
    host,
    env: {},
    probes: [],
    cwd,
    outputs: ['named'],
    clock: () => new Date(Date.now() + 3_600_000),
  });
  expect(manifest.artifacts).toBeUndefined();
});
