/** Writing a manifest in a program: the fluent builder used by training scripts. */
export {
  type BuildOptions,
  type DatasetInput,
  type EvaluationInput,
  type LibraryOptions,
  type ManifestDraft,
  type ModelInput,
  manifest,
} from './builder.js';
