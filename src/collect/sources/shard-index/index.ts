/** *.index.json beside sharded weights: which tensor is in which file. */
import type { Finding } from '../../../core/finding.js';
import { type Collector, type Contribution, directoryOf } from '../../contribution.js';
import { asCount, asObject, type Loose, membersOf } from '../../values.js';
import { fromJson, unreadable } from '../kernel/json-file.js';

/** Models of a thousand billion parameters have some hundred. */
const MAX_SHARDS = 10_000;

export const shardIndex: Collector = {
  id: 'shard-index',
  files: '`*.safetensors.index.json`, `*.bin.index.json`',
  matches: (path) => /\.(safetensors|bin)\.index\.json$/.test(path),
  collect: (file, { limits, paths }) =>
    fromJson(file, limits, (index) => {
      const names = shardsOf(index);
      if (names === undefined) return { contributions: [], findings: [tooMany(file.path)] };
      const files = names.map((name) => directoryOf(file.path) + name);
      const bytes = asCount(asObject(index.metadata)?.total_size);
      const sum: Contribution[] =
        files.length === 0 ? [] : [{ kind: 'sum', path: file.path, files, ...(bytes === undefined ? {} : { bytes }) }];
      return { contributions: sum, findings: files.filter((path) => !paths.has(path)).map((path) => missing(file.path, path)) };
    }),
};

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
