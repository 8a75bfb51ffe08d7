import type { JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import { asObject, asText, type Loose } from '../../values.js';

type Item = { readonly [key: string]: JsonValue };

export interface CardEvaluation {
  readonly evaluation: Item;
  /** The dataset it was measured on, where the card names one. */
  readonly data: Item | undefined;
}

/** Results of `model-index`: one evaluation for each task and dataset. */
export function evaluations(modelIndex: unknown): readonly CardEvaluation[] {
  const entries = Array.isArray(modelIndex) ? modelIndex : [];
  return entries.flatMap((entry: unknown) => {
    const results = asObject(entry)?.results;
    return (Array.isArray(results) ? results : []).flatMap((result: unknown) => one(asObject(result) ?? {}));
  });
}

function one(result: Loose): readonly CardEvaluation[] {
  const dataset = asObject(result.dataset);
  const name = asText(dataset?.name) ?? asText(dataset?.type);
  const task = asText(asObject(result.task)?.type) ?? asText(asObject(result.task)?.name);
  const metrics = (Array.isArray(result.metrics) ? result.metrics : []).flatMap((metric: unknown) =>
    readMetric(asObject(metric) ?? {}, asText(dataset?.split)),
  );
  if (metrics.length === 0) return [];
  const id = name === undefined ? undefined : idFrom(asText(dataset?.type) ?? name);
  const revision = asText(dataset?.revision);
  return [
    {
      evaluation: {
        name: name ?? task ?? 'model-index',
        kind: 'accuracy',
        ...(task === undefined ? {} : { task }),
        metrics,
        ...(id === undefined ? {} : { datasets: [id] }),
      },
      data:
        id === undefined
          ? undefined
          : {
              id,
              name: asText(dataset?.type) ?? name ?? '',
              ...(revision === undefined ? {} : { version: revision }),
              roles: ['testing'],
              provenanceStatus: 'declared',
            },
    },
  ];
}

function readMetric(metric: Loose, split: string | undefined): Item[] {
  const name = asText(metric.type) ?? asText(metric.name);
  const text = asText(metric.value);
  if (name === undefined || text === undefined) return [];
  const value = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
  const note = asText(metric.name);
  return [{ name, value, ...(split === undefined ? {} : { split }), ...(note === undefined || note === name ? {} : { note }) }];
}
