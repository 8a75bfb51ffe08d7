/** Results, considerations and energy of a model card. */

import type { JsonValue } from '../../core/canonical-json.js';
import { freeKey } from '../../core/objects.js';
import type { EnergyActivity, Evaluation, Metric, RiskEntry, RobustnessTest } from '../../schema/index.js';
import type { Block, Json } from '../mapping/block.js';
import { numberOf } from '../mapping/codecs.js';
import { valueAt } from '../mapping/row.js';
import { entity, readEntity } from './blocks.js';
import { atLeast, type Context } from './context.js';
import { isObject, json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique } from './json.js';

const CARD = 'modelCard';

/** An object at a place with dots. */
const placed = (place: string, value: JsonValue | undefined): Json =>
  value === undefined ? {} : (place.split('.').reduceRight<JsonValue>((inner, step) => ({ [step]: inner }), value) as Json);

// --- results

const METRICS_PLACE = `${CARD}.quantitativeAnalysis.performanceMetrics`;

function metricOf(key: string, metric: Metric, of: readonly (string | undefined)[]): object {
  const { name, value, text, clean, attacked, slice, unit, use, confidenceInterval } = metric;
  const shown = text ?? value ?? (attacked === undefined ? clean : clean === undefined ? attacked : `${clean} clean, ${attacked} attacked`);
  const place = [...of, use?.config, use?.split, slice].filter((part) => part !== undefined).join(' / ');
  const { lower, upper } = confidenceInterval ?? {};
  return pick({
    type: name ?? key,
    value: shown === undefined ? undefined : String(shown) + (unit === undefined ? '' : ` ${unit}`),
    slice: place === '' ? undefined : place,
    confidenceInterval: nonEmpty(
      pick({ lowerBound: lower === undefined ? undefined : String(lower), upperBound: upper === undefined ? undefined : String(upper) }),
    ),
  });
}

const usesOf = ({ uses }: { readonly uses?: Evaluation['uses'] | undefined }): readonly (string | undefined)[] =>
  Object.values(uses ?? {}).flatMap(({ config, split }) => [config, split]);

/** Evaluations, tests of robustness and what training measured: CycloneDX has one list for all of them. */
export const METRICS: Block<Context> = {
  at: ['evaluations', 'robustnessTests', 'training.metrics'],
  places: [METRICS_PLACE],
  write(thing) {
    const evaluations = Object.values(objectOf(thing.evaluations)) as readonly Evaluation[]; // of the schema, as below
    const tests = Object.values(objectOf(thing.robustnessTests)) as readonly RobustnessTest[];
    const own = Object.entries(objectOf(objectOf(thing.training).metrics)) as readonly (readonly [string, Metric])[];
    const metrics = [
      ...own.map(([key, metric]) => metricOf(key, metric, [])),
      ...evaluations.flatMap(({ name, task, metrics: list, uses }) =>
        Object.entries(list ?? {}).map(([key, metric]) => metricOf(key, metric, name === UNNAMED ? [] : [name, task, ...usesOf({ uses })])),
      ),
      ...tests.flatMap(({ attackClass, method, results }) =>
        Object.entries(results ?? {}).map(([key, metric]) => metricOf(key, metric, [`robustness: ${attackClass}`, method?.name])),
      ),
    ];
    return placed(METRICS_PLACE, json(nonEmptyList(unique(metrics))));
  },
  read(object) {
    const metrics: Record<string, JsonValue> = Object.create(null);
    for (const found of objectsOf(valueAt(object, METRICS_PLACE))) {
      const metric = readMetric(found);
      const name = textOf(found.type) ?? 'metric';
      metrics[freeKey(metrics, name.slice(0, 240), ' ')] = json(metric);
    }
    return Object.keys(metrics).length === 0 ? {} : { evaluations: { [UNNAMED]: { name: UNNAMED, metrics } } };
  },
};

/** Name of the evaluation that results of documents by others are read into: CycloneDX does not say what they belong to. */
const UNNAMED = 'quantitativeAnalysis';

/** A number and its unit, which has no number in it: `12.5 ms`, but not `0.9 clean, 0.8 attacked`. */
function measured(text: string): readonly [digits?: string, unit?: string] {
  const blank = text.indexOf(' ');
  const unit = text.slice(blank + 1);
  const isUnit = unit.trim() === unit && unit !== '' && unit.length <= 60 && ![...unit].some((each) => '0123456789,;\n'.includes(each));
  return blank > 0 && isUnit && numberOf(text.slice(0, blank)) !== undefined ? [text.slice(0, blank), unit] : [];
}

function readMetric({ type, value, slice, confidenceInterval }: Readonly<Record<string, unknown>>): Metric {
  const { lowerBound, upperBound } = objectOf(confidenceInterval);
  const text = textOf(value);
  const [digits, unit] = measured(text ?? '');
  const number = numberOf(digits ?? text ?? '');
  return pick({
    name: textOf(type),
    value: number,
    text: number === undefined || String(number) !== (digits ?? text) ? (digits ?? text) : undefined,
    unit: number === undefined ? undefined : unit,
    slice: textOf(slice),
    confidenceInterval: nonEmpty(pick({ lower: numberOf(textOf(lowerBound) ?? ''), upper: numberOf(textOf(upperBound) ?? '') })),
  });
}

// --- ethics and fairness

const ETHICS = `${CARD}.considerations.ethicalConsiderations`;
const FAIRNESS = `${CARD}.considerations.fairnessAssessments`;

/** A risk to a group is an assessment of fairness; any other a consideration of ethics. */
export const RISKS: Block<Context> = {
  at: ['risk.ethics', 'risk.register'],
  places: [ETHICS, FAIRNESS],
  write(thing) {
    const { ethics, register } = objectOf(thing.risk);
    const risks = Object.values(objectOf(register)) as readonly RiskEntry[]; // of the schema
    const considerations = [
      ...(typeof ethics === 'string' ? [{ name: ethics }] : []),
      ...risks
        .filter(({ groupAtRisk }) => groupAtRisk === undefined)
        .map(({ description, mitigation }) => pick({ name: description, mitigationStrategy: mitigation })),
    ];
    const assessments = risks
      .filter(({ groupAtRisk }) => groupAtRisk !== undefined)
      .map(({ groupAtRisk, benefits, harms, mitigation, description }) =>
        pick({ groupAtRisk, benefits, harms: harms ?? description, mitigationStrategy: mitigation }),
      );
    const [first, second] = [nonEmptyList(unique(considerations)), nonEmptyList(unique(assessments))];
    const both = pick({ ethicalConsiderations: json(first), fairnessAssessments: json(second) });
    return Object.keys(both).length === 0 ? {} : placed(`${CARD}.considerations`, both);
  },
  read(object) {
    const register: Record<string, JsonValue> = Object.create(null);
    const put = (name: string, entry: Json): void => void (register[freeKey(register, name)] = entry);
    for (const { name, mitigationStrategy } of objectsOf(valueAt(object, ETHICS)))
      if (textOf(name) !== undefined) put('ethics', pick({ description: String(name), mitigation: textOf(mitigationStrategy) }));
    for (const { groupAtRisk, benefits, harms, mitigationStrategy } of objectsOf(valueAt(object, FAIRNESS))) {
      const group = textOf(groupAtRisk);
      const description = textOf(harms) ?? group;
      if (description !== undefined)
        put(
          'fairness',
          pick({
            description,
            groupAtRisk: group,
            benefits: textOf(benefits),
            harms: textOf(harms),
            mitigation: textOf(mitigationStrategy),
          }),
        );
    }
    return Object.keys(register).length === 0 ? {} : { risk: { register } };
  },
};

// --- energy

const ENERGY_PLACE = `${CARD}.considerations.environmentalConsiderations`;
const ACTIVITIES: ReadonlySet<unknown> = new Set(
  'design data-collection data-preparation training fine-tuning validation deployment inference other'.split(' '),
);
const SOURCES: ReadonlySet<unknown> = new Set(
  'coal oil natural-gas nuclear wind solar geothermal hydropower biofuel unknown other'.split(' '),
);

/** Energy by activity, from 1.6 on; where only a sum is known, it is that of training. */
export const ENERGY: Block<Context> = {
  at: ['training.energy'],
  places: [ENERGY_PLACE],
  write(thing, context) {
    const energy = objectOf(objectOf(thing.training).energy);
    if (!atLeast(context.version, '1.6')) return {};
    const { tonnesCo2Equivalent, offsetTonnes } = objectOf(energy.carbon);
    const activities = objectsOf(energy.activities) as unknown as readonly EnergyActivity[]; // of the schema
    const total: readonly EnergyActivity[] =
      typeof energy.kilowattHours === 'number'
        ? [
            {
              activity: 'training',
              kilowattHours: energy.kilowattHours,
              ...pick({ tonnesCo2Equivalent: tonnesCo2Equivalent as number | undefined }),
            },
          ]
        : [];
    const list = activities.length > 0 ? activities : total;
    const offset = activities.length === 0 && typeof offsetTonnes === 'number' ? offsetTonnes : undefined;
    const consumptions = list.flatMap((each) => (each.kilowattHours === undefined ? [] : [consumption(each, offset, context)]));
    return placed(ENERGY_PLACE, consumptions.length === 0 ? undefined : { energyConsumptions: json(unique(consumptions)) });
  },
  read(object, { partyId }) {
    const activities = objectsOf(objectOf(valueAt(object, ENERGY_PLACE)).energyConsumptions).flatMap((each): Json[] => {
      const { value } = objectOf(each.activityEnergyCost);
      if (typeof value !== 'number' || textOf(each.activity) === undefined) return [];
      const [provider] = objectsOf(each.energyProviders);
      const party = readEntity(provider?.organization);
      const cost = objectOf(each.co2CostEquivalent).value;
      return [
        pick({
          activity: String(each.activity),
          kilowattHours: value,
          source: provider?.energySource === 'unknown' ? undefined : textOf(provider?.energySource),
          provider: party === undefined ? undefined : partyId(party),
          tonnesCo2Equivalent: typeof cost === 'number' ? cost : undefined,
        }),
      ];
    });
    return activities.length === 0 ? {} : { training: { energy: { activities } } };
  },
};

function consumption(
  { activity, kilowattHours, source, provider, tonnesCo2Equivalent }: EnergyActivity,
  offset: number | undefined,
  { party }: Context,
): object {
  const known = party(provider);
  const energy = { value: kilowattHours, unit: 'kWh' };
  const carbon = (value: number | undefined) => (value === undefined ? undefined : { value, unit: 'tCO2eq' });
  return pick({
    activity: ACTIVITIES.has(activity) ? activity : 'other',
    energyProviders: [
      {
        // The schema wants one, whether or not anybody has said who it is.
        organization: known === undefined ? {} : entity(known),
        energySource: source === undefined ? 'unknown' : SOURCES.has(source) ? source : 'other',
        energyProvided: energy,
      },
    ],
    activityEnergyCost: energy,
    co2CostEquivalent: carbon(tonnesCo2Equivalent),
    co2CostOffset: carbon(offset),
  });
}

// --- use

const USE_PLACE = `${CARD}.considerations.useCases`;

/** What the subject is for: the purpose first. */
export const USE: Block<Context> = {
  at: ['usage.intendedPurpose', 'usage.tasks'],
  places: [USE_PLACE],
  write(thing) {
    const { intendedPurpose, tasks } = objectOf(thing.usage);
    return placed(USE_PLACE, nonEmptyList(unique([...textsOf([intendedPurpose]), ...textsOf(tasks)])));
  },
  read(object) {
    const [intendedPurpose, ...tasks] = textsOf(valueAt(object, USE_PLACE));
    const usage = pick({ intendedPurpose, tasks: tasks });
    return Object.keys(usage).length === 0 ? {} : { usage };
  },
};

// --- inputs and outputs

/** What goes in and comes out; CycloneDX has room for the format of each. */
const IO_PLACES = [`${CARD}.modelParameters.inputs`, `${CARD}.modelParameters.outputs`] as const;

export const IO: Block<Context> = {
  at: ['io'],
  places: IO_PLACES,
  write(thing) {
    const { inputs, outputs } = objectOf(thing.io);
    const formats = (list: unknown): JsonValue | undefined =>
      nonEmptyList(
        unique(
          objectsOf(list).flatMap((each) =>
            textOf(each.format ?? each.modality) === undefined ? [] : [{ format: String(each.format ?? each.modality) }],
          ),
        ),
      );
    const both = pick({ inputs: formats(inputs), outputs: formats(outputs) });
    return Object.keys(both).length === 0 ? {} : placed(`${CARD}.modelParameters`, both);
  },
  read(object) {
    const [inputs, outputs] = IO_PLACES.map((place) => {
      const list = valueAt(object, place);
      return nonEmptyList(objectsOf(list).flatMap(({ format }) => (textOf(format) === undefined ? [] : [{ format: String(format) }])));
    });
    const io = pick({ inputs: json(inputs), outputs: json(outputs) });
    return Object.keys(io).length === 0 ? {} : { io };
  },
};

/** The datasets of a card: references to components, or data in place. */
export function cardDatasets(card: unknown): {
  readonly refs: readonly string[];
  readonly inline: readonly Readonly<Record<string, unknown>>[];
} {
  const list = objectsOf(objectOf(objectOf(card).modelParameters).datasets);
  return {
    refs: list.flatMap(({ ref }) => textOf(ref) ?? []),
    inline: list.filter((each) => each.ref === undefined && isObject(each)),
  };
}
