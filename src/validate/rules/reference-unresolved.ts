import { nearest } from '../../core/nearest.js';
import { defineRule } from '../rule.js';

/** Guessing at what was meant is for people; a hostile document must not make it expensive. */
const MAX_CANDIDATES = 1000;
const MAX_GUESSES = 50;

export const referenceUnresolved = defineRule({
  meta: {
    id: 'reference-unresolved',
    severity: 'high',
    title: 'An id is used that nothing in the document has',
    fix: 'Add the thing, or correct the id.',
  },
  check({ artifacts = [], adapters = [] }, report, { ids, references }) {
    const known = new Set(['model', ...ids.map(({ value }) => value)]);
    const candidates = [...known].slice(0, MAX_CANDIDATES);
    let guesses = 0;
    for (const { pointer, value } of references) {
      if (known.has(value)) continue;
      const guess = guesses++ < MAX_GUESSES ? nearest(value, candidates) : undefined;
      report(pointer, `nothing in the document has the id \`${value}\``, guess === undefined ? {} : { fix: `Did you mean \`${guess}\`?` });
    }
    const paths = new Set(artifacts.map(({ path }) => path));
    adapters.forEach((adapter, i) => {
      adapter.artifacts?.forEach((path, j) => {
        if (!paths.has(path)) report(`/adapters/${i}/artifacts/${j}`, `no artifact has the path \`${path}\``);
      });
    });
  },
});
