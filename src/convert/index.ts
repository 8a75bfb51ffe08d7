/** Manifests as documents of other standards, each with a list of what it could not carry. */

export { CONSUMERS, type Consumer } from './consumers.js';
export { type FromCycloneDX, type FromCycloneDXOptions, fromCycloneDX, isCycloneDX } from './cyclonedx/from.js';
export {
  type Conversion,
  CYCLONEDX_VERSIONS,
  type CycloneDXDocument,
  type CycloneDXOptions,
  type CycloneDXVersion,
  stringifyCycloneDX,
  toCycloneDX,
} from './cyclonedx/index.js';
export { CYCLONEDX_FINDINGS, lintCycloneDX } from './cyclonedx/lint.js';
export { validateCycloneDX } from './cyclonedx/strict.js';
export { type DocumentKind, kindOf } from './detect.js';
export {
  fromSPDX,
  type SPDXConversion,
  type SPDXDocument,
  type SPDXOptions,
  type SPDXReading,
  stringifySPDX,
  toSPDX,
} from './spdx/index.js';
export { lintSPDX, SPDX_FINDINGS } from './spdx/lint.js';
export { toTagValue } from './spdx/tag-value.js';
export { type SPDX2Document, toSPDX2 } from './spdx/v2.js';
export { upgradeSPDX2 } from './spdx/v2-upgrade.js';
export { type DocumentOptions, type DocumentResult, type OpenedDocument, openDocument, validateDocument } from './validate.js';
