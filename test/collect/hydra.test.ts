import { describe, expect, it } from 'vitest';
import { described, factsOf, fixture, fuzzFiles, text } from '../support/runs.js';
import { listOf } from '../support/things.js';

const files = fixture('hydra');
const at = 'outputs/2026-01-01/00-00-00/.hydra/';

/** A nested configuration with dotted names, as overrides name its parts. */
function flat(config: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  return Object.assign(
    {},
    ...Object.entries(config).map(([key, value]) =>
      typeof value === 'object' && value !== null ? flat(value as Record<string, unknown>, `${prefix}${key}.`) : { [prefix + key]: value },
    ),
  );
}

describe('what Hydra leaves', () => {
  it('is the configuration that the program got', async () => {
    const { manifest, ids, own, text: whole } = await described(files);
    const facts = factsOf('hydra') as unknown as { config: Record<string, unknown>; version: string };
    const { data_dir: place, ...expected } = flat(facts.config);
    expect(place).toBe('/home/user/data');
    expect(own).toEqual(expected);
    expect(whole).not.toContain('/home/user');
    expect(manifest.model?.training?.code?.arguments).toEqual(['learning_rate=0.002', 'seed=5']);
    expect(listOf(manifest.components)).toMatchObject([{ name: 'hydra-core', version: facts.version, status: 'installed' }]);
    expect(ids).toEqual([]);
  });
  it('hides credentials and places among overrides', async () => {
    const { manifest } = await described({
      '.hydra/overrides.yaml': text('- api_key=abc\n- data=/home/jane/x\n- lr=1\n- +db.password=x\n'),
    });
    expect(manifest.model?.training?.code?.arguments).toEqual(['api_key=[redacted]', 'data=…', 'lr=1', '+db.password=[redacted]']);
  });
  it('may be damaged in any way', () => fuzzFiles(files, `${at}config.yaml`));
  it('may have damaged overrides', () => fuzzFiles(files, `${at}overrides.yaml`, 30));
  it('may have a damaged job', () => fuzzFiles(files, `${at}hydra.yaml`, 20));
});
