/** Manifests as documents of other standards, each with a list of what it could not carry. */
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
