import { pointerStep } from '../../core/json-pointer.js';
import type { Training } from '../../schema/index.js';
import { findCycle, shown } from '../graph.js';
import { defineRule } from '../rule.js';

export const stageCycle = defineRule({
  meta: {
    id: 'stage-cycle',
    clause: '4.7',
    severity: 'high',
    title: 'A stage of training comes after itself',
    fix: 'Correct `after`: it names the stages that this one continues.',
  },
  check(_manifest, report, { of }) {
    for (const { pointer, value } of of<Training>('Training')) {
      const cycle = findCycle(new Map(Object.entries(value.stages ?? {}).map(([id, { after = [] }]) => [id, after])));
      if (cycle !== undefined)
        report(`${pointer}/stages${pointerStep(cycle[0] ?? '')}/after`, `the stages run in a circle: ${shown(cycle)}`);
    }
  },
});
