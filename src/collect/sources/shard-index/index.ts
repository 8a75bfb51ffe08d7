/** *.index.json beside sharded weights: which tensor is in which file. */
import type { Finding } from '../../../core/finding.js';
import { type Collector, type Contribution, directoryOf } from '../../contribution.js';
import { asCount, asObject, type Loose } from '../../values.js';
import { fromJson } from '../kernel/json-file.js';

export const shardIndex: Collector = {
  id: 'shard-index',
  files: '`*.safetensors.index.json`, `*.bin.index.json`',
  matches: (path) => /\.(safetensors|bin)\.index\.json$/.test(path),
  collect: (file, { limits, paths }) =>
    fromJson(file, limits, (index) => {
      const files = shardsOf(index).map((name) => directoryOf(file.path) + name);
      const bytes = asCount(asObject(index.metadata)?.total_size);
      const sum: Contribution[] = bytes === undefined || files.length === 0 ? [] : [{ kind: 'sum', path: file.path, files, bytes }];
      return { contributions: sum, findings: files.filter((path) => !paths.has(path)).map((path) => missing(file.path, path)) };
    }),
};

/** File names of the map; what is not a plain file name beside the index is not followed. */
function shardsOf(index: Loose): readonly string[] {
  const names = Object.values(asObject(index.weight_map) ?? {}).filter(
    (name): name is string => typeof name === 'string' && /^[^/\\\u0000]+$/.test(name) && name !== '..' && name !== '.',
  );
  return [...new Set(names)].sort();
}

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
