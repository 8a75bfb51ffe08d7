import type { License } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const licenseEmpty = defineRule({
  meta: {
    id: 'license-empty',
    clause: '8.1',
    severity: 'high',
    title: 'A licence says neither which it is nor where its text stands',
    fix: 'Give it an `expression`, a `name` or a `url`.',
  },
  check(_manifest, report, { of }) {
    for (const { pointer, value } of of<License>('License'))
      if (value.expression === undefined && value.name === undefined && value.url === undefined)
        report(pointer, 'the licence has no expression, name or url');
  },
});
