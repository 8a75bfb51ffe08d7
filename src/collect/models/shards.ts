/** Are the shards of the weights all here, and are they those that the index means? */
import { appendTo } from '../../core/append.js';
import type { Finding } from '../../core/finding.js';
import type { DescribedFile } from '../artifacts.js';
import { baseName, type Contribution, directoryOf, type Sum } from '../contribution.js';
import type { WeightFile } from '../weights.js';

export interface Shards {
  /** Files of sets that are not whole: there is no total of what they hold. */
  readonly incomplete: ReadonlySet<string>;
  /** Files that lie beside an index which names others of their kind: remains, and no part of the model. */
  readonly leftOver: ReadonlySet<string>;
  /** The index that names a file: what one index names is one set, whatever the files are called. */
  readonly indexOf: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

export function checkShards(
  artifacts: readonly DescribedFile[],
  contributions: readonly Contribution[],
  weights: readonly WeightFile[],
): Shards {
  const indexes = contributions.filter((each): each is Sum => each.kind === 'sum');
  const paths = new Set(artifacts.map(({ path }) => path));
  const indexed = new Set(indexes.flatMap(({ files }) => files));
  const incomplete = new Set(indexes.filter(({ files }) => files.some((file) => !paths.has(file))).flatMap(({ files }) => files));
  const leftOver = new Set<string>();
  const findings: Finding[] = [];
  for (const files of setsOf(artifacts)) {
    const [first] = files;
    if (first?.shard === undefined || files.some(({ path }) => indexed.has(path))) continue;
    const index = indexes.find(({ path, files: named }) => directoryOf(path) === directoryOf(first.path) && isOfKind(named, first.path));
    if (index !== undefined) {
      for (const { path } of files) leftOver.add(path);
      findings.push(remains(files, index.path));
    } else if (files.length < first.shard.total) {
      for (const { path } of files) incomplete.add(path);
      findings.push(missing(files));
    }
  }
  const numbered = new Set(artifacts.flatMap(({ path, shard }) => (shard === undefined ? [] : [path])));
  for (const { path, count } of splitsOf(weights)) {
    if (incomplete.has(path) || numbered.has(path)) continue;
    incomplete.add(path);
    findings.push({
      id: 'shard-missing',
      severity: 'high',
      message: `the file says that it is 1 of ${count} splits; the others are not beside it under names that tell them`,
      fix: 'Fetch all splits under the names that they were published with, then collect again.',
      file: path,
    });
  }
  const indexOf = new Map(indexes.flatMap(({ path, files }) => files.map((file) => [file, path] as const)));
  for (const files of [...setsOf(artifacts), ...byIndex(artifacts, indexOf)]) {
    const unread = files.filter(({ tensors }) => tensors === undefined);
    if (unread.length === 0 || unread.length === files.length || files.some(({ path }) => incomplete.has(path) || leftOver.has(path)))
      continue;
    for (const { path } of files) incomplete.add(path);
    findings.push(unreadShards(files, unread));
  }
  return { incomplete, leftOver, indexOf, findings };
}

const SHARDED = new Set(['weights', 'adapter', 'checkpoint']);

function setsOf(artifacts: readonly DescribedFile[]): Iterable<readonly DescribedFile[]> {
  const sets = new Map<string, DescribedFile[]>();
  for (const artifact of artifacts) {
    const { path, shard, role } = artifact;
    if (shard === undefined || !SHARDED.has(role ?? '')) continue;
    appendTo(sets, `${directoryOf(path)}\u0000${shard.set}\u0000${shard.total}`, artifact);
  }
  return sets.values();
}

function byIndex(artifacts: readonly DescribedFile[], indexOf: ReadonlyMap<string, string>): Iterable<readonly DescribedFile[]> {
  const sets = new Map<string, DescribedFile[]>();
  for (const artifact of artifacts) {
    const index = indexOf.get(artifact.path);
    if (index !== undefined && artifact.shard === undefined) appendTo(sets, index, artifact);
  }
  return sets.values();
}

/** Shards of which nothing is known: pointers to what lies elsewhere, headers that cannot be read. */
const unreadShards = (files: readonly DescribedFile[], unread: readonly DescribedFile[]): Finding => ({
  id: 'shard-missing',
  severity: 'high',
  message: `${unread.length} of ${files.length} shards are only pointers or cannot be read (\`${baseName(unread[0]?.path ?? '')}\`${unread.length > 1 ? ', …' : ''})`,
  fix: 'Fetch the files themselves, then collect again.',
  file: unread[0]?.path ?? '',
});

const endingOf = (path: string): string => path.slice(path.lastIndexOf('.'));
const isOfKind = (named: readonly string[], path: string): boolean => named.some((file) => endingOf(file) === endingOf(path));

/** `split.count` of llama.cpp. Source: https://github.com/ggml-org/llama.cpp/blob/master/tools/gguf-split/README.md */
function splitsOf(weights: readonly WeightFile[]): readonly { readonly path: string; readonly count: number }[] {
  return weights.flatMap(({ path, facts }) => {
    const count = Number(facts?.metadata?.['split.count'] ?? 0);
    return count > 1 ? [{ path, count }] : [];
  });
}

function remains(files: readonly DescribedFile[], index: string): Finding {
  const [first] = files;
  return {
    id: 'shard-unindexed',
    severity: 'medium',
    message: `\`${index}\` does not name \`${baseName(first?.path ?? '')}\`${files.length > 1 ? ` and ${files.length - 1} more of its set` : ''}; they are no part of the model and were not counted`,
    fix: 'Remove what is left of another set of weights, or fetch the index that belongs to it.',
    file: first?.path ?? index,
  };
}

/** Names of missing shards that are told. */
const TOLD = 5;

function missing(files: readonly DescribedFile[]): Finding {
  const [first] = files;
  const total = first?.shard?.total ?? 0;
  const here = new Set(files.map(({ shard }) => shard?.index));
  const gone: number[] = [];
  for (let i = 1; i <= total && gone.length < TOLD; i++) if (!here.has(i)) gone.push(i);
  const names = gone.map((i) => `\`${shardName(first?.path ?? '', i)}\``).join(', ');
  return {
    id: 'shard-missing',
    severity: 'high',
    message: `${files.length} of ${total} shards are here, ${total - files.length} are missing (${names}${total - files.length > TOLD ? ', …' : ''})`,
    fix: 'Fetch the missing files, then collect again.',
    file: first?.path ?? '',
  };
}

/** The name of another shard of a set, numbered as the first one is. */
function shardName(path: string, index: number): string {
  const name = baseName(path);
  const at = name.lastIndexOf('-of-');
  let start = at;
  while (start > 0 && /\d/.test(name[start - 1] ?? '')) start--;
  return name.slice(0, start) + String(index).padStart(at - start, '0') + name.slice(at);
}
