/** What a manifest is written as, for the verbs that have `--to`. */
import { TARGET_ALIASES, TARGETS, type WriteOptions, type Written } from '../convert/targets.js';
import { MsbomError } from '../core/error.js';
import type { Manifest } from '../schema/index.js';
import { ofFile } from './input.js';

/** The words that `--to` takes. */
export const TARGET_WORDS: readonly string[] = [...Object.keys(TARGETS), ...Object.keys(TARGET_ALIASES)];

/** The target that one of the words means. */
export const targetOf = (word: string): string => TARGET_ALIASES[word] ?? word;

/** A manifest, from `file`, as the target. @throws ERR_CONVERT_INVALID when that does not meet the rules of its standard */
export async function writeAs(target: string, manifest: Manifest, file: string, options?: WriteOptions): Promise<Written> {
  const write = TARGETS[target];
  if (write === undefined) throw new TypeError(`no target ${target}`); // the words are checked
  const written = await ofFile(file, () => write(manifest, options));
  const [first] = written.problems;
  if (first === undefined) return written;
  throw new MsbomError('ERR_CONVERT_INVALID', `the ${target} document is not valid: ${first.message} at ${first.pointer}`, {
    file,
    findings: written.problems,
    hint: 'please report this together with what was read',
  });
}
