import type { ModelFacts } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import type { PickleImport, PickleValue } from '../shared/pickle/index.js';
import { dottedName } from '../shared/pickle/index.js';
import type { NamedTensor } from './walk.js';

export type TorchForm =
  | 'zip'
  | 'TorchScript'
  | 'legacy'
  | 'tar'
  | 'pt2'
  | 'distributed metadata'
  | 'distributed data'
  | 'TorchServe archive'
  | 'NeMo archive';

/** A file of PyTorch, whatever its form. */
export interface TorchHeader {
  readonly form: TorchForm;
  readonly formatVersion?: string | undefined;
  /** What the pickle holds; null where there is none. */
  readonly root: PickleValue;
  readonly tensors: readonly NamedTensor[];
  /** Dotted names, sorted. */
  readonly imports: readonly string[];
  readonly metadata: readonly (readonly [string, string | undefined])[];
  readonly notInspected: readonly string[];
  /** What a form says beside its pickle. */
  readonly more?: Partial<ModelFacts>;
  readonly findings?: readonly Finding[];
}

/** Names of imports, each once, sorted. */
export function importNames(imports: Iterable<PickleImport>): readonly string[] {
  return [...new Set([...imports].map(dottedName))].sort();
}
