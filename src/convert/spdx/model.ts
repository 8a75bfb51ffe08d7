/** The model, how it was made and what it is for, as an AI package. */

import { appendTo } from '../../core/append.js';
import type { Manifest } from '../../schema/index.js';
import {
  COUNT_TEXT,
  DAY,
  decimal,
  type Fields,
  LINES,
  NUMBER,
  ONE_OF_LIST,
  oneOf,
  parseScalar,
  SECONDS,
  TEXTS,
  word,
  writeScalar,
} from './codecs.js';
import { propertyOf, type Reading, type Writing } from './context.js';
import { isObject, type Json, type Part, type Properties, type Property, pick, readFields, writeFields } from './fields.js';
import { joinParts, members } from './graph.js';
import { readIdentifiers, writeIdentifiers } from './identity.js';
import { readLicenses, writeLicenses } from './licenses.js';
import { writeParty } from './parties.js';
import { readReferences, writeReferences } from './references.js';
import type { Energy, Evaluation, Metric } from './shapes.js';
import { listOf } from './source.js';
import { ENERGY_LISTS, LEARNING_APPROACHES, PRESENCE } from './words.js';

/** Of the section `model`. */
const MODEL_FIELDS: Fields = [
  ['name', 'name'],
  ['version', 'software_packageVersion'],
  ['description', 'description'],
  ['copyright', 'software_copyrightText'],
  ['timestamp', 'builtTime', SECONDS],
  ['releaseDate', 'releaseTime', DAY],
  ['limitations', 'ai_limitation', LINES],
  ['explainability', 'ai_modelExplainability', ONE_OF_LIST],
  ['autonomy', 'ai_autonomyType', word(PRESENCE)],
  ['safetyRisk', 'ai_safetyRiskAssessment', oneOf('serious', 'high', 'medium', 'low')],
  ['group', 'msbom:model:group'],
  ['aliases', 'msbom:model:alias', TEXTS],
  ['tags', 'msbom:model:tag', TEXTS],
  ['libraries', 'msbom:model:library', TEXTS],
  ['architecture.family', 'msbom:architecture:family'],
  ['architecture.name', 'msbom:architecture:name'],
  ['architecture.modelType', 'msbom:architecture:modelType'],
  ['architecture.description', 'msbom:architecture:description'],
  ['euMarketDate', 'msbom:model:euMarketDate'],
  ['languages', 'cdx:ai-ml:model:language', TEXTS],
  ['optimisationObjective', 'msbom:model:objective'],
  ['capabilities', 'msbom:model:capability', TEXTS],
  ['parameterCount.bin', 'msbom:parameterCount:bin'],
  ['quantization.description', 'msbom:quantization:description'],
  ['openness.weights', 'msbom:openness:weights'],
  ['openness.mofClass', 'msbom:openness:mofClass', oneOf('I', 'II', 'III')],
  ['rootDigest.sha256', 'msbom:rootDigest:sha256'],
];

/** Of the whole manifest, that SPDX has on the model. */
const MANIFEST_FIELDS: Fields = [
  ['usage.intendedPurpose', 'ai_informationAboutApplication'],
  ['usage.domains', 'ai_domain', TEXTS],
  ['usage.tasks', 'msbom:usage:task', TEXTS],
  ['usage.users', 'msbom:usage:user', TEXTS],
  ['usage.prohibited', 'msbom:usage:prohibited', TEXTS],
  ['usage.humanOversight', 'msbom:usage:humanOversight'],
  ['training.methods', 'ai_informationAboutTraining', LINES],
  ['training.preprocessing', 'ai_modelDataPreprocessing', TEXTS],
  ['training.rationale', 'msbom:training:rationale'],
  [
    'lineage.relation',
    'cdx:ai-ml:model:parameter:tune_method',
    oneOf(...'scratch finetune distill merge quantize adapter continue convert prune other'.split(' ')),
  ],
  ['lineage.modifications', 'msbom:lineage:modifications'],
  ['risk.ethics', 'msbom:risk:ethics'],
  ['security.supportPeriod.end', 'validUntilTime', DAY],
  ['security.supportPeriod.basis', 'msbom:supportPeriod:basis'],
  ['security.monitoring', 'msbom:security:monitoring'],
  ['governance.illegalContent', 'msbom:governance:illegalContent'],
];

/** Numbers of the model among its hyperparameters, under the names of CycloneDX's taxonomy. */
const NUMBERS: Fields = [
  ['parameterCount.total', 'cdx:ai-ml:model:parameter:count', COUNT_TEXT],
  ['parameterCount.active', 'msbom:parameterCount:active', COUNT_TEXT],
  ['parameterCount.trainable', 'msbom:parameterCount:trainable', COUNT_TEXT],
  ['contextLength', 'cdx:ai-ml:model:hyperparameter:context_length', COUNT_TEXT],
  ['vocabularySize', 'cdx:ai-ml:model:hyperparameter:vocab_size', COUNT_TEXT],
  ['quantization.method', 'cdx:ai-ml:model:hyperparameter:quantization'],
  ['quantization.bits', 'msbom:quantization:bits', NUMBER],
  ['quantization.groupSize', 'msbom:quantization:groupSize', COUNT_TEXT],
];

export function writeModel(writing: Writing): void {
  const { manifest, graph, root } = writing;
  const { model } = manifest;
  if (model === undefined) return;
  graph.add(
    'ai_AIPackage',
    root,
    joinParts(
      writeFields(MODEL_FIELDS, model),
      members({ software_primaryPurpose: 'model' }),
      writeIdentifiers(model.identifiers),
      writeAgents(writing, model),
      members({
        ai_typeOfModel: typesOfModel(model),
        ai_hyperparameter: hyperparameters(manifest),
        ai_standardCompliance: manifest.governance?.standards?.map(({ id }) => id),
        ai_energyConsumption: writeEnergy(manifest.training?.energy),
        ...writeMetrics(manifest),
      }),
      { members: {}, properties: totalEnergy(manifest.training?.energy) },
      writeFields(MANIFEST_FIELDS, manifest),
      writeReferences(manifest),
    ),
  );
  writeLicenses(writing, root, model.licenses, true);
}

/** Producer and authors are where the model came from, in this order; the supplier is its own member. */
function writeAgents(writing: Writing, { producer, supplier, authors = [] }: NonNullable<Manifest['model']>): Part {
  const maker = writeParty(writing, producer);
  const others = authors.flatMap((author) => writeParty(writing, author) ?? []);
  return {
    members: pick({
      suppliedBy: writeParty(writing, supplier),
      originatedBy: [...new Set([...(maker === undefined ? [] : [maker]), ...others])],
    }),
    properties: others.map((id): Property => ['msbom:model:author', id]),
  };
}

function readAgents(reading: Reading, node: Json, properties: Properties): Json {
  const noted = new Set(properties.get('msbom:model:author'));
  const makers = [...new Set(listOf(node.originatedBy))];
  const producer = makers.find((id) => !noted.has(String(id)));
  const authors = makers.filter((id) => id !== producer).flatMap((id) => reading.party(id) ?? []);
  return pick({ producer: reading.party(producer), supplier: reading.party(node.suppliedBy), authors });
}

function typesOfModel({ types = [], architecture, learningApproaches = [] }: NonNullable<Manifest['model']>): readonly string[] {
  const { family, name, modelType } = architecture ?? {};
  return [...new Set([...types, ...[family, name, modelType].flatMap((each) => each ?? []), ...learningApproaches])];
}

function readTypes(node: Json, properties: Properties): Json {
  const architecture = new Set(
    ['family', 'name', 'modelType'].flatMap((part) => propertyOf(properties, `msbom:architecture:${part}`) ?? []),
  );
  const all = [...new Set(listOf(node.ai_typeOfModel))].filter((type): type is string => typeof type === 'string' && type !== '');
  return pick({
    types: all.filter((type) => !architecture.has(type) && !LEARNING_APPROACHES.has(type)),
    learningApproaches: all.filter((type) => LEARNING_APPROACHES.has(type)),
  });
}

export const entry = (key: string, value: unknown): Json => ({ type: 'DictionaryEntry', key, value: writeScalar(value) });

/** Entries of a dictionary by key; the first of a key counts. */
export function readEntries(value: unknown): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const each of listOf(value)) {
    if (!isObject(each) || typeof each.key !== 'string' || each.key === '' || each.key === '__proto__' || entries.has(each.key)) continue;
    if (typeof each.value === 'string') entries.set(each.key, each.value);
  }
  return entries;
}

function hyperparameters({ model = { name: '' }, training }: Manifest): readonly Json[] {
  return [
    ...writeFields(NUMBERS, model).properties.map(([key, value]) => entry(key, value)),
    ...Object.entries(training?.hyperparameters ?? {}).map(([key, value]) => entry(key, value)),
  ];
}

const MEASURED = new Set(NUMBERS.map(([, key]) => key));

function readHyperparameters(node: Json): { readonly numbers: Json; readonly hyperparameters: Json } {
  const entries = readEntries(node.ai_hyperparameter);
  const numbers = new Map([...entries].filter(([key]) => MEASURED.has(key)).map(([key, value]) => [key, [value]]));
  const rest = [...entries].filter(([key]) => !MEASURED.has(key)).map(([key, value]): [string, unknown] => [key, parseScalar(value)]);
  return { numbers: readFields(NUMBERS, {}, numbers), hyperparameters: Object.fromEntries(rest) };
}

/** The three activities of which SPDX knows. The total stands for training where no activity is told apart. */
function writeEnergy(energy: Energy | undefined): Json | undefined {
  const lists = new Map<string, Json[]>();
  for (const { activity, kilowattHours } of energy?.activities ?? []) {
    const list = ENERGY_LISTS.to.get(activity);
    if (list !== undefined) appendTo(lists, list, consumption(kilowattHours));
  }
  if (lists.size === 0 && energy?.kilowattHours !== undefined)
    lists.set('ai_trainingEnergyConsumption', [consumption(energy.kilowattHours)]);
  return lists.size === 0 ? undefined : { type: 'ai_EnergyConsumption', ...Object.fromEntries(lists) };
}

const consumption = (kilowattHours: number): Json => ({
  type: 'ai_EnergyConsumptionDescription',
  ai_energyQuantity: decimal(kilowattHours),
  ai_energyUnit: 'kilowattHour',
});

const TOTAL_ENERGY = 'msbom:energy:kilowattHours';
const totalEnergy = (energy: Energy | undefined): readonly Property[] =>
  energy?.kilowattHours === undefined ? [] : [[TOTAL_ENERGY, decimal(energy.kilowattHours)]];

function readEnergy(node: Json, properties: Properties): Json {
  const source = isObject(node.ai_energyConsumption) ? node.ai_energyConsumption : {};
  const total = readQuantity({ ai_energyQuantity: propertyOf(properties, TOTAL_ENERGY), ai_energyUnit: 'kilowattHour' });
  const activities = [...ENERGY_LISTS.to].flatMap(([activity, list]) =>
    listOf(source[list]).flatMap((each) => {
      const kilowattHours = isObject(each) ? readQuantity(each) : undefined;
      return kilowattHours === undefined ? [] : [{ activity, kilowattHours }];
    }),
  );
  const isTotal = activities.length === 1 && activities[0]?.activity === 'training' && activities[0].kilowattHours === total;
  return pick({ kilowattHours: total, activities: isTotal ? undefined : activities });
}

/** Kilowatt-hours; undefined for units that cannot be turned into them. */
function readQuantity({ ai_energyQuantity: quantity, ai_energyUnit: unit }: Json): number | undefined {
  const number =
    typeof quantity === 'number'
      ? quantity
      : typeof quantity === 'string' && /^\d+(\.\d*)?$/.test(quantity)
        ? Number(quantity)
        : Number.NaN;
  if (!Number.isFinite(number) || number < 0) return undefined;
  return unit === 'kilowattHour' ? number : unit === 'megajoule' ? number / 3.6 : undefined;
}

/** Prefix of the metrics that training logged. */
const LOGGED = 'training/';

function writeMetrics({ evaluations = [], training }: Manifest): Json {
  const metrics: Json[] = [];
  const thresholds: Json[] = [];
  const keys = new Map<string, number>();
  const add = (base: string, { value, threshold }: Metric): void => {
    const count = (keys.get(base) ?? 0) + 1;
    keys.set(base, count);
    const key = count === 1 ? base : `${base} #${count}`;
    if (value !== undefined) metrics.push(entry(key, value));
    if (threshold !== undefined) thresholds.push(entry(key, threshold));
  };
  for (const { name, metrics: list = [] } of evaluations)
    for (const metric of list) add(metric.name === undefined || metric.name === name ? name : `${name}: ${metric.name}`, metric);
  for (const metric of training?.metrics ?? []) add(`${LOGGED}${metric.name ?? ''}`, metric);
  return pick({ ai_metric: metrics, ai_metricDecisionThreshold: thresholds });
}

function readMetrics(node: Json): { readonly evaluations: readonly Evaluation[]; readonly metrics: readonly Metric[] } {
  const thresholds = readEntries(node.ai_metricDecisionThreshold);
  const evaluations = new Map<string, Metric[]>();
  const logged: Metric[] = [];
  const values = readEntries(node.ai_metric);
  for (const key of new Set([...values.keys(), ...thresholds.keys()])) {
    const [value, threshold] = [values.get(key), thresholds.get(key)];
    const measured = pick({
      value: value === undefined ? undefined : scalar(value),
      threshold: threshold === undefined ? undefined : numberOr(threshold),
    });
    if (key.startsWith(LOGGED)) {
      logged.push({ ...(key === LOGGED ? {} : { name: key.slice(LOGGED.length) }), ...measured });
      continue;
    }
    const [, benchmark = key, name = key] = /^([^:]+): (.+)$/s.exec(key) ?? [];
    appendTo(evaluations, benchmark, { name, ...measured });
  }
  return { evaluations: [...evaluations].map(([name, metrics]) => ({ name, metrics })), metrics: logged };
}

/** Metrics are numbers, texts or truth values. */
function scalar(text: string): string | number | boolean {
  const value = parseScalar(text);
  return typeof value === 'number' || typeof value === 'boolean' ? value : text === '' ? ' ' : text;
}

function numberOr(text: string): string | number {
  const value = parseScalar(text);
  return typeof value === 'number' ? value : text;
}

/** Everything of a manifest that stands on the element of its model. */
export function readModel(reading: Reading, node: Json): Json {
  const { source } = reading;
  const found = source.properties(node);
  const { numbers, hyperparameters: settings } = readHyperparameters(node);
  const model = merge(
    readFields(MODEL_FIELDS, node, found),
    numbers,
    readTypes(node, found),
    readAgents(reading, node, found),
    readIdentifiers(node),
  );
  const rest = readFields(MANIFEST_FIELDS, node, found);
  const { evaluations, metrics } = readMetrics(node);
  const energy = readEnergy(node, found);
  const standards = listOf(node.ai_standardCompliance).flatMap((id) => (typeof id === 'string' && id !== '' ? [{ id }] : []));
  return merge(
    rest,
    { model: { ...(typeof model.name === 'string' ? {} : { name: 'unnamed' }), ...model, ...readLicenses(reading, String(node.spdxId)) } },
    pick({
      evaluations,
      training: orUndefined(pick({ hyperparameters: orUndefined(settings), metrics, energy: orUndefined(energy) })),
      governance: standards.length > 0 ? { standards } : undefined,
    }),
    readReferences(node, found),
  );
}

export const orUndefined = (object: Json): Json | undefined => (Object.keys(object).length > 0 ? object : undefined);

/** Objects laid into each other; lists and single values of later ones win. */
export function merge(...objects: readonly Json[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const object of objects)
    for (const [key, value] of Object.entries(object)) {
      const known = result[key];
      result[key] = isObject(known) && isObject(value) ? merge(known, value) : value;
    }
  return result;
}
