/**
 * Which weight files speak for the model. What an adapter, or the projector of another modality, says of itself (name,
 * architecture, training) is not true of the model that it lies beside.
 */
import type { ModelFacts } from '../core/facts.js';
import { type Contribution, directoryOf } from './contribution.js';
import { roleAt, roleByName } from './roles.js';
import type { WeightFile } from './weights.js';

/** llama.cpp writes what turns images or sound into tokens to a GGUF of its own (`mmproj-*.gguf`). */
export const isProjector = ({ format, architecture, metadata }: ModelFacts): boolean =>
  format === 'gguf' && (architecture?.value === 'clip' || metadata?.['general.type'] === 'mmproj');

/** Files that lie beside the model's weights and are no copy of them; none where there are no other weights. */
export function filesBeside(weights: readonly WeightFile[], paths: ReadonlySet<string>): ReadonlySet<string> {
  const beside = new Set<string>();
  let isModelHere = false;
  for (const { path, facts } of weights) {
    const role = roleAt(path, facts?.role ?? roleByName(path));
    const inAdapter = directoryOf(path) !== '' && paths.has(`${directoryOf(path)}adapter_config.json`);
    if (role === 'adapter' || (role === 'weights' && inAdapter) || (facts !== undefined && isProjector(facts))) beside.add(path);
    else if (role === 'weights') isModelHere = true;
  }
  return isModelHere ? beside : new Set();
}

/** What the headers say: of each file, and of the model where the file speaks for it. */
export function headerContributions(weights: readonly WeightFile[], beside: ReadonlySet<string>): readonly Contribution[] {
  return weights.flatMap(({ path, contributions }) =>
    beside.has(path) ? contributions.filter(({ kind }) => kind === 'file') : contributions,
  );
}
