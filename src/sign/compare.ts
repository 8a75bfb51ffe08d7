/** What was signed against what lies there. */
import type { Limits } from '../core/limits.js';
import { compareCodePoints } from '../core/source-tree.js';
import { DEFAULT_IGNORED, ignoredBy } from '../core/tree-digest.js';
import type { ModelStatement, Resource } from './model-statement.js';
import { normalized, rootOf, twins } from './names.js';
import { type Reason, reason } from './reasons.js';
import { CLAIMS_NAME } from './sign.js';
import { diskSource, type FileDigests, type ModelFile, type ModelSource } from './source.js';

export interface CompareOptions {
  readonly ignore?: readonly string[];
  readonly allowUnsigned?: boolean;
  readonly allowLoader?: (path: string) => boolean;
  readonly allowSymlinks?: boolean;
  readonly jobs?: number;
  readonly limits?: Limits;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface FileAnswer {
  /** Files that were signed, and those of them that are there as they were. */
  readonly signed: number;
  readonly verified: number;
  /** There, and nobody signed them. */
  readonly unsigned: readonly string[];
  /** There, in or below a path that the signer, the caller or the specification leaves out. */
  readonly ignored: readonly { readonly path: string; readonly files: number }[];
}

export interface Comparison {
  readonly root: { readonly sha256: string; readonly specification?: string };
  readonly files: FileAnswer;
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
}

/** A directory, or one file; the signature itself is no part of it. @throws ERR_IO_*, ERR_LIMIT_COUNT */
export async function compareModel(
  target: string,
  signatureFile: string,
  statement: ModelStatement,
  options: CompareOptions,
): Promise<Comparison> {
  return compareSource(await diskSource(target, { own: [signatureFile], limits: options.limits }), statement, options);
}

/** Reads every signed file once. @throws ERR_IO_*, ERR_LIMIT_COUNT */
export async function compareSource<File extends ModelFile>(
  model: ModelSource<File>,
  statement: ModelStatement,
  options: CompareOptions,
): Promise<Comparison> {
  const wanted = wantedFiles(statement, model);
  const there = new Map(model.entries.map((entry) => [entry.path, entry]));
  const signed = [...wanted.keys()].flatMap((path) => there.get(path) ?? []);
  const { readable, reasons: refused } = readableOf(signed, statement.allowSymlinks && options.allowSymlinks === true);
  const { files, problems } = await model.digest(readable, { ...options, hash: statement.hash, shardSize: statement.shardSize });
  const rest = await restOf(model, wanted, statement, options);
  const moved = await model.moved();
  const differing = [...wanted].flatMap(([path, resources]) => differenceOf(path, resources, there.has(path), files.get(path)));
  const bad = new Set([...differing, ...refused].map(({ path }) => path));
  const unread = problems.map(({ code, message, file }) =>
    reason(code === 'ERR_IO_CHANGED' ? 'directory-changed' : 'file-unreadable', message, file),
  );
  const verified = [...wanted.keys()].filter((path) => files.has(path) && !bad.has(path)).length;
  const reasons = [
    ...refused,
    ...unread,
    ...differing,
    ...rest.reasons,
    ...moved.map((path) => reason('directory-changed', 'it changed while the model was being verified', path)),
  ];
  return {
    root: rootsOf(statement),
    files: { signed: wanted.size, verified, unsigned: rest.unsigned, ignored: rest.ignored },
    reasons,
    notes: [...rest.notes, ...twinNotes(wanted.keys())],
  };
}

/** What was signed, by the path on disk. */
function wantedFiles(
  { resources }: ModelStatement,
  { isFile, name }: Pick<ModelSource, 'isFile' | 'name'>,
): ReadonlyMap<string, readonly Resource[]> {
  const wanted = new Map<string, Resource[]>();
  for (const resource of resources) {
    // The reference calls a model of one file `.`.
    const path = isFile && resource.path === '.' ? name : resource.path;
    const list = wanted.get(path);
    if (list === undefined) wanted.set(path, [resource]);
    else list.push(resource);
  }
  return wanted;
}

function readableOf<File extends ModelFile>(
  entries: readonly File[],
  allowSymlinks: boolean,
): { readonly readable: readonly File[]; readonly reasons: readonly Reason[] } {
  const readable: File[] = [];
  const reasons: Reason[] = [];
  for (const entry of entries) {
    const { path, problem, isLink } = entry;
    if (problem !== undefined) reasons.push(reason('file-unreadable', problem.message, path));
    else if (isLink === true && !allowSymlinks) reasons.push(reason('link-refused', 'it is a symbolic link', path));
    else readable.push(entry);
  }
  return { readable, reasons };
}

/** Nothing when the file is as it was signed. One that is there and was not read has been told before. */
function differenceOf(path: string, resources: readonly Resource[], isThere: boolean, file: FileDigests | undefined): readonly Reason[] {
  if (!isThere) return [reason('file-missing', 'it was signed and is not there', path)];
  if (file === undefined) return [];
  const isWhole = resources.every(({ shard }) => shard === undefined);
  const ordered = isWhole ? resources : [...resources].sort((a, b) => (a.shard?.start ?? 0) - (b.shard?.start ?? 0));
  const size = ordered.at(-1)?.shard?.end;
  const isSame =
    ordered.length === file.digests.length &&
    (size === undefined || size === file.size) &&
    ordered.every(({ digest }, i) => digest === file.digests[i]);
  if (isSame) return [];
  const detail = isWhole
    ? `signed was ${ordered[0]?.digest}, there is ${file.digests[0]}`
    : `its parts or its size are not those that were signed`;
  return [reason('file-changed', detail, path)];
}

interface Rest extends Pick<FileAnswer, 'unsigned' | 'ignored'> {
  readonly reasons: readonly Reason[];
  readonly notes: readonly Reason[];
}

/** Files that nobody signed. What can run is not let in, whoever leaves it out: the signer chose what is ignored. */
async function restOf<File extends ModelFile>(
  model: ModelSource<File>,
  wanted: ReadonlyMap<string, unknown>,
  statement: ModelStatement,
  options: CompareOptions,
): Promise<Rest> {
  const { allowUnsigned = false, allowLoader, ignore = [] } = options;
  const ignoredNames = new Set([...DEFAULT_IGNORED, CLAIMS_NAME, ...statement.ignored, ...ignore.map(normalized)]);
  const unsigned: string[] = [];
  const ignored = new Map<string, number>();
  const reasons: Reason[] = [];
  const notes: Reason[] = [];
  for (const entry of model.entries) {
    const { path } = entry;
    if (wanted.has(path)) continue;
    const by = ignoredBy(path, ignoredNames);
    if (by !== undefined) ignored.set(by, (ignored.get(by) ?? 0) + 1);
    else if (statement.shardSize !== undefined && entry.size === 0 && entry.problem === undefined) {
      notes.push(reason('empty-uncovered', 'a file without content', path));
      continue;
    } else unsigned.push(path);
    if (by === undefined && !allowUnsigned) {
      reasons.push(reason('file-unsigned', 'it is there, and nobody signed it', path));
      continue;
    }
    const kind = by === CLAIMS_NAME && path === CLAIMS_NAME ? undefined : await kindOf(model, entry);
    if (kind !== undefined && allowLoader?.(path) !== true)
      reasons.push(
        reason('loader-unsigned', `a ${kind} that ${by === undefined ? 'nobody signed' : 'is left out of the signature'}`, path),
      );
  }
  const byPath = [...ignored].sort(([a], [b]) => compareCodePoints(a, b));
  return { unsigned, ignored: byPath.map(([path, files]) => ({ path, files })), reasons, notes };
}

/** A link is what it leads to; what cannot be looked at may be anything. */
async function kindOf<File extends ModelFile>(model: ModelSource<File>, file: File): Promise<string | undefined> {
  return file.problem === undefined ? model.loaderKind(file) : 'link or file that cannot be looked at';
}

const twinNotes = (names: Iterable<string>): readonly Reason[] =>
  twins(names).map((group) => reason('name-twins', `some systems take for one: ${group.join(', ')}`, group[0]));

/** The root in the order of the specification, where the signer took another; undefined where it is the one that was signed. */
export function specificationRoot({ root, resources }: ModelStatement): string | undefined {
  const nameOf = ({ path, shard }: Resource): string => (shard === undefined ? path : `${path}:${shard.start}:${shard.end}`);
  const ordered = [...resources].sort((a, b) => compareCodePoints(nameOf(a), nameOf(b)));
  const computed = rootOf(ordered.map(({ digest }) => digest));
  return computed === root ? undefined : computed;
}

function rootsOf(statement: ModelStatement): Comparison['root'] {
  const specification = specificationRoot(statement);
  return { sha256: statement.root, ...(specification === undefined ? {} : { specification }) };
}
