import { pointerStep } from '../../core/json-pointer.js';
import { findCycle, shown } from '../graph.js';
import { modelsOf } from '../models.js';
import { defineRule } from '../rule.js';

export const compositionCycle = defineRule({
  meta: {
    id: 'composition-cycle',
    clause: '4.5',
    severity: 'high',
    title: 'A model is put together from itself',
    fix: 'Remove the part that closes the circle; what it was made from goes into `lineage`.',
  },
  check(manifest, report) {
    const models = modelsOf(manifest);
    const cycle = findCycle(new Map(models.map(({ id, value }) => [id, Object.values(value.composition ?? {}).map(({ model }) => model)])));
    if (cycle === undefined) return;
    const pointer = models.find(({ id }) => id === cycle[0])?.pointer ?? pointerStep(cycle[0] ?? '');
    report(`${pointer}/composition`, `the parts run in a circle: ${shown(cycle)}`);
  },
});
