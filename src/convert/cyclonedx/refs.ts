import type { Artifact, Component, Dataset, Environment, Manifest, ModelReference } from '../../schema/index.js';

/** bom-refs follow from ids and places, so that the same manifest gives the same document and no two things share one. */
export const refOf = {
  model: 'model',
  artifact: (artifact: Artifact): string => `file:${artifact.path}`,
  dataset: (dataset: Dataset, index: number): string => dataset.id ?? `dataset:${index}`,
  ancestor: (ancestor: ModelReference, index: number): string => ancestor.id ?? `ancestor:${index}`,
  component: (component: Component, index: number): string => component.id ?? `component:${index}`,
  environment: (environment: Environment, index: number): string => environment.id ?? `environment:${index}`,
};

/** bom-ref of everything that an id of the manifest may name. */
export function refsById(manifest: Manifest): ReadonlyMap<string, string> {
  const refs = new Map<string, string>([['model', refOf.model]]);
  const add = <T extends { readonly id?: string }>(items: readonly T[] | undefined, ref: (item: T, index: number) => string): void => {
    items?.forEach((item, index) => {
      if (item.id !== undefined) refs.set(item.id, ref(item, index));
    });
  };
  add(manifest.artifacts, refOf.artifact);
  add(manifest.datasets, refOf.dataset);
  add(manifest.lineage?.ancestors, refOf.ancestor);
  add(manifest.components, refOf.component);
  add(manifest.environments, refOf.environment);
  add(manifest.adapters, (adapter) => adapter.id);
  add(manifest.services, (service) => service.id ?? '');
  return refs;
}
