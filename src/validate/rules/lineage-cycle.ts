import { pointerStep } from '../../core/json-pointer.js';
import { findCycle, shown } from '../graph.js';
import { modelsOf } from '../models.js';
import { defineRule } from '../rule.js';

export const lineageCycle = defineRule({
  meta: {
    id: 'lineage-cycle',
    clause: '4.4',
    severity: 'high',
    title: 'A model or dataset is its own ancestor',
    fix: 'Remove the link that closes the circle.',
  },
  check(manifest, report) {
    const models = modelsOf(manifest);
    const parents = new Map(models.map(({ id, value }) => [id, Object.values(value.lineage?.parents ?? {}).map(({ model }) => model)]));
    const cycle = findCycle(parents);
    if (cycle !== undefined) {
      const pointer = models.find(({ id }) => id === cycle[0])?.pointer ?? '';
      report(`${pointer}/lineage/parents`, `the parents run in a circle: ${shown(cycle)}`);
    }
    const sources = new Map(
      Object.entries(manifest.datasets ?? {}).map(([id, value]) => [id, Object.values(value.sources ?? {}).map(({ dataset }) => dataset)]),
    );
    const data = findCycle(sources);
    if (data !== undefined)
      report(`/datasets${pointerStep(data[0] ?? '')}/sources`, `the datasets are made from each other in a circle: ${shown(data)}`);
  },
});
