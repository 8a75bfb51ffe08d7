import { defineRule } from '../rule.js';

/** More pointers than this say nothing more. */
const SHOWN = 3;

export const evidenceMissing = defineRule({
  meta: {
    id: 'evidence-missing',
    clause: '7.7',
    severity: 'low',
    title: 'Values have no evidence',
    fix: 'Add an entry of `evidence` that says who says so: `declared` or `supplied` by a person, `observed` or `inferred` by a tool.',
  },
  check(manifest, report, { coverage }) {
    const { sections, complete } = coverage();
    const all = [...sections.values()];
    const values = all.reduce((sum, section) => sum + section.values, 0);
    const missing = all.reduce((sum, section) => sum + section.missing.length, 0);
    if (!complete)
      report('/evidence', 'the evidence has too many patterns to be examined', { severity: 'medium', fix: 'Write fewer patterns.' });
    else if (missing > 0 && manifest.evidence === undefined) report('', `none of ${values} values has evidence`);
    if (!complete || manifest.evidence === undefined) return;
    const severity = missing * 10 > values ? 'medium' : 'low';
    for (const [name, section] of sections) {
      const [first] = section.missing;
      if (first === undefined) continue;
      const shown = section.missing.slice(0, SHOWN).map((pointer) => `\`${pointer}\``);
      const more = section.missing.length > SHOWN ? ' and others' : '';
      report(first, `${section.missing.length} of ${section.values} values in \`/${name}\` have no evidence: ${shown.join(', ')}${more}`, {
        severity,
      });
    }
  },
});
