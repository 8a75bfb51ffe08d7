import type { Printable } from '../core/printable.js';
import { type FileVerdict, type Uncovered, type VerifyResult, weaklyChecked } from '../manifest/compare-files.js';
import { type Line, type Paint, plain, printLines } from './lines.js';

/** Files that do not match, what the verdict does not cover, and one line with the verdict. */
export function verdictAsText(result: VerifyResult, paint: Paint = plain): Printable {
  const { files, root, uncovered, refused } = result;
  const bad = files.filter(({ status }) => status !== 'matched');
  const lines: readonly Line[] = [
    ...bad.map(({ path, status, detail }): Line => [['red', status], `  ${path}${detail === undefined ? '' : `: ${detail}`}`]),
    ...files.flatMap(({ path, status, notChecked = [] }): readonly Line[] =>
      status === 'matched' && notChecked.length > 0 ? [[['yellow', 'not checked'], `  ${path}: ${notChecked.join(', ')}`]] : [],
    ),
    ...(root === 'changed' ? [[['red', 'changed'], '  the root digest of the model'] satisfies Line] : []),
    ...refused.map((why): Line => [['red', 'refused'], `  ${why}`]),
    ...coverage(uncovered),
    ...weak(weaklyChecked(result)),
    [['dim', `not recorded, so not checked: ${result.notRecorded.join(', ')}`]],
    verdict(result),
  ];
  return printLines(lines, paint);
}

const WORDS: Readonly<Record<Uncovered['why'], string>> = {
  ignored: 'the tree digest is not over them',
  excluded: 'excluded by the command line',
  manifest: 'the manifest itself',
  link: 'symbolic links, of which the content was compared',
  empty: 'directories without files',
};

/** Paths of one kind that are named one by one. */
const MAX_NAMED = 5;

function coverage(uncovered: readonly Uncovered[]): readonly Line[] {
  return (Object.keys(WORDS) as Uncovered['why'][]).flatMap((why) => {
    const paths = uncovered.filter((each) => each.why === why).map(({ path }) => path);
    const more = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : '';
    return paths.length === 0
      ? []
      : [[['dim', `not covered: ${paths.slice(0, MAX_NAMED).join(', ')}${more} (${WORDS[why]})`]] satisfies Line];
  });
}

const weak = (files: readonly FileVerdict[]): readonly Line[] =>
  files.length === 0 ? [] : [[['yellow', 'weak'], `  ${files.length} files were checked by MD5 or SHA-1 alone, which can be forged`]];

function verdict({ ok, files, refused }: VerifyResult): Line {
  if (ok) return [['green', 'verified'], `  ${files.length} files match`];
  const matched = files.filter(({ status }) => status === 'matched').length;
  const why = matched < files.length ? `${files.length - matched} of ${files.length} files do not match` : `${files.length} files match`;
  return [['red', 'not verified'], `  ${why}${refused.length > 0 ? `, ${refused.length} things are not accepted by --strict` : ''}`];
}
