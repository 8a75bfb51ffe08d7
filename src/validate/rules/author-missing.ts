import { defineRule } from '../rule.js';

export const authorMissing = defineRule({
  meta: {
    id: 'author-missing',
    clause: '2.6',
    severity: 'low',
    title: 'Nobody is named as the author of the document, and no declaration says why',
    fix: 'Name the operator in `bom.authors`, or declare `/bom/authors` as unknown or withheld.',
  },
  check({ bom }, report) {
    const declared =
      bom.declarations !== undefined && ['/bom', '/bom/authors'].some((pointer) => Object.hasOwn(bom.declarations ?? {}, pointer));
    if (bom.authors === undefined && !declared) report('/bom', 'the document names no author');
  },
});
