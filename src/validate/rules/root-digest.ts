import { rootDigest as rootOf } from '../../core/digest.js';
import { pointerStep } from '../../core/json-pointer.js';
import { coverOf } from '../../core/tree-digest.js';
import type { Dataset, ListedFile, Manifest, Model, TreeDigest } from '../../schema/index.js';
import { modelsOf, subjectOf } from '../models.js';
import { defineRule } from '../rule.js';

/** Files that a root is over, with their paths. */
type Files = readonly { readonly path: string; readonly digest: { readonly sha256?: string | undefined } }[];

export const rootDigest = defineRule({
  meta: {
    id: 'root-digest',
    clause: '5.6',
    severity: 'high',
    title: 'A root digest does not follow from the digests of the files',
    fix: 'Collect the files again, or say `complete: false` where not all of them are listed.',
  },
  check(manifest, report) {
    const subject = subjectOf(manifest);
    const things: readonly { id: string; pointer: string; value: Model | Dataset }[] = [
      ...modelsOf(manifest),
      ...Object.entries(manifest.datasets ?? {}).map(([id, value]) => ({ id, value, pointer: `/datasets${pointerStep(id)}` })),
    ];
    for (const { id, value, pointer } of things) {
      const { digest } = value;
      if (digest?.complete !== true) continue;
      const problem = compare(digest, filesOf(manifest, value, id === subject));
      if (problem !== undefined) report(`${pointer}/digest/root`, problem);
    }
  },
});

/** What a digest is over: all files for the subject, else the files of the thing. */
function filesOf({ artifacts = {} }: Manifest, thing: Model | Dataset, isSubject: boolean): Files {
  const listed = (files: Readonly<Record<string, ListedFile>>, paths: readonly string[]) =>
    paths.flatMap((path) => (Object.hasOwn(files, path) ? [{ path, digest: files[path]?.digest ?? {} }] : []));
  const here = isSubject ? listed(artifacts, Object.keys(artifacts)) : listed(artifacts, thing.artifacts ?? []);
  return here.length > 0 ? here : listed(thing.files ?? {}, Object.keys(thing.files ?? {}));
}

function compare({ method, root, ignored = [] }: TreeDigest, listed: Files): string | undefined {
  if (method !== 'oms-v1' && method !== 'file') return undefined;
  const { covered: files } = coverOf(listed, { ignored });
  if (files.length === 0) return 'the digest is said to follow from the files listed, but none is';
  if (method === 'file' && files.length > 1) return `the digest is said to be that of a single file, but ${files.length} are listed`;
  const computed = method === 'file' ? files[0]?.digest.sha256 : rootOf(files);
  if (computed === undefined) return 'the digest is said to follow from the files listed, but not all of them have a SHA-256';
  if (root.sha256 === undefined || computed === root.sha256) return undefined;
  return `the root digest is ${root.sha256.slice(0, 12)}…, the files give ${computed.slice(0, 12)}…`;
}
