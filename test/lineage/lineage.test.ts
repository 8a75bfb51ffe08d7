import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LineageOptions, lineageAsDot, lineageAsJson, lineageAsMermaid, openStore, verifyLineage } from '../../src/lineage/index.js';
import { documentClaim, readParties, type Trust } from '../../src/sign/index.js';
import { claimed, madeFrom, type Person, person, signed } from '../support/custody.js';
import { temporaryDirectory } from '../support/temporary.js';

const creator = person();
const tuner = person();
const stranger = person();
const trust = ({ publicKey }: Person): readonly Trust[] => [{ publicKey }];
const parties = readParties({ creator: trust(creator), tuner: trust(tuner) });

/** An adapter of a base and a dataset, and the dataset's own source. */
async function family() {
  const work = temporaryDirectory();
  const at = (name: string) => join(work, name);
  const base = await signed(at('sources/base'), { 'model.safetensors': 'base' }, creator);
  const data = await signed(at('sources/data'), { 'train.jsonl': 'data' }, creator);
  const lora = await signed(at('lora'), { 'adapter.safetensors': 'lora' }, tuner);
  await claimed(
    at('lora'),
    madeFrom(lora, [
      ['base-model', base],
      ['dataset', data],
    ]),
    tuner,
  );
  const verify = async (options: Partial<LineageOptions> = {}) =>
    verifyLineage(at('lora'), at('lora/model.sig'), { parties, store: await openStore([at('sources')]), ...options });
  const states = async (options: Partial<LineageOptions> = {}) => {
    const { nodes } = await verify(options);
    return Object.fromEntries([...nodes.values()].map(({ name, state }) => [name, state]));
  };
  return { at, base, data, lora, verify, states };
}

describe('a lineage', () => {
  it('follows claims to what was made from what, each verified by its own signature', async () => {
    const { base, data, lora, verify } = await family();
    const { root, nodes } = await verify();
    expect(root).toBe(`sha256:${lora}`);
    expect([...nodes.values()].map(({ id, roles, state, parties: by }) => [id, roles, state, by])).toEqual([
      [`sha256:${lora}`, ['root'], 'verified', ['tuner']],
      [`sha256:${base}`, ['base-model'], 'verified', ['creator']],
      [`sha256:${data}`, ['dataset'], 'verified', ['creator']],
    ]);
  });
  it('tells what was changed, is not signed, is signed by a stranger, or is not there', async () => {
    const { at, states } = await family();
    writeFileSync(at('sources/base/model.safetensors'), 'swapped');
    expect(await states()).toMatchObject({ 'base-model': 'mismatch', dataset: 'verified' });
    await signed(at('sources/base'), { 'model.safetensors': 'base' }, stranger);
    expect(await states()).toMatchObject({ 'base-model': 'untrusted' });
    rmSync(at('sources/base/model.sig'));
    expect(await states({ store: await openStore([at('sources/base'), at('sources/data')]) })).toMatchObject({
      'base-model': 'unsigned',
      dataset: 'verified',
    });
    rmSync(at('sources/base'), { recursive: true });
    expect(await states()).toMatchObject({ 'base-model': 'unresolved' });
  });
  it('takes a mirror that is whole where another is not', async () => {
    const { at, states, verify } = await family();
    writeFileSync(at('sources/base/model.safetensors'), 'swapped');
    await signed(at('sources/zz-mirror'), { 'model.safetensors': 'base' }, creator);
    expect(await states()).toMatchObject({ 'base-model': 'verified' });
    const { nodes } = await verify();
    expect([...nodes.values()][1]?.directory).toBe('sources/zz-mirror');
  });
  it('by a party that may not sign that role is not verified', async () => {
    const { states } = await family();
    expect(await states({ signersOf: (role) => (role === 'dataset' ? ['tuner'] : undefined) })).toMatchObject({
      dataset: 'untrusted',
      'base-model': 'verified',
    });
  });
  it('has no edges of claims that strangers signed, or that are about something else', async () => {
    const { at, base, lora, verify } = await family();
    const other = 'f'.repeat(64);
    await claimed(at('lora'), madeFrom(lora, [['teacher', other]]), stranger);
    await claimed(at('lora'), madeFrom(base, [['teacher', other]]), tuner);
    const { nodes, root } = await verify();
    expect(nodes.has(`sha256:${other}`)).toBe(false);
    expect(nodes.get(root)?.claims.map(({ ok }) => ok)).toEqual([true, false, false]);
  });
  it('reads parents, adapters and datasets of a manifest by their roots alone', async () => {
    const { at, base, data, lora, verify } = await family();
    const digest = (sha256: string, method = 'oms-v1') => ({ root: { sha256 }, method, complete: false });
    const manifest = {
      bom: { timestamp: '2026-01-01T00:00:00Z' },
      model: {
        lineage: { parents: { a: { model: 'a', relation: 'adapter' }, t: { model: 't', relation: 'distill' } } },
        composition: { x: { model: 'x', relation: 'adapter' }, v: { model: 'a', relation: 'part' } },
        training: { uses: [{ dataset: 'd' }, { dataset: 'none' }] },
      },
      models: { a: { digest: digest(base) }, t: { name: 'teacher', digest: digest(data, 'file') }, x: { digest: digest(data) } },
      datasets: { d: { digest: digest(data) } },
    };
    await claimed(at('lora'), documentClaim([{ digest: { sha256: lora } }], 'manifest', manifest), tuner);
    const { nodes, root } = await verify();
    expect(nodes.get(root)?.edges.map(({ role, to, claims }) => [role, to, claims.length])).toEqual([
      ['base-model', `sha256:${base}`, 2],
      ['dataset', `sha256:${data}`, 2],
      ['teacher', 'teacher teacher', 1],
      ['adapter', `sha256:${data}`, 1],
      ['dataset', 'dataset without a name', 1],
    ]);
  });
  it('that comes back to itself is an error, however it is reached', async () => {
    const { at, base, data, lora, verify } = await family();
    await claimed(at('sources/data'), madeFrom(data, [['base-model', base]]), creator);
    await expect(verify()).resolves.toBeDefined();
    await claimed(at('sources/base'), madeFrom(base, [['dataset', data]]), creator);
    await expect(verify()).rejects.toMatchObject({ code: 'ERR_LINEAGE_CYCLE' });
    rmSync(at('sources/data/claims.jsonl'));
    await expect(verify()).resolves.toBeDefined();
    await claimed(at('sources/base'), madeFrom(base, [['adapter', base]]), creator);
    await expect(verify()).rejects.toMatchObject({ code: 'ERR_LINEAGE_CYCLE' });
    expect(lora).toHaveLength(64);
  });
  it('ends at its limits', async () => {
    const { at, base, data, verify } = await family();
    await claimed(at('sources/base'), madeFrom(base, [['dataset', data]]), creator);
    await expect(verify({ maxNodes: 2 })).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT' });
    await expect(verify({ maxDepth: 1 })).rejects.toMatchObject({ code: 'ERR_LIMIT_DEPTH' });
    await expect(verify({ maxDepth: 2, maxNodes: 3 })).resolves.toBeDefined();
  });
  it('is drawn so that no name becomes more than a text', async () => {
    const { at, lora, verify } = await family();
    const evil = madeFrom(lora, []);
    const inputs = [{ name: 'x"]; click n0 "http://evil" \\ <b>', uri: 'https://x.example/y', annotations: { role: 'code' } }];
    (evil.predicate.buildDefinition as { resolvedDependencies: unknown }).resolvedDependencies = inputs;
    await claimed(at('lora'), evil, tuner);
    const lineage = await verify();
    expect(lineageAsMermaid(lineage)).toContain('n3["x#34;#93;#59; click n0 #34;http#58;//evil#34; #92; #60;b#62;');
    expect(lineageAsMermaid(lineage)).toContain('n0 -->|base-model| n1');
    expect(lineageAsDot(lineage)).toContain(
      'n3 [label="x\\"]; click n0 \\"http://evil\\" \\\\ <b> | code https://x.example/y | unresolved"',
    );
    expect(lineageAsDot(lineage)).toContain('n0 -> n2 [label="dataset"];');
    expect(JSON.parse(JSON.stringify(lineageAsJson(lineage)))).toMatchObject({ root: `sha256:${lora}`, nodes: { length: 4 } });
  });
});
