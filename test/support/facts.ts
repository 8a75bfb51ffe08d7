import type { FileFacts } from '../../src/formats/index.js';

/** What a format's own library said of one file. */
export interface RecordedFile {
  readonly format: string;
  readonly path: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Why our value of a fact is meant to be another. */
  readonly explained: Readonly<Record<string, string>>;
  readonly libraries: Readonly<Record<string, string>>;
}

const named = (item: { readonly value: { readonly name: string; readonly version?: string | undefined } }): string =>
  [item.value.name, item.value.version].filter(Boolean).join(' ');

/** Facts that are not plain members, as the libraries print them. */
const SHAPED: Readonly<Record<string, (found: FileFacts) => unknown>> = {
  shapes: ({ tensors }) => Object.fromEntries(tensors.map(({ name, shape }) => [name, shape])),
  types: ({ tensors }) => Object.fromEntries(tensors.map(({ name, dtype }) => [name, dtype])),
  producers: ({ facts }) => (facts.producers ?? []).map(named),
  requires: ({ facts }) => (facts.requires ?? []).map(named),
  hyperparameters: ({ facts }) => Object.fromEntries((facts.hyperparameters ?? []).map(({ value }) => [value.name, value.value])),
  datasets: ({ facts }) => (facts.datasets ?? []).map(({ value }) => value.name),
  imports: ({ facts }) => facts.imports ?? [],
  companions: ({ facts }) => facts.companions ?? [],
  notInspected: ({ facts }) => facts.notInspected ?? [],
};

/** One of our facts by its name: `tensors.count`, `license`, `metadata.KEY`, `hyperparameters.NAME`, or one of the shaped ones. */
export function factOf(found: FileFacts | undefined, name: string): unknown {
  if (found === undefined) return undefined;
  const [head = '', ...rest] = name.split('.');
  const tail = rest.join('.');
  const value: unknown = SHAPED[head]?.(found) ?? (found.facts as unknown as Record<string, unknown>)[head];
  if (tail !== '') return (value as Record<string, unknown> | undefined)?.[tail];
  return typeof value === 'object' && value !== null && 'value' in value && 'key' in value ? value.value : value;
}
