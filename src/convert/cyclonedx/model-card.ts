/** The modelCard of the model component: parameters and analysis; considerations have a file of their own. */
import type { Evaluation, Manifest, Metric, Modality, Model } from '../../schema/index.js';
import { type ConsiderationSections, considerations, readConsiderations } from './considerations.js';
import type { Context } from './context.js';
import { refOfDataset } from './datasets.js';
import { type Json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, unique, wordOf } from './json.js';
import type { Extra } from './library.js';
import { asNumber, type Property, type PropertyValues } from './properties.js';

const APPROACHES = ['supervised', 'unsupervised', 'reinforcement-learning', 'semi-supervised', 'self-supervised'] as const;

export function modelCard(manifest: Manifest, context: Context): Extra | undefined {
  return nonEmpty(
    pick({
      modelParameters: nonEmpty(modelParameters(manifest, context)),
      quantitativeAnalysis: nonEmpty(quantitativeAnalysis(manifest)),
      considerations: nonEmpty(considerations(manifest, context)),
    }),
  );
}

function modelParameters({ model, datasets = [] }: Manifest, { ref }: Context): Extra {
  const [approach] = model?.learningApproaches ?? [];
  return pick({
    approach: approach === undefined ? undefined : { type: approach },
    task: model?.types?.[0],
    architectureFamily: model?.architecture?.family,
    modelArchitecture: model?.architecture?.name,
    datasets: datasets.map((dataset, i) => ({ ref: refOfDataset(dataset, i, ref) })),
    inputs: formats(model?.io?.inputs),
    outputs: formats(model?.io?.outputs),
  });
}

/** CycloneDX has one text for each; names, element types and shapes go into it. */
function formats(sides: readonly Modality[] = []): readonly Extra[] {
  return unique(
    sides
      .map(describe)
      .filter((text) => text !== '')
      .map((format) => ({ format })),
  );
}

function describe({ name, modality, format, dtype, shape, maxSize, preprocessing, tokenizer, description }: Modality): string {
  const sizes = shape === undefined ? '' : `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`;
  const tensor = dtype === undefined && shape === undefined ? undefined : `${dtype ?? 'tensor'}${sizes}`;
  return [name, modality, format, tensor, maxSize, preprocessing, tokenizer, description].filter((part) => part !== undefined).join('; ');
}

/** How many metrics each evaluation has, so that they can be told apart again: the list of CycloneDX has no names of benchmarks. */
export function evaluationProperties({ evaluations = [] }: Manifest): readonly Property[] {
  return evaluations.flatMap(({ name, task, kind, date, metrics = [] }, i): readonly Property[] => [
    [`msbom:evaluation:${i}:name`, name],
    [`msbom:evaluation:${i}:task`, task],
    [`msbom:evaluation:${i}:kind`, kind],
    [`msbom:evaluation:${i}:date`, date],
    [`msbom:evaluation:${i}:metrics`, metrics.length],
  ]);
}

function quantitativeAnalysis({ evaluations = [], robustnessTests = [], documents = [] }: Manifest): Extra {
  const metrics = [
    ...evaluations.flatMap(({ name, task, metrics: list = [] }) => list.map((metric) => performanceMetric(metric, [name, task]))),
    ...robustnessTests.flatMap(({ attackClass, method, results = [] }) =>
      results.map((metric) => performanceMetric(metric, [`robustness: ${attackClass}`, method?.name])),
    ),
  ];
  const graphics = documents.filter(({ type }) => type === 'illustration').map(({ title, uri, path }) => ({ name: title ?? path ?? uri }));
  return pick({
    performanceMetrics: unique(metrics),
    graphics: graphics.length === 0 ? undefined : { collection: unique(graphics.map(pick)) },
  });
}

function performanceMetric(metric: Metric, of: readonly (string | undefined)[]): Extra {
  const { name, value, clean, attacked, slice, split, unit, confidenceInterval } = metric;
  const shown = value ?? (attacked === undefined ? clean : clean === undefined ? attacked : `${clean} clean, ${attacked} attacked`);
  const place = [...of, split, slice].filter((part) => part !== undefined).join(' / ');
  const { lower, upper } = confidenceInterval ?? {};
  return pick({
    type: name ?? of[0],
    value: shown === undefined ? undefined : String(shown) + (unit === undefined ? '' : ` ${unit}`),
    slice: place === '' ? undefined : place,
    confidenceInterval: nonEmpty(
      pick({ lowerBound: lower === undefined ? undefined : String(lower), upperBound: upper === undefined ? undefined : String(upper) }),
    ),
  });
}

/** What a model card says of the model itself, and of the sections about it. */
export interface CardRead {
  readonly model: Partial<Model>;
  readonly evaluations: Evaluation[] | undefined;
  readonly illustrations: readonly { readonly type: 'illustration'; readonly title: string }[];
  readonly sections: ConsiderationSections;
}

export function readModelCard(card: Json, properties: PropertyValues): CardRead {
  const parameters = objectOf(card.modelParameters);
  const { performanceMetrics, graphics } = objectOf(card.quantitativeAnalysis);
  const approach = wordOf(objectOf(parameters.approach).type, APPROACHES);
  const [task, family, name] = [textOf(parameters.task), textOf(parameters.architectureFamily), textOf(parameters.modelArchitecture)];
  const list = (property: string): readonly string[] => properties.get(property) ?? [];
  const approaches = [
    ...(approach === undefined ? [] : [approach]),
    ...list('msbom:learningApproach').flatMap((each) => wordOf(each, APPROACHES) ?? []),
  ];
  return {
    model: pick({
      types: nonEmptyList([...(task === undefined ? [] : [task]), ...list('msbom:type')]),
      learningApproaches: nonEmptyList(approaches),
      architecture: nonEmpty(pick({ family, name })),
      io: nonEmpty(pick({ inputs: readFormats(parameters.inputs), outputs: readFormats(parameters.outputs) })),
    }),
    evaluations: nonEmptyList(readEvaluations(performanceMetrics, properties)),
    illustrations: objectsOf(objectOf(graphics).collection).flatMap((each) => {
      const title = textOf(each.name);
      return title === undefined ? [] : [{ type: 'illustration' as const, title }];
    }),
    sections: readConsiderations(card.considerations),
  };
}

const readFormats = (value: unknown): Modality[] | undefined =>
  nonEmptyList(objectsOf(value).flatMap(({ format }) => (textOf(format) === undefined ? [] : [{ format: String(format) }])));

/** Name of the evaluation that metrics of documents by others are read into: CycloneDX does not say what they belong to. */
const UNNAMED = 'quantitativeAnalysis';

function readEvaluations(list: unknown, properties: PropertyValues): Evaluation[] {
  const metrics = objectsOf(list);
  const evaluations: Evaluation[] = [];
  let next = 0;
  for (let i = 0; ; i++) {
    const of = (key: string): string | undefined => properties.get(`msbom:evaluation:${i}:${key}`)?.[0];
    const name = of('name');
    if (name === undefined) break;
    const task = of('task');
    const count = asNumber(of('metrics') ?? '') ?? 0;
    const own = metrics.slice(next, next + count).map((metric) =>
      readMetric(
        metric,
        [name, task].filter((part) => part !== undefined),
      ),
    );
    next += count;
    evaluations.push({ name, ...pick({ task, kind: of('kind') as Evaluation['kind'], date: of('date'), metrics: own }) }); // the schema has the last word
  }
  const rest = metrics.slice(next).filter(({ slice }) => !String(slice).startsWith('robustness: '));
  return rest.length === 0 ? evaluations : [...evaluations, { name: UNNAMED, metrics: rest.map((metric) => readMetric(metric, [])) }];
}

function readMetric({ type, value, slice, confidenceInterval }: Json, of: readonly string[]): Metric {
  const { lowerBound, upperBound } = objectOf(confidenceInterval);
  const [lower, upper] = [asNumber(String(lowerBound)), asNumber(String(upperBound))];
  const [, digits, unit] = /^(-?[\d.]+(?:[eE][+-]?\d+)?) (\S.*)$/s.exec(String(value)) ?? [];
  const number = asNumber(digits ?? String(value));
  const text = textOf(value);
  const place = of.join(' / ');
  const within = textOf(slice);
  const isOwn = within !== undefined && place !== '' && (within === place || within.startsWith(`${place} / `));
  return pick({
    name: textOf(type),
    value: number ?? text,
    unit: number === undefined ? undefined : unit,
    slice: isOwn ? textOf(within.slice(place.length + 3)) : within,
    confidenceInterval: nonEmpty(pick({ lower, upper })),
  });
}
