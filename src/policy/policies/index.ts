/** Ready policies. Their roles are of nobody: who they are is for whoever uses them to say. */
import { MsbomError } from '../../core/error.js';
import { nearest } from '../../core/nearest.js';
import { PREDICATES } from '../../sign/index.js';
import type { Policy, Rule } from '../policy.js';

/** What loads without running anything, and what describes it. */
const INERT = ['*.safetensors', '*.gguf', '*.json', '*.md', '*.txt', '*.model', 'LICENSE*', 'NOTICE*'].flatMap((glob) => [
  glob,
  `**/${glob}`,
]);

const signedModel: Rule = {
  id: 'model-signed',
  require: 'signature',
  by: ['creator'],
  description: 'The model is as its creator signed it.',
};
const signedParents: Rule = {
  id: 'parents-signed',
  require: 'signature',
  on: ['base-model', 'adapter', 'dataset', 'teacher', 'tokenizer'],
  by: ['creator', 'supplier'],
  description: 'What went in is as its creator or supplier signed it.',
};
const madeFrom = (...roles: readonly ('base-model' | 'adapter' | 'dataset' | 'teacher' | 'tokenizer')[]): readonly Rule[] =>
  roles.map((role) => ({
    id: `${role}-verified`,
    require: 'edge',
    role,
    min: 0,
    by: ['builder'],
    description: `Provenance is there, and every ${role} that it states is verified.`,
  }));
const described: Rule = {
  id: 'manifest-signed',
  require: 'claim',
  type: PREDICATES.manifest,
  by: ['creator'],
  description: 'Its creator says what it is made of.',
};
const complete: Rule = { id: 'handed-over', require: 'handoff', by: ['creator', 'supplier'], description: 'No claim was taken away.' };

const POLICIES: Readonly<Record<string, Policy>> = {
  'deploy-strict': {
    policyVersion: '1.0',
    id: 'deploy-strict',
    description:
      'What runs in production: signed, with its whole ancestry, tested, scanned, and of files that run nothing when they are loaded.',
    roles: {
      creator: { description: 'Whoever releases the model.', anyOf: [] },
      builder: { description: 'What trained or converted it.', anyOf: [] },
      supplier: { description: 'Whoever released what it was made from.', anyOf: [] },
      evaluator: { description: 'Whoever tested it.', anyOf: [] },
    },
    rules: [
      signedModel,
      signedParents,
      ...madeFrom('base-model', 'adapter', 'dataset', 'teacher', 'tokenizer'),
      described,
      { id: 'inert-files', require: 'files', only: INERT, description: 'No file runs anything when it is loaded.' },
      {
        id: 'scanned',
        require: 'scan',
        by: ['creator', 'evaluator'],
        maxAgeDays: 90,
        description: 'A scan of the last 90 days found nothing.',
      },
      {
        id: 'tested',
        require: 'claim',
        type: PREDICATES.testResult,
        by: ['evaluator'],
        maxAgeDays: 180,
        when: 'predicate.result == "PASSED"',
        description: 'It passed a test in the last 180 days.',
      },
      complete,
    ],
  },
  'adopt-third-party': {
    policyVersion: '1.0',
    id: 'adopt-third-party',
    description: 'A model of somebody else comes in: signed by its supplier, with a licence that may be used, scanned by you.',
    roles: {
      supplier: { description: 'Whoever released the model.', anyOf: [] },
      reviewer: { description: 'Whoever of you looked at it.', anyOf: [] },
    },
    rules: [
      { id: 'model-signed', require: 'signature', by: ['supplier'], description: 'The model is as its supplier signed it.' },
      { id: 'inert-files', require: 'files', only: INERT, description: 'No file runs anything when it is loaded.' },
      {
        id: 'manifest-signed',
        require: 'claim',
        type: PREDICATES.manifest,
        by: ['supplier', 'reviewer'],
        description: 'Somebody says what it is made of.',
      },
      {
        id: 'license-allowed',
        require: 'license',
        anyOf: ['Apache-2.0', 'MIT', 'BSD-2-Clause', 'BSD-3-Clause', 'CC-BY-4.0', 'CC0-1.0'],
        by: ['supplier', 'reviewer'],
        description: 'Its licence may be used.',
      },
      { id: 'scanned', require: 'scan', by: ['reviewer'], maxAgeDays: 30, description: 'Your own scan of the last 30 days found nothing.' },
    ],
  },
  'eu-high-risk': {
    policyVersion: '1.0',
    id: 'eu-high-risk',
    description:
      'Evidence for a high-risk system of Regulation (EU) 2024/1689: data and data governance (Article 10), documentation (11), human oversight (14), accuracy and robustness (15). It shows that the evidence is there and signed, not that the law is met.',
    roles: {
      creator: { description: 'The provider.', anyOf: [] },
      builder: { description: 'What trained or converted it.', anyOf: [] },
      supplier: { description: 'Whoever released what it was made from.', anyOf: [] },
      evaluator: { description: 'Whoever tested it.', anyOf: [] },
    },
    rules: [
      signedModel,
      signedParents,
      ...madeFrom('base-model', 'adapter', 'teacher', 'tokenizer'),
      {
        id: 'datasets-verified',
        require: 'edge',
        role: 'dataset',
        min: 1,
        by: ['builder'],
        description: 'The data that it was trained with is known and signed (Article 10).',
      },
      {
        id: 'purpose-documented',
        require: 'claim',
        type: PREDICATES.manifest,
        by: ['creator'],
        when: 'has(predicate.usage) && has(predicate.usage.intendedPurpose) && has(predicate.usage.humanOversight)',
        description: 'Its intended purpose and human oversight are documented (Articles 11 and 14).',
      },
      {
        id: 'accuracy-tested',
        require: 'claim',
        type: PREDICATES.testResult,
        by: ['evaluator'],
        maxAgeDays: 365,
        when: 'predicate.result == "PASSED"',
        description: 'It passed a test of accuracy or robustness in the last year (Article 15).',
      },
      complete,
    ],
  },
};

export const POLICY_IDS: readonly string[] = Object.keys(POLICIES);

/** @throws ERR_POLICY_INVALID for a name that is none */
export function readyPolicy(id: string): Policy {
  const found = Object.hasOwn(POLICIES, id) ? POLICIES[id] : undefined;
  if (found !== undefined) return found;
  const guess = nearest(id, POLICY_IDS);
  throw new MsbomError('ERR_POLICY_INVALID', `there is no policy ${JSON.stringify(id)}`, {
    hint: guess === undefined ? `give a file that ends in .json, or one of ${POLICY_IDS.join(', ')}` : `did you mean ${guess}?`,
  });
}
