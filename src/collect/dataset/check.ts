/** Files as the metadata states them, against the files that are there. */
import { append } from '../../core/append.js';
import { compareDigests, type Digests } from '../../core/digest.js';
import type { Finding } from '../../core/finding.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { DescribedFile } from '../artifacts.js';
import type { FileDigest } from '../describe.js';
import { computeDigests, neededAlgorithms, type StatedAlgorithm } from './digests.js';
import { checkListings } from './listing.js';
import type { DatasetStatement, StatedFile } from './statement.js';

/** A statement and the metadata file that it stands in. */
export interface ReadStatement {
  readonly path: string;
  readonly statement: DatasetStatement;
}

export interface CheckInput {
  readonly tree: SourceTree;
  readonly statements: readonly ReadStatement[];
  readonly files: readonly FileDigest[];
  /** Files that only point to the real ones. */
  readonly pointers: ReadonlyMap<string, NonNullable<DescribedFile['pointer']>>;
  /** Files that hold the data. */
  readonly data: readonly string[];
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Files whose recomputed digest is a published one. */
  readonly matched: ReadonlySet<string>;
}

/** A listing may name any number of files; of those that are missing this many are said one by one. */
const MAX_MISSING = 100;

/** @throws ERR_IO_* while digests are computed that only a statement asks for */
export async function checkStatements(input: CheckInput): Promise<CheckResult> {
  const files = new Map(input.files.map((file) => [file.path, file]));
  const directories = directoriesOf(input.files);
  const digests = digestsOnDemand(input.tree);
  const findings: Finding[] = [];
  const matched = new Set<string>();
  for (const { path: source, statement } of input.statements) {
    const absent: StatedFile[] = [];
    for (const stated of statement.files ?? []) {
      const file = files.get(stated.path);
      if (file === undefined) {
        if (stated.required && !directories.has(stated.path)) absent.push(stated);
        continue;
      }
      const verdict = await checkFile(input, stated, file, source, digests);
      append(findings, verdict.findings);
      if (verdict.matched) matched.add(file.path);
    }
    append(
      findings,
      absent.slice(0, MAX_MISSING).map((stated) => missing(source, stated)),
    );
    if (absent.length > MAX_MISSING) findings.push(manyMissing(source, absent.length - MAX_MISSING));
  }
  const wrong = new Set(findings.map(({ file }) => file));
  return {
    findings: [...findings, ...checkListings(input.statements, input.data, [...files.keys()], directories)],
    matched: new Set([...matched].filter((path) => !wrong.has(path))),
  };
}

/** All directories that hold files, without the `/` at the end. */
function directoriesOf(files: readonly FileDigest[]): ReadonlySet<string> {
  const directories = new Set<string>();
  for (const { path } of files) {
    for (let at = path.lastIndexOf('/'); at > 0 && !directories.has(path.slice(0, at)); at = path.lastIndexOf('/', at - 1))
      directories.add(path.slice(0, at));
  }
  return directories;
}

type DigestsOnDemand = (path: string, algorithms: readonly StatedAlgorithm[]) => Promise<Digests>;

/** Each digest of each file is computed once, however often it is stated. */
function digestsOnDemand(tree: SourceTree): DigestsOnDemand {
  const known = new Map<string, Digests>();
  return async (path, algorithms) => {
    const before = known.get(path) ?? {};
    const needed = algorithms.filter((algorithm) => before[algorithm] === undefined);
    const after = needed.length === 0 ? before : { ...before, ...(await computeDigests(tree, path, needed)) };
    known.set(path, after);
    return after;
  };
}

async function checkFile(
  { pointers }: CheckInput,
  stated: StatedFile,
  file: FileDigest,
  source: string,
  digests: DigestsOnDemand,
): Promise<{ readonly findings: readonly Finding[]; readonly matched: boolean }> {
  const pointer = pointers.get(file.path);
  const size = pointer === undefined ? file.size : pointer.size;
  const findings = stated.size !== undefined && size !== undefined && stated.size !== size ? [wrongSize(source, stated, size)] : [];
  if (stated.digest === undefined) return { findings, matched: false };
  const needed = neededAlgorithms(stated.digest).filter((algorithm) => file.digest[algorithm] === undefined);
  const observed = pointer === undefined ? { ...file.digest, ...(await digests(file.path, needed)) } : pointer.digest;
  const verdict = compareDigests(stated.digest, observed);
  if (verdict === 'different') return { findings: [...findings, wrongDigest(source, stated, pointer !== undefined)], matched: false };
  // What a pointer claims was not recomputed from the bytes.
  return { findings, matched: verdict === 'same' && pointer === undefined && findings.length === 0 };
}

/** Sets of shards, by their names, of which some are not there. */
export function incompleteSets(files: readonly DescribedFile[]): readonly Finding[] {
  const sets = new Map<string, { readonly name: string; readonly total: number; readonly found: Set<number> }>();
  for (const { shard } of files) {
    if (shard === undefined) continue;
    const key = `${shard.set}\u0000${shard.total}`;
    const known = sets.get(key) ?? { name: shard.set ?? '', total: shard.total, found: new Set<number>() };
    known.found.add(shard.index);
    sets.set(key, known);
  }
  return [...sets.values()]
    .filter(({ total, found }) => found.size < total)
    .map(({ name, total, found }) => ({
      id: 'dataset-file-missing',
      severity: 'medium',
      message: `${total - found.size} of ${total} shards of \`${name}\` are not there`,
      fix: 'Fetch the rest of the dataset.',
      file: files.find(({ shard }) => shard?.set === name && shard.total === total)?.path,
    }));
}

function missing(source: string, { path, key }: StatedFile): Finding {
  return {
    id: 'dataset-file-missing',
    severity: 'medium',
    message: `\`${source}\` (${key}) lists \`${path}\`, which is not there`,
    fix: 'Fetch the rest of the dataset, or correct its metadata.',
    file: source,
  };
}

const manyMissing = (source: string, more: number): Finding => ({
  id: 'dataset-file-missing',
  severity: 'medium',
  message: `\`${source}\` lists ${more} more files that are not there`,
  fix: 'Fetch the rest of the dataset, or correct its metadata.',
  file: source,
});

function wrongSize(source: string, { path, size, key }: StatedFile, found: number): Finding {
  return {
    id: 'dataset-size-mismatch',
    severity: 'medium',
    message: `\`${source}\` (${key}) says ${size} bytes, the file has ${found}`,
    fix: 'Fetch the file and its metadata of the same version.',
    file: path,
  };
}

function wrongDigest(source: string, { path, digest = {}, key }: StatedFile, isPointer: boolean): Finding {
  const [algorithm = '', value = ''] = Object.entries(digest)[0] ?? [];
  return {
    id: 'dataset-digest-mismatch',
    severity: 'high',
    message: `\`${source}\` (${key}) states the ${algorithm} ${value.slice(0, 16)}…, ${isPointer ? 'the pointer in its place names another' : 'the bytes give another'}`,
    fix: 'Do not use the data before it is known which of the two is right; fetch both again.',
    file: path,
  };
}
