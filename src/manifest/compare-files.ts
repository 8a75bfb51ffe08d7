import { DIGEST_HEX_LENGTHS, rootDigest } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { compareCodePoints } from '../core/source-tree.js';
import type { DigestSet, Manifest } from '../schema/index.js';

/** A file as it is now. */
export interface ObservedFile {
  readonly path: string;
  readonly size: number;
  /** What could be computed, by algorithm. */
  readonly digest: Readonly<Record<string, string | undefined>> | DigestSet;
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
   * `ignored`: left out of every manifest; `excluded`: left out by the caller; `manifest`: the one that is verified; `link`: the
   * file that it leads to was read, the link itself is not recorded; `empty`: a directory without files.
   */
  readonly why: 'ignored' | 'excluded' | 'manifest' | 'link' | 'empty';
}

/** `ok` only when there were files to check, every one matched and nothing else is there. */
export interface VerifyResult {
  readonly ok: boolean;
  readonly files: readonly FileVerdict[];
  /** How the root digest of the manifest compares; missing where it states none. */
  readonly root?: 'matched' | 'changed' | 'unchecked';
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
}

/** What no manifest of this version of the specification records of the files. */
const NOT_RECORDED = ['file modes', 'owners and times', 'symbolic links', 'empty directories'] as const;

/** Anybody can make two files of the same digest. */
const WEAK: ReadonlySet<string> = new Set(['md5', 'sha1', 'gitBlob']);

type Listed = { readonly path: string; readonly size: number; readonly digest: DigestSet };

/** The files that a manifest says something of: those of its model, or of the dataset that it is about. */
export const filesOf = (manifest: Manifest): readonly Listed[] => manifest.artifacts ?? manifest.datasets?.[0]?.files ?? [];

/**
 * Compares the files of a manifest with the files that are there.
 * @throws ERR_MANIFEST_VALUE when the manifest lists no files: there is nothing to verify
 */
export function compareFiles(
  manifest: Manifest,
  observed: readonly ObservedFile[],
  problems: readonly MsbomError[] = [],
  { uncovered = [], strict = false }: CompareOptions = {},
): VerifyResult {
  const artifacts = filesOf(manifest);
  if (artifacts.length === 0) {
    throw new MsbomError('ERR_MANIFEST_VALUE', 'the manifest lists no files, so there is nothing to verify', {
      pointer: '/artifacts',
      hint: 'Make the manifest with `msbom collect`.',
    });
  }
  const present = new Map(observed.map((file) => [file.path, file]));
  const unreadable = new Map(problems.map((problem) => [problem.file ?? '', problem]));
  const listed = new Set(artifacts.map(({ path }) => path));
  const files: FileVerdict[] = [
    ...artifacts.map((artifact): FileVerdict => {
      const { path } = artifact;
      const problem = unreadable.get(path);
      if (problem !== undefined)
        return { path, status: problem.code === 'ERR_IO_NOT_FOUND' ? 'missing' : 'unreadable', detail: problem.message };
      const file = present.get(path);
      return file === undefined ? { path, status: 'missing' } : judge(artifact, file);
    }),
    ...observed.filter(({ path }) => !listed.has(path)).map(({ path }): FileVerdict => ({ path, status: 'added' })),
    ...problems
      .filter(({ file = '' }) => !listed.has(file))
      .map(({ file = '', message }): FileVerdict => ({ path: file, status: 'unreadable', detail: message })),
  ];
  const root = rootOf(manifest, artifacts, present);
  const links = observed.filter(({ isLink }) => isLink === true).map(({ path }): Uncovered => ({ path, why: 'link' }));
  const all = [...uncovered, ...links].sort((a, b) => compareCodePoints(a.path, b.path));
  const refused = strict ? refusals(files, all) : [];
  return {
    ok: files.every(({ status }) => status === 'matched') && root !== 'changed' && refused.length === 0,
    files: files.sort((a, b) => compareCodePoints(a.path, b.path)),
    ...(root === undefined ? {} : { root }),
    uncovered: all,
    notRecorded: NOT_RECORDED,
    strict,
    refused,
  };
}

function judge(expected: Listed, found: ObservedFile): FileVerdict {
  const { path } = expected;
  if (expected.size !== found.size)
    return { path, status: 'changed', detail: `${expected.size} bytes were recorded, ${found.size} are there` };
  const stated = Object.entries(expected.digest as Readonly<Record<string, string>>);
  const computed = found.digest as Readonly<Record<string, string | undefined>>;
  const impossible = stated.find(([algorithm, value]) => !isDigest(algorithm, value));
  if (impossible !== undefined)
    return { path, status: 'unchecked', detail: `the recorded ${impossible[0]} is no digest of that algorithm` };
  const different = stated.filter(([algorithm, value]) => computed[algorithm] !== undefined && computed[algorithm] !== value);
  const checked = stated.filter(([algorithm, value]) => computed[algorithm] === value).map(([algorithm]) => algorithm);
  const notChecked = stated.filter(([algorithm]) => computed[algorithm] === undefined).map(([algorithm]) => algorithm);
  const rest = notChecked.length === 0 ? {} : { notChecked };
  if (different.length > 0)
    return { path, status: 'changed', detail: `${different.map(([algorithm]) => algorithm).join(', ')} is different`, ...rest };
  return checked.length > 0
    ? { path, status: 'matched', checked, ...rest }
    : { path, status: 'unchecked', detail: `no recorded digest can be computed (${notChecked.join(', ') || 'none is recorded'})`, ...rest };
}

/** Of algorithms that this version of the specification does not name. */
const OTHER_LENGTHS: Readonly<Record<string, number>> = { sha512_224: 56, sha3_224: 56, blake2s: 64, ripemd160: 40, sm3: 64 };

/** Lower-case hexadecimal, and of the length of its algorithm where that is known. */
function isDigest(algorithm: string, value: string): boolean {
  if (algorithm.startsWith('git') || algorithm === 'blake2b') return /^([0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/.test(value);
  const length = Object.hasOwn(DIGEST_HEX_LENGTHS, algorithm)
    ? DIGEST_HEX_LENGTHS[algorithm as keyof typeof DIGEST_HEX_LENGTHS] // a key of it, by the test
    : OTHER_LENGTHS[algorithm];
  return length === undefined || (value.length === length && /^[0-9a-f]+$/.test(value));
}

/** Over the files that are listed, as they are now. */
function rootOf(manifest: Manifest, artifacts: readonly Listed[], present: ReadonlyMap<string, ObservedFile>): VerifyResult['root'] {
  const stated = manifest.artifacts === undefined ? undefined : manifest.model?.rootDigest?.sha256;
  if (stated === undefined) return undefined;
  const now = rootDigest(artifacts.map(({ path }) => ({ path, digest: (present.get(path)?.digest ?? {}) as DigestSet })));
  return now === undefined ? 'unchecked' : now === stated ? 'matched' : 'changed';
}

/** What `--strict` does not accept, each in a sentence. */
function refusals(files: readonly FileVerdict[], uncovered: readonly Uncovered[]): readonly string[] {
  const WHY: Readonly<Partial<Record<Uncovered['why'], string>>> = {
    ignored: 'is left out of manifests',
    excluded: 'was excluded',
    link: 'is a symbolic link',
  };
  return [
    ...uncovered.flatMap(({ path, why }) => (WHY[why] === undefined ? [] : [`${path} ${WHY[why]}`])),
    ...files.flatMap(({ path, notChecked }) =>
      notChecked === undefined ? [] : [`the ${notChecked.join(', ')} of ${path} was not checked`],
    ),
    ...files.flatMap(({ path, checked }) =>
      checked?.every((each) => WEAK.has(each)) === true ? [`${path} has no digest but ${checked.join(', ')}, which can be forged`] : [],
    ),
  ];
}

/** Files of which nothing but digests that can be forged was checked. */
export const weaklyChecked = ({ files }: VerifyResult): readonly FileVerdict[] =>
  files.filter(({ checked }) => checked?.every((each) => WEAK.has(each)) === true);
