import { findNamedSecrets } from '../../core/secrets/index.js';
import { defineRule } from '../rule.js';

export const secret = defineRule({
  meta: {
    id: 'secret',
    clause: '8.7',
    severity: 'high',
    title: 'A text holds a credential',
    fix: 'Remove it from the document and revoke it.',
  },
  check(_manifest, report, { texts }) {
    for (const { pointer, value } of texts) {
      // The value itself is never repeated.
      const found = findNamedSecrets(lastName(pointer), value);
      if (found.length === 0) continue;
      for (const kind of new Set(found.map(({ kind }) => kind))) report(pointer, `the text holds a credential (${kind})`);
    }
  },
});

/** The member that a text stands under: of an item the one of its list. */
function lastName(pointer: string): string {
  // Evidence repeats the names of what it is about, and of where that was read.
  if (pointer.startsWith('/evidence/')) return '';
  let end = pointer.length;
  let start = pointer.lastIndexOf('/');
  while (start > 0 && /^\d+$/.test(pointer.slice(start + 1, end))) {
    end = start;
    start = pointer.lastIndexOf('/', end - 1);
  }
  const name = pointer.slice(start + 1, end);
  return name.replace(/~1/g, '/').replace(/~0/g, '~');
}
