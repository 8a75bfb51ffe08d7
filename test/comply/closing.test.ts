/** What turns a report into a better one: the files, a signature, what is to do. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestManifest } from '../../src/manifest/digest.js';
import type { Manifest } from '../../src/schema/index.js';
import { keySigner, signStatement, statement } from '../../src/sign/index.js';
import { safetensorsFile } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { allProfiles, completed, fullAnswers } from '../support/complying.js';
import { temporaryDirectory } from '../support/temporary.js';

const weights = (rows: number) => safetensorsFile({ a: { dtype: 'F32', shape: [rows, 3], data_offsets: [0, 12 * rows] } }, 12 * rows);
const card = '---\nlicense: mit\nlanguage: en\ndatasets: [acme/d]\n---\n# M\n';
const env = { SOURCE_DATE_EPOCH: '1763888400' };
const model = (files: object = {}) =>
  temporaryDirectory({
    'model/model.safetensors': weights(2),
    'model/README.md': card,
    'model/config.json': '{"model_type":"bert"}',
    ...files,
  });

interface Answers {
  readonly counts: Readonly<Record<string, number>>;
  readonly notExamined: readonly string[];
  readonly requirements: readonly {
    readonly id: string;
    readonly status: string;
    readonly by?: string;
    readonly gaps: readonly { readonly pointer: string; readonly what: string }[];
  }[];
}

async function answers(cwd: string, argv: readonly string[]): Promise<Answers & { of(id: string): Answers['requirements'][number] }> {
  const { out, err } = await runCli(cwd, ['comply', ...argv, '--format', 'json', '--fail-on', 'never'], { env });
  if (out === '') throw new Error(err);
  const report = JSON.parse(out) as Answers;
  return {
    ...report,
    of(id) {
      const found = report.requirements.find((each) => each.id === id);
      if (found === undefined) throw new Error(id);
      return found;
    },
  };
}

const house = JSON.stringify({
  id: 'house',
  title: 'House',
  requirements: [
    ['count', '/model/parameterCount/total'],
    ['size', '/artifacts/model.safetensors/size'],
    ['format', '/artifacts/model.safetensors/format/serialization'],
    ['digest', '/artifacts/model.safetensors/digest/sha256'],
    ['all', '/artifacts'],
    ['license', '/model/licenses'],
  ].map(([id, path]) => ({ id, title: id, requirement: `${id}.`, level: 'MUST', predicate: { op: 'present', path } })),
});

describe('--files', () => {
  it('computes again what the manifest says of them', async () => {
    const cwd = model({ 'house.json': house });
    await runCli(cwd, ['collect', 'model', '-o', 'm.json'], { env });
    const before = await answers(cwd, ['m.json', '-p', './house.json']);
    expect(before.requirements.map(({ id, status, by }) => [id, status, by])).toEqual(
      ['count', 'size', 'format', 'digest', 'all', 'license'].map((id) => [id, 'met', 'evidenced']),
    );
    expect(before.notExamined.join()).toContain('--files');
    const after = await answers(cwd, ['m.json', '-p', './house.json', '--files', 'model']);
    for (const id of ['count', 'size', 'format', 'digest', 'license'])
      expect(after.of(id)).toMatchObject({ status: 'met', by: 'recomputed' });
    expect(after.notExamined.join()).not.toContain('--files');
  });
  it('refutes what the bytes deny', async () => {
    const cwd = model({ 'house.json': house });
    await runCli(cwd, ['collect', 'model', '-o', 'm.json'], { env });
    writeFileSync(join(cwd, 'model/model.safetensors'), weights(4));
    const after = await answers(cwd, ['m.json', '-p', './house.json', '--files', 'model']);
    expect(after.of('count')).toMatchObject({
      status: 'failed',
      gaps: [{ pointer: '/model/parameterCount/total', what: 'is not what the files say: 12' }],
    });
    expect(after.of('digest').status).toBe('failed');
    expect(after.of('size').status).toBe('failed');
    expect(after.of('format').status).toBe('met');
  });
  it('takes a file that is gone for no proof', async () => {
    const cwd = model({ 'house.json': house, 'other/README.md': card });
    await runCli(cwd, ['collect', 'model', '-o', 'm.json'], { env });
    const after = await answers(cwd, ['m.json', '-p', './house.json', '--files', 'other']);
    expect(after.of('digest')).toMatchObject({ status: 'failed' });
    expect(after.of('count')).not.toHaveProperty('by', 'recomputed');
  });
});

describe('--signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const files = { 'key.pem': pem, 'key.pub': publicKey.export({ type: 'spki', format: 'pem' }) as string, 'other.pub': other };
  const signed = ['m.json', '-p', 'cisa-2026', '--signature', 'm.sig'];
  it('verifies the document as a file', async () => {
    const cwd = temporaryDirectory({ ...files, 'm.json': JSON.stringify(fullAnswers()) });
    expect((await runCli(cwd, ['sign', 'm.json', '--key', 'key.pem', '-o', 'm.sig'])).code).toBe(0);
    expect((await answers(cwd, [...signed, '--public-key', 'key.pub'])).of('CISA-M2')).toMatchObject({ status: 'met' });
    expect((await answers(cwd, [...signed, '--public-key', 'other.pub'])).of('CISA-M2')).toMatchObject({ status: 'failed' });
    writeFileSync(join(cwd, 'm.json'), JSON.stringify({ ...fullAnswers(), model: { ...fullAnswers().model, description: 'another' } }));
    expect((await answers(cwd, [...signed, '--public-key', 'key.pub'])).of('CISA-M2')).toMatchObject({ status: 'failed' });
    expect(await runCli(cwd, ['comply', ...signed])).toMatchObject({ code: 2, err: expect.stringContaining('--public-key') });
    const unasked = ['comply', 'm.json', '-p', 'cisa-2026', '--trusted-root', 'root.json'];
    expect(await runCli(cwd, unasked)).toMatchObject({ code: 2, err: expect.stringContaining('no signature was given') });
  });
  it('verifies a statement about its digest, so that the full document meets all 624', async () => {
    const profiles = await allProfiles();
    const full = completed(fullAnswers(), profiles);
    const made = statement([{ name: 'm.json', digest: { sha256: digestManifest(full) } }], 'urn:msbom:predicate:statement:1.0', {
      says: 'ours',
    });
    const { bundle } = await signStatement(made, keySigner({ key: pem }));
    const cwd = temporaryDirectory({ ...files, 'm.json': JSON.stringify(full), 'm.sig': bundle });
    const report = await answers(cwd, ['m.json', '-p', 'all', '--signature', 'm.sig', '--public-key', 'key.pub']);
    expect(report.counts.met).toBe(624);
    writeFileSync(join(cwd, 'm.json'), JSON.stringify({ ...full, model: { ...full.model, description: 'another' } }));
    expect(
      (await answers(cwd, ['m.json', '-p', 'cisa-2026', '--signature', 'm.sig', '--public-key', 'key.pub'])).of('CISA-M2').status,
    ).toBe('failed');
  });
});

describe('--todo', () => {
  it('writes an overlay that answers what is missing, once it is filled in', async () => {
    const cwd = model({ 'model/README.md': '---\nlicense: mit\n---\n# M\n' });
    await runCli(cwd, ['collect', 'model', '-o', 'm.json'], { env });
    const before = await answers(cwd, ['m.json', '-p', 'hf-card,owasp-aibom', '--todo', 'facts.yaml']);
    const text = readFileSync(join(cwd, 'facts.yaml'), 'utf8');
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('# ') && !line.startsWith('#| '))).toEqual([]);
    expect(text).toContain('#|   Purpose, capabilities and lineage in prose.');
    expect(text).toMatch(
      /asked by .*OWASP-description \(AIBOM Generator, AI_SBOM_Fields_Mapping_Reference\.md\)\n# {3}"description": "example"/,
    );
    // As a person does it, but for writing what is true; the model has no parents.
    writeFileSync(join(cwd, 'filled.yaml'), text.replace(/^# *"parents": .*\n/m, '').replace(/^# /gm, ''));
    const collected = await runCli(cwd, ['collect', 'model', '--overlay', 'filled.yaml', '-o', 'm2.json'], { env });
    expect(collected.err.split('\n').filter((line) => line.includes('error'))).toEqual([]);
    const after = await answers(cwd, ['m2.json', '-p', 'hf-card,owasp-aibom']);
    const missing = ({ requirements }: Answers) => requirements.filter(({ status }) => status === 'missing').map(({ id }) => id);
    expect(missing(before).length).toBeGreaterThan(15);
    // What is asked of things that came only now is in the next list.
    expect(missing(after)).toEqual(['HF-datasets', 'HF-model-index', 'OWASP-useSensitivePersonalInformation']);
  });
  it('leaves to people what people decide', async () => {
    const cwd = model();
    await runCli(cwd, ['collect', 'model', '-o', 'm.json'], { env });
    await runCli(cwd, ['comply', 'm.json', '-p', 'cisa-2026', '--todo', 'facts.yaml'], { env });
    expect(readFileSync(join(cwd, 'facts.yaml'), 'utf8')).toContain(
      '# attestations:\n#   review: {"requirementIds":["CISA-P4","CISA-P5","CISA-P6"]',
    );
    expect((await runCli(cwd, ['comply', 'm.json', '-p', 'cisa-2026', '--todo', '-'], { env })).code).toBe(2);
  });
});

describe('--attest', () => {
  const argv = [
    'comply',
    'm.json',
    '-p',
    'cisa-2026',
    '--attest',
    'CISA-P4,cisa-2026/CISA-P5',
    '--by',
    'acme',
    '--role',
    'auditor',
    '--evidence',
    'review.txt',
    '--attest-out',
    'm2.json',
  ];
  const files = () => temporaryDirectory({ 'm.json': JSON.stringify(fullAnswers()), 'review.txt': 'reviewed' });
  it('writes who judged, when, and on what it rests', async () => {
    const cwd = files();
    const { err } = await runCli(cwd, argv, { env });
    expect(err).toContain('the signatures of the document were left out');
    const { bom, attestations } = JSON.parse(readFileSync(join(cwd, 'm2.json'), 'utf8')) as Manifest;
    expect(attestations?.['acme-2025-11-23']).toEqual({
      requirementIds: ['CISA-P4', 'cisa-2026/CISA-P5'],
      by: 'acme',
      role: 'auditor',
      date: '2025-11-23',
      // printf reviewed | sha256sum
      references: [{ title: 'review.txt', digest: { sha256: 'e4f934f321eb76c9bf8b5103e0a0d9afe72d6e62ace3d3ea849790619bf7487a' } }],
    });
    expect(bom.serialNumber).not.toBe(fullAnswers().bom.serialNumber);
    expect(bom.signatures).toBeUndefined();
    const after = await answers(cwd, ['m2.json', '-p', 'cisa-2026']);
    expect(['CISA-P4', 'CISA-P5', 'CISA-P6'].map((id) => after.of(id).status)).toEqual(['met', 'met', 'needs-review']);
    const again = argv.map((each) => (each === 'm.json' ? 'm2.json' : each === 'm2.json' ? 'm3.json' : each));
    await runCli(cwd, again, { env });
    expect(Object.keys((JSON.parse(readFileSync(join(cwd, 'm3.json'), 'utf8')) as Manifest).attestations ?? {})).toContain(
      'acme-2025-11-23-2',
    );
  });
  it('attests nothing that nobody can be held to', async () => {
    const without = (option: string) =>
      runCli(
        files(),
        argv.filter((each, i) => each !== option && argv[i - 1] !== option),
        { env },
      );
    expect(await without('--by')).toMatchObject({ code: 2, err: expect.stringContaining('--by') });
    expect(await without('--evidence')).toMatchObject({ code: 2, err: expect.stringContaining('--evidence') });
    expect(await without('--attest-out')).toMatchObject({ code: 2, err: expect.stringContaining('--attest-out') });
    const changed = (from: string, to: string) =>
      runCli(
        files(),
        argv.map((each) => (each === from ? to : each)),
        { env },
      );
    expect(await changed('acme', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('no party') });
    expect(await changed('CISA-P4,cisa-2026/CISA-P5', 'CISA-P99')).toMatchObject({ code: 2, err: expect.stringContaining('CISA-P99') });
    expect(await changed('review.txt', 'gone.txt')).toMatchObject({ code: 2, err: expect.stringContaining('ERR_IO_NOT_FOUND') });
  });
});
