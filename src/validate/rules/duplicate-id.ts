import { pointerStep } from '../../core/json-pointer.js';
import { THINGS } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const duplicateId = defineRule({
  meta: {
    id: 'duplicate-id',
    clause: '3.2',
    severity: 'high',
    title: 'Two things have the same id',
    fix: 'Give each model, dataset, component and service an id of its own; `model` is the subject.',
  },
  check(manifest, report) {
    const first = new Map<string, string>([['model', '/model']]);
    for (const collection of THINGS)
      for (const id of Object.keys(manifest[collection] ?? {})) {
        const pointer = `/${collection}${pointerStep(id)}`;
        const earlier = first.get(id);
        if (earlier === undefined) first.set(id, pointer);
        else report(pointer, `the id \`${id}\` already stands for \`${earlier}\``);
      }
  },
});
