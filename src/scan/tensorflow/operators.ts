/** Operators of TensorFlow that touch more than tensors. Facts from the list of operators of TensorFlow and from its SECURITY.md. */

export interface OperatorRule {
  readonly rule: 'graph-code' | 'graph-file';
  readonly does: string;
  readonly severity?: 'medium';
}

export const OPERATOR_LISTS: readonly (OperatorRule & { readonly names: string })[] = [
  {
    rule: 'graph-code',
    does: 'calls functions of Python',
    names: 'PyFunc PyFuncStateless EagerPyFunc NumericPyFunc PyExecutor',
  },
  {
    rule: 'graph-file',
    does: 'writes or deletes files',
    names:
      'WriteFile SaveDataset SaveDatasetV2 DistributedSave CreateSummaryFileWriter CreateSummaryDbWriter WriteSummary WriteRawProtoSummary WriteGraphSummary FileSystemSetConfiguration SnapshotDataset SnapshotDatasetV2 DeleteFile RenameFile CopyFile MoveFile LMDBWriter DatasetToTFRecord ExperimentalDatasetToTFRecord DebugIdentity DebugIdentityV2',
  },
  {
    rule: 'graph-file',
    does: 'opens connections',
    names:
      'Rpc TryRpc RpcServer RpcServerStart RpcClient RpcCall RpcGetValue RegisterDataset RegisterDatasetV2 DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 BigQueryReader GenerateBigQueryReaderPartitions CloudBigtableTable SqlDataset ExperimentalSqlDataset KafkaDataset SendTPUEmbedding GcsConfigureBlockCache GcsConfigureCredentials',
  },
  {
    rule: 'graph-file',
    does: 'reads or lists files',
    severity: 'medium',
    names:
      'ReadFile MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset ListDataset ListSnapshotChunksDataset WholeFileReader WholeFileReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2 TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2 LMDBReader LMDBDataset ExperimentalLMDBDataset TextLineDataset FixedLengthRecordDataset FixedLengthRecordDatasetV2 TFRecordDataset TFRecordDatasetV2 CSVDataset CSVDatasetV2 ExperimentalCSVDataset LoadDataset ImportEvent ReaderReadV2 ReaderRead',
  },
];

const BY_NAME = new Map<string, OperatorRule>(
  OPERATOR_LISTS.flatMap(({ names, ...rule }) => names.split(' ').map((name): [string, OperatorRule] => [name, rule])),
);

/** What is known against an operator. */
export const operatorRule = (name: string): OperatorRule | undefined => BY_NAME.get(name);
