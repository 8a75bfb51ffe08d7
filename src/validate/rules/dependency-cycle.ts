import { pointerStep } from '../../core/json-pointer.js';
import { findCycle, shown } from '../graph.js';
import { defineRule } from '../rule.js';

export const dependencyCycle = defineRule({
  meta: {
    id: 'dependency-cycle',
    clause: '4.6',
    severity: 'info',
    title: 'Something depends on itself, directly or through others',
    fix: 'Nothing, where the packages really need each other; else remove the edge that closes the circle.',
  },
  check({ dependencies = {} }, report) {
    const edges = new Map(Object.entries(dependencies).map(([id, node]) => [id, Object.values(node.edges ?? {}).flat()]));
    const cycle = findCycle(edges);
    if (cycle !== undefined) report(`/dependencies${pointerStep(cycle[0] ?? '')}`, `the dependencies run in a circle: ${shown(cycle)}`);
  },
});
