import { canonicalize, type JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import { cut, present } from '../../component.js';
import { webUrl } from '../../dataset/values.js';
import { plainValue } from '../../hyperparameters.js';
import { asObject, asText, type Loose } from '../../values.js';

type Item = { readonly [key: string]: JsonValue };

export interface CardEvaluation {
  readonly evaluation: Item;
  /** The dataset it was measured on, where the card names one. */
  readonly data: Item | undefined;
}

/** Results of `model-index`: one evaluation for each task and each part of a dataset. */
export function evaluations(modelIndex: unknown): readonly CardEvaluation[] {
  const entries = Array.isArray(modelIndex) ? modelIndex.map(asObject) : [];
  const first = asText(entries[0]?.name);
  return entries.flatMap((entry) => {
    const results = entry?.results;
    const name = asText(entry?.name);
    // Results under another name are those of another model, or of another way to run this one.
    const of = name === undefined || name === first ? undefined : name.slice(0, 200);
    return (Array.isArray(results) ? results : []).flatMap((result: unknown) => one(asObject(result) ?? {}, of));
  });
}

function one(result: Loose, of: string | undefined): readonly CardEvaluation[] {
  const dataset = asObject(result.dataset);
  const name = asText(dataset?.name) ?? asText(dataset?.type);
  const task = asText(asObject(result.task)?.type) ?? asText(asObject(result.task)?.name);
  const metrics = (Array.isArray(result.metrics) ? result.metrics : []).flatMap((metric: unknown) => readMetric(asObject(metric) ?? {}));
  if (metrics.length === 0) return [];
  const id = name === undefined ? undefined : idFrom(asText(dataset?.type) ?? name);
  const source = asObject(result.source);
  return [
    {
      evaluation: present({
        name: `${name ?? task ?? 'model-index'}${of === undefined ? '' : ` (${of})`}`,
        kind: 'accuracy',
        task,
        metrics,
        uses: id === undefined ? undefined : [use(id, dataset ?? {})],
        report: report(asText(source?.name), webUrl(source?.url)),
      }),
      data:
        id === undefined ? undefined : { id, name: asText(dataset?.type) ?? name ?? '', roles: ['testing'], provenanceStatus: 'declared' },
    },
  ];
}

/** Configuration, split and revision are those that it was measured on; the dataset itself may have been trained on in another. */
function use(dataset: string, { config, split, revision, args }: Loose): Item {
  const settings = plainValue(args);
  return present({
    dataset,
    config: asText(config),
    split: asText(split),
    revision: asText(revision),
    note: settings === undefined ? undefined : cut(`args: ${canonicalize(settings)}`),
  });
}

const report = (title: string | undefined, uri: string | undefined): JsonValue | undefined =>
  title === undefined && uri === undefined ? undefined : present({ title, uri });

function readMetric(metric: Loose): Item[] {
  const name = asText(metric.type) ?? asText(metric.name);
  const text = asText(metric.value);
  if (name === undefined || text === undefined) return [];
  const value = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? { value: Number(text) } : { text };
  const note = asText(metric.name);
  return [present({ name, ...value, note: note === name ? undefined : note, parameters: parametersOf(metric) })];
}

/** How the metric was computed: its arguments, and the configuration that it was loaded in. */
function parametersOf({ args, config }: Loose): JsonValue | undefined {
  const given = plainValue(args);
  const named = given === undefined || given === null ? {} : asObject(given) === undefined ? { args: given } : (given as Item);
  const all = { ...named, ...(asText(config) === undefined ? {} : { config: asText(config) ?? '' }) };
  return Object.keys(all).length === 0 ? undefined : all;
}
