/** Which operators of a graph reach beyond it. What that means is for a scanner to judge; here they are only named. */
import type { ModelFacts } from '../../../core/facts.js';
import type { Finding } from '../../../core/finding.js';
import { countsText, smallList } from '../small-metadata.js';
import type { Graph } from './graph.js';

/** Operators that read or write files, open sockets or run Python. */
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const REACHING: Readonly<Record<string, ReadonlySet<string>>> = {
  'operators.files': words(
    'CSVDataset CSVDatasetV2 CacheDataset CacheDatasetV2 CalibrationStatisticsSaver CreateSummaryDbWriter CreateSummaryFileWriter DTensorRestoreV2 ' +
      'DatasetToTFRecord DistributedSave DumpTensor ExperimentalCSVDataset ExperimentalDatasetToTFRecord ExperimentalLMDBDataset ' +
      'ExperimentalMatchingFilesDataset ExperimentalSqlDataset FixedLengthRecordDataset FixedLengthRecordDatasetV2 FixedLengthRecordReader ' +
      'FixedLengthRecordReaderV2 FixedUnigramCandidateSampler GenerateVocabRemapping ImmutableConst InitializeTableFromTextFile ' +
      'InitializeTableFromTextFileV2 LMDBDataset LMDBReader ListSnapshotChunksDataset LoadAndRemapMatrix LoadDataset MatchingFiles ' +
      'MatchingFilesDataset MergeV2Checkpoints PrintV2 ReadFile ReaderRead ReaderReadUpTo ReaderReadUpToV2 ReaderReadV2 RecordInput Restore ' +
      'RestoreSlice RestoreV2 Save SaveDataset SaveDatasetV2 SaveSlices SaveV2 Skipgram SnapshotChunkDataset SnapshotDataset SnapshotDatasetReader ' +
      'SnapshotDatasetV2 SqlDataset TFRecordDataset TFRecordDatasetV2 TFRecordReader TFRecordReaderV2 TextLineDataset TextLineReader ' +
      'TextLineReaderV2 WholeFileReader WholeFileReaderV2 WriteFile',
  ),
  'operators.network': words(
    'DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 DebugIdentity DebugIdentityV2 DebugIdentityV3 ' +
      'DebugNanCount DebugNumericSummary RegisterDataset RegisterDatasetV2 RpcCall RpcClient RpcServer',
  ),
  'operators.python': words('EagerPyFunc PyFunc PyFuncStateless'),
  'operators.nested': words('DatasetFromGraph TPUCompile TRTEngineOp XlaCallModule XlaLaunch'),
};

/** What graphs say of their operators, as small values. */
export function operatorMetadata(graphs: readonly Graph[]): readonly (readonly [string, string | number | undefined])[] {
  const counts = operatorCounts(graphs);
  return [
    ['operators', countsText(counts)],
    ['nodes', sum(graphs, ({ nodes }) => nodes)],
    ['functions', sum(graphs, ({ functions }) => functions.size) || undefined],
    ...Object.entries(REACHING).map(
      ([key, names]) => [key, smallList([...counts.keys()].filter((name) => names.has(name)).sort())] as const,
    ),
  ];
}

/** Number of nodes by operator; calls of functions by name are no operators. */
function operatorCounts(graphs: readonly Graph[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operators, functions } of graphs)
    for (const [name, count] of operators) if (!functions.has(name)) counts.set(name, (counts.get(name) ?? 0) + count);
  return counts;
}

const sum = (graphs: readonly Graph[], of: (graph: Graph) => number): number => graphs.reduce((total, graph) => total + of(graph), 0);

/** Operators of other libraries carry the name of their package before `>`; others cannot be told from TensorFlow's own. */
export function operatorFindings(graphs: readonly Graph[]): readonly Finding[] {
  const packages = new Map<string, string[]>();
  for (const name of [...operatorCounts(graphs).keys()].sort()) {
    const [, owner, operator] = /^([\w.]{1,100})>([\w.>]{1,200})$/.exec(name) ?? [];
    if (owner === undefined || operator === undefined) continue;
    const names = packages.get(owner) ?? [];
    names.push(operator);
    packages.set(owner, names);
  }
  return [...packages].slice(0, 100).map(([owner, names]) => ({
    id: 'custom-operators',
    severity: 'info',
    message: `the model needs operators of \`${owner}\`, which are not part of TensorFlow: ${smallList(names)}`,
    fix: 'Name the library that provides them among the components.',
  }));
}

/** Code and graphs that stand inside attributes and tensors of these operators are not looked into. */
export function operatorGaps(graphs: readonly Graph[]): NonNullable<ModelFacts['notInspected']> {
  const nested = [...operatorCounts(graphs).keys()].filter((name) => REACHING['operators.nested']?.has(name)).sort();
  return nested.length === 0 ? [] : [`programs inside ${smallList(nested)}`];
}
