import { nearest } from '../../core/nearest.js';
import type { Manifest } from '../../schema/index.js';
import type { NameAt } from '../manifest-index.js';
import { defineRule } from '../rule.js';

/** Guessing at what was meant is for people; a hostile document must not make it expensive. */
const MAX_CANDIDATES = 1000;
const MAX_GUESSES = 50;

export const referenceUnresolved = defineRule({
  meta: {
    id: 'reference-unresolved',
    clause: '3.3',
    severity: 'high',
    title: 'An id or path is used that nothing in the document has',
    fix: 'Add the thing, or correct the id.',
  },
  check(manifest, report, { references }) {
    let guesses = 0;
    for (const at of references) {
      if (at.member === 'Bom.subject' || resolves(manifest, at)) continue; // the subject has a rule of its own
      const guess = guesses++ < MAX_GUESSES ? nearest(at.value, candidates(manifest, at)) : undefined;
      const where = at.row.in.map((name) => `\`/${name}\``).join(', ') || `\`${at.row.beside}\``;
      report(
        at.pointer,
        `nothing in ${where} has the name \`${at.value}\``,
        guess === undefined ? {} : { fix: `Did you mean \`${guess}\`?` },
      );
    }
  },
});

const has = (collection: object | undefined, name: string): boolean => collection !== undefined && Object.hasOwn(collection, name);

function resolves(manifest: Manifest, { value, row, beside }: NameAt): boolean {
  if (value === 'model' && row.subject === true) return manifest.model !== undefined;
  return row.in.some((name) => has(manifest[name], value)) || (row.beside !== undefined && has(beside, value));
}

function candidates(manifest: Manifest, { row, beside }: NameAt): readonly string[] {
  const near = row.beside === undefined ? [] : Object.keys(beside);
  return [...near, ...row.in.flatMap((name) => Object.keys(manifest[name] ?? {}))].slice(0, MAX_CANDIDATES);
}
