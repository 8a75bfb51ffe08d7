import { resolvePointer } from '../../core/json-pointer.js';
import { defineRule } from '../rule.js';

export const declarationContradicted = defineRule({
  meta: {
    id: 'declaration-contradicted',
    severity: 'medium',
    title: 'A value is declared to be missing, but it is there',
    fix: 'Remove the declaration or the value.',
  },
  check(manifest, report) {
    manifest.bom.declarations?.forEach(({ pointer, status }, i) => {
      if (resolvePointer(manifest, pointer) === undefined) return;
      report(
        `/bom/declarations/${i}`,
        `\`${pointer}\` is declared ${status === 'notApplicable' ? 'not applicable' : status}, but the document has a value there`,
      );
    });
  },
});
