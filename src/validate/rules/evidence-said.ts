import { canonicalize } from '../../core/canonical-json.js';
import { pointerStep, resolvePointer } from '../../core/json-pointer.js';
import { defineRule } from '../rule.js';

export const evidenceSaid = defineRule({
  meta: {
    id: 'evidence-said',
    clause: '7.5',
    severity: 'high',
    title: '`said` does not say something else than the manifest',
    fix: 'Leave `said` out where the source agrees; another spelling of the same stands in `key`.',
  },
  check(manifest, report) {
    manifest.evidence?.forEach(({ values }, i) => {
      for (const [pointer, { said, members }] of Object.entries(values)) {
        if (said === undefined || said === null) continue;
        const place = `/evidence/${i}/values${pointerStep(pointer)}`;
        if (members !== undefined) report(`${place}/members`, '`said` is about the whole value, `members` about parts of it');
        else if (same(said, resolvePointer(manifest, pointer)))
          report(`${place}/said`, `the source said of \`${pointer}\` what the manifest says`);
      }
    });
  },
});

/** Lists are compared as sets. */
function same(a: unknown, b: unknown): boolean {
  if (b === undefined) return false;
  if (!Array.isArray(a) || !Array.isArray(b)) return canonicalize(a) === canonicalize(b);
  const [left, right] = [new Set(a.map(canonicalize)), new Set(b.map(canonicalize))];
  return left.size === right.size && [...left].every((each) => right.has(each));
}
