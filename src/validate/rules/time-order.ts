import type { Manifest } from '../../schema/index.js';
import { defineRule } from '../rule.js';

type Pair = readonly [earlier: string | undefined, later: string | undefined, pointer: string, message: string];

export const timeOrder = defineRule({
  meta: {
    id: 'time-order',
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

function pairs({ training, datasets = [], services = [], bom }: Manifest): readonly Pair[] {
  return [
    [training?.run?.start, training?.run?.end, '/training/run/end', 'the run ends before it starts'],
    ...(training?.stages ?? []).map(
      (stage, i): Pair => [stage.start, stage.end, `/training/stages/${i}/end`, `the stage \`${stage.name}\` ends before it starts`],
    ),
    ...datasets.flatMap((dataset, i): Pair[] => [
      [
        dataset.timeframe?.start,
        dataset.timeframe?.end,
        `/datasets/${i}/timeframe/end`,
        `the collection of \`${dataset.name}\` ends before it starts`,
      ],
      [
        dataset.dates?.previous,
        dataset.dates?.issued,
        `/datasets/${i}/dates/issued`,
        `this version of \`${dataset.name}\` is older than the one before`,
      ],
      [
        dataset.snapshot?.retrieved?.start,
        dataset.snapshot?.retrieved?.end,
        `/datasets/${i}/snapshot/retrieved/end`,
        'the retrieval ends before it starts',
      ],
    ]),
    ...services.map(
      (service, i): Pair => [
        service.contract?.start,
        service.contract?.end,
        `/services/${i}/contract/end`,
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

/** Compares as far as both are precise: 2026-03 is neither before nor after 2026-03-14. */
function isAfter(a: string, b: string): boolean {
  if (a.includes('T') && b.includes('T')) return Date.parse(a) > Date.parse(b);
  const length = Math.min(a.length, b.length, 10);
  return a.slice(0, length) > b.slice(0, length);
}
