/** *.index.json beside sharded weights: which tensor is in which file. */
import type { Finding } from '../../../core/finding.js';
import { type Collector, type Contribution, directoryOf, type FileProbe } from '../../contribution.js';
import { asCount, asObject, type Loose, membersOf } from '../../values.js';
import { fromJson, unreadable } from '../shared/json-file.js';

/** Models of a thousand billion parameters have some hundred. */
const MAX_SHARDS = 10_000;

export const shardIndex: Collector = {
  id: 'shard-index',
  files: '`*.safetensors.index.json`, `*.bin.index.json`',
  matches: (path) => /\.(safetensors|bin)\.index\.json$/.test(path),
  async collect(file, context) {
    const shards = new Map<string, Set<string>>();
    const collected = fromJson(file, context.limits, (index) => {
      const names = shardsOf(index);
      if (names === undefined) return { contributions: [], findings: [tooMany(file.path)] };
      const isShard = new Set(names);
      for (const [tensor, shard] of membersOf(asObject(index.weight_map)))
        if (typeof shard === 'string' && isShard.has(shard)) shards.set(shard, (shards.get(shard) ?? new Set()).add(tensor));
      const files = names.map((name) => directoryOf(file.path) + name);
      const bytes = asCount(asObject(index.metadata)?.total_size);
      const sum: Contribution[] =
        files.length === 0 ? [] : [{ kind: 'sum', path: file.path, files, ...(bytes === undefined ? {} : { bytes }) }];
      return { contributions: sum, findings: files.filter((path) => !context.paths.has(path)).map((path) => missing(file.path, path)) };
    });
    return { ...collected, findings: [...(collected.findings ?? []), ...(await misplaced(file.path, shards, context.probe))] };
  },
};

/** Shards that hold other tensors than the index says: what loads by the index does not find them, what loads by files finds others. */
async function misplaced(
  index: string,
  shards: ReadonlyMap<string, ReadonlySet<string>>,
  probe: FileProbe | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [shard, stated] of shards) {
    const held = await probe?.tensors(directoryOf(index) + shard);
    if (held === undefined) continue;
    const absent = [...stated].filter((name) => !held.has(name));
    const more = [...held].filter((name) => !stated.has(name));
    if (absent.length > 0 || more.length > 0) findings.push(disagreement(index, shard, absent, more));
  }
  return findings;
}

function disagreement(file: string, shard: string, absent: readonly string[], more: readonly string[]): Finding {
  const parts = [
    ...(absent.length > 0 ? [`it does not hold ${some(absent)}, which the index places there`] : []),
    ...(more.length > 0 ? [`it holds ${some(more)}, which the index does not place there`] : []),
  ];
  return {
    id: 'index-mismatch',
    severity: 'medium',
    message: `the shard \`${shard}\` has other tensors than the index says: ${parts.join('; ')}`,
    fix: 'Fetch index and shards of the same revision; a loader that does not find a tensor may start it at random.',
    file,
    pointer: '/weight_map',
  };
}

const some = (names: readonly string[]): string =>
  `${names
    .slice(0, 3)
    .map((name) => `\`${name.slice(0, 120)}\``)
    .join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;

/** File names of the map; what is not a plain file name beside the index is not followed. Undefined when there are too many. */
function shardsOf(index: Loose): readonly string[] | undefined {
  const names = new Set<string>();
  for (const [, name] of membersOf(asObject(index.weight_map))) {
    if (typeof name === 'string' && /^[^/\\\u0000]+$/.test(name) && name !== '..' && name !== '.') names.add(name);
    if (names.size > MAX_SHARDS) return undefined;
  }
  return [...names].sort();
}

const tooMany = (path: string): Finding => ({
  ...unreadable(path, `the index names more than ${MAX_SHARDS} shards; none of them was looked for`),
  id: 'limit-count',
});

function missing(index: string, path: string): Finding {
  return {
    id: 'shard-missing',
    severity: 'high',
    message: `the index names the shard \`${path}\`, which is not there`,
    fix: 'Fetch the missing file, then collect again.',
    file: index,
    pointer: '/weight_map',
  };
}
