import { describe, expect, it } from 'vitest';
import { safetensorsFile } from '../support/builders.js';
import { collected } from '../support/collected.js';

const [one, two] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
const shard = (...names: readonly string[]) =>
  safetensorsFile(
    Object.fromEntries(names.map((name, i) => [name, { dtype: 'F32', shape: [2], data_offsets: [i * 8, i * 8 + 8] }])),
    names.length * 8,
  );
const index = (map: Readonly<Record<string, string>>) => JSON.stringify({ metadata: { total_size: 16 }, weight_map: map });
const told = async (map: Readonly<Record<string, string>>, first: readonly string[], second: readonly string[]) =>
  (await collected({ 'model.safetensors.index.json': index(map), [one]: shard(...first), [two]: shard(...second) })).findings.filter(
    ({ id }) => id === 'index-mismatch',
  );

describe('an index against the tensors of its shards', () => {
  it('may be right', async () => {
    expect(await told({ a: one, b: two }, ['a'], ['b'])).toEqual([]);
  });
  it('may name a tensor that is not there, and not one that is', async () => {
    const findings = await told({ a: one, b: two }, ['a'], ['c']);
    expect(findings).toMatchObject([{ severity: 'medium', file: 'model.safetensors.index.json', pointer: '/weight_map' }]);
    expect(findings[0]?.message).toContain(`\`${two}\` has other tensors than the index says: it does not hold \`b\``);
    expect(findings[0]?.message).toContain('it holds `c`');
  });
  it('may have the shards the other way round', async () => {
    expect(await told({ a: two, b: one }, ['a'], ['b'])).toHaveLength(2);
  });
});
