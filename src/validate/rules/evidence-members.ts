import { pointerStep } from '../../core/json-pointer.js';
import { defineRule } from '../rule.js';

export const evidenceMembers = defineRule({
  meta: {
    id: 'evidence-members',
    clause: '7.4',
    severity: 'high',
    title: '`members` of evidence match nothing',
    fix: 'Write paths below the value, `*` for every member, such as `*/digest`.',
  },
  check(_manifest, report, { coverage }) {
    for (const { entry, pointer, member } of coverage().unmatched)
      report(`/evidence/${entry}/values${pointerStep(pointer)}/members`, `\`${member}\` matches nothing below \`${pointer}\``);
  },
});
