import { nearest } from '../../core/nearest.js';
import { WORDS } from '../../schema/index.js';
import { defineRule } from '../rule.js';

/** Guessing at what was meant is for people; a hostile document must not make it expensive. */
const MAX_GUESSES = 50;

export const wordUnknown = defineRule({
  meta: {
    id: 'word-unknown',
    clause: '8.6',
    severity: 'info',
    title: 'A word is not one of those registered',
    fix: 'Nothing, where none of the registered words says it; readers may not know the word.',
  },
  check(_manifest, report, { words }) {
    let guesses = 0;
    for (const { pointer, value, member } of words) {
      const known = WORDS[member] ?? [];
      if (known.includes(value)) continue;
      const guess = guesses++ < MAX_GUESSES ? nearest(value, known) : undefined;
      report(
        pointer,
        `the word ${JSON.stringify(value.slice(0, 60))} is not registered`,
        guess === undefined ? {} : { fix: `Did you mean \`${guess}\`?` },
      );
    }
  },
});
