/** Everything that the files of a dataset say, before it is joined. */

import { append } from '../../core/append.js';
import type { Finding } from '../../core/finding.js';
import { parseJson } from '../../core/json.js';
import type { Limits } from '../../core/limits.js';
import type { SourceEntry, SourceTree } from '../../core/source-tree.js';
import { unreadable } from '../collectors/shared/json-file.js';
import { type Contribution, directoryOf, type FileNote } from '../contribution.js';
import { OF_THE_SUBJECT } from '../models/owners.js';
import { close, readWhole } from '../read.js';
import { asObject, asTexts } from '../values.js';
import { readWeights } from '../weights.js';
import type { ReadStatement } from './check.js';
import { metadataNote } from './collector.js';
import { repaired } from './repair.js';
import { DATASET_SOURCES, TABLE_READERS } from './sources.js';
import type { DatasetContext, DatasetSource } from './statement.js';
import { type TableFacts, tableNote, unreadableTable } from './tables.js';

/** Metadata is small; a bigger file is not what its name says. */
const MAX_METADATA_BYTES = 64 * 1024 * 1024;

export interface SourcedStatement extends ReadStatement {
  readonly source: DatasetSource;
  /** Does it speak of the whole dataset, or of a directory in it? */
  readonly ofWhole: boolean;
}

export interface DatasetFacts {
  readonly statements: readonly SourcedStatement[];
  /** By path; undefined for a table that could not be read. */
  readonly tables: ReadonlyMap<string, TableFacts | undefined>;
  readonly notes: readonly FileNote[];
  readonly findings: readonly Finding[];
}

export interface ReadOptions {
  readonly limits: Limits;
  readonly includePrivate: boolean;
  /** Is a metadata source read? */
  readonly sources: (id: string) => boolean;
}

export async function readDataset(tree: SourceTree, entries: readonly SourceEntry[], options: ReadOptions): Promise<DatasetFacts> {
  const context: DatasetContext = {
    limits: options.limits,
    includePrivate: options.includePrivate,
    subject: 'dataset',
    owner: OF_THE_SUBJECT,
    paths: new Set(entries.map(({ path }) => path)),
    read: async () => undefined,
  };
  const splits = await splitDirectories(tree, entries);
  const statements: SourcedStatement[] = [];
  const tables = new Map<string, TableFacts | undefined>();
  const notes: FileNote[] = [];
  const findings: Finding[] = [];
  for (const entry of entries) {
    for (const read of await readStatements(tree, entry, context, { splits, isRead: options.sources })) {
      if ('id' in read) findings.push(read);
      else {
        statements.push(read);
        append(findings, read.statement.findings ?? []);
        append(notes, metadataNote(read.source, read.path, read.statement).filter(isNote));
      }
    }
    const file = await readContent(tree, entry.path, options);
    if ('table' in file) tables.set(entry.path, file.table);
    append(notes, file.notes);
    append(findings, file.findings);
  }
  return { statements, tables, notes, findings };
}

const isNote = (contribution: Contribution): contribution is FileNote => contribution.kind === 'file';

/** Directories that dataset_dict.json names as splits: their metadata is that of the dataset. */
async function splitDirectories(tree: SourceTree, entries: readonly SourceEntry[]): Promise<ReadonlySet<string>> {
  const entry = entries.find(({ path, size }) => path === 'dataset_dict.json' && size <= 1024 * 1024);
  if (entry === undefined) return new Set();
  try {
    const splits = asObject(parseJson((await readWhole(tree, entry.path)).bytes))?.splits;
    return new Set(asTexts(splits ?? []).map((split) => `${split}/`));
  } catch {
    // What is wrong with the file is said by the source that reads it.
    return new Set();
  }
}

async function readStatements(
  tree: SourceTree,
  { path, size }: SourceEntry,
  context: DatasetContext,
  { splits, isRead }: { readonly splits: ReadonlySet<string>; readonly isRead: (id: string) => boolean },
): Promise<readonly (SourcedStatement | Finding)[]> {
  const sources = DATASET_SOURCES.filter((source) => isRead(source.id) && source.matches(path));
  if (sources.length === 0) return [];
  if (size > MAX_METADATA_BYTES) return [unreadable(path, `the file has ${size} bytes, more than a metadata file may have`)];
  const file = await readWhole(tree, path);
  return sources.flatMap((source): SourcedStatement[] => {
    const read = source.read(file, context);
    if (read === undefined) return [];
    const directory = directoryOf(path);
    return [{ source, path, statement: repaired(read), ofWhole: directory === '' || splits.has(directory) }];
  });
}

interface Content {
  readonly notes: readonly FileNote[];
  readonly findings: readonly Finding[];
  readonly table?: TableFacts | undefined;
}

/** What the bytes of one file say of it: a table, a pointer to the real file, or one of the formats of weights. */
async function readContent(tree: SourceTree, path: string, options: ReadOptions): Promise<Content> {
  const weights = await readWeights(tree, path, options);
  // A file of the dataset is data, whatever a model would use it for.
  const notes = (weights?.contributions ?? []).filter(isNote).map((note) => ({ ...note, facts: withoutRole(note.facts) }));
  const found: Content = { notes, findings: weights?.findings ?? [] };
  const reader = TABLE_READERS.find(({ pattern }) => pattern.test(path));
  if (reader === undefined || notes.some(({ facts }) => 'pointer' in facts)) return found;
  const source = await tree.open(path);
  try {
    const table = await reader.read(source, options.limits);
    return { table, notes: tableNote(path, table).contributions.filter(isNote), findings: found.findings };
  } catch (error) {
    const { contributions, findings = [] } = unreadableTable(path, reader.title, error);
    return { table: undefined, notes: contributions.filter(isNote), findings: [...found.findings, ...findings] };
  } finally {
    await close(source);
  }
}

function withoutRole({ role: _role, ...facts }: FileNote['facts']): FileNote['facts'] {
  return facts;
}
