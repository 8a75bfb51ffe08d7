/** Writing a manifest in a program: the fluent builder used by training scripts. */
export { type BuildOptions, type LibraryOptions, type ManifestDraft, manifest } from './builder.js';
export type {
  DatasetInput,
  EvaluationInput,
  Given,
  ModelInput,
  OtherModelInput,
  ParentInput,
  RobustnessTestInput,
  UseInput,
} from './input.js';
