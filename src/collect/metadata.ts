/** Runs the collectors over the files that each of them reads. */
import type { Finding } from '../core/finding.js';
import type { Limits } from '../core/limits.js';
import { addTraces, findSecrets, type Traces } from '../core/secrets/index.js';
import type { SourceEntry, SourceTree } from '../core/source-tree.js';
import type { CollectContext, Collected, Collector, MetadataFile, SourceCollector } from './contribution.js';
import { COLLECTORS } from './sources/index.js';

/** Metadata files are small; a bigger one is not what its name says. */
const MAX_METADATA_BYTES = 64 * 1024 * 1024;
/** Cards and records of runs, of which parts get into names and ids; longer files are lists and vocabularies. */
const MAX_TRACED_BYTES = 128 * 1024;

/** What all collectors say of a directory, in the order of the files. */
export async function readMetadata(
  tree: SourceTree,
  entries: readonly SourceEntry[],
  {
    sources = () => true,
    ...options
  }: { readonly limits: Limits; readonly includePrivate: boolean; readonly sources?: (id: string) => boolean },
): Promise<Required<Collected> & { readonly credentials: Traces }> {
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const context: CollectContext = {
    ...options,
    paths: new Set(sizes.keys()),
    async read(path) {
      const size = sizes.get(path);
      return size === undefined || size > MAX_METADATA_BYTES ? undefined : readWhole(tree, path);
    },
  };
  const results: Collected[] = [];
  const credentials = new Map<string, string>();
  for (const { path, size } of entries) {
    const collectors = COLLECTORS.filter((collector) => sources(collector.id) && collector.matches(path));
    const whole = collectors.filter((collector): collector is Collector => 'collect' in collector);
    const file = whole.length > 0 && size <= MAX_METADATA_BYTES ? await readWhole(tree, path) : undefined;
    if (file !== undefined && size <= MAX_TRACED_BYTES) {
      const text = new TextDecoder().decode(file.bytes);
      addTraces(credentials, text, findSecrets(text));
    }
    if (whole.length > 0 && file === undefined) results.push({ contributions: [], findings: [tooBig(path, size)] });
    for (const collector of collectors) {
      if ('collectSource' in collector) results.push(await readParts(tree, path, collector, context));
      else if (file !== undefined) results.push(await collector.collect(file, context));
    }
  }
  return {
    contributions: results.flatMap(({ contributions }) => contributions),
    findings: results.flatMap(({ findings = [] }) => findings),
    credentials,
  };
}

async function readParts(tree: SourceTree, path: string, collector: SourceCollector, context: CollectContext): Promise<Collected> {
  const source = await tree.open(path);
  try {
    return await collector.collectSource(source, context);
  } finally {
    await close(source);
  }
}

/** A file, whole. */
export async function readWhole(tree: SourceTree, path: string): Promise<MetadataFile> {
  const source = await tree.open(path);
  try {
    return { path, bytes: (await source.read(0, source.size)).slice() };
  } finally {
    await close(source);
  }
}

export async function close(source: object): Promise<void> {
  if ('close' in source && typeof source.close === 'function') await source.close();
}

function tooBig(path: string, size: number): Finding {
  return {
    id: 'metadata-unreadable',
    severity: 'medium',
    message: `the file has ${size} bytes, more than a metadata file may have`,
    fix: 'Check what it is; nothing in it was used.',
    file: path,
  };
}
