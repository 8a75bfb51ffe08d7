import { pointerStep } from '../../core/json-pointer.js';
import type { Dataset, Manifest } from '../../schema/index.js';
import { type ModelAt, modelsOf } from '../models.js';
import { defineRule } from '../rule.js';

type Pair = readonly [earlier: string | undefined, later: string | undefined, pointer: string, message: string];

export const timeOrder = defineRule({
  meta: {
    id: 'time-order',
    clause: '8.5',
    severity: 'high',
    title: 'An end comes before its beginning',
    fix: 'Correct one of the times.',
  },
  check(manifest, report) {
    for (const [earlier, later, pointer, message] of pairs(manifest)) {
      if (earlier !== undefined && later !== undefined && isAfter(earlier, later)) report(pointer, `${message}: ${earlier} and ${later}`);
    }
    const { model, bom } = manifest;
    if (model?.timestamp !== undefined && isAfter(model.timestamp, bom.timestamp)) {
      report('/model/timestamp', `the weights are newer than the document: ${model.timestamp} and ${bom.timestamp}`, {
        severity: 'medium',
        fix: 'Make the document anew.',
      });
    }
  },
});

function pairs(manifest: Manifest): readonly Pair[] {
  const { datasets = {}, services = {}, bom } = manifest;
  return [
    ...modelsOf(manifest).flatMap(trainingPairs),
    ...Object.entries(datasets).flatMap(([id, dataset]) => datasetPairs(`/datasets${pointerStep(id)}`, dataset)),
    ...Object.entries(services).map(
      ([id, { contract }]): Pair => [
        contract?.start,
        contract?.end,
        `/services${pointerStep(id)}/contract/end`,
        'the contract ends before it starts',
      ],
    ),
    ...(bom.revisions ?? [])
      .slice(1)
      .map(
        (revision, i): Pair => [
          bom.revisions?.[i]?.date,
          revision.date,
          `/bom/revisions/${i + 1}/date`,
          'the revision is older than the one before',
        ],
      ),
  ];
}

function trainingPairs({ pointer, value: { training } }: ModelAt): readonly Pair[] {
  const at = `${pointer}/training`;
  return [
    [training?.run?.start, training?.run?.end, `${at}/run/end`, 'the run ends before it starts'],
    ...Object.entries(training?.stages ?? {}).map(
      ([id, stage]): Pair => [stage.start, stage.end, `${at}/stages${pointerStep(id)}/end`, `the stage \`${id}\` ends before it starts`],
    ),
  ];
}

function datasetPairs(at: string, { name, timeframe, dates, snapshot }: Dataset): readonly Pair[] {
  return [
    [timeframe?.start, timeframe?.end, `${at}/timeframe/end`, `the collection of \`${name}\` ends before it starts`],
    [dates?.previous, dates?.issued, `${at}/dates/issued`, `this version of \`${name}\` is older than the one before`],
    [snapshot?.retrieved?.start, snapshot?.retrieved?.end, `${at}/snapshot/retrieved/end`, 'the retrieval ends before it starts'],
  ];
}

/** Compares as far as both are precise: 2026-03 is neither before nor after 2026-03-14. */
function isAfter(a: string, b: string): boolean {
  if (a.includes('T') && b.includes('T')) return Date.parse(a) > Date.parse(b);
  const length = Math.min(a.length, b.length, 10);
  return a.slice(0, length) > b.slice(0, length);
}
