/** Use, limits, ethics, fairness and energy, as the considerations of a model card. */
import type { Manifest, Training } from '../../schema/index.js';
import { atLeast, type Context } from './context.js';
import { type Json, nonEmpty, nonEmptyList, numberOf, objectOf, objectsOf, pick, textOf, textsOf, unique, wordOf } from './json.js';
import type { Extra } from './library.js';
import { entity, readEntity } from './parties.js';
import { type PropertyRow, propertyValues, readProperties, writeProperties } from './properties.js';

type Energy = NonNullable<Training['energy']>;
type Activity = NonNullable<Energy['activities']>[number];
type RiskEntry = NonNullable<NonNullable<Manifest['risk']>['register']>[number];

export function considerations({ usage, model, risk, training }: Manifest, context: Context): Extra {
  const purpose = usage?.intendedPurpose;
  const risks = risk?.register ?? [];
  const tradeOffs = model?.designSpecification?.tradeOffs;
  return pick({
    users: usage?.users,
    useCases: unique([...(purpose === undefined ? [] : [purpose]), ...(usage?.tasks ?? [])]),
    technicalLimitations: model?.limitations,
    performanceTradeoffs: tradeOffs?.split('\n').filter((line) => line !== ''),
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
    environmentalConsiderations: atLeast(context.version, '1.6') ? environmental(training?.energy, context) : undefined,
  });
}

const ENERGY_ROWS: readonly PropertyRow[] = [
  ['msbom:energy:kilowattHours', 'kilowattHours', 'number'],
  ['msbom:energy:methodology', 'methodology'],
  ['msbom:energy:estimated', 'estimated', 'flag'],
  ['msbom:energy:waterLitres', 'waterLitres', 'number'],
  ['msbom:energy:carbon:tonnesCo2Equivalent', 'carbon.tonnesCo2Equivalent', 'number'],
  ['msbom:energy:carbon:offsetTonnes', 'carbon.offsetTonnes', 'number'],
  ['msbom:energy:carbon:methodology', 'carbon.methodology'],
];
/** The schema wants a provider and its source, whether or not anybody has said who it is. */
const NOT_STATED = 'not stated';

/** Energy by activity; where only a sum is known, it is that of training. */
function environmental(energy: Energy | undefined, context: Context): Extra | undefined {
  if (energy === undefined) return undefined;
  const { kilowattHours, carbon, activities } = energy;
  const training: readonly Activity[] =
    kilowattHours === undefined
      ? []
      : [{ activity: 'training', kilowattHours, ...pick({ tonnesCo2Equivalent: carbon?.tonnesCo2Equivalent }) }];
  const only = activities === undefined ? carbon?.offsetTonnes : undefined;
  const properties = writeProperties(ENERGY_ROWS, energy).map(([name, value]) => ({ name, value: String(value) }));
  return nonEmpty(
    pick({
      energyConsumptions: unique((activities ?? training).map((each) => consumption(each, only, context))),
      properties: unique(properties),
    }),
  );
}

function consumption(each: Activity, offset: number | undefined, { party }: Context): Extra {
  const provider = party(each.provider);
  const energy = { value: each.kilowattHours, unit: 'kWh' };
  const carbon = (value: number | undefined): Extra | undefined => (value === undefined ? undefined : { value, unit: 'tCO2eq' });
  return pick({
    activity: each.activity,
    energyProviders: [
      {
        organization: provider === undefined ? { name: NOT_STATED } : entity(provider),
        energySource: each.source ?? 'unknown',
        energyProvided: energy,
      },
    ],
    activityEnergyCost: energy,
    co2CostEquivalent: carbon(each.tonnesCo2Equivalent),
    co2CostOffset: carbon(offset),
  });
}

/** Parts of the manifest that considerations tell of. */
export interface ConsiderationSections {
  readonly usage: NonNullable<Manifest['usage']>;
  readonly limitations: string[] | undefined;
  readonly tradeOffs: string | undefined;
  readonly risk: NonNullable<Manifest['risk']>;
  readonly energy: Energy | undefined;
}

export function readConsiderations(value: unknown): ConsiderationSections {
  const read = objectOf(value);
  const [intendedPurpose, ...tasks] = textsOf(read.useCases);
  const tradeOffs = textsOf(read.performanceTradeoffs);
  return {
    usage: pick({ intendedPurpose, tasks, users: nonEmptyList(textsOf(read.users)) }),
    limitations: nonEmptyList(textsOf(read.technicalLimitations)),
    tradeOffs: tradeOffs.length === 0 ? undefined : tradeOffs.join('\n'),
    risk: readRisk(read),
    energy: readEnergy(objectOf(read.environmentalConsiderations)),
  };
}

function readRisk({ ethicalConsiderations, fairnessAssessments }: Json): NonNullable<Manifest['risk']> {
  const register: RiskEntry[] = [];
  let ethics: string | undefined;
  for (const { name, mitigationStrategy } of objectsOf(ethicalConsiderations)) {
    const [description, mitigation] = [textOf(name), textOf(mitigationStrategy)];
    if (description === undefined) continue;
    if (mitigation === undefined && ethics === undefined && register.length === 0) ethics = description;
    else register.push({ description, ...pick({ mitigation }) });
  }
  for (const { groupAtRisk, benefits, harms, mitigationStrategy } of objectsOf(fairnessAssessments)) {
    const [group, harm] = [textOf(groupAtRisk), textOf(harms)];
    if (group === undefined) continue;
    const rest = pick({ benefits: textOf(benefits), harms: harm, mitigation: textOf(mitigationStrategy) });
    register.push({ description: harm ?? group, groupAtRisk: group, ...rest });
  }
  return pick({ ethics, register });
}

const ACTIVITIES: readonly Activity['activity'][] = [
  'design',
  'data-collection',
  'data-preparation',
  'training',
  'fine-tuning',
  'validation',
  'deployment',
  'inference',
  'other',
];
const SOURCES: readonly NonNullable<Activity['source']>[] = [
  'coal',
  'oil',
  'natural-gas',
  'nuclear',
  'wind',
  'solar',
  'geothermal',
  'hydropower',
  'biofuel',
  'other',
];

function readEnergy({ energyConsumptions, properties }: Json): Energy | undefined {
  const activities = objectsOf(energyConsumptions).flatMap((each) => readActivity(each) ?? []);
  const sums = readProperties<Energy>(ENERGY_ROWS, propertyValues(properties));
  // A sum and one activity of the same energy are the same thing said twice.
  const [first] = activities;
  const isSum = activities.length === 1 && first?.activity === 'training' && first.kilowattHours === sums.kilowattHours;
  return nonEmpty({ ...sums, ...(isSum ? {} : pick({ activities })) });
}

function readActivity({ activity, activityEnergyCost, energyProviders, co2CostEquivalent }: Json): Activity | undefined {
  const [word, kilowattHours] = [wordOf(activity, ACTIVITIES), numberOf(objectOf(activityEnergyCost).value)];
  if (word === undefined || kilowattHours === undefined) return undefined;
  const [{ organization, energySource } = {} as Json] = objectsOf(energyProviders);
  const provider = readEntity(organization);
  return {
    activity: word,
    kilowattHours,
    ...pick({
      source: wordOf(energySource, SOURCES),
      provider: provider?.name === NOT_STATED ? undefined : provider,
      tonnesCo2Equivalent: numberOf(objectOf(co2CostEquivalent).value),
    }),
  };
}
