// Documents of the corpus that are about the schema, as merge patches (RFC 7396) on docs/rules/base.json.
import { mergePatch } from '../merge-patch.mjs';

const hex = (pair, bytes) => pair.repeat(bytes);
const file = (more) => ({
  model: { digest: { complete: false } },
  artifacts: { 'extra.bin': { size: 1, digest: { sha256: hex('ab', 32) }, ...more } },
});
const path = (name) => ({ artifacts: { [name]: { size: 1, digest: { sha256: hex('ab', 32) } } } });
const dataset = (more) => ({ datasets: { tickets: more } });
const evidence = (more) => ({ evidence: [{ origin: 'observed', method: 'm', values: { '': {} }, ...more }] });
const training = (more) => ({ model: { training: more } });

/** Clause, finding, patch, other findings. Each breaks one thing. */
export const INVALID = [
  ['2.1', 'schema-required', { bom: null }],
  ['2.1', 'schema-required', { bom: { specVersion: null } }],
  ['2.1', 'schema-required', { bom: { serialNumber: null } }],
  ['2.1', 'schema-required', { bom: { version: null } }],
  ['2.1', 'schema-required', { bom: { timestamp: null } }],
  ['4.1', 'schema-required', { model: { name: null } }],
  ['4.1', 'schema-required', { models: { draft: { kind: 'model' } } }],
  ['4.8', 'schema-required', { model: { lineage: { parents: { base: { relation: null } } } } }],
  ['4.8', 'schema-required', { model: { composition: { guard: { model: 'base-8b' } } } }],
  ['4.8', 'schema-required', { model: { lineage: { parents: { base: { model: null } } } } }],
  ['5.2', 'schema-required', { artifacts: { 'a.bin': { size: 1 } } }],
  ['5.2', 'schema-required', { artifacts: { 'a.bin': { digest: { sha256: hex('ab', 32) } } } }],
  ['5.5', 'schema-required', { model: { digest: { method: null } } }],
  ['5.5', 'schema-required', { model: { digest: { complete: null } } }],
  ['5.5', 'schema-required', { model: { digest: { root: null } } }],
  ['5.9', 'schema-required', file({ scan: [{ tool: { name: 'scanner' }, verdict: 'unknown' }] })],
  ['5.9', 'schema-required', file({ scan: [{ status: 'complete' }] })],
  ['5.10', 'schema-required', file({ shard: { index: 1 } })],
  ['6.1', 'schema-required', training({ uses: { raw: { split: 'train' } } })],
  ['6.1', 'schema-required', dataset({ name: null })],
  ['6.5', 'schema-required', dataset({ snapshot: { items: [{ uri: 'https://example.org/1' }] } })],
  ['6.3', 'schema-required', { evaluations: { 'held-out-accuracy': { name: null } } }],
  ['6.3', 'schema-required', { robustnessTests: { noise: { date: '2026-01-01' } } }],
  ['7.1', 'schema-required', evidence({ values: undefined })],
  ['7.1', 'schema-required', evidence({ origin: undefined })],
  ['7.1', 'schema-required', evidence({ method: undefined })],
  ['9.1', 'schema-required', { bom: { derivedFrom: { serialNumber: 'urn:uuid:0b3c4a8e-6d9f-4c53-9a35-0f1f4c1f8a11', version: 1 } } }],
  ['1.3', 'schema-required', { components: { numpy: { version: '2.4.0' } } }],
  ['1.3', 'schema-required', { environments: { laptop: { os: { name: 'Debian' } } } }],
  ['1.3', 'schema-required', { documents: { card: { uri: 'https://example.org/card' } } }],
  ['1.3', 'schema-required', { attestations: { review: { claim: 'reviewed' } } }],
  ['10.3', 'schema-unknown-property', { modle: {} }],
  ['10.3', 'schema-unknown-property', { model: { licence: 'MIT' } }],
  ['10.3', 'schema-unknown-property', { bom: { author: 'x' } }],
  ['10.3', 'schema-unknown-property', file({ hash: 'x' })],
  ['10.3', 'schema-unknown-property', training({ hyperparams: {} })],
  ['4.1', 'schema-unknown-property', { training: { methods: ['lora'] } }],
  ['4.1', 'schema-unknown-property', { lineage: { scratch: true } }],
  ['4.1', 'schema-unknown-property', { adapters: { lora: { name: 'lora' } } }],
  ['4.8', 'schema-unknown-property', { model: { lineage: { parents: { base: { name: 'base-8b' } } } } }],
  ['5.1', 'schema-unknown-property', { model: { digest: { sha256: hex('ab', 32) } } }],
  ['6.1', 'schema-unknown-property', { evaluations: { 'held-out-accuracy': { datasets: ['held-out'] } } }],
  ['7.1', 'schema-unknown-property', evidence({ pointers: ['/model/name'] })],
  ['11.1', 'schema-unknown-property', { extension: {} }],
  ['11.2', 'schema-unknown-property', { foreign: { swid: {} } }],
  ['3.5', 'schema-type', { components: [{ name: 'torch' }] }],
  ['3.5', 'schema-type', { artifacts: [] }],
  ['3.5', 'schema-type', training({ stages: [{ objective: 'x' }] })],
  ['3.3', 'schema-type', { model: { producer: { name: 'Example GmbH' } } }],
  ['1.3', 'schema-type', { model: { name: 7 } }],
  ['1.3', 'schema-type', { model: 'digits' }],
  ['1.3', 'schema-type', { bom: { tools: ['msbom'] } }],
  ['1.3', 'schema-type', { model: { remoteCode: 'yes' } }],
  ['1.3', 'schema-type', { model: { parameterCount: { total: '7' } } }],
  ['1.3', 'schema-type', { model: { parameterCount: { total: 1.5 } } }],
  ['2.3', 'schema-type', { bom: { version: '1' } }],
  ['2.3', 'schema-type', { bom: { version: 1.5 } }],
  ['6.3', 'schema-type', { evaluations: { 'held-out-accuracy': { metrics: { accuracy: { value: '0.91' } } } } }],
  ['7.1', 'schema-type', { evidence: { a: {} } }],
  ['7.1', 'schema-type', evidence({ values: ['/model/name'] })],
  ['8.10', 'schema-enum', { model: { lineage: { parents: { base: { relation: 'fine-tuned' } } } } }],
  ['8.10', 'schema-enum', { model: { composition: { guard: { model: 'base-8b', relation: 'guard' } } } }],
  ['8.10', 'schema-enum', { bom: { declarations: { '/model/energy': { status: 'secret' } } } }],
  ['8.10', 'schema-enum', { bom: { coverage: { completeness: 'full' } } }],
  ['8.10', 'schema-enum', file({ inspection: { status: 'notInspected' } })],
  ['8.10', 'schema-enum', { model: { digest: { symlinks: 'kept' } } }],
  ['8.10', 'schema-enum', { security: { vulnerabilities: { v: { id: 'CVE-2026-0001', status: 'open' } } } }],
  ['8.10', 'schema-enum', { security: { vulnerabilities: { v: { id: 'CVE-2026-0001', severity: 'moderate' } } } }],
  ['8.10', 'schema-enum', { model: { lineage: { parents: { base: { verification: 'verified' } } } } }],
  ['5.9', 'schema-enum', file({ scan: [{ tool: { name: 'scanner' }, status: 'complete', verdict: 'findings' }] })],
  ['5.9', 'schema-enum', file({ scan: [{ tool: { name: 'scanner' }, status: 'skipped' }] })],
  ['7.8', 'schema-enum', evidence({ origin: 'guessed' })],
  ['2.3', 'schema-pattern', { bom: { serialNumber: '3e671687-395b-41f5-a30f-a58921a69b79' } }],
  ['2.3', 'schema-pattern', { bom: { serialNumber: 'urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79' } }],
  ['10.1', 'schema-pattern', { bom: { specVersion: '1' } }],
  ['8.4', 'schema-pattern', { bom: { timestamp: '2026-01-01T00:00:00+02:00' } }],
  ['8.4', 'schema-pattern', { bom: { timestamp: '2026-01-01 00:00' } }],
  ['8.4', 'schema-pattern', { bom: { timestamp: '2026-01-01T24:00:00Z' } }],
  ['8.4', 'schema-pattern', { bom: { timestamp: '2026-01-01T00:00:00Z\n' } }],
  ['8.4', 'schema-pattern', dataset({ timeframe: { start: '2025-13' } })],
  ['5.3', 'schema-pattern', path('/etc/passwd')],
  ['5.3', 'schema-pattern', path('../x')],
  ['5.3', 'schema-pattern', path('a/../x')],
  ['5.3', 'schema-pattern', path('a//x')],
  ['5.3', 'schema-pattern', path('./x')],
  ['5.3', 'schema-pattern', path('a/')],
  ['5.3', 'schema-pattern', { model: { digest: { ignored: ['/tmp'] } } }],
  ['5.1', 'schema-pattern', file({ digest: { sha256: hex('AB', 32) } })],
  ['5.1', 'schema-pattern', file({ digest: { sha256: hex('ab', 31) } })],
  ['5.1', 'schema-pattern', file({ digest: { sha256: hex('ab', 32), sha512: hex('ab', 32) } })],
  ['5.1', 'schema-pattern', { models: { 'base-8b': { digest: { root: { gitCommit: '0f3c5a1' } } } } }],
  ['5.1', 'schema-pattern', file({ digest: { sha256: hex('ab', 32), 'SHA-1': hex('ab', 20) } })],
  ['3.1', 'schema-pattern', { components: { 'pypi/numpy': { name: 'numpy' } } }],
  ['3.1', 'schema-pattern', { parties: { '-': { name: 'x' } } }],
  ['3.1', 'schema-pattern', { models: { 'has space': { name: 'x' } } }],
  ['3.1', 'schema-pattern', { datasets: { ['x'.repeat(129)]: { name: 'x', original: true } } }],
  ['1.5', 'schema-pattern', { parties: { 'tab\t': { name: 'x' } } }],
  ['7.2', 'schema-pattern', evidence({ values: { 'model/name': {} } })],
  ['7.2', 'schema-pattern', evidence({ values: { '/a~2b': {} } })],
  ['2.7', 'schema-pattern', { bom: { declarations: { 'model/name': { status: 'unknown' } } } }],
  ['8.3', 'schema-pattern', { bom: { uri: 'not a uri' } }],
  ['8.3', 'schema-pattern', { parties: { example: { contact: { url: 'example.org' } } } }],
  ['8.3', 'schema-pattern', { model: { uri: 'https://example.org/größe' } }],
  ['8.11', 'schema-pattern', { model: { languages: ['english language'] } }],
  ['8.11', 'schema-pattern', training({ code: { commit: 'main' } })],
  ['8.11', 'schema-pattern', { parties: { example: { country: 'Germany' } } }],
  ['8.11', 'schema-pattern', { services: { hosting: { name: 'hosting', type: 'S20' } } }],
  ['8.11', 'schema-pattern', { parties: { example: { identifiers: { lei: '123' } } } }],
  ['11.1', 'schema-pattern', { extensions: { plain: 1 } }],
  ['1.8', 'schema-empty', { model: { name: '' } }],
  ['1.8', 'schema-empty', { model: { tags: [] } }],
  ['1.8', 'schema-empty', { usage: {} }],
  ['1.8', 'schema-empty', { extensions: {} }],
  ['1.8', 'schema-empty', dataset({ roles: [] })],
  ['1.8', 'schema-empty', { model: { io: { inputs: [] } } }],
  ['1.8', 'schema-empty', { services: {} }],
  ['1.8', 'schema-empty', evidence({ values: {} })],
  ['1.8', 'schema-empty', { model: { description: '' } }],
  ['2.3', 'schema-range', { bom: { version: 0 } }],
  ['8.11', 'schema-range', { artifacts: { 'a.bin': { size: -1, digest: { sha256: hex('ab', 32) } } } }],
  ['8.11', 'schema-range', dataset({ synthetic: { share: 1.5 } })],
  ['8.11', 'schema-range', { model: { quantization: { bits: 0 } } }],
  ['5.10', 'schema-range', file({ shard: { index: 0, total: 1 } })],
  ['8.11', 'schema-range', { bom: { uri: `https://example.org/${'x'.repeat(4096)}` } }],
  ['7.1', 'schema-range', evidence({ confidence: 1.01 })],
  ['3.6', 'schema-duplicate-items', { model: { tags: ['a', 'a'] } }],
  ['3.6', 'schema-duplicate-items', dataset({ roles: ['finetuning', 'finetuning'] })],
  ['3.6', 'schema-duplicate-items', { dependencies: { model: { edges: { 'depends-on': ['pypi.torch', 'pypi.torch'] } } } }],
  ['10.1', 'manifest-version', { bom: { specVersion: '2.0' } }],
  ['10.1', 'manifest-version', { bom: { specVersion: '0.9' } }],
];

/** Texts that stand for no JSON value that a document may be: name, clause, text, findings. */
export const TEXTS = (text) => [
  ['json-syntax-1', '1.1', '', ['json-syntax']],
  ['json-syntax-2', '1.1', text.slice(0, -5), ['json-syntax']],
  ['json-syntax-3', '1.1', `${text}x`, ['json-syntax']],
  ['json-syntax-4', '1.1', text.replace('"model"', "'model'"), ['json-syntax']],
  ['json-syntax-5', '1.1', text.replace('"version":1,', '"version":01,'), ['json-syntax']],
  ['json-duplicate-key-1', '1.2', text.replace('"name":', '"name":"a","name":'), ['json-duplicate-key']],
  ['json-duplicate-key-2', '1.2', text.replace('"name":', '"n\\u0061me":"a","name":'), ['json-duplicate-key']],
  ['json-number-1', '1.6', text.replace('"version":1', '"version":12345678901234567890'), ['json-number']],
  [
    'json-encoding-1',
    '1.1',
    Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xff]), Buffer.from(text.slice(-2))]),
    ['json-encoding'],
  ],
  ['limit-depth-1', '1.7', `${'['.repeat(1000)}${']'.repeat(1000)}`, ['limit-depth']],
  ['schema-type-not-an-object', '1.1', '[]', ['schema-type']],
];

/** Other shapes of valid documents: name, clause, document. */
export const VALID = (base) => {
  const minimal = {
    bom: { specVersion: '1.0', serialNumber: base.bom.serialNumber, version: 1, timestamp: '2026-11-23T09:00:00Z' },
    model: { name: 'digits-cnn' },
  };
  const small = (name, clause, patch) => [name, clause, mergePatch(minimal, patch)];
  const bytes = (pair, size = 9) => ({ size, digest: { sha256: hex(pair, 32) } });
  return [
    ['minimal', '2.1', minimal],
    small('api-only', '2.7', {
      bom: { declarations: { '/artifacts': { status: 'withheld', reason: 'offered as a service only' } } },
      model: { name: 'hosted-model', kind: 'hosted', access: 'hosted' },
      distribution: { channels: [{ kind: 'api', uri: 'https://example.org/v1' }] },
    }),
    small('subject-dataset', '2.2', {
      bom: { subject: 'digits' },
      model: null,
      datasets: {
        digits: {
          name: 'digits',
          original: true,
          snapshot: {
            count: 1,
            items: [{ uri: 'https://example.org/1.png', digest: { sha256: hex('cd', 32) }, retrievedAt: '2026-01-01T00:00:00Z' }],
          },
        },
      },
    }),
    small('subject-application', '2.2', {
      bom: { subject: 'desk' },
      model: null,
      models: { writer: { name: 'writer' }, guard: { name: 'guard' } },
      components: {
        desk: {
          name: 'desk',
          type: 'application',
          composition: {
            writer: { model: 'writer', relation: 'part', role: 'generator' },
            guard: { model: 'guard', relation: 'companion', role: 'guard' },
          },
        },
      },
      system: { component: 'desk', components: ['writer', 'guard'] },
    }),
    small('merge-of-models', '4.8', {
      models: { a: { name: 'a' }, b: { name: 'b' } },
      model: {
        lineage: { parents: { a: { model: 'a', relation: 'merge', weight: 0.5 }, b: { model: 'b', relation: 'merge', weight: 0.5 } } },
      },
    }),
    small('derived-in-an-unknown-way', '4.8', {
      models: { first: { name: 'first' } },
      model: { lineage: { parents: { first: { model: 'first', relation: 'derived', verification: 'unverified' } } } },
    }),
    small('scratch', '4.2', { model: { lineage: { scratch: true } } }),
    small('speculative-decoding', '4.8', {
      models: { draft: { name: 'digits-draft' } },
      model: { composition: { draft: { model: 'draft', relation: 'draft' } } },
    }),
    small('two-results-on-one-dataset', '6.3', {
      datasets: { digits: { name: 'digits', original: true } },
      evaluations: {
        validation: {
          name: 'digits',
          uses: { digits: { dataset: 'digits', split: 'validation' } },
          metrics: { accuracy: { value: 0.98 } },
        },
        test: {
          name: 'digits',
          uses: { digits: { dataset: 'digits', split: 'test' } },
          metrics: { accuracy: { value: 0.97 }, note: { text: 'a third of the errors are sevens' } },
        },
      },
    }),
    small('stages-in-order', '4.7', {
      datasets: { raw: { name: 'raw text', original: true }, pairs: { name: 'pairs', original: true } },
      model: {
        training: {
          stages: {
            pretrain: { uses: { raw: { dataset: 'raw', share: 1, tokens: 1000000 } } },
            'sft-2': { name: 'SFT (round 2)', after: ['pretrain'], uses: { pairs: { dataset: 'pairs', epochs: 2.5 } } },
          },
        },
      },
    }),
    small('file-called-like-a-property-of-objects', '3.5', {
      artifacts: JSON.parse(`{"__proto__": ${JSON.stringify(bytes('ab'))}, "constructor": ${JSON.stringify(bytes('cd'))}}`),
    }),
    small('git-lfs-pointer', '5.11', {
      artifacts: {
        'model.bin': {
          role: 'weights',
          ...bytes('ab', 134),
          pointer: { kind: 'git-lfs', digest: { sha256: hex('cd', 32) }, size: 9000000000 },
        },
      },
    }),
    small('not-inspected', '5.12', {
      artifacts: { 'model.bin': { ...bytes('ab'), inspection: { status: 'not-inspected', reason: 'format not known' } } },
    }),
    small('unknown-algorithm', '5.1', { artifacts: { 'model.bin': { size: 9, digest: { sha256: hex('ab', 32), sm3: hex('cd', 32) } } } }),
    small('git-sha256', '5.1', {
      models: { b: { name: 'b', digest: { root: { gitCommit: hex('ab', 32) }, method: 'git', complete: false } } },
    }),
    small('files-elsewhere', '5.2', { models: { b: { name: 'b', files: { 'model.safetensors': { size: 9 } } } } }),
    small('extensions', '11.1', {
      extensions: { 'org.example.review': { ticket: 7, approved: true } },
      model: { extensions: { 'org.example.tier': 'gold' } },
    }),
    small('foreign', '11.2', { foreign: { cyclonedx: { metadata: { properties: [{ name: 'x', value: 'y' }] } } } }),
    small('newer-version', '10.2', { bom: { specVersion: '1.1' }, model: { colour: 'red' } }),
    small('any-schema', '10.4', { $schema: 'https://example.org/msbom.schema.json' }),
    small('unicode', '1.5', { model: { name: 'Größe 模型 🙂', description: 'two\nlines' } }),
    small('licence-choice', '8.1', {
      model: {
        licenses: [
          { expression: 'MIT OR Apache-2.0', kind: 'declared' },
          { expression: 'LicenseRef-notice', kind: 'concluded' },
        ],
      },
    }),
    small('free-hyperparameters', '8.11', {
      model: { training: { hyperparameters: { seed: 1, betas: [0.9, 0.999], schedule: { warmup: null, name: 'cosine' } } } },
    }),
    small('vulnerability-of-subject', '3.3', {
      security: { vulnerabilities: { 'CVE-2026-0001': { id: 'CVE-2026-0001', affects: ['model'], status: 'under_investigation' } } },
    }),
    small('evidence-of-everything', '7.3', { evidence: [{ origin: 'supplied', method: 'values of the caller', values: { '': {} } }] }),
    small('dissent', '7.6', {
      parties: { auditor: { name: 'Example Audit GmbH', kind: 'organization' } },
      model: { languages: ['de'] },
      evidence: [
        { origin: 'declared', method: 'model card', values: { '': {} } },
        {
          origin: 'declared',
          method: 'audit',
          by: 'auditor',
          at: '2026-11-25T12:00:00Z',
          values: { '/model/languages': { said: ['de', 'en'] } },
        },
      ],
    }),
  ];
};
