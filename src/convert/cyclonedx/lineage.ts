/** Where a model came from, as pedigree; adapters that ship with it, as models of their own. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { Adapter, Lineage, ModelReference } from '../../schema/index.js';
import { makeComponent, readComponent, readTable } from './component.js';
import { type Context, type Ids, type Normalize, refOfItem, refTo } from './context.js';
import { entriesOf, type Json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, unique, uriOf, wordOf } from './json.js';
import type { Extra, MlComponent } from './library.js';
import type { Property, PropertyRow } from './properties.js';

/** How a model was made from its ancestors, in the words of the official taxonomy. */
export const TUNE_METHOD = 'cdx:ai-ml:model:parameter:tune_method';
const ANCESTOR_ROWS: readonly PropertyRow[] = [
  [TUNE_METHOD, 'relation'],
  ['msbom:lineage:role', 'role'],
  ['msbom:lineage:weight', 'weight', 'number'],
  ['msbom:lineage:verification', 'verification'],
];
const RELATIONS = ['scratch', 'finetune', 'distill', 'merge', 'quantize', 'adapter', 'continue', 'convert', 'prune', 'other'] as const;

/** The pedigree of a model; its relation to the ancestors is a property of the component. */
export function pedigree(lineage: Lineage | undefined, context: Context, normalize: Normalize): Extra | undefined {
  const ancestors = (lineage?.ancestors ?? []).map((ancestor, i) => normalize(ancestorComponent(ancestor, i, context)));
  return nonEmpty(pick({ ancestors: unique(ancestors), notes: lineage?.modifications }));
}

export const refOfAncestor = (ancestor: ModelReference, index: number, ref: Context['ref']): string =>
  refOfItem('ancestor', ancestor.id, index, ref);

function ancestorComponent(ancestor: ModelReference, index: number, context: Context): MlComponent {
  const { uri, summaryUri, manifest } = ancestor;
  return makeComponent(
    {
      ref: refOfAncestor(ancestor, index, context.ref),
      type: Enums.ComponentType.MachineLearningModel,
      name: ancestor.name,
      version: ancestor.version,
      identifiers: ancestor.identifiers,
      digest: ancestor.digest,
      licenses: ancestor.licenses,
      producer: ancestor.producer,
      references: [
        ...(uri === undefined ? [] : [{ type: 'website', url: uri }]),
        ...(summaryUri === undefined ? [] : [{ type: 'documentation', url: summaryUri, comment: 'training summary' }]),
        ...(manifest?.uri === undefined ? [] : [{ type: 'bom', url: manifest.uri, comment: manifest.title, digest: manifest.digest }]),
      ],
      table: [ANCESTOR_ROWS, ancestor],
      properties: (ancestor.parents ?? []).map((parent): Property => ['msbom:lineage:parent', context.target(parent)]),
    },
    context,
  );
}

/** The lineage that a component's pedigree and properties tell of. */
export function readLineage(component: Json, ids: Ids): Lineage | undefined {
  const { ancestors, notes } = objectOf(component.pedigree);
  const relation = wordOf(readComponent(component)?.properties.get(TUNE_METHOD)?.[0], RELATIONS);
  const values = objectsOf(ancestors);
  const given = values.map((value, i) => ids.assign(value['bom-ref'], `ancestor:${i}`, textOf(value.name) ?? 'ancestor'));
  return nonEmpty(
    pick({
      relation,
      ancestors: nonEmptyList(values.flatMap((value, i) => readAncestor(value, given[i], ids) ?? [])),
      modifications: textOf(notes),
    }),
  );
}

function readAncestor(value: Json, id: string | undefined, ids: Ids): ModelReference | undefined {
  const read = readComponent(value);
  if (read === undefined) return undefined;
  const { version, identifiers, licenses, producer } = read.common;
  const reference = (type: string, comment?: string) =>
    read.references.find((each) => each.type === type && (comment === undefined || each.comment === comment));
  const bom = reference('bom');
  const manifest = uriOf(bom?.url);
  return {
    ...pick({ id }),
    name: read.name,
    ...pick({ version, identifiers, licenses, producer, digest: read.digest }),
    ...readTable<ModelReference>(ANCESTOR_ROWS, read),
    ...pick({
      parents: nonEmptyList((read.properties.get('msbom:lineage:parent') ?? []).flatMap((parent) => ids.idOf(parent) ?? [])),
      uri: uriOf(reference('website')?.url),
      summaryUri: uriOf(reference('documentation', 'training summary')?.url),
      manifest: manifest === undefined ? undefined : { uri: manifest, ...pick({ title: bom?.comment, digest: bom?.digest }) },
    }),
  };
}

const ADAPTER = 'msbom:adapter';
const ADAPTER_ROWS: readonly PropertyRow[] = [
  ['msbom:adapter:method', 'method'],
  ['cdx:ai-ml:model:parameter:count', 'parameterCount', 'number'],
  ['msbom:adapter:artifact', 'artifacts', 'texts'],
  ['msbom:rootDigest', 'digest', 'map'],
];

export function adapterComponent(adapter: Adapter, context: Context): MlComponent {
  const { id, lineage, datasets = [] } = adapter;
  const used = unique(datasets.flatMap((each) => refTo(each, context)));
  return makeComponent(
    {
      ref: context.ref(id),
      type: Enums.ComponentType.MachineLearningModel,
      name: adapter.name ?? id,
      version: adapter.version,
      identifiers: adapter.identifiers,
      licenses: adapter.licenses,
      producer: adapter.producer,
      properties: [[ADAPTER, true], [TUNE_METHOD, lineage?.relation], ...settingsProperties(adapter.hyperparameters)],
      table: [ADAPTER_ROWS, adapter],
      extra: () => ({
        modelCard: used.length === 0 ? undefined : { modelParameters: { datasets: used } },
      }),
    },
    context,
  );
}

/** Scalar settings of an adapter under the names of the official taxonomy; the residual keeps their types. */
const settingsProperties = (settings: Readonly<Record<string, unknown>> | undefined): readonly Property[] =>
  entriesOf(settings).flatMap(([name, value]): Property[] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[`msbom:adapter:hyperparameter:${name}`, value]]
      : [],
  );

export const isAdapter = (value: Json): boolean =>
  value.type === 'machine-learning-model' && objectsOf(value.properties).some(({ name }) => name === ADAPTER);

export function readAdapter(value: Json, ids: Ids): Adapter | undefined {
  const read = readComponent(value);
  if (read === undefined) return undefined;
  const id = ids.require(value['bom-ref'], read.name);
  const { version, identifiers, licenses, producer } = read.common;
  const relation = wordOf(read.properties.get(TUNE_METHOD)?.[0], RELATIONS);
  const { modelParameters } = objectOf(value.modelCard);
  const datasets = objectsOf(objectOf(modelParameters).datasets).flatMap(({ ref }) => ids.idOf(ref) ?? []);
  return {
    id,
    ...(read.name === id ? {} : { name: read.name }),
    ...pick({ version, identifiers, licenses, producer, lineage: relation && { relation }, datasets: nonEmptyList(datasets) }),
    ...readTable<Adapter>(ADAPTER_ROWS, read),
  };
}
