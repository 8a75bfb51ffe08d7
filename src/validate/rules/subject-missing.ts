import { defineRule } from '../rule.js';

export const subjectMissing = defineRule({
  meta: {
    id: 'subject-missing',
    clause: '2.2',
    severity: 'medium',
    title: 'The document does not say what it describes',
    fix: 'Describe a `model`, or name a dataset or component in `bom.subject`.',
  },
  check({ bom, model }, report) {
    if (bom.subject === undefined && model === undefined) report('/bom', 'the document has no model, and names no other subject');
  },
});
