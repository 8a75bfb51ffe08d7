/** Files as the metadata states them, against the files that are there. */
import { compareDigests, type Digests } from '../../core/digest.js';
import type { Finding } from '../../core/finding.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { Artifact } from '../../schema/index.js';
import type { FileDigest } from '../index.js';
import { computeDigests, neededAlgorithms } from './digests.js';
import type { DatasetStatement, StatedFile } from './statement.js';
import { matchesGlob } from './values.js';

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
  readonly pointers: ReadonlyMap<string, NonNullable<Artifact['pointer']>>;
  /** Files that hold the data. */
  readonly data: readonly string[];
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Files whose recomputed digest is a published one. */
  readonly matched: ReadonlySet<string>;
}

/** @throws ERR_IO_* while digests are computed that only a statement asks for */
export async function checkStatements(input: CheckInput): Promise<CheckResult> {
  const files = new Map(input.files.map((file) => [file.path, file]));
  const findings: Finding[] = [];
  const matched = new Set<string>();
  for (const { path: source, statement } of input.statements) {
    for (const stated of statement.files ?? []) {
      const file = files.get(stated.path);
      if (file === undefined) {
        if (stated.required) findings.push(missing(source, stated));
        continue;
      }
      const verdict = await checkFile(input, stated, file, source);
      findings.push(...verdict.findings);
      if (verdict.matched) matched.add(file.path);
    }
    findings.push(...emptyPatterns(source, statement, input.data));
  }
  const wrong = new Set(findings.map(({ file }) => file));
  return {
    findings: [...findings, ...unlisted(input)],
    matched: new Set([...matched].filter((path) => !wrong.has(path))),
  };
}

async function checkFile(
  { tree, pointers }: CheckInput,
  stated: StatedFile,
  file: FileDigest,
  source: string,
): Promise<{ readonly findings: readonly Finding[]; readonly matched: boolean }> {
  const pointer = pointers.get(file.path);
  const size = pointer === undefined ? file.size : pointer.size;
  const findings = stated.size !== undefined && size !== undefined && stated.size !== size ? [wrongSize(source, stated, size)] : [];
  if (stated.digest === undefined) return { findings, matched: false };
  const observed: Digests | undefined =
    pointer === undefined ? { ...file.digest, ...(await legacyDigests(tree, stated, file)) } : pointer.digest;
  const verdict = compareDigests(stated.digest, observed);
  if (verdict === 'different') return { findings: [...findings, wrongDigest(source, stated, pointer !== undefined)], matched: false };
  // What a pointer claims was not recomputed from the bytes.
  return { findings, matched: verdict === 'same' && pointer === undefined && findings.length === 0 };
}

async function legacyDigests(tree: SourceTree, { digest = {} }: StatedFile, { path, digest: known }: FileDigest): Promise<Digests> {
  const needed = neededAlgorithms(digest).filter((algorithm) => known[algorithm] === undefined);
  return needed.length === 0 ? {} : computeDigests(tree, path, needed);
}

function emptyPatterns(source: string, { patterns = [] }: DatasetStatement, data: readonly string[]): readonly Finding[] {
  return patterns
    .filter(({ glob }) => isPlainGlob(glob) && !data.some((path) => matchesGlob(glob, path)))
    .map(({ glob, key }) => ({
      id: 'dataset-file-missing',
      severity: 'medium',
      message: `\`${source}\` (${key}) lists \`${glob}\`, and no file of that name is there`,
      fix: 'Fetch the rest of the dataset, or correct its metadata.',
      file: source,
    }));
}

/** Sets and ranges (`[0-9]`, `{a,b}`) are not evaluated, so that nothing follows from them. */
const isPlainGlob = (glob: string): boolean => !/[[\]{}]/.test(glob);

/** Data that no listing names; said once, and only when all listings could be evaluated. */
function unlisted({ statements, data }: CheckInput): readonly Finding[] {
  const listings = statements.filter(
    ({ statement: { files = [], patterns = [], partial } }) =>
      partial !== true && (files.some(({ required }) => required) || patterns.length > 0),
  );
  if (listings.length === 0 || listings.some(({ statement }) => (statement.patterns ?? []).some(({ glob }) => !isPlainGlob(glob))))
    return [];
  const named = new Set(statements.flatMap(({ statement }) => (statement.files ?? []).map(({ path }) => path)));
  const globs = listings.flatMap(({ statement }) => (statement.patterns ?? []).map(({ glob }) => glob));
  const strangers = data.filter((path) => !named.has(path) && !globs.some((glob) => matchesGlob(glob, path)));
  if (strangers.length === 0) return [];
  const shown = strangers.slice(0, 5).map((path) => `\`${path}\``);
  return [
    {
      id: 'dataset-file-unlisted',
      severity: 'info',
      message: `${strangers.length === 1 ? '1 file is' : `${strangers.length} files are`} listed by no metadata: ${shown.join(', ')}${strangers.length > shown.length ? ' …' : ''}`,
      fix: 'Add them to the metadata, or find out where they come from.',
      file: strangers[0],
    },
  ];
}

/** Sets of shards, by their names, of which some are not there. */
export function incompleteSets(files: readonly Artifact[]): readonly Finding[] {
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
