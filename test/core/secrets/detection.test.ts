import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findArgumentSecrets, findNamedSecrets, findSecrets, withoutFound, withoutSecrets } from '../../../src/core/secrets/index.js';
import { memoryTree } from '../../../src/core/source-tree.js';
import { openHost } from '../../../src/platform/host.js';
import { validateManifest } from '../../../src/validate/index.js';
import { concat, field, ggufFile, onnxFile, safetensorsFile } from '../../support/builders.js';
import { collect, collectDirectory } from '../../support/collect.js';
import { type Planted, plantedCredentials } from '../../support/credentials.js';
import { memoryDigests } from '../../support/digests.js';
import { instance, op, pickle } from '../../support/pickle.js';
import { torchFile } from '../../support/pytorch.js';
import { text } from '../../support/runs.js';
import { temporaryDirectory } from '../../support/temporary.js';
import { listOf } from '../../support/things.js';

const planted = [2_463_534_242, 88_172_645, 521_288_629].flatMap((seed) => plantedCredentials(seed));
const kinds = new Set(planted.map(({ kind }) => kind));
const benign: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('benign.json', import.meta.url), 'utf8'),
) as never;
const json = (value: unknown): Uint8Array => text(JSON.stringify(value));
const named = (at: Planted, i: number): string => at.name ?? `p_${i}`;
const object = (all: readonly Planted[]): Record<string, string> => Object.fromEntries(all.map((each, i) => [named(each, i), each.text]));
const quoted = (all: readonly Planted[]): string =>
  all.map((each, i) => `${named(each, i)}: {value: ${JSON.stringify(each.text)}}`).join('\n');
const spoken = ({ name, text: whole }: Planted): string => (name === undefined ? whole : `${name}=${whole}`);
const pickleOf = (value: Uint8Array): Uint8Array => concat(op.proto(2), value, op.stop);
const RUN = 'wandb/run-20260101_000000-abcdefgh/files/';

/** Every place of which texts get into a manifest: what a directory with the credentials there holds. */
const PLACES: Readonly<Record<string, (all: readonly Planted[]) => Readonly<Record<string, Uint8Array>>>> = {
  'tags of a card': (all) => ({
    'README.md': text(`---\ntags:\n${all.map((each) => `- ${JSON.stringify(`of ${spoken(each)}`)}`).join('\n')}\n---\n`),
  }),
  'datasets and base models of a card': (all) => {
    const list = all.map((each) => `- ${JSON.stringify(spoken(each))}`).join('\n');
    return { 'README.md': text(`---\nbase_model:\n${list}\ndatasets:\n${list}\n---\n`) };
  },
  'results of a card': (all) => {
    const results = all.map((each) => {
      const said = JSON.stringify(spoken(each));
      return `  - task: {type: t}\n    dataset: {name: ${said}, type: d, args: ${said}}\n    metrics:\n    - {type: acc, value: 1, name: ${said}}\n    source: {url: ${said}, name: s}\n`;
    });
    return { 'README.md': text(`---\nmodel-index:\n- name: x\n  results:\n${results.join('')}---\n`) };
  },
  'config.json': (all) => ({
    'config.json': json({ architectures: ['X'], model_type: 'llama', _name_or_path: all.map(spoken).join(' '), ...object(all) }),
  }),
  'configuration of a tracker': (all) => ({ [`${RUN}config.yaml`]: text(`wandb_version: 1\n${quoted(all)}\n`) }),
  'arguments of a tracker': (all) => ({
    [`${RUN}wandb-metadata.json`]: json({ program: 't.py', args: all.flatMap((each, i) => [`--${named(each, i)}`, each.text]) }),
  }),
  'hyperparameters in a file': (all) => ({
    'hparams.yaml': text(`${all.map((each, i) => `${named(each, i)}: ${JSON.stringify(each.text)}`).join('\n')}\n`),
    'metrics.csv': text('epoch,step,loss\n1,1,0.1\n'),
  }),
  'metadata of safetensors': (all) => ({
    'm.safetensors': safetensorsFile({ __metadata__: { format: 'pt', 'modelspec.title': all.map(spoken).join(' '), ...object(all) } }, 0),
  }),
  'keys of GGUF': (all) => ({
    'm.gguf': ggufFile({
      metadata: [
        ['general.architecture', 8, 'llama'],
        ['general.name', 8, all.map(spoken).join(' ')],
        ...all.map((each, i) => [`general.${named(each, i)}`, 8, each.text] as const),
      ],
    }),
  }),
  'metadata of ONNX': (all) => ({
    'm.onnx': onnxFile(
      field(2, all.map(spoken).join(' ')),
      field(6, all.map(spoken).join(' ')),
      ...all.map((each, i) => field(14, concat(field(1, named(each, i)), field(2, each.text)))),
    ),
  }),
  'a pickle': (all) => ({
    'm.pkl': pickle({ said: all.map(spoken).join(' '), ...object(all) }),
    'training_args.pkl': pickleOf(
      instance('transformers.training_args', 'TrainingArguments', {
        output_dir: all.map(spoken).join(' ').slice(0, 500),
        learning_rate: 0.1,
        num_train_epochs: 1,
        seed: 1,
        ...object(all),
      }),
    ),
  }),
  'a checkpoint': (all) => ({
    'm.ckpt': torchFile({ epoch: 1, hyper_parameters: object(all), ...object(all) }, {}),
  }),
  'a notebook and its output': (all) => ({
    'a.ipynb': json({
      nbformat: 4,
      metadata: { kernelspec: { name: all.map(spoken).join(' ') }, ...object(all) },
      cells: [{ cell_type: 'code', source: all.map(spoken), outputs: [{ output_type: 'stream', text: all.map(spoken) }] }],
    }),
  }),
  requirements: (all) => ({
    'requirements.txt': text(
      `${all.map((each, i) => `p${i} @ https://x.example/p${i}-1.0-py3-none-any.whl?token=${encodeURIComponent(each.part)}`).join('\n')}\n`,
    ),
  }),
};

async function leaks(place: string, all: readonly Planted[]): Promise<readonly Planted[]> {
  const files = PLACES[place]?.(all) ?? {};
  const options = { now: '2026-11-24T09:00:00Z', digestFiles: memoryDigests(files), includePrivate: true };
  const { manifest, findings } = await collect(memoryTree('m', files), options);
  expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
  const whole = JSON.stringify([manifest, findings]);
  return all.filter(({ part }) => whole.includes(JSON.stringify(part.slice(0, 40)).slice(1, -1)));
}

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

it('there are enough of both', () => {
  expect(kinds.size).toBeGreaterThanOrEqual(200);
  expect(Object.values(benign).flat().length).toBeGreaterThanOrEqual(5000);
});

describe('at least 95 of 100 credentials are found', () => {
  const hidden = (find: (each: Planted) => string): readonly Planted[] => planted.filter((each) => find(each).includes(each.part));
  it.each<[string, (each: Planted) => string]>([
    [
      'alone or under their name',
      ({ name, text: whole }) => withoutFound(whole, name === undefined ? findSecrets(whole) : findNamedSecrets(name, whole)),
    ],
    ['in a sentence', (each) => withoutSecrets(`it runs with ${spoken(each)} as before`)],
    ['in JSON in a text', (each) => withoutSecrets(`--x=${JSON.stringify({ a: { [each.name ?? 'b']: each.text } })}`)],
    ['behind an option', ({ name = 'x', text: whole }) => withoutFound(whole, findArgumentSecrets([`--${name}`, whole])[1] ?? [])],
  ])('%s', (place, find) => {
    const missed = hidden(find);
    console.info(`${place}: ${share(planted.length - missed.length, planted.length)} of ${kinds.size} kinds`);
    expect(missed.length / planted.length, missed.map(({ kind }) => kind).join('\n')).toBeLessThanOrEqual(0.05);
  });
  it.each(Object.keys(PLACES))('%s', async (place) => {
    const seen: Planted[] = [];
    const few = planted.slice(0, kinds.size);
    for (let from = 0; from < few.length; from += 40) seen.push(...(await leaks(place, few.slice(from, from + 40))));
    console.info(`${place}: ${share(few.length - seen.length, few.length)} of ${kinds.size} kinds`);
    expect(seen.length / few.length, seen.map(({ kind }) => kind).join('\n')).toBeLessThanOrEqual(0.05);
  });
});

it('the address of a remote holds no credential, wherever in it one stands', async () => {
  const few = planted.filter(
    ({ kind, text: whole }, i) => i < kinds.size && kind !== '' && /^[!-~]+$/.test(whole) && !/["#;\\]/.test(whole),
  );
  const missed: string[] = [];
  for (const [i, { kind, part }] of few.entries()) {
    if (i % 8 !== 0) continue;
    const secret = encodeURIComponent(part);
    for (const url of [
      `https://me:${secret}@git.example.com/o/r.git`,
      `https://${secret}@git.example.com/o/r.git`,
      `https://git.example.com/o/r.git?token=${secret}`,
      `ssh://me:${secret}@git.example.com/o/r.git`,
    ]) {
      const root = temporaryDirectory({
        'config.json': '{}',
        '.git/HEAD': 'ref: refs/heads/main\n',
        '.git/refs/heads/main': `${'a1'.repeat(20)}\n`,
        '.git/objects/x': '',
        '.git/config': `[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = ${url}\n`,
      });
      const { manifest, findings } = await collectDirectory(root, {
        now: '2026-11-24T09:00:00Z',
        includePrivate: true,
        machine: { probes: ['git'], host: openHost({ cwd: root }) },
      });
      expect(manifest.model?.training?.code?.commit, url).toBe('a1'.repeat(20));
      const whole = JSON.stringify([manifest, findings]);
      if (whole.includes(part) || whole.includes(secret)) missed.push(`${kind} ${url.slice(0, 20)}`);
    }
  }
  expect(missed).toEqual([]);
}, 120_000);

it('at most 1 of 100 harmless values is taken for one', () => {
  const all = Object.entries(benign).flatMap(([group, texts]) => texts.map((value) => [group, value] as const));
  const removed = all.filter(([group, value]) => {
    const [name = '', set] = value.split(/=(.*)/s, 2);
    return findSecrets(value).length > 0 || (group === 'settings' && set !== undefined && findNamedSecrets(name, set).length > 0);
  });
  console.info(`harmless: ${share(removed.length, all.length)} of ${all.length}`);
  expect(removed.length / all.length, removed.join('\n')).toBeLessThanOrEqual(0.01);
});

it('what only sounds like a credential stays', () => {
  for (const [name, value] of [
    ['token_type', 'bpe'],
    ['max_tokens', '512'],
    ['pad_token', '<pad>'],
    ['pin', '7'],
    ['pat', 'same'],
    ['key', 'attention_mask'],
    ['token', 'word'],
    ['key_dim', '64'],
    // Identifiers of standards, and addresses, under names that say something of other values.
    ['base-passwd', 'pkg:deb/debian/base-passwd@3.5.46?arch=amd64&distro=debian-10.3'],
    ['http-cookie', 'pkg:gem/http-cookie@1.0.3'],
    ['#doc:hasDeclaredLicense:SPDXRef-a', 'urn:uuid:3e34772a-21c3-8059-9a61-30033534bfc4#doc:hasDeclaredLicense:SPDXRef-644a66965f04af7f'],
    ['id', 'https://example.org/spdx/app-4f2c1b9e#doc:license:5f9ea911e38ccadbffd98920'],
    ['licenseId', 'LicenseRef-9f2c1B9e4d7a8e01Xq'],
    ['tlsSignatureSchemes', 'ecdsa_secp256r1_sha256'],
    ['url', 'https://lists.example.org/archives/list/announce@lists.example.org/message/7UOAZIFCSZ4ENEFOR5IXX6NFAD3HV7FA/'],
  ] as const)
    expect(findNamedSecrets(name, value), name).toEqual([]);
});

it('a file that is called after a credential is not listed, which is told', async () => {
  const secret = plantedCredentials(7)[0]?.text ?? '';
  const files = { 'w.bin': text('w'), [`a/${secret}.bin`]: text('x') };
  const { manifest, findings } = await collect(memoryTree('m', files), { now: '2026-11-24T09:00:00Z', digestFiles: memoryDigests(files) });
  expect(listOf(manifest.artifacts, 'path').map(({ path }) => path)).toEqual(['w.bin']);
  expect(manifest.bom.coverage?.artifacts).toBe('partial');
  expect(findings.map(({ id, severity }) => [id, severity])).toEqual([['private-data', 'high']]);
  expect(JSON.stringify([manifest, findings])).not.toContain(secret);
});

it('what becomes equal is one', async () => {
  const files = { 'README.md': text('---\ntags:\n- "by me@a.example"\n- "by you@b.example"\n- "of x"\n---\n') };
  const { manifest } = await collect(memoryTree('m', files), { now: '2026-11-24T09:00:00Z', digestFiles: memoryDigests(files) });
  expect(JSON.stringify(manifest).match(/by \[redacted\]/g)).toHaveLength(1);
  expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
});

it('a name cut out of a credential, and an id made from one, go with it', async () => {
  const part = plantedCredentials(9)[3]?.text.slice(4, 28) ?? '';
  const hook = `https://hooks.${'slack'}.com/services/T0AAAAAAA/B0AAAAAAA/${part}`;
  const files = { 'README.md': text(`---\ndatasets:\n- ${hook}\nbase_model:\n- ${hook}\n---\n`) };
  const { manifest } = await collect(memoryTree('m', files), {
    now: '2026-11-24T09:00:00Z',
    digestFiles: memoryDigests(files),
    includePrivate: true,
  });
  expect(JSON.stringify(manifest).toLowerCase()).not.toContain(part.toLowerCase());
});

it.each([
  'eyJ-',
  'password=',
  'sk-',
  'datadog=',
  '-----BEGIN RSA PRIVATE KEY',
  'https://a:',
  '"token": "',
  '--token ',
  'a.',
  'Bearer ',
  '-u a:',
  'key=a1B',
  'mysql -a ',
])('a long text of %j costs no more than its length', (unit) => {
  const cost = (count: number): number => {
    const start = process.cpuUsage().user;
    findSecrets(unit.repeat(count));
    return process.cpuUsage().user - start;
  };
  cost(1000);
  const [small, large] = [cost(10_000), cost(40_000)];
  // Linear is 4, quadratic 16; below 50 ms the clock of the system says nothing.
  expect(large / Math.max(small, 50_000)).toBeLessThan(10);
});
