/** What a change of a place in a manifest means: which part of the model it touches, and how serious it is. */
import type { Severity } from '../core/finding.js';

/** Parts of the model that a change may touch. */
export const CHANGE_AREAS = [
  'weights',
  'code',
  'files',
  'identity',
  'licences',
  'lineage',
  'data',
  'training',
  'hyperparameters',
  'metrics',
  'components',
  'environment',
  'security',
  'governance',
  'evidence',
  'document',
  'other',
] as const;

/** What part of the model a change touches. */
export type ChangeArea = (typeof CHANGE_AREAS)[number];

export interface Weight {
  readonly area: ChangeArea;
  readonly severity: Severity;
}

/** First match decides. Patterns are of pointers as they are, keys and all. */
const RULES: readonly (Weight & { readonly pattern: RegExp })[] = [
  { pattern: /^\/(bom|\$schema|foreign|extensions)(\/|$)/, area: 'document', severity: 'info' },
  { pattern: /^\/evidence/, area: 'evidence', severity: 'info' },
  { pattern: /\/licenses(\/|$)/, area: 'licences', severity: 'high' },
  { pattern: /^\/models(\/[^/]+)?$/, area: 'lineage', severity: 'high' },
  { pattern: /^\/(model|models\/[^/]+)\/(lineage\/(parents|scratch)|composition)(\/|$)/, area: 'lineage', severity: 'high' },
  // All of it came or went.
  { pattern: /^\/(model|models\/[^/]+)\/lineage$/, area: 'lineage', severity: 'high' },
  { pattern: /^\/(model|models\/[^/]+)\/lineage(\/|$)/, area: 'lineage', severity: 'medium' },
  { pattern: /^\/model\/(digest|quantization|architecture|parameterCount)(\/|$)/, area: 'weights', severity: 'high' },
  { pattern: /^\/models\/[^/]+\/digest(\/|$)/, area: 'lineage', severity: 'high' },
  { pattern: /^\/models\/[^/]+\/(name|group|version|identifiers)(\/|$)/, area: 'lineage', severity: 'medium' },
  { pattern: /^\/(model|models\/[^/]+)\/remoteCode/, area: 'code', severity: 'high' },
  { pattern: /^\/(model|models\/[^/]+)\/training\/(.*\/)?hyperparameters(\/|$)/, area: 'hyperparameters', severity: 'medium' },
  { pattern: /^\/(model|models\/[^/]+)\/training\/(.*\/)?uses(\/|$)/, area: 'data', severity: 'high' },
  { pattern: /^\/(model|models\/[^/]+)\/training\/(.*\/)?metrics(\/|$)/, area: 'metrics', severity: 'low' },
  { pattern: /^\/(model|models\/[^/]+)\/training\/(code|stages)(\/|$)/, area: 'training', severity: 'medium' },
  { pattern: /^\/(model|models\/[^/]+)\/training(\/|$)/, area: 'training', severity: 'low' },
  { pattern: /^\/model\/(name|group|version|identifiers|producer|supplier)(\/|$)/, area: 'identity', severity: 'medium' },
  { pattern: /^\/(model|models)(\/|$)/, area: 'identity', severity: 'low' },
  {
    pattern: /^\/artifacts\/[^/]+\/(inspection|metadata|note|properties|producers|requires|format|tensors|scan)(\/|$)/,
    area: 'files',
    severity: 'low',
  },
  { pattern: /^\/datasets(\/[^/]+)?$/, area: 'data', severity: 'high' },
  {
    pattern: /^\/datasets\/[^/]+\/(digest|files|snapshot|version|personalData|roles|sources|splits)(\/|$)/,
    area: 'data',
    severity: 'high',
  },
  { pattern: /^\/datasets(\/|$)/, area: 'data', severity: 'medium' },
  { pattern: /^\/(evaluations|robustnessTests)(\/|$)/, area: 'metrics', severity: 'medium' },
  { pattern: /^\/security(\/|$)/, area: 'security', severity: 'medium' },
  { pattern: /^\/(components|dependencies)(\/|$)/, area: 'components', severity: 'medium' },
  { pattern: /^\/environments(\/|$)/, area: 'environment', severity: 'low' },
  { pattern: /^\/usage\/prohibited/, area: 'governance', severity: 'medium' },
  {
    pattern: /^\/(parties|usage|governance|risk|attestations|distribution|system|services|documents|provenance|changes)(\/|$)/,
    area: 'governance',
    severity: 'low',
  },
];

/** What of an artifact says that its bytes, or their meaning, are others. */
const BYTES = /^\/artifacts\/[^/]+(\/(digest|size|role|pointer|chatTemplates).*)?$/;

const FILE: Weight = { area: 'files', severity: 'medium' };
/** By the role of the file that was added, removed or has other bytes. */
const ROLES: Readonly<Record<string, Weight>> = {
  weights: { area: 'weights', severity: 'high' },
  adapter: { area: 'weights', severity: 'high' },
  checkpoint: { area: 'weights', severity: 'high' },
  code: { area: 'code', severity: 'high' },
  template: { area: 'code', severity: 'high' },
  archive: { area: 'files', severity: 'high' },
  container: { area: 'files', severity: 'high' },
  data: { area: 'data', severity: 'medium' },
  license: { area: 'licences', severity: 'high' },
  signature: { area: 'files', severity: 'low' },
  document: { area: 'files', severity: 'low' },
};

/** @param role of the artifact that the place is in */
export function weightOf(pointer: string, role: string | undefined): Weight {
  if (BYTES.test(pointer)) return role !== undefined && Object.hasOwn(ROLES, role) ? (ROLES[role] ?? FILE) : FILE;
  const { area, severity } = RULES.find(({ pattern }) => pattern.test(pointer)) ?? { area: 'other', severity: 'low' };
  return { area, severity };
}
