/** Patterns of gitignore(5), by which a caller leaves files out. They are compared as the probe of git compares those of a checkout. */
import { MsbomError } from '../../core/error.js';
import { isIgnored, readIgnoreFile } from '../../probe/git/ignore.js';

/** What a file of patterns leaves out. A path that ends in `/` is a directory. */
export type Ignores = (path: string) => boolean;

/** Steps that the comparison of one path may take. */
const MAX_STEPS = 1_000_000;

/**
 * Reads a file of patterns; the last that matches decides, and below a directory that is left out nothing comes back.
 * @throws ERR_LIMIT_COUNT for more than 20,000 patterns; what it gives throws it when one path takes more than a million steps
 */
export function readIgnores(text: string, file: string): Ignores {
  const read = readIgnoreFile(text, '', false);
  if (read === undefined) throw new MsbomError('ERR_LIMIT_COUNT', 'there are more than 20,000 patterns', { file });
  return (path) => {
    const budget = { steps: MAX_STEPS };
    const names = path.split('/').filter((name) => name !== '');
    const isLeftOut = names.some((_, i) =>
      isIgnored([read], names.slice(0, i + 1).join('/'), i < names.length - 1 || path.endsWith('/'), budget),
    );
    if (budget.steps < 0) throw new MsbomError('ERR_LIMIT_COUNT', `the patterns take too long to compare with ${path}`, { file });
    return isLeftOut;
  };
}
