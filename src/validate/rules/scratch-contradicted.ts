import { modelsOf } from '../models.js';
import { defineRule } from '../rule.js';

export const scratchContradicted = defineRule({
  meta: {
    id: 'scratch-contradicted',
    clause: '4.2',
    severity: 'high',
    title: 'A model is said to be trained from random weights and to have parents',
    fix: 'Remove `scratch` or the parents.',
  },
  check(manifest, report) {
    for (const { pointer, value } of modelsOf(manifest))
      if (value.lineage?.scratch === true && value.lineage.parents !== undefined)
        report(`${pointer}/lineage/scratch`, `\`${value.name}\` is said to be trained from random weights, but it has parents`);
  },
});
