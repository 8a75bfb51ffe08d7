import { resolvePointer } from '../../core/json-pointer.js';
import { defineRule } from '../rule.js';

export const evidencePointer = defineRule({
  meta: {
    id: 'evidence-pointer',
    severity: 'high',
    title: 'Evidence or an audience is given for a value that is not there',
    fix: 'Correct the pointer, or remove it.',
  },
  check(manifest, report) {
    manifest.evidence?.forEach(({ pointers, keys = {} }, i) => {
      pointers.forEach((pointer, j) => {
        if (resolvePointer(manifest, pointer) === undefined)
          report(`/evidence/${i}/pointers/${j}`, `\`${pointer}\` names nothing in the document`);
      });
      const listed = new Set(pointers);
      for (const pointer of Object.keys(keys)) {
        if (!listed.has(pointer))
          report(`/evidence/${i}/keys`, `a key is given for \`${pointer}\`, which is not among the pointers of the entry`);
      }
    });
    for (const pointer of Object.keys(manifest.bom.audiences ?? {})) {
      if (resolvePointer(manifest, pointer) === undefined) report('/bom/audiences', `\`${pointer}\` names nothing in the document`);
    }
  },
});
