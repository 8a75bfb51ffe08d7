import { findCycle } from '../graph.js';
import { defineRule } from '../rule.js';

export const lineageCycle = defineRule({
  meta: {
    id: 'lineage-cycle',
    severity: 'high',
    title: 'A model or dataset is its own ancestor',
    fix: 'Remove the link that closes the circle.',
  },
  check({ lineage, datasets = [] }, report) {
    const parents = new Map((lineage?.ancestors ?? []).map((ancestor, i) => [ancestor.id ?? `#${i}`, ancestor.parents ?? []]));
    const models = findCycle(parents);
    if (models !== undefined) report('/lineage/ancestors', `the parents run in a circle: ${models.join(' → ')}`);
    const sources = new Map(datasets.map((dataset, i) => [dataset.id ?? `#${i}`, dataset.derivedFrom ?? []]));
    const data = findCycle(sources);
    if (data !== undefined) report('/datasets', `the datasets are derived from each other in a circle: ${data.join(' → ')}`);
  },
});
