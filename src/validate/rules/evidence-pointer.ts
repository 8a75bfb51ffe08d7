import { parsePointer, pointerStep } from '../../core/json-pointer.js';
import type { Manifest } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const evidencePointer = defineRule({
  meta: {
    id: 'evidence-pointer',
    clause: '7.2',
    severity: 'high',
    title: 'Evidence or an audience is given for a value that is not there, or for an item of a list',
    fix: 'Point at a value of the document, at a list as a whole.',
  },
  check(manifest, report) {
    manifest.evidence?.forEach(({ values }, i) => {
      for (const pointer of Object.keys(values)) {
        const problem = problemOf(manifest, pointer);
        if (problem !== undefined) report(`/evidence/${i}/values${pointerStep(pointer)}`, problem);
      }
    });
    for (const pointer of Object.keys(manifest.bom.audiences ?? {})) {
      const problem = problemOf(manifest, pointer);
      if (problem !== undefined) report(`/bom/audiences${pointerStep(pointer)}`, problem);
    }
  },
});

function problemOf(manifest: Manifest, pointer: string): string | undefined {
  let value: unknown = manifest;
  for (const key of parsePointer(pointer) ?? []) {
    if (Array.isArray(value)) return `\`${pointer}\` points into a list`;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return `\`${pointer}\` names nothing in the document`;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return undefined;
}
