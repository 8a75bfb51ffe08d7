/** Are the files that are there those of the manifest, and what does that not speak of? */
import { DIGEST_HEX_LENGTHS, rootDigest } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { own } from '../core/objects.js';
import { compareCodePoints } from '../core/source-tree.js';
import { coverOf, DEFAULT_IGNORED } from '../core/tree-digest.js';
import type { ListedFile, Manifest, TreeDigest } from '../schema/index.js';

/** A file as it is now. */
export interface ObservedFile {
  readonly path: string;
  readonly size: number;
  /** What could be computed, by algorithm. */
  readonly digest: Readonly<Record<string, string | undefined>>;
  /** It is a symbolic link; the content is that of the file that it leads to. */
  readonly isLink?: boolean;
}

/** What became of one file. */
export interface FileVerdict {
  readonly path: string;
  /** `unchecked`: the manifest has no digest that could be computed, or one that is none; that is no match. */
  readonly status: 'matched' | 'changed' | 'missing' | 'added' | 'unreadable' | 'unchecked';
  /** What is different, or why it could not be read. */
  readonly detail?: string;
  /** Algorithms whose digests were computed and are those of the manifest. */
  readonly checked?: readonly string[];
  /** Algorithms of the manifest whose digests could not be computed: nothing is said of them. */
  readonly notChecked?: readonly string[];
}

/** Something in the directory that the verdict does not speak of. */
export interface Uncovered {
  /** Relative to the directory; of a directory that is left out as a whole, itself with `/` at its end. */
  readonly path: string;
  /**
   * `ignored`: the tree digest is not over it; `excluded`: left out by the caller; `manifest`: the one that is verified; `link`: the
   * file that it leads to was read, the link itself is not recorded; `empty`: a directory without files.
   */
  readonly why: 'ignored' | 'excluded' | 'manifest' | 'link' | 'empty';
}

/** `ok` only when there were files to check, every one matched and nothing else is there. */
export interface VerifyResult {
  readonly ok: boolean;
  readonly files: readonly FileVerdict[];
  /** How the digest of the whole tree compares; missing where the manifest states none. */
  readonly root?: 'matched' | 'changed' | 'unchecked';
  /** Files that the manifest does not list, and that only the root speaks of, which matched. */
  readonly byRoot: readonly string[];
  readonly uncovered: readonly Uncovered[];
  /** What the manifest does not record, so that nothing is said of it. */
  readonly notRecorded: readonly string[];
  /** Was nothing accepted that the manifest does not cover? */
  readonly strict: boolean;
  /** Why a strict verification fails although every file that is listed matches. */
  readonly refused: readonly string[];
}

export interface CompareOptions {
  readonly uncovered?: readonly Uncovered[];
  readonly strict?: boolean;
  /** Paths of the manifest and of the signature that is checked: no part of what they speak of. */
  readonly own?: readonly string[];
}

/** What no manifest of this version of the specification records of the files. */
const NOT_RECORDED = ['file modes', 'owners and times', 'symbolic links', 'empty directories'] as const;
/** Anybody can make two files of the same digest. */
const WEAK: ReadonlySet<string> = new Set(['md5', 'sha1', 'gitBlob']);

type Listed = Pick<ListedFile, 'size' | 'digest'>;

/** The files that a manifest says something of, by path: those here, or those of the dataset that it is about. */
export function filesOf(manifest: Manifest): ReadonlyMap<string, Listed> {
  const dataset = own(manifest.datasets, manifest.bom.subject ?? 'model');
  return new Map(Object.entries<Listed>(manifest.artifacts ?? dataset?.files ?? {}));
}

/** The digest over all files of the subject. */
const treeOf = ({ bom, model, datasets }: Manifest): TreeDigest | undefined =>
  (bom.subject ?? 'model') === 'model' ? model?.digest : own(datasets, bom.subject ?? '')?.digest;

/**
 * Compares the files of a manifest with the files that are there. What the tree digest ignores is not compared and told. Where the
 * digest says that not all files are listed, the others are known by the root alone.
 *
 * @throws ERR_MANIFEST_VALUE when the manifest lists no files: there is nothing to verify
 */
export function compareFiles(
  manifest: Manifest,
  observed: readonly ObservedFile[],
  problems: readonly MsbomError[] = [],
  { uncovered = [], strict = false, own: silent = [] }: CompareOptions = {},
): VerifyResult {
  const listed = filesOf(manifest);
  if (listed.size === 0) {
    throw new MsbomError('ERR_MANIFEST_VALUE', 'the manifest lists no files, so there is nothing to verify', {
      pointer: '/artifacts',
      hint: 'Make the manifest with `msbom collect`.',
    });
  }
  const tree = treeOf(manifest);
  const { covered, ignored } = coverOf(observed, { ignored: [...DEFAULT_IGNORED, ...(tree?.ignored ?? [])], own: silent });
  const left = ignored.filter(({ path }) => !listed.has(path));
  const root = rootOf(tree, [...covered, ...ignored.filter(({ path }) => listed.has(path) && !isIgnored(path, tree))]);
  const others = covered.filter(({ path }) => !listed.has(path)).map(({ path }) => path);
  const byRoot = tree?.complete === false && root === 'matched' ? others : [];
  const files: FileVerdict[] = [
    ...verdicts(listed, observed, problems),
    ...(byRoot.length > 0 ? [] : others).map((path): FileVerdict => ({ path, status: 'added' })),
  ].sort((a, b) => compareCodePoints(a.path, b.path));
  const all = [
    ...uncovered,
    ...left.map(({ path }): Uncovered => ({ path, why: 'ignored' })),
    ...observed.filter(({ isLink }) => isLink === true).map(({ path }): Uncovered => ({ path, why: 'link' })),
  ].sort((a, b) => compareCodePoints(a.path, b.path));
  const refused = strict ? refusals(files, all, byRoot) : [];
  return {
    ok: files.every(({ status }) => status === 'matched') && root !== 'changed' && refused.length === 0,
    files,
    ...(root === undefined ? {} : { root }),
    byRoot,
    uncovered: all,
    notRecorded: NOT_RECORDED,
    strict,
    refused,
  };
}

const isIgnored = (path: string, tree: TreeDigest | undefined): boolean =>
  coverOf([{ path }], { ignored: tree?.ignored ?? [] }).ignored.length > 0;

/** Of files that are listed, and of those that could not be read. */
function verdicts(listed: ReadonlyMap<string, Listed>, observed: readonly ObservedFile[], problems: readonly MsbomError[]): FileVerdict[] {
  const present = new Map(observed.map((file) => [file.path, file]));
  const unreadable = new Map(problems.map((problem) => [problem.file ?? '', problem]));
  const of = (path: string, { code, message }: MsbomError): FileVerdict => ({
    path,
    status: code === 'ERR_IO_NOT_FOUND' ? 'missing' : 'unreadable',
    detail: message,
  });
  return [
    ...[...listed].map(([path, file]): FileVerdict => {
      const problem = unreadable.get(path);
      if (problem !== undefined) return of(path, problem);
      const there = present.get(path);
      return there === undefined ? { path, status: 'missing' } : judge(path, file, there);
    }),
    ...[...unreadable]
      .filter(([path]) => !listed.has(path))
      .map(([path, problem]) => ({ ...of(path, problem), status: 'unreadable' as const })),
  ];
}

function judge(path: string, { size, digest = {} }: Listed, found: ObservedFile): FileVerdict {
  if (size !== undefined && size !== found.size)
    return { path, status: 'changed', detail: `${size} bytes were recorded, ${found.size} are there` };
  const stated = Object.entries(digest as Readonly<Record<string, string>>);
  const impossible = stated.find(([algorithm, value]) => !isDigest(algorithm, value));
  if (impossible !== undefined)
    return { path, status: 'unchecked', detail: `the recorded ${impossible[0]} is no digest of that algorithm` };
  const among = (test: (computed: string | undefined, value: string) => boolean): readonly string[] =>
    stated.filter(([algorithm, value]) => test(own(found.digest, algorithm), value)).map(([algorithm]) => algorithm);
  const different = among((computed, value) => computed !== undefined && computed !== value);
  const checked = among((computed, value) => computed === value);
  const notChecked = among((computed) => computed === undefined);
  const rest = notChecked.length === 0 ? {} : { notChecked };
  if (different.length > 0) return { path, status: 'changed', detail: `${different.join(', ')} is different`, ...rest };
  return checked.length > 0
    ? { path, status: 'matched', checked, ...rest }
    : { path, status: 'unchecked', detail: `no recorded digest can be computed (${notChecked.join(', ') || 'none is recorded'})`, ...rest };
}

/** Of algorithms that this version of the specification does not name, and that can be computed. */
const OTHER_LENGTHS: Readonly<Record<string, number>> = { sha512_224: 56, sha3_224: 56, blake2s: 64, ripemd160: 40, sm3: 64 };

/** Lower-case hexadecimal of the length of its algorithm, of BLAKE2b any that it can have; of algorithms that nobody names, any text. */
export function isDigest(algorithm: string, value: string): boolean {
  if (algorithm === 'blake2b') return /^([0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/.test(value);
  const other = own(OTHER_LENGTHS, algorithm);
  if (other !== undefined) return value.length === other && /^[0-9a-f]+$/.test(value);
  if (!Object.hasOwn(DIGEST_HEX_LENGTHS, algorithm)) return value !== '';
  const length = DIGEST_HEX_LENGTHS[algorithm as keyof typeof DIGEST_HEX_LENGTHS]; // a key of it, by the line above
  return /^[0-9a-f]+$/.test(value) && (value.length === length || (algorithm.startsWith('git') && value.length === 64));
}

/** Files of which nothing but digests that can be forged were checked. */
export const weaklyChecked = ({ files }: VerifyResult): readonly FileVerdict[] =>
  files.filter(({ checked }) => checked?.every((each) => WEAK.has(each)) === true);

/** Over all files that are there and covered, listed or not. */
function rootOf(tree: TreeDigest | undefined, covered: readonly ObservedFile[]): VerifyResult['root'] {
  const stated = tree?.root.sha256;
  if (tree === undefined) return undefined;
  if (stated === undefined || (tree.method !== 'oms-v1' && tree.method !== 'file')) return 'unchecked';
  const [only] = covered;
  const now =
    tree.method === 'file'
      ? covered.length === 1
        ? only?.digest.sha256
        : undefined
      : rootDigest(covered.map(({ path, digest }) => ({ path, digest: { sha256: digest.sha256 } })));
  return now === undefined ? 'unchecked' : now === stated ? 'matched' : 'changed';
}

/** What `--strict` does not accept, each in a sentence. */
function refusals(files: readonly FileVerdict[], uncovered: readonly Uncovered[], byRoot: readonly string[]): readonly string[] {
  const WHY: Readonly<Partial<Record<Uncovered['why'], string>>> = {
    ignored: 'is left out of the tree digest',
    excluded: 'was excluded',
    link: 'is a symbolic link',
  };
  return [
    ...uncovered.flatMap(({ path, why }) => (WHY[why] === undefined ? [] : [`${path} ${WHY[why]}`])),
    ...byRoot.map((path) => `${path} is not listed`),
    ...files.flatMap(({ path, notChecked }) =>
      notChecked === undefined ? [] : [`the ${notChecked.join(', ')} of ${path} was not checked`],
    ),
    ...files.flatMap(({ path, checked }) =>
      checked?.every((each) => WEAK.has(each)) === true ? [`${path} has no digest but ${checked.join(', ')}, which can be forged`] : [],
    ),
  ];
}
