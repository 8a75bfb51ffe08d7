import { NAMED } from './common.js';
import type { Row } from './row.js';

/**
 * A model. Of the subject, members of the sections about it stand beside its own (`usage`, `risk`, `security`), and go to the
 * same places.
 */
export const MODEL: readonly Row[] = [
  ...NAMED,
  { at: 'timestamp', spdx3: 'builtTime', spdx2: 'builtDate', codec: 'seconds' },
  { at: 'releaseDate', spdx3: 'releaseTime', spdx2: 'releaseDate', codec: 'day' },
  { at: 'uri', spdx3: 'software_homePage', spdx2: 'homepage', codec: 'text' },
  { at: 'tags', cyclonedx: 'tags', since: '1.6', codec: 'texts' },
  { at: 'types', cyclonedx: 'modelCard.modelParameters.task', spdx3: 'ai_typeOfModel[]', codec: { cyclonedx: 'first', spdx3: 'texts' } },
  {
    at: 'architecture.family',
    cyclonedx: 'modelCard.modelParameters.architectureFamily',
    spdx3: 'ai_typeOfModel[]',
    codec: 'text',
    writeOnly: ['spdx3'],
  },
  {
    at: 'architecture.name',
    cyclonedx: 'modelCard.modelParameters.modelArchitecture',
    spdx3: 'ai_typeOfModel[]',
    codec: 'text',
    writeOnly: ['spdx3'],
  },
  {
    at: 'learningApproaches',
    cyclonedx: 'modelCard.modelParameters.approach.type',
    spdx3: 'ai_typeOfModel[]',
    codec: { cyclonedx: 'approach', spdx3: 'texts' },
    writeOnly: ['spdx3'],
  },
  { at: 'languages', cyclonedx: 'cdx:ai-ml:model:language', codec: 'texts' },
  { at: 'parameterCount.total', cyclonedx: 'cdx:ai-ml:model:parameter:count', codec: 'numberText' },
  { at: 'contextLength', cyclonedx: 'cdx:ai-ml:model:hyperparameter:context_length', codec: 'numberText' },
  { at: 'vocabularySize', cyclonedx: 'cdx:ai-ml:model:hyperparameter:vocab_size', codec: 'numberText' },
  { at: 'quantization.method', cyclonedx: 'cdx:ai-ml:model:hyperparameter:quantization', codec: 'text' },
  {
    at: 'limitations',
    cyclonedx: 'modelCard.considerations.technicalLimitations',
    spdx3: 'ai_limitation',
    codec: { cyclonedx: 'texts', spdx3: 'lines' },
  },
  { at: 'designSpecification.tradeOffs', cyclonedx: 'modelCard.considerations.performanceTradeoffs', codec: 'lineList' },
  { at: 'explainability', spdx3: 'ai_modelExplainability', codec: 'oneOfList' },
  { at: 'autonomy', spdx3: 'ai_autonomyType', codec: 'presence' },
  { at: 'safetyRisk', spdx3: 'ai_safetyRiskAssessment', codec: 'safetyRisk' },
  { at: 'training.methods', spdx3: 'ai_informationAboutTraining', codec: 'lines' },
  { at: 'training.preprocessing', spdx3: 'ai_modelDataPreprocessing', codec: 'texts' },
];

/** Sections about the subject, on the element of the subject. */
export const SUBJECT: readonly Row[] = [
  { at: 'usage.users', cyclonedx: 'modelCard.considerations.users', codec: 'texts' },
  { at: 'usage.domains', spdx3: 'ai_domain', codec: 'texts' },
  { at: 'security.supportPeriod.end', spdx3: 'validUntilTime', spdx2: 'validUntilDate', codec: 'day' },
];
