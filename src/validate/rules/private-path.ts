import { defineRule } from '../rule.js';

const HOME = /(?:^|[\s"'=:,[(])(?:file:\/\/)?(?:\/(?:home|Users)\/[^/\s"']+|\/root\/|[A-Za-z]:\\Users\\[^\\\s"']+)/;

export const privatePath = defineRule({
  meta: {
    id: 'private-path',
    clause: '8.8',
    severity: 'low',
    title: "A text names somebody's home directory",
    fix: 'Remove it or make it relative, unless the document stays inside.',
  },
  check(_manifest, report, { texts }) {
    for (const { pointer, value } of texts) {
      if (value.length < 100_000 && HOME.test(value)) report(pointer, 'the text names a home directory');
    }
  },
});
