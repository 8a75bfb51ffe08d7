/** What downloads, editors and people left beside the files of a model: listed with its digest, and no second model. */
import { appendTo } from '../../core/append.js';
import { type Finding, firstOf } from '../../core/finding.js';
import { type Leftover, leftoverOf } from '../roles.js';

/** Paths that one message names. */
const MAX_NAMED = 5;

const SEVERITY: Readonly<Record<Leftover['what'], Finding['severity']>> = {
  'an unfinished download or copy': 'medium',
  'a copy that was kept': 'info',
  'attributes of macOS': 'info',
};

/** One finding for each kind of what is left. */
export function leftovers(paths: Iterable<string>): readonly Finding[] {
  const kinds = new Map<Leftover['what'], string[]>();
  for (const path of paths) {
    const leftover = leftoverOf(path);
    if (leftover !== undefined) appendTo(kinds, leftover.what, path);
  }
  return [...kinds].map(([what, all]) => ({
    id: 'leftover-file',
    severity: SEVERITY[what],
    message: `${what}, and no weights of the model: ${firstOf(all, MAX_NAMED)}`,
    fix:
      what === 'an unfinished download or copy'
        ? 'Fetch the file again, or remove what is left of it.'
        : 'Remove it, or leave it out with --exclude.',
    file: all[0] ?? '',
  }));
}
