import { appendTo } from '../../core/append.js';
import { findCycle } from '../graph.js';
import { defineRule } from '../rule.js';

export const dependencyCycle = defineRule({
  meta: {
    id: 'dependency-cycle',
    severity: 'high',
    title: 'Something depends on itself, directly or through others',
    fix: 'Remove the edge that closes the circle.',
  },
  check({ dependencies = [] }, report) {
    const edges = new Map<string, string[]>();
    for (const { ref, dependsOn } of dependencies) for (const target of dependsOn) appendTo(edges, ref, target);
    const cycle = findCycle(edges);
    if (cycle === undefined) return;
    const index = dependencies.findIndex(({ ref }) => ref === cycle[0]);
    report(`/dependencies/${index}`, `the dependencies run in a circle: ${shown(cycle)}`);
  },
});

/** A circle may be as long as the document. */
const shown = (cycle: readonly string[]): string =>
  (cycle.length > 10 ? [...cycle.slice(0, 5), `${cycle.length - 9} more`, ...cycle.slice(-4)] : cycle).join(' → ');
