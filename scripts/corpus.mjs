#!/usr/bin/env node
// Writes test/corpus/1.0: documents that any implementation of the specification can be tested with.
// Rule documents come from the examples in docs/rules, schema documents from the mutations below.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { examplesOf, mergePatch } from './merge-patch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const corpus = `${root}test/corpus/1.0`;
const base = JSON.parse(readFileSync(`${root}docs/rules/base.json`, 'utf8'));
const advice = new Set([
  'author-missing',
  'declaration-contradicted',
  'license-conflict',
  'path-unportable',
  'private-path',
  'run-incomplete',
  'shard-set',
]);

const valid = new Map([['base', base]]);
const invalid = new Map();
const expected = {};

for (const page of readdirSync(`${root}docs/rules`)
  .filter((name) => name.endsWith('.md'))
  .sort()) {
  const rule = page.slice(0, -3);
  examplesOf(readFileSync(`${root}docs/rules/${page}`, 'utf8')).forEach(({ kind, patch }, i) => {
    const document = mergePatch(base, patch);
    // Advice leaves a document valid, and so does the milder case of two rules.
    const mild = advice.has(rule) || (rule === 'time-order' && patch.model !== undefined);
    if (kind === 'valid' || mild) valid.set(`${rule}-${i + 1}`, document);
    else refuse(`${rule}-${i + 1}`, document, [rule]);
  });
}

/** Patches on the base, by what they break in the schema. */
const SCHEMA = {
  'schema-required': [
    { bom: null },
    { model: null },
    { model: { name: null } },
    { bom: { specVersion: null } },
    { bom: { serialNumber: null } },
    { bom: { version: null } },
    { bom: { timestamp: null } },
    { artifacts: [{ path: 'a', size: 1 }] },
    { artifacts: [{ path: 'a', size: 1, digest: { sha512: 'a'.repeat(128) } }] },
    { artifacts: [{ size: 1, digest: { sha256: 'ab'.repeat(32) } }] },
    { datasets: [{ id: 'tickets' }] },
    { components: [{ id: 'torch' }] },
    { evidence: [{ origin: 'observed', method: 'm' }] },
    { dependencies: [{ ref: 'model' }] },
    { environments: [{ id: 'trainer' }] },
    { documents: [{ uri: 'https://example.org' }] },
    { robustnessTests: [{ date: '2026-01-01' }] },
    { services: [{ type: 'S01' }, { audit: {} }] },
    { attestations: [{ claim: 'x' }] },
  ],
  'schema-unknown-property': [
    { modle: {} },
    { model: { nme: 'x' } },
    { bom: { author: 'x' } },
    { artifacts: [{ path: 'a', size: 1, digest: { sha256: 'ab'.repeat(32) }, hash: 'x' }] },
    { training: { hyperparams: {} } },
    { datasets: [{ name: 'd', licence: 'MIT' }] },
    { lineage: { parents: [] } },
    { model: { licenses: [{ expression: 'MIT', spdx: 'MIT' }] } },
    { evaluations: [{ name: 'e', metric: 1 }] },
    { extension: {} },
  ],
  'schema-type': [
    { model: { name: 7 } },
    { bom: { version: '1' } },
    { bom: { version: 1.5 } },
    { artifacts: {} },
    { model: 'digits' },
    { model: { parameterCount: 7 } },
    { model: { parameterCount: { total: '7' } } },
    { datasets: 'mnist' },
    { training: { methods: 'sft' } },
    { bom: { tools: ['msbom'] } },
    { model: { remoteCode: 'yes' } },
    { evidence: {} },
    { model: { tags: [7] } },
    { artifacts: [null] },
  ],
  'schema-enum': [
    { lineage: { relation: 'fine-tune' } },
    { datasets: [{ name: 'd', roles: ['train'] }] },
    { artifacts: [{ path: 'a', size: 1, digest: { sha256: 'ab'.repeat(32) }, role: 'weight' }] },
    { bom: { subject: 'system' } },
    { bom: { declarations: [{ pointer: '/model', status: 'secret' }] } },
    { evaluations: [{ name: 'e', kind: 'speed' }] },
    { robustnessTests: [{ attackClass: 'adversarial' }] },
    { evidence: [{ origin: 'guessed', method: 'm', pointers: ['/model'] }] },
    { documents: [{ type: 'card' }] },
    { bom: { coverage: { completeness: 'full' } } },
    { datasets: [{ name: 'd', personalData: { contains: true } }] },
    { security: { vulnerabilities: [{ id: 'CVE-2026-1', status: 'open' }] } },
  ],
  'schema-const': [{ bom: { specVersion: '2.0' } }, { bom: { specVersion: '1' } }, { $schema: 'https://example.org/schema' }],
  'schema-pattern': [
    { bom: { serialNumber: '3e671687-395b-41f5-a30f-a58921a69b79' } },
    { bom: { serialNumber: 'urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79' } },
    { bom: { timestamp: '2026-01-01T00:00:00+02:00' } },
    { bom: { timestamp: '2026-01-01 00:00' } },
    { artifacts: [{ path: '/etc/passwd', size: 1, digest: { sha256: 'ab'.repeat(32) } }] },
    { artifacts: [{ path: '../x', size: 1, digest: { sha256: 'ab'.repeat(32) } }] },
    { artifacts: [{ path: 'a/../x', size: 1, digest: { sha256: 'ab'.repeat(32) } }] },
    { artifacts: [{ path: 'a//x', size: 1, digest: { sha256: 'ab'.repeat(32) } }] },
    { artifacts: [{ path: './x', size: 1, digest: { sha256: 'ab'.repeat(32) } }] },
    { artifacts: [{ path: 'x', size: 1, digest: { sha256: 'AB'.repeat(32) } }] },
    { artifacts: [{ path: 'x', size: 1, digest: { sha256: 'ab'.repeat(31) } }] },
    { artifacts: [{ path: 'x', size: 1, digest: { sha256: 'ab'.repeat(32), sha512: 'ab'.repeat(32) } }] },
    { components: [{ id: 'has space', name: 'x' }] },
    { model: { languages: ['english language'] } },
    { training: { code: { commit: 'main' } } },
    { parties: [{ name: 'x', country: 'Germany' }] },
    { bom: { declarations: [{ pointer: 'model/name', status: 'unknown' }] } },
    { datasets: [{ name: 'd', timeframe: { start: '2025-13' } }] },
    { extensions: { plain: 1 } },
    { services: [{ type: 'S20' }] },
  ],
  'schema-format': [
    { parties: [{ id: 'example', name: 'x', contact: { email: 'not an email' } }] },
    { parties: [{ id: 'example', name: 'x', contact: { url: 'example.org' } }] },
    { model: { releaseDate: '2026-02-30' } },
    { bom: { uri: 'not a uri' } },
    { bom: { timestamp: '2026-02-31T00:00:00Z' } },
    { evaluations: [{ name: 'e', date: 'yesterday' }] },
  ],
  'schema-empty': [
    { model: { name: '' } },
    { artifacts: [] },
    { model: { licenses: [] } },
    { extensions: {} },
    { usage: {} },
    { datasets: [{ name: 'd', roles: [] }] },
    { model: { io: { inputs: [] } } },
    { governance: {} },
    { model: { description: '' } },
    { evidence: [{ origin: 'observed', method: 'm', pointers: [] }] },
  ],
  'schema-range': [
    { bom: { version: 0 } },
    { artifacts: [{ path: 'a', size: -1, digest: { sha256: 'ab'.repeat(32) } }] },
    { model: { name: 'x'.repeat(1025) } },
    { datasets: [{ name: 'd', synthetic: { share: 1.5 } }] },
    { model: { quantization: { bits: 0 } } },
    { artifacts: [{ path: 'a', size: 1, digest: { sha256: 'ab'.repeat(32) }, shard: { index: 0, total: 1 } }] },
  ],
  'schema-duplicate-items': [
    { model: { tags: ['a', 'a'] } },
    { datasets: [{ name: 'd', roles: ['training', 'training'] }] },
    { dependencies: [{ ref: 'model', dependsOn: ['base', 'base'] }] },
  ],
  'schema-subject': [{ bom: { subject: 'dataset' } }, { bom: { subject: 'dataset' }, model: null, datasets: null }],
  'schema-choice': [{ model: { licenses: [{ kind: 'declared' }] } }, { datasets: [{ name: 'd', licenses: [{ note: 'none' }] }] }],
};
/** Where a mutation breaks another keyword than its group. */
const OTHERS = {
  'schema-required-1': ['schema-required', 'schema-subject'],
  'schema-required-2': ['schema-subject'],
  'schema-subject-2': ['schema-subject'],
  'schema-pattern-4': ['schema-format', 'schema-pattern'],
  'schema-required-18': ['schema-empty'],
  'schema-unknown-property-7': ['schema-unknown-property'],
};
for (const [id, patches] of Object.entries(SCHEMA))
  patches.forEach((patch, i) => {
    refuse(`${id}-${i + 1}`, mergePatch(base, patch), OTHERS[`${id}-${i + 1}`] ?? [id]);
  });

/** Other shapes of valid documents. */
const minimal = {
  bom: {
    specVersion: '1.0',
    serialNumber: base.bom.serialNumber,
    version: 1,
    timestamp: '2026-11-23T09:00:00Z',
    declarations: [{ pointer: '/bom/authors', status: 'unknown' }],
  },
  model: { name: 'digits-cnn' },
};
valid.set('minimal', minimal);
valid.set(
  'api-only',
  mergePatch(minimal, {
    bom: {
      declarations: [
        { pointer: '/artifacts', status: 'withheld', reason: 'offered as a service only' },
        { pointer: '/bom/authors', status: 'withheld' },
      ],
    },
    model: { name: 'hosted-model' },
    distribution: { channels: [{ kind: 'api', uri: 'https://example.org/v1' }] },
  }),
);
valid.set('dataset', {
  bom: { ...minimal.bom, subject: 'dataset' },
  datasets: [
    {
      id: 'd',
      name: 'digits',
      roles: ['training'],
      files: [{ path: 'train.csv', role: 'data', size: 3, digest: { sha256: 'ab'.repeat(32) } }],
      snapshot: {
        count: 1,
        items: [{ uri: 'https://example.org/1.png', digest: { sha256: 'cd'.repeat(32) }, retrievedAt: '2026-01-01T00:00:00Z' }],
      },
    },
  ],
});
valid.set(
  'quantized',
  mergePatch(minimal, {
    model: { name: 'base-8b-Q4_K_M', quantization: { method: 'Q4_K_M', bits: 4.5 } },
    lineage: {
      relation: 'quantize',
      ancestors: [{ name: 'base-8b', relation: 'quantize', digest: { sha256: 'ef'.repeat(32) }, verification: 'digest-matched' }],
    },
  }),
);
valid.set(
  'merge',
  mergePatch(minimal, {
    lineage: {
      relation: 'merge',
      ancestors: [
        { name: 'a', relation: 'merge', weight: 0.5 },
        { name: 'b', relation: 'merge', weight: 0.5 },
      ],
    },
  }),
);
valid.set('scratch', mergePatch(minimal, { lineage: { relation: 'scratch' } }));
valid.set('extensions', mergePatch(minimal, { extensions: { 'org.example.review': { ticket: 7, approved: true } } }));
valid.set(
  'git-lfs-pointer',
  mergePatch(minimal, {
    artifacts: [
      {
        path: 'model.bin',
        role: 'weights',
        size: 134,
        digest: { sha256: 'ab'.repeat(32) },
        pointer: { kind: 'git-lfs', digest: { sha256: 'cd'.repeat(32) }, size: 9000000000 },
      },
    ],
  }),
);
valid.set(
  'pipeline',
  mergePatch(minimal, {
    model: {
      name: 'pipe',
      parts: [
        { id: 'unet', path: 'unet', class: 'UNet2DConditionModel', library: 'diffusers' },
        { id: 'vae', path: 'vae' },
      ],
    },
    artifacts: [{ path: 'unet/w.safetensors', part: 'unet', role: 'weights', size: 9, digest: { sha256: 'ab'.repeat(32) } }],
  }),
);
valid.set(
  'robustness',
  mergePatch(minimal, {
    robustnessTests: [
      {
        attackClass: 'backdoor',
        method: { name: 'trigger scan', tool: 'msbom', version: '0.1.0' },
        results: [{ name: 'flip rate', clean: 0.01, attacked: 0.02, threshold: 0.5, pass: true }],
        tester: { kind: 'external' },
        date: '2026-11-21',
      },
    ],
  }),
);
valid.set(
  'hardware',
  mergePatch(minimal, {
    environments: [
      {
        id: 'node',
        purpose: ['training', 'evaluation'],
        os: { name: 'Ubuntu', version: '24.04', kernel: '6.8.0' },
        runtime: { language: 'python', version: '3.12.3', container: { image: 'example/train', digest: { sha256: 'ab'.repeat(32) } } },
        accelerators: [
          { vendor: 'NVIDIA', model: 'H100 80GB', count: 8, driverVersion: '570.86.15', toolkit: { name: 'CUDA', version: '12.8' } },
        ],
        host: { cores: 128, memoryBytes: 1099511627776 },
      },
    ],
  }),
);
valid.set(
  'vulnerabilities',
  mergePatch(minimal, {
    components: [{ id: 'torch', name: 'torch', version: '2.9.0' }],
    security: {
      vulnerabilities: [
        {
          id: 'CVE-2026-0001',
          affects: ['torch', 'model'],
          status: 'not_affected',
          justification: 'the code is never called',
          severity: 'high',
        },
      ],
    },
  }),
);
valid.set(
  'audiences',
  mergePatch(minimal, {
    datasets: [{ id: 'd', name: 'd' }],
    bom: { audiences: { '/datasets/0': 'authority', '/datasets/0/name': 'public' } },
  }),
);
valid.set(
  'energy',
  mergePatch(minimal, {
    training: {
      energy: {
        kilowattHours: 1200,
        estimated: true,
        methodology: 'meter at the rack',
        carbon: { tonnesCo2Equivalent: 0.4 },
        activities: [{ activity: 'training', kilowattHours: 1200, source: 'hydropower' }],
      },
    },
  }),
);
valid.set('unicode', mergePatch(minimal, { model: { name: 'Größe 模型 🙂', description: 'two\nlines' } }));
valid.set(
  'license-choice',
  mergePatch(minimal, {
    model: {
      licenses: [
        { expression: 'MIT OR Apache-2.0', kind: 'declared' },
        { expression: 'LicenseRef-notice', kind: 'concluded' },
      ],
    },
  }),
);
valid.set(
  'governance',
  mergePatch(minimal, {
    parties: [{ id: 'p', name: 'Example GmbH', roles: ['provider'], country: 'DE' }],
    governance: { roles: { owner: 'p' }, retention: { years: 10, custodian: 'p' } },
    system: { classification: { riskClass: 'highRiskAnnexIII', annexIII: '4a' } },
  }),
);

function refuse(name, document, ids) {
  invalid.set(name, document);
  expected[`${name}.json`] = ids;
}

for (const kind of ['valid', 'invalid']) {
  rmSync(`${corpus}/${kind}`, { recursive: true, force: true });
  mkdirSync(`${corpus}/${kind}`, { recursive: true });
}
for (const [name, document] of valid) write(`valid/${name}.json`, document);
for (const [name, document] of invalid) write(`invalid/${name}.json`, document);

/** Texts that no JSON value stands for. */
const text = JSON.stringify(minimal);
const TEXTS = {
  'json-syntax-1': ['', ['json-syntax']],
  'json-syntax-2': [text.slice(0, -5), ['json-syntax']],
  'json-syntax-3': [`${text}x`, ['json-syntax']],
  'json-syntax-4': [text.replace('"model"', "'model'"), ['json-syntax']],
  'json-duplicate-key-1': [text.replace('"name":', '"name":"a","name":'), ['json-duplicate-key']],
  'json-duplicate-key-2': [text.replace('"name":', '"n\\u0061me":"a","name":'), ['json-duplicate-key']],
  'json-forbidden-key-1': [text.replace('"name":', '"__proto__":{},"name":'), ['json-forbidden-key']],
  'json-number-1': [text.replace('"version":1', '"version":12345678901234567890'), ['json-number']],
  'json-encoding-1': [Buffer.concat([Buffer.from(text.slice(0, -4)), Buffer.from([0xff]), Buffer.from('"}}')]), ['json-encoding']],
  'limit-depth-1': [`${'['.repeat(1000)}${']'.repeat(1000)}`, ['limit-depth']],
};
for (const [name, [content, ids]] of Object.entries(TEXTS)) {
  writeFileSync(`${corpus}/invalid/${name}.json`, content);
  expected[`${name}.json`] = ids;
}
writeFileSync(`${corpus}/expected.json`, `${JSON.stringify(Object.fromEntries(Object.entries(expected).sort()), null, 2)}\n`);
console.log(`${valid.size} valid, ${Object.keys(expected).length} invalid`);

function write(name, document) {
  writeFileSync(`${corpus}/${name}`, `${JSON.stringify(document, null, 2)}\n`);
}
