import type { Manifest, Metric, Modality } from '../../schema/index.js';
import { atLeast, type Context, entity, pick, unique } from './component.js';
import type { Extra } from './library.js';
import { refOf } from './refs.js';

/** The modelCard of the model component: parameters, analysis, considerations. */
export function modelCard(manifest: Manifest, context: Context): Extra {
  const card = pick({
    modelParameters: nonEmpty(modelParameters(manifest)),
    quantitativeAnalysis: nonEmpty(quantitativeAnalysis(manifest)),
    considerations: nonEmpty(considerations(manifest, context)),
  });
  return Object.keys(card).length > 0 ? { modelCard: card } : {};
}

const nonEmpty = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);

function modelParameters({ model, datasets = [] }: Manifest): Extra {
  const [approach] = model?.learningApproaches ?? [];
  const { io } = model ?? {};
  return pick({
    approach: approach === undefined ? undefined : { type: approach },
    task: model?.types?.[0],
    architectureFamily: model?.architecture?.family,
    modelArchitecture: model?.architecture?.name,
    datasets: datasets.map((dataset, i) => ({ ref: refOf.dataset(dataset, i) })),
    inputs: formats(io?.inputs),
    outputs: formats(io?.outputs),
  });
}

/** CycloneDX has one text for each; names, element types and shapes go into it. */
function formats(sides: readonly Modality[] = []): readonly Extra[] {
  const texts = sides.map(({ name, modality, format, dtype, shape, maxSize, preprocessing, tokenizer, description }) => {
    const tensor =
      dtype === undefined && shape === undefined
        ? undefined
        : `${dtype ?? 'tensor'}${shape === undefined ? '' : `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`}`;
    return [name, modality, format, tensor, maxSize, preprocessing, tokenizer, description].filter((part) => part !== undefined).join('; ');
  });
  return unique(texts.filter((text) => text !== '').map((format) => ({ format })));
}

function quantitativeAnalysis({ evaluations = [], robustnessTests = [] }: Manifest): Extra {
  const metrics = [
    ...evaluations.flatMap(({ name, task, metrics: list = [] }) => list.map((metric) => performanceMetric(metric, [name, task]))),
    ...robustnessTests.flatMap(({ attackClass, method, results = [] }) =>
      results.map((metric) => performanceMetric(metric, [`robustness: ${attackClass}`, method?.name])),
    ),
  ];
  return metrics.length > 0 ? { performanceMetrics: unique(metrics) } : {};
}

function performanceMetric(metric: Metric, of: readonly (string | undefined)[]): Extra {
  const { name, value, clean, attacked, slice, split, confidenceInterval } = metric;
  const shown = value ?? (attacked === undefined ? clean : clean === undefined ? attacked : `${clean} clean, ${attacked} attacked`);
  const place = [...of, split, slice].filter((part) => part !== undefined).join(' / ');
  return pick({
    type: name ?? of[0],
    value: shown === undefined ? undefined : String(shown) + (metric.unit === undefined ? '' : ` ${metric.unit}`),
    slice: place === '' ? undefined : place,
    confidenceInterval:
      confidenceInterval === undefined
        ? undefined
        : nonEmpty(pick({ lowerBound: text(confidenceInterval.lower), upperBound: text(confidenceInterval.upper) })),
  });
}

const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));

function considerations({ usage, model, risk, training }: Manifest, context: Context): Extra {
  const purpose = usage?.intendedPurpose;
  const risks = risk?.register ?? [];
  return pick({
    users: usage?.users,
    useCases: unique([...(purpose === undefined ? [] : [purpose]), ...(usage?.tasks ?? [])]),
    technicalLimitations: model?.limitations,
    performanceTradeoffs: model?.designSpecification?.tradeOffs === undefined ? undefined : [model.designSpecification.tradeOffs],
    ethicalConsiderations: unique([
      ...(risk?.ethics === undefined ? [] : [{ name: risk.ethics }]),
      ...risks
        .filter(({ groupAtRisk }) => groupAtRisk === undefined)
        .map(({ description, mitigation }) => pick({ name: description, mitigationStrategy: mitigation })),
    ]),
    fairnessAssessments: unique(
      risks
        .filter(({ groupAtRisk }) => groupAtRisk !== undefined)
        .map(({ groupAtRisk, benefits, harms, mitigation, description }) =>
          pick({ groupAtRisk, benefits, harms: harms ?? description, mitigationStrategy: mitigation }),
        ),
    ),
    environmentalConsiderations: atLeast(context.version, '1.6') ? environmental(training, context) : undefined,
  });
}

/** Energy by activity; the schema knows kWh and tCO2eq only, and wants a provider. */
function environmental(training: Manifest['training'], { party }: Context): Extra | undefined {
  const energy = training?.energy;
  const activities =
    energy?.activities ??
    (energy?.kilowattHours === undefined
      ? []
      : [{ activity: 'training' as const, kilowattHours: energy.kilowattHours, ...carbonOf(energy) }]);
  if (activities.length === 0) return undefined;
  return {
    energyConsumptions: unique(
      activities.map((each) => {
        const provider = 'provider' in each && each.provider !== undefined ? party(each.provider) : undefined;
        const source = 'source' in each ? (each.source ?? 'unknown') : 'unknown';
        const tonnes = each.tonnesCo2Equivalent;
        return {
          activity: each.activity,
          energyProviders: [
            {
              organization: provider === undefined ? { name: 'not stated' } : entity(provider),
              energySource: source,
              energyProvided: { value: each.kilowattHours, unit: 'kWh' },
            },
          ],
          activityEnergyCost: { value: each.kilowattHours, unit: 'kWh' },
          ...(tonnes === undefined ? {} : { co2CostEquivalent: { value: tonnes, unit: 'tCO2eq' } }),
        };
      }),
    ),
  };
}

function carbonOf(energy: NonNullable<NonNullable<Manifest['training']>['energy']>): { readonly tonnesCo2Equivalent?: number } {
  const tonnes = energy.carbon?.tonnesCo2Equivalent;
  return tonnes === undefined ? {} : { tonnesCo2Equivalent: tonnes };
}
