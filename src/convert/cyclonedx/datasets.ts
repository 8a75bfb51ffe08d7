/** Datasets as components of type `data`. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { Dataset } from '../../schema/index.js';
import { makeComponent, type Part, readComponent, readTable } from './component.js';
import { type Context, type Ids, refOfItem } from './context.js';
import { filePart, readFile } from './files.js';
import { type Json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique, uriOf, wordOf } from './json.js';
import type { Extra, MlComponent } from './library.js';
import { entity, readEntity, readPerson } from './parties.js';
import type { PropertyRow } from './properties.js';

const ROWS: readonly PropertyRow[] = [
  ['msbom:dataset:role', 'roles', 'texts'],
  ['msbom:dataset:language', 'languages', 'texts'],
  ['msbom:dataset:modality', 'content.modalities', 'texts'],
  ['msbom:dataset:contentType', 'content.types', 'texts'],
  ['msbom:dataset:format', 'content.format'],
  ['msbom:dataset:encoding', 'content.encoding'],
  ['msbom:dataset:label', 'content.labels', 'texts'],
  ['msbom:dataset:size:dataPoints', 'size.dataPoints', 'number'],
  ['msbom:dataset:size:bytes', 'size.bytes', 'number'],
  ['msbom:dataset:size:tokens', 'size.tokens', 'number'],
  ['msbom:dataset:size:images', 'size.images', 'number'],
  ['msbom:dataset:size:hours', 'size.hours', 'number'],
  ['msbom:dataset:size:bin', 'size.bin'],
  ['msbom:dataset:issued', 'dates.issued'],
  ['msbom:dataset:updated', 'dates.updated'],
  ['msbom:dataset:firstUsed', 'dates.firstUsed'],
  ['msbom:dataset:sourceCategory', 'sourceCategory'],
  ['msbom:dataset:provenanceStatus', 'provenanceStatus'],
  ['msbom:dataset:selection', 'selection'],
  ['msbom:dataset:assumptions', 'assumptions'],
  ['msbom:dataset:gap', 'gaps', 'texts'],
  ['msbom:dataset:collection:method', 'collection.method', 'texts'],
  ['msbom:dataset:collection', 'collection.description'],
  ['msbom:dataset:timeframe:start', 'timeframe.start'],
  ['msbom:dataset:timeframe:end', 'timeframe.end'],
  ['msbom:dataset:noise', 'statistics.noise'],
  ['msbom:dataset:representativeness', 'statistics.representativeness'],
  ['msbom:dataset:personalData', 'personalData.contains'],
  ['msbom:dataset:personalData:category', 'personalData.categories', 'texts'],
  ['msbom:dataset:personalData:special', 'personalData.special', 'flag'],
  ['msbom:dataset:legalBasis', 'personalData.legalBasis'],
  ['msbom:dataset:synthetic:share', 'synthetic.share', 'number'],
  ['msbom:dataset:synthetic:method', 'synthetic.method'],
  ['msbom:dataset:synthetic:generator', 'synthetic.generators', 'texts'],
  ['msbom:dataset:tdmReservation', 'rights.tdmReservation'],
  ['msbom:dataset:intendedUse', 'intendedUse'],
  ['msbom:dataset:access', 'access'],
  ['msbom:dataset:accessTerms', 'accessTerms'],
  ['msbom:dataset:updateMechanism', 'maintenance.updateMechanism'],
  ['msbom:dataset:maintenancePlan', 'maintenance.plan'],
  ['msbom:dataset:snapshot:count', 'snapshot.count', 'number'],
  ['msbom:dataset:snapshot:merkleRoot', 'snapshot.merkleRoot.sha256'],
];

export const refOfDataset = (dataset: Dataset, index: number, ref: Context['ref']): string => refOfItem('dataset', dataset.id, index, ref);

/** `files` are those of the manifest when the dataset is what it describes. */
export function dataComponent(dataset: Dataset, index: number, context: Context, files: readonly Part[] = []): MlComponent {
  const ref = refOfDataset(dataset, index, context.ref);
  return makeComponent(
    {
      ref,
      type: Enums.ComponentType.Data,
      name: dataset.name,
      version: dataset.version,
      description: dataset.description,
      identifiers: dataset.identifiers,
      digest: dataset.digest,
      licenses: dataset.licenses,
      properties: [
        ...(dataset.biases ?? []).map(({ description }) => ['msbom:dataset:bias', description] as const),
        ...(dataset.derivedFrom ?? []).map((id) => ['msbom:dataset:derivedFrom', context.target(id)] as const),
        ...(dataset.privacyMeasures ?? []).map(({ kind }) => ['msbom:dataset:privacyMeasure', kind] as const),
      ],
      table: [ROWS, dataset],
      references: (dataset.metadataRefs ?? []).flatMap(({ uri, title, digest }) =>
        uri === undefined ? [] : [{ type: 'documentation', url: uri, comment: title, digest }],
      ),
      nested: [...files, ...(dataset.files ?? []).map((file) => filePart(file, `${ref}/`, context))],
      extra: () => ({ data: [componentData(dataset, context)] }),
    },
    context,
  );
}

function componentData(dataset: Dataset, { party }: Context): Extra {
  const [issuer, maintainer] = [party(dataset.issuer), party(dataset.maintenance?.maintainer)];
  return pick({
    type: 'dataset',
    name: dataset.name,
    contents: dataset.uri === undefined ? undefined : { url: dataset.uri },
    classification: dataset.sensitivity?.level,
    sensitiveData: unique(dataset.sensitivity?.classes ?? []),
    governance: nonEmpty(
      pick({
        owners: issuer && [{ organization: entity(issuer) }],
        stewards: maintainer && [{ organization: entity(maintainer) }],
      }),
    ),
  });
}

/** Is a component a dataset, or does the model card say that it is one? */
export function isDataset(value: Json, refs: ReadonlySet<unknown>): boolean {
  return value.type === 'data' && (objectsOf(value.data).some(({ type }) => type === 'dataset') || refs.has(value['bom-ref']));
}

/** The id of the dataset of a component or of the model card, which stands at `index` in the manifest. */
export const datasetId = (value: Json, index: number, ids: Ids): string | undefined =>
  ids.assign(value['bom-ref'], `dataset:${index}`, textOf(value.name) ?? 'dataset');

/** The dataset of a component, with its id and its place among the datasets of the manifest. */
export function readDataset(value: Json, index: number, id: string | undefined, ids: Ids): Dataset | undefined {
  const read = readComponent(value);
  if (read === undefined) return undefined;
  const ref = textOf(value['bom-ref']);
  const { maintenance, ...table } = readTable<Dataset>(ROWS, read);
  const list = (name: string): readonly string[] => read.properties.get(name) ?? [];
  const [data] = objectsOf(value.data).filter(({ type }) => type === 'dataset');
  const { producer: _producer, supplier: _supplier, group: _group, copyright: _copyright, ...common } = read.common;
  const { maintainer, ...governed } = readData(data);
  return {
    ...pick({ id }),
    name: read.name,
    ...common,
    ...pick({
      digest: read.digest,
      biases: nonEmptyList(list('msbom:dataset:bias').map((description) => ({ description }))),
      privacyMeasures: nonEmptyList(list('msbom:dataset:privacyMeasure').map((kind) => ({ kind }))),
      derivedFrom: nonEmptyList(list('msbom:dataset:derivedFrom').flatMap((each) => ids.idOf(each) ?? [])),
      files: nonEmptyList(objectsOf(value.components).flatMap((each) => readFile(each, `${ref ?? `dataset:${index}`}/`, ids) ?? [])),
      metadataRefs: nonEmptyList(
        read.references.flatMap(({ type, url, comment, digest }) => {
          const uri = uriOf(url);
          return type !== 'documentation' || uri === undefined ? [] : [{ uri, ...pick({ title: comment, digest }) }];
        }),
      ),
      maintenance: nonEmpty({ ...maintenance, ...pick({ maintainer }) }),
    }),
    ...table,
    ...governed,
  };
}

const LEVELS = ['clear', 'green', 'amber', 'red'] as const;

type FromData = Pick<Dataset, 'uri' | 'sensitivity' | 'issuer'> & Pick<NonNullable<Dataset['maintenance']>, 'maintainer'>;

/** What component data says of a dataset, wherever it stands. */
function readData(data: Json | undefined): FromData {
  if (data === undefined) return {};
  const { owners, stewards } = objectOf(data.governance);
  return pick({
    uri: uriOf(objectOf(data.contents).url),
    sensitivity: nonEmpty(pick({ level: wordOf(data.classification, LEVELS), classes: nonEmptyList(textsOf(data.sensitiveData)) })),
    issuer: governor(owners),
    maintainer: governor(stewards),
  });
}

function governor(list: unknown): ReturnType<typeof readEntity> {
  const [first] = objectsOf(list);
  return readEntity(first?.organization) ?? readPerson(first?.contact);
}

/** A dataset that stands in the model card itself. */
export function readInlineDataset(value: Json, id: string | undefined): Dataset | undefined {
  const name = textOf(value.name);
  if (name === undefined || (value.type !== undefined && value.type !== 'dataset')) return undefined;
  const { maintainer, ...governed } = readData(value);
  return {
    ...pick({ id }),
    name,
    ...pick({ description: textOf(value.description), maintenance: maintainer === undefined ? undefined : { maintainer } }),
    ...governed,
  };
}
