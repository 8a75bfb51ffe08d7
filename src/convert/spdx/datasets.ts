/** Datasets as dataset packages. */
import type { Dataset } from '../../schema/index.js';
import { COUNT, COUNT_TEXT, DAY, type Fields, LINK, oneOf, TEXTS, word, wordList } from './codecs.js';
import { claim, propertyOf, type Reading, type Writing } from './context.js';
import { type Json, type Part, type Property, pick, readFields, writeFields } from './fields.js';
import { readFile, writeFiles } from './files.js';
import { joinParts, members, properties, SYNTHETIC } from './graph.js';
import { readDigest, readIdentifiers, writeDigest, writeIdentifiers } from './identity.js';
import { nameIn } from './ids.js';
import { readLicenses, writeLicenses } from './licenses.js';
import { merge, orUndefined } from './model.js';
import { writeParty } from './parties.js';
import { listOf } from './source.js';
import { DATASET_ACCESS, DATASET_TYPES, PRESENCE } from './words.js';

const FIELDS: Fields = [
  ['name', 'name'],
  ['version', 'software_packageVersion'],
  ['description', 'description'],
  ['uri', 'software_downloadLocation', LINK],
  ['dates.issued', 'releaseTime', DAY],
  ['dates.updated', 'builtTime', DAY],
  ['content.modalities', 'dataset_datasetType', wordList(DATASET_TYPES)],
  ['size.bytes', 'dataset_datasetSize', COUNT],
  ['statistics.noise', 'dataset_datasetNoise'],
  ['intendedUse', 'dataset_intendedUse'],
  ['collection.description', 'dataset_dataCollectionProcess'],
  ['maintenance.updateMechanism', 'dataset_datasetUpdateMechanism'],
  ['sensitivity.level', 'dataset_confidentialityLevel', oneOf('clear', 'green', 'amber', 'red')],
  ['personalData.contains', 'dataset_hasSensitivePersonalInformation', word(PRESENCE)],
  ['access', 'dataset_datasetAvailability', word(DATASET_ACCESS)],
  ['roles', 'msbom:dataset:role', TEXTS],
  ['sourceCategory', 'msbom:dataset:sourceCategory'],
  ['provenanceStatus', 'msbom:dataset:provenanceStatus', oneOf('verified', 'declared', 'unknown')],
  ['languages', 'msbom:dataset:language', TEXTS],
  ['content.format', 'msbom:dataset:format'],
  ['content.types', 'msbom:dataset:contentType', TEXTS],
  ['content.labels', 'msbom:dataset:label', TEXTS],
  ['size.dataPoints', 'msbom:dataset:size:dataPoints', COUNT_TEXT],
  ['size.tokens', 'msbom:dataset:size:tokens', COUNT_TEXT],
  ['size.images', 'msbom:dataset:size:images', COUNT_TEXT],
  ['size.bin', 'msbom:dataset:size:bin'],
  ['timeframe.start', 'msbom:dataset:timeframe:start'],
  ['timeframe.end', 'msbom:dataset:timeframe:end'],
  ['collection.method', 'msbom:dataset:collectionMethod', TEXTS],
  ['sensitivity.classes', 'msbom:dataset:sensitivity:class', TEXTS],
  ['personalData.categories', 'msbom:dataset:personalData:category', TEXTS],
  ['gaps', 'msbom:dataset:gap', TEXTS],
  ['selection', 'msbom:dataset:selection'],
  ['accessTerms', 'msbom:dataset:accessTerms'],
];

/** Lists of objects that SPDX has as lists of texts: `word`, or `word: description`. */
const STEPS = new Set(
  'clean filter dedupe impute annotate aggregate anonymise augment tokenize normalise sample translate other'.split(' '),
);

export function writeDatasets(writing: Writing): void {
  const { graph, manifest } = writing;
  manifest.datasets?.forEach((dataset, index) => {
    const name = nameIn('dataset', dataset, index);
    const id = graph.add(
      'dataset_DatasetPackage',
      graph.iri(name),
      joinParts(
        writeFields(FIELDS, dataset),
        members({ software_primaryPurpose: 'data' }),
        writeIdentifiers(dataset.identifiers),
        writeDigest(dataset.digest),
        lists(dataset),
        agents(writing, dataset),
        forced(dataset),
      ),
    );
    writeLicenses(writing, id, dataset.licenses, true);
    graph.relate(id, 'contains', writeFiles(writing, dataset.files, `${name}/`));
  });
}

/** SPDX asks for a type; "no assertion" is what it has for none. */
function forced({ content }: Dataset): Part {
  const known = content?.modalities?.some((modality) => DATASET_TYPES.to.has(modality)) ?? false;
  return known ? members({}) : joinParts(members({ dataset_datasetType: ['noAssertion'] }), properties([SYNTHETIC, 'dataset_datasetType']));
}

function lists({ processing = [], biases = [], privacyMeasures = [] }: Dataset): Part {
  const told = (kind: string, description: string | undefined): string => (description === undefined ? kind : `${kind}: ${description}`);
  return members({
    dataset_dataPreprocessing: processing.map(({ kind, description }) => told(kind, description)),
    dataset_knownBias: biases.map(({ description }) => description),
    dataset_anonymizationMethodUsed: privacyMeasures.map(({ kind, description }) => told(kind, description)),
  });
}

function agents(writing: Writing, { issuer, maintenance }: Dataset): Part {
  const maker = writeParty(writing, issuer);
  const maintainer = writeParty(writing, maintenance?.maintainer);
  return {
    members: pick({ originatedBy: maker === undefined ? undefined : [maker] }),
    properties: maintainer === undefined ? [] : [['msbom:dataset:maintainer', maintainer] satisfies Property],
  };
}

/** Roles for which SPDX 3.0.1 has a relationship. */
const TRAINED: ReadonlySet<string> = new Set(['training', 'pretraining', 'finetuning', 'alignment']);

/** How datasets are tied to the model and to each other. */
export function relateDatasets({ graph, manifest, root, names }: Writing): void {
  const evaluated = new Set(manifest.evaluations?.flatMap(({ datasets = [] }) => datasets));
  manifest.datasets?.forEach((dataset, index) => {
    const id = graph.iri(nameIn('dataset', dataset, index));
    const { roles = [], derivedFrom = [] } = dataset;
    if (id !== root && roles.some((role) => TRAINED.has(role))) graph.relate(root, 'trainedOn', [id]);
    if (id !== root && (roles.includes('testing') || (dataset.id !== undefined && evaluated.has(dataset.id))))
      graph.relate(root, 'testedOn', [id]);
    const sources = derivedFrom.flatMap((source) => names.get(source) ?? []).map((name) => graph.iri(name));
    graph.relate(
      id,
      'descendantOf',
      sources.filter((source) => graph.has(source)),
    );
  });
}

export function readDataset(reading: Reading, node: Json): Dataset | undefined {
  const { source, root } = reading;
  const iri = String(node.spdxId);
  const found = source.properties(node);
  const synthetic = found.get(SYNTHETIC)?.includes('dataset_datasetType') ?? false;
  const fields = readFields(FIELDS, synthetic ? { ...node, dataset_datasetType: undefined } : node, found);
  if (typeof fields.name !== 'string') return undefined;
  const id = claim(reading, iri);
  const maintainer = reading.party(propertyOf(found, 'msbom:dataset:maintainer'));
  const linked = (type: string): boolean => root !== undefined && source.from(String(root.spdxId), type).some(({ to }) => to.includes(iri));
  const roles = [...(linked('trainedOn') ? ['training'] : []), ...(linked('testedOn') ? ['testing'] : [])];
  return {
    ...pick({ id }),
    ...merge(
      pick({ roles: fields.roles === undefined ? roles : undefined }),
      fields,
      readLists(node),
      readIdentifiers(node),
      pick({ digest: readDigest(node, found), issuer: reading.party(listOf(node.originatedBy)[0]) }),
      orUndefined(pick({ maintenance: maintainer === undefined ? undefined : { maintainer } })) ?? {},
      readLicenses(reading, iri),
      pick({ files: filesOf(reading, iri) }),
    ),
    name: fields.name,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function readLists(node: Json): Json {
  const split = (text: string): readonly [string, string | undefined] => {
    const at = text.indexOf(': ');
    return at < 1 || at + 2 >= text.length ? [text, undefined] : [text.slice(0, at), text.slice(at + 2)];
  };
  return pick({
    processing: listOf(node.dataset_dataPreprocessing)
      .filter(isText)
      .map((text) => {
        const [kind, description] = split(text);
        return STEPS.has(kind) ? pick({ kind, description }) : { kind: 'other', description: text };
      }),
    biases: listOf(node.dataset_knownBias)
      .filter(isText)
      .map((description) => ({ description })),
    privacyMeasures: listOf(node.dataset_anonymizationMethodUsed)
      .filter(isText)
      .map((text) => {
        const [kind, description] = split(text);
        return pick({ kind, description });
      }),
  });
}

/** Ids of the files that datasets hold, and the files. */
function filesOf(reading: Reading, iri: string): readonly Json[] {
  return reading.source.from(iri, 'contains').flatMap(({ to }) =>
    to.flatMap((target) => {
      const node = reading.source.get(target);
      const file = node?.type === 'software_File' ? readFile(reading, node) : undefined;
      if (file !== undefined) reading.names.set(target, `${reading.names.get(iri) ?? ''}/file:${file.path}`);
      return file === undefined ? [] : [file as unknown as Json]; // plain data
    }),
  );
}
