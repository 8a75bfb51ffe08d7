import { defineRule } from '../rule.js';

export const duplicateId = defineRule({
  meta: {
    id: 'duplicate-id',
    severity: 'high',
    title: 'Two things have the same id',
    fix: 'Give each thing an id of its own; `model` is the model itself.',
  },
  check(_manifest, report, { ids }) {
    const first = new Map<string, string>([['model', '/model']]);
    for (const { pointer, value } of ids) {
      const earlier = first.get(value);
      if (earlier === undefined) first.set(value, pointer);
      else report(pointer, `the id \`${value}\` already stands for \`${earlier.replace(/\/id$/, '')}\``);
    }
  },
});
