/**
 * The Responsible AI vocabulary as fields of a dataset.
 * Sources: https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html, croissant_rai.ttl of the same repository
 */
import type { JsonValue } from '../../../core/canonical-json.js';
import { inferred, prose, type StatedValue, stated } from '../../dataset/statement.js';
import { interval } from '../../dataset/values.js';
import type { Node } from './json-ld.js';

interface RaiField {
  readonly property: string;
  readonly pointer: string;
  /** How texts become the value. */
  readonly as: (texts: readonly string[]) => JsonValue | undefined;
}

const joined = (texts: readonly string[]): string => texts.join('; ');
const listed = (texts: readonly string[]): readonly string[] => [...new Set(texts.map(prose))];

/** Properties that have a place of their own. */
const FIELDS: readonly RaiField[] = [
  { property: 'dataCollection', pointer: '/collection/description', as: joined },
  { property: 'dataCollectionType', pointer: '/collection/method', as: listed },
  { property: 'dataCollectionMissingData', pointer: '/collection/missing', as: joined },
  { property: 'dataCollectionRawData', pointer: '/collection/raw', as: joined },
  { property: 'dataAnnotationProtocol', pointer: '/labelling/protocol', as: joined },
  { property: 'dataAnnotationPlatform', pointer: '/labelling/platform', as: joined },
  { property: 'dataAnnotationAnalysis', pointer: '/labelling/analysis', as: joined },
  { property: 'annotationsPerItem', pointer: '/labelling/perItem', as: number },
  { property: 'annotatorDemographics', pointer: '/labelling/annotators', as: joined },
  { property: 'machineAnnotationTools', pointer: '/labelling/machineTools', as: joined },
  { property: 'dataBiases', pointer: '/biases', as: (texts) => listed(texts).map((description) => ({ description })) },
  { property: 'dataLimitations', pointer: '/gaps', as: listed },
  { property: 'dataUseCases', pointer: '/intendedUse', as: joined },
  { property: 'dataReleaseMaintenancePlan', pointer: '/maintenance/plan', as: joined },
];

/** Preparation steps, in the order in which they are usually taken, and the kind that the specification has for each. */
const STEPS = [
  ['dataPreprocessingProtocol', 'other'],
  ['dataImputationProtocol', 'impute'],
  ['dataManipulationProtocol', 'other'],
] as const;

/** Human attributes that the vocabulary recommends as values; anything else is prose, which is not judged. */
const ATTRIBUTES = new Set(['gender', 'socio-economic status', 'geography', 'language', 'age', 'culture', 'experience or seniority']);

export function raiValues(root: Node): readonly StatedValue[] {
  const steps = STEPS.flatMap(([property, kind]) =>
    root.texts(`rai:${property}`).map((text) => ({ property, item: { kind, description: prose(text) } })),
  );
  // The text of the specification and the library that reads it differ in the case of one letter.
  const frame = ['rai:dataCollectionTimeframe', 'rai:dataCollectionTimeFrame'].find((name) => root.values(name).length > 0);
  const { start, end } = interval(root.texts(frame ?? ''));
  return [
    ...FIELDS.flatMap(({ property, pointer, as }) => {
      const texts = root.texts(`rai:${property}`).slice(0, 1000);
      return texts.length === 0 ? [] : stated(pointer, `rai:${property}`, as(texts));
    }),
    ...stated(
      '/processing',
      `rai:${steps[0]?.property}`,
      steps.slice(0, 1000).map(({ item }) => item),
    ),
    ...stated('/timeframe/start', frame ?? '', start),
    ...stated('/timeframe/end', frame ?? '', end),
    ...personalData(root.texts('rai:personalSensitiveInformation').slice(0, 1000)),
  ];
}

/** A number, however it is written; prose such as `three to five` is none. */
function number(texts: readonly string[]): number | undefined {
  const [text = ''] = texts;
  return texts.length === 1 && /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** Between commas or semicolons. */
const wordsOf = (text: string): readonly string[] => text.split(/[,;]/).map((word) => word.trim());

/** `yes` only for attributes of the vocabulary, `no` only for a plain "none": what prose means is for people to say. */
function personalData(texts: readonly string[]): readonly StatedValue[] {
  if (texts.length === 0) return [];
  const none = texts.every((text) => /^(none|no|n\/a|not applicable)\.?$/i.test(text));
  const listedOnly = texts.every((text) => wordsOf(text).every((word) => ATTRIBUTES.has(word.toLowerCase())));
  const categories = listedOnly ? texts.flatMap(wordsOf) : texts;
  const value = none ? { contains: 'no' } : { contains: listedOnly ? 'yes' : 'unknown', categories: listed(categories) };
  return inferred('/personalData', 'rai:personalSensitiveInformation', value);
}
