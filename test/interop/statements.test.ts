/** Our statements as in-toto's own definitions read them (`in-toto-attestation` of PyPI): those refuse every member that they do not know. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { handoff, provenance, type RunKind, type Statement, testResult, type Verdict, verificationSummary } from '../../src/sign/index.js';
import { sha256 } from '../support/signatures.js';
import { PYTHON } from './python.js';

const subject = [{ name: 'm', digest: { sha256: sha256('root') } }];
const at = new Date('2026-01-02T03:04:05Z');
const verdict: Verdict = { version: 1, ok: true, model: 'm', root: { sha256: sha256('root') }, reasons: [], notes: [], relaxed: [] };
const KINDS: readonly RunKind[] = ['train', 'finetune', 'quantize', 'merge', 'convert', 'evaluate'];
const STATEMENTS: readonly Statement[] = [
  ...KINDS.map((kind) =>
    provenance({
      subject,
      kind,
      parameters: { recipe: { rate: '2e-4' } },
      internal: { seed: '42' },
      inputs: [
        { name: 'base', digest: { sha256: sha256('base') }, mediaType: 'application/octet-stream', role: 'base-model' },
        { uri: 'git+https://git.example/x', digest: { gitCommit: 'a'.repeat(40) }, role: 'code' },
      ],
      builder: 'https://ci.example',
      invocation: 'run-1',
      started: at,
      finished: at,
      byproducts: [{ name: 'log', digest: { sha256: sha256('log') } }],
    }),
  ),
  testResult({
    subject,
    result: 'PASSED',
    configuration: [{ uri: 'https://eval.example' }],
    url: 'https://eval.example/1',
    passed: ['a'],
    warned: ['b'],
    failed: [],
  }),
  ...[true, false].map((ok) =>
    verificationSummary({
      verdict: { ...verdict, ok },
      verifier: 'https://verify.example',
      at,
      resource: 'oci://registry.example/m',
      policy: { uri: 'urn:policy', digest: { sha256: sha256('policy') } },
      inputs: [{ uri: 'urn:signature', digest: { sha256: sha256('signature') } }],
    }),
  ),
  handoff({ subject, from: 'urn:a', to: 'urn:b', at, purpose: 'release', priorClaims: [`sha256:${sha256('x')}`] }),
];

const read = (statements: readonly unknown[]): readonly (string | null)[] => {
  const script = fileURLToPath(new URL('../../scripts/interop/in-toto.py', import.meta.url));
  return JSON.parse(execFileSync(PYTHON, [script], { input: JSON.stringify(statements), encoding: 'utf8' })) as (string | null)[];
};

/** Release 0.9.3 has one level where the specification of SLSA has a list of them (`"verifiedLevels": ["<SlsaResult>"]`). */
const asTheyHaveIt = STATEMENTS.map((each) => {
  const { verifiedLevels } = each.predicate;
  return Array.isArray(verifiedLevels) ? { ...each, predicate: { ...each.predicate, verifiedLevels: verifiedLevels[0] } } : each;
});

it('are read without a fault', () => {
  expect(read(asTheyHaveIt)).toEqual(STATEMENTS.map(() => null));
});
it('are not read when they have a fault', () => {
  const faults = read(asTheyHaveIt.map((each) => ({ ...each, more: 1 })));
  expect(faults.every((fault) => fault !== null)).toBe(true);
  const inPredicate = asTheyHaveIt.slice(0, -1).map((each) => ({ ...each, predicate: { ...each.predicate, more: 1 } }));
  expect(read(inPredicate).every((fault) => fault !== null)).toBe(true);
});
