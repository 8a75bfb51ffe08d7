import { compareDigests } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { compareCodePoints } from '../core/source-tree.js';
import type { DigestSet, Manifest } from '../schema/index.js';

/** A file as it is now. */
export interface ObservedFile {
  readonly path: string;
  readonly size: number;
  readonly digest: DigestSet;
}

/** What became of one file. */
export interface FileVerdict {
  readonly path: string;
  /** `unchecked`: the manifest has no digest of an algorithm that was computed; that is no match. */
  readonly status: 'matched' | 'changed' | 'missing' | 'added' | 'unreadable' | 'unchecked';
  /** What is different, or why it could not be read. */
  readonly detail?: string;
}

/** `ok` only when there were files to check, every one matched and nothing else is there. */
export interface VerifyResult {
  readonly ok: boolean;
  readonly files: readonly FileVerdict[];
}

/**
 * Compares the files of a manifest with the files that are there.
 * @throws ERR_MANIFEST_VALUE when the manifest lists no files: there is nothing to verify
 */
export function compareFiles(manifest: Manifest, observed: readonly ObservedFile[], problems: readonly MsbomError[] = []): VerifyResult {
  const artifacts = manifest.artifacts ?? manifest.datasets?.[0]?.files ?? [];
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
  return { ok: files.every(({ status }) => status === 'matched'), files: files.sort((a, b) => compareCodePoints(a.path, b.path)) };
}

function judge(expected: { readonly path: string; readonly size: number; readonly digest: DigestSet }, found: ObservedFile): FileVerdict {
  const { path } = expected;
  if (expected.size !== found.size)
    return { path, status: 'changed', detail: `${expected.size} bytes were recorded, ${found.size} are there` };
  const verdict = compareDigests(expected.digest, found.digest);
  if (verdict === 'same') return { path, status: 'matched' };
  return verdict === 'different'
    ? { path, status: 'changed', detail: 'the digest is different' }
    : { path, status: 'unchecked', detail: 'no recorded digest can be recomputed' };
}
