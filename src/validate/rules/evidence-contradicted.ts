import { pointerStep, resolvePointer } from '../../core/json-pointer.js';
import { agrees } from '../coverage.js';
import { defineRule } from '../rule.js';

export const evidenceContradicted = defineRule({
  meta: {
    id: 'evidence-contradicted',
    clause: '7.6',
    severity: 'info',
    title: 'A source says something else than the manifest',
    fix: 'Look at both sources; what is right stands in the manifest, what is not stays in `said`.',
  },
  check(manifest, report) {
    manifest.evidence?.forEach(({ values, source }, i) => {
      for (const [pointer, value] of Object.entries(values)) {
        if (value.said === undefined || agrees(value, resolvePointer(manifest, pointer))) continue;
        const who = source?.path ?? source?.uri ?? source?.name ?? 'a source';
        report(`/evidence/${i}/values${pointerStep(pointer)}/said`, `\`${who}\` says something else of \`${pointer}\``);
      }
    });
  },
});
