/** What a manifest is written as: by a word, or by the name of a file. */
import { TARGET_ALIASES, TARGETS, type WriteOptions, type Written } from '../convert/targets.js';
import { MsbomError } from '../core/error.js';
import { ownText, type Printable, printableDocument } from '../core/printable.js';
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

/** Pages for people, which documents are written as too. */
export const PAGE_FORMATS = ['html', 'markdown', 'text'] as const;

/** All words for a format of a document. */
export const DOCUMENT_FORMATS: readonly string[] = [...TARGET_WORDS, ...PAGE_FORMATS];

/** What the ending of a name means. Sources: cyclonedx.org "Recognized file patterns"; the SPDX specification, "File names". */
const ENDINGS: readonly (readonly [ending: string, format: string])[] = [
  ['.msbom.json', 'msbom'],
  ['.cdx.json', 'cyclonedx@1.6'],
  ['.cdx.xml', 'cyclonedx-xml@1.6'],
  ['.spdx.json', 'spdx@3.0.1'],
  ['.spdx', 'spdx-tag-value@2.3'],
  ['.html', 'html'],
  ['.md', 'markdown'],
];

/** The format that the name of a file asks for, if it asks for one. */
export const formatOfName = (name: string): string | undefined => ENDINGS.find(([ending]) => name.toLowerCase().endsWith(ending))?.[1];

/** A document that is to be written. */
export interface PlannedOutput {
  /** Path, or `-` for standard output. */
  readonly target: string;
  readonly format: string;
}

const standardOf = (format: string): string => format.split('@')[0] ?? format;

/**
 * Formats of outputs: by their names, else `to`, else the fallback. `to` also says the version where a name leaves it open.
 * @throws ERR_CLI_USAGE when `to` is in the way of every name
 */
export function planOutputs(targets: readonly string[], { to, fallback }: { to?: string | undefined; fallback: string }): PlannedOutput[] {
  const asked = to === undefined ? undefined : targetOf(to);
  const planned = targets.map((target): PlannedOutput => {
    const named = formatOfName(target);
    const isOpen = named === undefined || (asked !== undefined && standardOf(asked) === standardOf(named));
    return { target, format: isOpen ? (asked ?? fallback) : named };
  });
  const [first] = planned;
  if (asked !== undefined && first !== undefined && planned.every(({ format }) => format !== asked))
    throw new MsbomError('ERR_CLI_USAGE', `the name says ${first.format}, and --to says ${to}`, {
      file: first.target,
      hint: 'leave out --to, or give the file another name',
    });
  return planned;
}

const isPage = (format: string): boolean => (PAGE_FORMATS as readonly string[]).includes(format);

/** What was written, fit for a terminal; pages are already. */
export const printableOf = (format: string, { text }: Pick<Written, 'text'>): Printable =>
  isPage(format) ? ownText(text) : printableDocument(text);

/** A manifest as a document or as a page, by the word for it. @throws ERR_CONVERT_INVALID */
export async function writeFormat(format: string, manifest: Manifest, file: string, options?: WriteOptions): Promise<Written> {
  if (!isPage(format)) return writeAs(targetOf(format), manifest, file, options);
  const { pageAsHtml, pageAsMarkdown, pageAsText, pageOf } = await import('../show/index.js');
  const page = pageOf(manifest);
  const text =
    format === 'html'
      ? printableDocument(pageAsHtml(page, manifest))
      : format === 'markdown'
        ? pageAsMarkdown(page, manifest)
        : pageAsText(page);
  return { text, losses: [], problems: [] };
}
