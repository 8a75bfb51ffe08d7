/** The document of a run, from what it wrote and what is known besides. */
import { basename } from 'node:path';
import { type Described, describe } from '../collect/describe.js';
import { describeDirectory } from '../collect/disk/directory.js';
import type { CollectOptions } from '../collect/index.js';
import type { Limits } from '../core/limits.js';
import { memoryTree } from '../core/source-tree.js';
import type { RecordOptions } from './engine.js';
import type { RunState } from './run-facts.js';
import { trackers } from './trackers.js';
import type { Written } from './written.js';

export type Document = Omit<CollectOptions, 'digestFiles' | 'now' | 'supplied'>;

interface Place {
  readonly options: RecordOptions;
  readonly limits: Limits;
  readonly cwd: string;
}

export function document({ options, limits, cwd }: Place, state: RunState): Document {
  return {
    directoryName: basename(cwd),
    ...documentOptions(options),
    context: { phase: 'build', basis: 'a run recorded while it went on', command: 'msbom record' },
    serialNumber: `urn:uuid:${state.id}`,
    limits,
  };
}

function documentOptions({ name, group, version, authors, includePrivate, sources }: RecordOptions): Partial<Document> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    ...(authors === undefined ? {} : { authors }),
    ...(includePrivate === undefined ? {} : { includePrivate }),
    ...(sources === undefined ? {} : { sources }),
  };
}

/** A record of a run that has no files, or none yet. */
export function emptyRecord(options: Document, now: Date): Promise<Described> {
  return describe(memoryTree('.', {}), { ...options, now, digestFiles: async () => [] });
}

export async function describeOutputs(
  { root, files }: Written,
  document: Document,
  options: RecordOptions,
  state: RunState,
): Promise<Described> {
  const now = state.end ?? state.start;
  if (files.size === 0) return emptyRecord(document, now);
  const others = trackers(state.command !== undefined);
  const described = await describeDirectory(root, {
    ...document,
    keep: others.keep,
    ...(options.sha512 === undefined ? {} : { sha512: options.sha512 }),
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    now,
    files,
    ...(options.guard === undefined ? {} : { guard: options.guard }),
    ...(options.exclude === undefined ? {} : { exclude: options.exclude }),
    checkout: false, // the commit of the code is no version of what it made
  });
  return { ...described, manifest: others.into(described.manifest) };
}
