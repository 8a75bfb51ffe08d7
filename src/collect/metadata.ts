/** Runs the collectors over the files that each of them reads. */
import type { JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import type { Limits } from '../core/limits.js';
import { addTraces, findSecrets, type Traces } from '../core/secrets/index.js';
import type { SourceEntry, SourceTree } from '../core/source-tree.js';
import { bounded } from './bounded.js';
import { COLLECTORS } from './collectors/index.js';
import { beyondRoom } from './collectors/shared/pinned.js';
import {
  type Addition,
  type CollectContext,
  type Collected,
  type Collector,
  type Contribution,
  MAX_FILE_PACKAGES,
  type SourceCollector,
} from './contribution.js';
import { probeOf } from './file-probe.js';
import type { Owners } from './models/owners.js';
import { close, readWhole } from './read.js';
import { leftoverOf } from './roles.js';

/** Metadata files are small; a bigger one is not what its name says. */
const MAX_METADATA_BYTES = 64 * 1024 * 1024;
/** Cards and records of runs, of which parts get into names and ids; longer files are lists and vocabularies. */
const MAX_TRACED_BYTES = 128 * 1024;
/** Packages that all metadata files of a directory may name. */
const MAX_DIRECTORY_PACKAGES = 40_000;

/** What all collectors say of a directory, in the order of the files. */
export async function readMetadata(
  tree: SourceTree,
  entries: readonly SourceEntry[],
  {
    sources = () => true,
    ...options
  }: { readonly limits: Limits; readonly includePrivate: boolean; readonly owner: Owners; readonly sources?: (id: string) => boolean },
): Promise<Required<Omit<Collected, 'beyond'>> & { readonly credentials: Traces }> {
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const context: CollectContext = {
    ...options,
    paths: new Set(sizes.keys()),
    async read(path) {
      const size = sizes.get(path);
      return size === undefined || size > MAX_METADATA_BYTES ? undefined : readWhole(tree, path);
    },
    probe: probeOf(tree, sizes, options.limits),
  };
  const results: Collected[] = [];
  let room = MAX_DIRECTORY_PACKAGES;
  const credentials = new Map<string, string>();
  for (const { path, size } of entries) {
    // A copy that was kept says what was so once.
    if (leftoverOf(path) !== undefined) continue;
    const collectors = COLLECTORS.filter((collector) => sources(collector.id) && collector.matches(path));
    const whole = collectors.filter((collector): collector is Collector => 'collect' in collector);
    const file = whole.length > 0 && size <= MAX_METADATA_BYTES ? await readWhole(tree, path) : undefined;
    if (file !== undefined && size <= MAX_TRACED_BYTES) {
      const text = new TextDecoder().decode(file.bytes);
      addTraces(credentials, text, findSecrets(text));
    }
    if (whole.length > 0 && file === undefined) results.push({ contributions: [], findings: [tooBig(path, size)] });
    for (const collector of collectors) {
      const said =
        'collectSource' in collector
          ? await readParts(tree, path, collector, context)
          : file === undefined
            ? undefined
            : await collector.collect(file, context);
      if (said === undefined) continue;
      const { collected, packages } = withinRoom(bounded(said, path), path, Math.min(MAX_FILE_PACKAGES, room));
      room -= packages;
      results.push(collected);
    }
  }
  return {
    contributions: results.flatMap(({ contributions }) => contributions),
    findings: results.flatMap(({ findings = [] }) => findings),
    credentials,
  };
}

/**
 * What was collected with no more packages than there is room for, and how many they are. Some bytes of a file can name a package, which
 * takes some thousand until the manifest is written. Readers stop at those of one file by themselves, and say what came behind them. No
 * edge leads to one that is left out, and its listing is partial.
 */
function withinRoom(collected: Collected, path: string, room: number): { readonly collected: Collected; readonly packages: number } {
  const isPackage = (each: Contribution): each is Addition => each.kind === 'addition' && each.list === '/components';
  const packages = collected.contributions.filter(isPackage);
  const { beyond = 0 } = collected;
  if (packages.length <= room && beyond === 0) return { collected, packages: packages.length };
  const kept = Math.min(room, packages.length);
  const isOut = new Set(packages.slice(kept));
  const out = new Set(packages.slice(kept).map(({ item }) => item.id));
  const contributions = collected.contributions.flatMap((each): readonly Contribution[] => {
    if (each.kind !== 'addition') return [each];
    if (each.list === '/dependencies') return edgesWithin(each, out);
    return isOut.has(each) ? [] : [each];
  });
  const finding = beyondRoom(path, kept, packages.length - kept + beyond);
  return { collected: { contributions, findings: [...(collected.findings ?? []), finding] }, packages: kept };
}

function edgesWithin(edges: Addition, out: ReadonlySet<JsonValue | undefined>): readonly Addition[] {
  const { ref, dependsOn } = edges.item;
  if (out.has(ref)) return [];
  const targets = Array.isArray(dependsOn) ? (dependsOn as readonly JsonValue[]) : [];
  const kept = targets.filter((target) => !out.has(target));
  return [kept.length === targets.length ? edges : { ...edges, item: { ...edges.item, dependsOn: kept, completeness: 'partial' } }];
}

async function readParts(tree: SourceTree, path: string, collector: SourceCollector, context: CollectContext): Promise<Collected> {
  const source = await tree.open(path);
  try {
    return await collector.collectSource(source, context);
  } finally {
    await close(source);
  }
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
