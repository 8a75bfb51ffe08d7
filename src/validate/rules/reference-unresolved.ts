import { nearest } from '../../core/nearest.js';
import { defineRule } from '../rule.js';

export const referenceUnresolved = defineRule({
  meta: {
    id: 'reference-unresolved',
    severity: 'high',
    title: 'An id is used that nothing in the document has',
    fix: 'Add the thing, or correct the id.',
  },
  check({ artifacts = [], adapters = [] }, report, { ids, references }) {
    const known = new Set(['model', ...ids.map(({ value }) => value)]);
    for (const { pointer, value } of references) {
      if (known.has(value)) continue;
      const guess = nearest(value, [...known]);
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
