/** What `collect` and `scan` may take: at most 300 MB more than a run that finds nothing, for every input below 10 MB. All of them: scripts/bombs.mjs. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BINARY_BOMBS, TEXT_BOMBS, writeBomb } from '../support/bombs.js';
import { type Peak, peakOf } from '../support/peak.js';
import { temporaryDirectory } from '../support/temporary.js';

const MOST_MIB = 300;
const BYTES = 9_900_000;

/** One of each kind, with what is told of it; the others of the kind are in the script. */
const CASES: readonly (readonly [id: string, bytes: number, told: RegExp | undefined])[] = [
  ['requirements-short', 2_000_000, /requirements\.txt.*the first 25000 are in the manifest, \d+ more entries are not/],
  ['requirements-includes', BYTES, /1980000 files that it includes cannot be found/],
  ['requirements-joined-lines', BYTES, /no requirement by name/],
  ['yarn-classic-asked', BYTES, /1 entry names no package/],
  ['toml-tables', BYTES, undefined],
  ['poetry-needs', BYTES, undefined],
  ['yaml-anchors', BYTES, undefined],
  ['card-front-matter', BYTES, undefined],
  ['json-keys', BYTES, undefined],
  ['json-lists', BYTES, /more than 2500000 values/],
  ['json-twice', BYTES, /stands twice/],
  ['shard-index-files', BYTES, /more than 10000 shards/],
  ['adapter-modules', BYTES, /`target_modules`.*holds more than 50000 values/],
  ['trainer-log', BYTES, undefined],
  ['pickle-pairs', BYTES, undefined],
  ['onnx-tensors', BYTES, /m\.onnx.*too many for/],
  ['gguf-values', BYTES, undefined],
  ['safetensors-metadata', BYTES, undefined],
];

async function collected(id: string | undefined, bytes: number): Promise<Peak> {
  const bomb = [...TEXT_BOMBS, ...BINARY_BOMBS].find((each) => each.id === id);
  if (id !== undefined && bomb === undefined) throw new Error(`there is no bomb ${id}`);
  const directory = temporaryDirectory({ 'm/generation_config.json': '{}' });
  if (bomb !== undefined) await writeBomb(bomb, join(directory, 'm'), bytes);
  return peakOf(['collect', join(directory, 'm'), '-o', join(directory, 'out.json')], 240);
}

/** What `scan` reads in ways of its own. */
const SCANNED = ['pickle-tuples', 'pickle-lists', 'pickle-imports', 'onnx-external', 'zip-config.keras', 'safetensors-metadata'];

describe('of an input below 10 MB, scan', () => {
  let idle = 0;
  beforeAll(async () => {
    idle = (await peakOf(['scan', temporaryDirectory({ 'config.json': '{}' })], 60)).mib ?? 0;
    expect(idle).toBeGreaterThan(20);
  }, 120_000);
  it.each(SCANNED)(
    'takes no more than 300 MB of %s',
    async (id) => {
      const bomb = BINARY_BOMBS.find((each) => each.id === id);
      const directory = temporaryDirectory({});
      if (bomb === undefined) throw new Error(`there is no bomb ${id}`);
      await writeBomb(bomb, directory, BYTES);
      const peak = await peakOf(['scan', directory], 240);
      expect([0, 1, 2], peak.err).toContain(peak.code);
      expect((peak.mib ?? Number.POSITIVE_INFINITY) - idle).toBeLessThanOrEqual(MOST_MIB);
    },
    240_000,
  );
});

describe('of an input below 10 MB, collect', () => {
  let idle = 0;
  beforeAll(async () => {
    const peak = await collected(undefined, 0);
    expect(peak.code, peak.err).toBe(0);
    idle = peak.mib ?? 0;
    expect(idle).toBeGreaterThan(20);
  }, 120_000);
  it.each(CASES)(
    'takes no more than 300 MB of %s',
    async (id, bytes, told) => {
      const { code, mib = Number.POSITIVE_INFINITY, err } = await collected(id, bytes);
      expect([0, 1], err).toContain(code);
      if (told !== undefined) expect(err.replaceAll('\n', ' ')).toMatch(told);
      expect(mib - idle).toBeLessThanOrEqual(MOST_MIB);
    },
    240_000,
  );
});

it('the measure sees what a process takes', async () => {
  const directory = temporaryDirectory({ 'big.mjs': 'globalThis.kept = Buffer.alloc(400 * 1024 * 1024, 1);', 'small.mjs': '' });
  const [big, small] = [await peakOf([], 60, join(directory, 'big.mjs')), await peakOf([], 60, join(directory, 'small.mjs'))];
  expect((big.mib ?? 0) - (small.mib ?? 0)).toBeGreaterThan(380);
}, 60_000);
