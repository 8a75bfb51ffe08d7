/** Manifests as documents of other standards and back, each with a list of what it does not say. */

export { CONSUMERS, type Consumer } from './consumers.js';
export {
  CYCLONEDX_VERSIONS,
  type CycloneDXDocument,
  type CycloneDXOptions,
  type CycloneDXVersion,
  type FromCycloneDX,
  type FromCycloneDXOptions,
  fromCycloneDX,
  isCycloneDX,
  stringifyCycloneDX,
  toCycloneDX,
} from './cyclonedx/index.js';
export { CYCLONEDX_FINDINGS, lintCycloneDX } from './cyclonedx/lint.js';
export { validateCycloneDX } from './cyclonedx/strict.js';
export { type DocumentKind, kindOf } from './detect.js';
export { type OpenedDocument, openDocument, readSource, type SourceOptions, type SourceRead } from './document.js';
export type { Conversion, WriteOptions } from './options.js';
export { fromSPDX2, type SPDX2Document, toSPDX2 } from './spdx2/index.js';
export { toTagValue } from './spdx2/tag-value.js';
export { upgradeSPDX2 } from './spdx2/upgrade.js';
export { fromSPDX, type SPDXDocument, type SPDXReading, stringifySPDX, toSPDX } from './spdx3/index.js';
export { lintSPDX, SPDX_FINDINGS } from './spdx3/lint.js';
export { type DocumentOptions, type DocumentResult, validateDocument } from './validate.js';
