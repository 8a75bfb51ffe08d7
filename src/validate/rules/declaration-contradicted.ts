import { pointerStep, resolvePointer } from '../../core/json-pointer.js';
import { defineRule } from '../rule.js';

export const declarationContradicted = defineRule({
  meta: {
    id: 'declaration-contradicted',
    clause: '2.7',
    severity: 'medium',
    title: 'A value is declared to be missing, but it is there',
    fix: 'Remove the declaration or the value.',
  },
  check(manifest, report) {
    for (const [pointer, { status }] of Object.entries(manifest.bom.declarations ?? {})) {
      if (resolvePointer(manifest, pointer) === undefined) continue;
      const said = status === 'not-applicable' ? 'not applicable' : status;
      report(`/bom/declarations${pointerStep(pointer)}`, `\`${pointer}\` is declared ${said}, but the document has a value there`);
    }
  },
});
