/** Manifests as documents of other standards and back, each with a list of what it does not say. */

export { CONSUMERS, type Consumer } from '../../convert/consumers.js';
export { CYCLONEDX_FINDINGS, lintCycloneDX } from '../../convert/cyclonedx/lint.js';
export { validateCycloneDX } from '../../convert/cyclonedx/strict.js';
export { type DocumentKind, kindOf } from '../../convert/detect.js';
export { lintSPDX, SPDX_FINDINGS } from '../../convert/spdx/lint.js';
export { toTagValue } from '../../convert/spdx/tag-value.js';
export { upgradeSPDX2 } from '../../convert/spdx/v2-upgrade.js';
export { type DocumentOptions, type DocumentResult, validateDocument } from '../../convert/validate.js';
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
export { type OpenedDocument, openDocument, readSource, type SourceOptions, type SourceRead } from './document.js';
export type { Conversion, WriteOptions } from './options.js';
export { fromSPDX2, type SPDX2Document, toSPDX2 } from './spdx2/index.js';
export { fromSPDX, type SPDXDocument, type SPDXReading, stringifySPDX, toSPDX } from './spdx3/index.js';
