/** What stands on the element of a model alone: hyperparameters, results, energy, use. */

import type { JsonValue } from '../../core/canonical-json.js';
import { idFrom } from '../../core/id.js';
import { freeKey } from '../../core/objects.js';
import type { EnergyActivity, Evaluation, Metric } from '../../schema/index.js';
import { json, objectOf, objectsOf, pick, textOf, textsOf, unique, uriOf } from '../cyclonedx/json.js';
import type { Json } from '../mapping/block.js';
import { decimalText, numberOf } from '../mapping/codecs.js';
import { valueAt } from '../mapping/row.js';
import type { SpdxBlock } from './blocks.js';
import { dictionary, entry } from './dictionary.js';
import { ENERGY_LISTS, toWord } from './words.js';

/** A name of the official taxonomy of CycloneDX, under which a member of the model stands among the hyperparameters. */
export const isOfficial = (key: string): boolean => key.startsWith('cdx:');

export const HYPERPARAMETERS: SpdxBlock = {
  at: ['training.hyperparameters'],
  places: ['ai_hyperparameter'],
  write(thing) {
    const values = Object.entries(objectOf(valueAt(thing, 'training.hyperparameters'))).filter(([key]) => !isOfficial(key));
    return pick({
      ai_hyperparameter: json(values.map(([key, value]) => entry(key, typeof value === 'string' ? value : JSON.stringify(value)))),
    });
  },
  read({ ai_hyperparameter }) {
    const values = [...dictionary(ai_hyperparameter)].flatMap(([key, value]) => (isOfficial(key) ? [] : [[key, parsed(value)] as const]));
    return values.length === 0 ? {} : { training: { hyperparameters: Object.fromEntries(values) } };
  },
};

/** What was a number, a flag or a structure is one again. */
function parsed(text: string): JsonValue {
  const number = numberOf(text);
  if (number !== undefined) return number;
  if (!/^(?:true|false|null|[[{])/.test(text)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** Name of the evaluation that results of documents by others are read into. */
const UNNAMED = 'metrics';

/** Results by a name that tells what they are of: evaluation, data and slice. */
export const METRICS: SpdxBlock = {
  at: ['evaluations', 'training.metrics'],
  places: ['ai_metric', 'ai_metricDecisionThreshold'],
  write(thing) {
    const own = Object.entries(objectOf(valueAt(thing, 'training.metrics'))) as readonly (readonly [string, Metric])[]; // of the schema, as below
    const evaluations = Object.values(objectOf(thing.evaluations)) as readonly Evaluation[];
    const named = [
      ...own.map(([key, metric]) => [metricName(key, metric, []), metric] as const),
      ...evaluations.flatMap(({ name, metrics }) =>
        Object.entries(metrics ?? {}).map(
          ([key, metric]) => [metricName(key, metric, name === UNNAMED || name === 'quantitativeAnalysis' ? [] : [name]), metric] as const,
        ),
      ),
    ];
    const taken: Record<string, true> = Object.create(null);
    const metrics: Json[] = [];
    const thresholds: Json[] = [];
    for (const [name, { value, text, unit, threshold }] of named) {
      const key = freeKey(taken, name, ' ');
      taken[key] = true;
      const shown = text ?? value;
      if (shown !== undefined) metrics.push(entry(key, unit === undefined ? String(shown) : `${shown} ${unit}`));
      if (threshold !== undefined) thresholds.push(entry(key, String(threshold)));
    }
    return pick({ ai_metric: json(metrics), ai_metricDecisionThreshold: json(thresholds) });
  },
  read({ ai_metric, ai_metricDecisionThreshold }) {
    const thresholds = dictionary(ai_metricDecisionThreshold);
    const values = dictionary(ai_metric);
    const metrics: Record<string, JsonValue> = Object.create(null);
    for (const key of new Set([...values.keys(), ...thresholds.keys()])) {
      const [text, threshold] = [values.get(key), thresholds.get(key)];
      const number = text === undefined ? undefined : numberOf(text);
      metrics[key.slice(0, 256)] = pick({
        value: number,
        text: number === undefined || String(number) !== text ? textOf(text) : undefined,
        threshold: threshold === undefined ? undefined : numberOf(threshold),
      });
    }
    return Object.keys(metrics).length === 0 ? {} : { evaluations: { [UNNAMED]: { name: UNNAMED, metrics } } };
  },
};

function metricName(key: string, { name, slice, use }: Metric, of: readonly string[]): string {
  const label = name ?? key;
  const place = [...of, use?.config, use?.split, slice].filter((part) => part !== undefined).join(' / ');
  return place === '' ? label : `${label} (${place})`;
}

/** The activities of which SPDX knows three; a mere total is that of training. */
export const ENERGY: SpdxBlock = {
  at: ['training.energy'],
  places: ['ai_energyConsumption'],
  write(thing) {
    const { kilowattHours, activities } = objectOf(valueAt(thing, 'training.energy'));
    const list = objectsOf(activities) as unknown as readonly EnergyActivity[]; // of the schema
    const total = typeof kilowattHours === 'number' ? [{ activity: 'training', kilowattHours }] : [];
    const lists: Record<string, Json[]> = {};
    for (const each of list.length > 0 ? list : total) {
      const place = toWord(ENERGY_LISTS, each.activity);
      if (place === undefined || each.kilowattHours === undefined) continue;
      const ai_energyQuantity = decimalText(each.kilowattHours);
      (lists[place] ??= []).push({ type: 'ai_EnergyConsumptionDescription', ai_energyQuantity, ai_energyUnit: 'kilowattHour' });
    }
    return Object.keys(lists).length === 0 ? {} : { ai_energyConsumption: { type: 'ai_EnergyConsumption', ...lists } };
  },
  read({ ai_energyConsumption }) {
    const activities = ENERGY_LISTS.flatMap(([activity, place]) =>
      objectsOf(objectOf(ai_energyConsumption)[place]).flatMap(({ ai_energyQuantity, ai_energyUnit }) => {
        const quantity = numberOf(json(ai_energyQuantity ?? ''));
        const factor = ai_energyUnit === 'kilowattHour' ? 1 : ai_energyUnit === 'megajoule' ? 3.6 : undefined;
        return quantity === undefined || factor === undefined ? [] : [{ activity, kilowattHours: quantity / factor }];
      }),
    );
    return activities.length === 0 ? {} : { training: { energy: { activities } } };
  },
};

/** What the subject is for: a line each, the purpose first. */
export const USE: SpdxBlock = {
  at: ['usage.intendedPurpose', 'usage.tasks'],
  places: ['ai_informationAboutApplication'],
  write(thing) {
    const lines = [textOf(valueAt(thing, 'usage.intendedPurpose')) ?? [], textsOf(valueAt(thing, 'usage.tasks'))].flat();
    return lines.length === 0 ? {} : { ai_informationAboutApplication: lines.join('\n') };
  },
  read({ ai_informationAboutApplication }) {
    const text = textOf(ai_informationAboutApplication);
    return text === undefined ? {} : { usage: { intendedPurpose: text } };
  },
};

/** Standards that the subject meets, by number. */
export const STANDARDS: SpdxBlock = {
  at: ['governance.standards'],
  places: ['ai_standardCompliance'],
  write(thing) {
    const standards = Object.values(objectOf(valueAt(thing, 'governance.standards'))).map(objectOf);
    return pick({
      ai_standardCompliance: json(unique(standards.flatMap(({ id, title }) => textOf(id) ?? textOf(title) ?? []))),
    });
  },
  read({ ai_standardCompliance }) {
    const standards: Record<string, JsonValue> = Object.create(null);
    for (const id of textsOf(ai_standardCompliance)) standards[idFrom(id)] = { id };
    return Object.keys(standards).length === 0 ? {} : { governance: { standards } };
  },
};

/** Where a model can be had: SPDX asks for one place. */
export const DOWNLOAD: SpdxBlock = {
  at: ['distribution.channels'],
  places: ['software_downloadLocation'],
  write(thing) {
    const channels = objectsOf(valueAt(thing, 'distribution.channels')).filter(({ uri }) => textOf(uri) !== undefined);
    const best = channels.find(({ kind }) => kind === 'download') ?? channels[0];
    return pick({ software_downloadLocation: textOf(best?.uri) });
  },
  read({ software_downloadLocation }) {
    const uri = uriOf(software_downloadLocation);
    return uri === undefined ? {} : { distribution: { channels: [{ kind: 'download', uri }] } };
  },
};
