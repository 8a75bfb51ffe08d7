/**
 * TensorFlow SavedModel: saved_model.pb, keras_metadata.pb and fingerprint.pb. The variables lie in a checkpoint beside them.
 * Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/saved_model.proto
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { elementCount, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type KerasObjects, kerasObjectFacts, kerasObjects } from '../keras/saved-objects.js';
import { defineReader } from '../reader.js';
import { smallList, smallMetadata } from '../shared/small-metadata.js';
import { openWalk, textOf, walkField, walkFile } from '../shared/tensorflow/message.js';
import { emptyMetaGraph, type MetaGraph, metaGraphField, readUserObject, type UserObject } from '../shared/tensorflow/meta-graph.js';
import { operatorFindings, operatorGaps, operatorMetadata } from '../shared/tensorflow/operators.js';
import { isFraction } from '../shared/tensorflow/types.js';
import { savedModelFile } from './sniff.js';

export type SavedModelHeader =
  | { readonly kind: 'model'; readonly schemaVersion: number; readonly metaGraphs: readonly MetaGraph[]; readonly keras: KerasObjects }
  | { readonly kind: 'keras'; readonly keras: KerasObjects }
  | { readonly kind: 'fingerprint'; readonly values: readonly (readonly [string, string])[] };

const HEAD_BYTES = 4096;
/** A graph without anything takes as much as some tensors. */
const GRAPH_WEIGHT = 8;
const INIT_SIGNATURE = '__saved_model_init_op';

export const tensorflowSavedmodel = defineReader<SavedModelHeader>({
  id: 'tensorflow-savedmodel',
  title: 'TensorFlow SavedModel',
  extensions: [],
  sniff: (head) => savedModelFile(head) !== undefined,
  read: readFile,
  describe(header) {
    if (header.kind === 'model') return describeModel(header);
    return header.kind === 'keras' ? describeKeras(header.keras) : describeFingerprint(header.values);
  },
  tensors: (header) => (header.kind === 'model' ? constants(header.metaGraphs) : []),
});

async function readFile(source: ByteSource, limits: Limits): Promise<SavedModelHeader> {
  const head = await readExactly(source, 0, Math.min(HEAD_BYTES, source.size));
  const kind = savedModelFile(head);
  if (kind === 'keras') return { kind, keras: await readKeras(source, limits) };
  return kind === 'fingerprint' ? { kind, values: await readFingerprint(source, limits) } : readModel(source, limits);
}

/** SavedModel: 1 saved_model_schema_version, 2 meta_graphs. */
async function readModel(source: ByteSource, limits: Limits): Promise<SavedModelHeader> {
  const walk = openWalk(source, limits);
  const metaGraphs: MetaGraph[] = [];
  let schemaVersion = 0;
  await walkFile(walk, async (field) => {
    if (field.number === 1) schemaVersion = field.varint;
    if (field.number !== 2) return;
    walk.budget.keep(field.start, GRAPH_WEIGHT);
    const meta = emptyMetaGraph();
    metaGraphs.push(meta);
    await walkField(walk, field, (inner) => metaGraphField(walk, inner, meta));
  });
  if (metaGraphs.length === 0)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'a SavedModel has at least one graph, this file has none', {
      file: source.name,
      offset: 0,
    });
  const objects = metaGraphs.flatMap((meta) => meta.objects.userObjects);
  return { kind: 'model', schemaVersion, metaGraphs, keras: kerasObjects(objects, limits, source.name) };
}

/** SavedMetadata: 1 nodes {3 node_path, 4 identifier, 5 metadata}. */
async function readKeras(source: ByteSource, limits: Limits): Promise<KerasObjects> {
  const walk = openWalk(source, limits);
  const objects: UserObject[] = [];
  await walkFile(walk, async (field) => {
    if (field.number === 1) await readUserObject(walk, field, objects, { identifier: 4, metadata: 5 });
  });
  return kerasObjects(objects, limits, source.name);
}

const FINGERPRINT = [
  'saved_model_checksum',
  'graph_def_program_hash',
  'signature_def_hash',
  'saved_object_graph_hash',
  'checkpoint_hash',
] as const;

/** FingerprintDef: 64-bit numbers, exactly; 7 uuid. */
async function readFingerprint(source: ByteSource, limits: Limits): Promise<readonly (readonly [string, string])[]> {
  const walk = openWalk(source, limits);
  const values: [string, string][] = [];
  await walkFile(walk, async (field) => {
    walk.budget.keep(field.start);
    const name = FINGERPRINT[field.number - 1];
    if (name !== undefined && field.wireType === 0) {
      walk.cursor.seek(field.start);
      values.push([name, exactVarint(walk.cursor.bytes(field.length))]);
    } else if (field.number === 7) values.push(['uuid', await textOf(walk, field)]);
  });
  return values;
}

/** A varint as decimal digits. */
function exactVarint(bytes: Uint8Array): string {
  let value = 0n;
  for (let i = bytes.byteLength - 1; i >= 0; i--) value = (value << 7n) | BigInt((bytes[i] ?? 0) & 0x7f);
  return BigInt.asUintN(64, value).toString();
}

function describeModel({ schemaVersion, metaGraphs, keras }: Extract<SavedModelHeader, { kind: 'model' }>): ModelFacts {
  const graphs = metaGraphs.map(({ graph }) => graph);
  const { facts, layers } = kerasObjectFacts(keras, 'object_graph_def');
  const signatures = metaGraphs.flatMap((meta) => meta.signatures).filter(({ key }) => key !== INIT_SIGNATURE);
  const serving = signatures.find(({ key }) => key === 'serving_default') ?? signatures[0];
  const frozen = isFrozen(metaGraphs);
  const own = constants(metaGraphs);
  return knownFacts<ModelFacts>({
    format: 'tensorflow-savedmodel',
    formatVersion: String(schemaVersion),
    mediaType: 'application/x-protobuf',
    role: 'weights',
    // With variables the weights are in the checkpoint; what stands in the graph then is no count of its own.
    tensors: frozen ? summarize(own, ({ dtype, shape }) => (isFraction(dtype) ? elementCount({ shape }) : 0)) : undefined,
    ...facts,
    producers: [...producers(metaGraphs), ...(facts.producers ?? [])],
    inputs: serving?.inputs ?? facts.inputs,
    outputs: serving?.outputs,
    metadata: smallMetadata([
      ...operatorMetadata(graphs),
      ['tags', smallList([...new Set(metaGraphs.flatMap((meta) => meta.tags))])],
      ['signatures', smallList(signatures.map(({ key }) => key))],
      ['method', serving?.method],
      ['assets', smallList(metaGraphs.flatMap(({ assets }) => assets))],
      ['layers', layers],
      ['registered', smallList([...new Set(metaGraphs.flatMap(({ objects }) => [...objects.registered]))].sort())],
      ['tensorflow_git_version', metaGraphs[0]?.gitVersion],
      [
        'constants.values',
        frozen ? undefined : own.reduce((sum, tensor) => sum + (isFraction(tensor.dtype) ? elementCount(tensor) : 0), 0) || undefined,
      ],
    ]),
    notInspected: [...keras.notInspected, ...operatorGaps(graphs)],
    findings: [...(facts.findings ?? []), ...operatorFindings(graphs)],
  });
}

const constants = (metaGraphs: readonly MetaGraph[]): readonly TensorInfo[] => metaGraphs.flatMap(({ graph }) => graph.constants);

/** Does the model have no variables, so that its weights stand in the graph? Functions keep copies of theirs. */
function isFrozen(metaGraphs: readonly MetaGraph[]): boolean {
  return (
    metaGraphs.length === 1 &&
    metaGraphs.every(
      ({ graph, objects }) =>
        graph.variables === 0 && objects.variables === 0 && graph.functionConstants.every(({ dtype }) => !isFraction(dtype)),
    )
  );
}

function producers(metaGraphs: readonly MetaGraph[]): NonNullable<ModelFacts['producers']> {
  const versions = new Set(metaGraphs.flatMap(({ tensorflowVersion }) => (tensorflowVersion ? [tensorflowVersion.slice(0, 100)] : [])));
  return [...versions].map((version) => ({ key: 'meta_info_def.tensorflow_version', value: { name: 'tensorflow', version } }));
}

function describeKeras(keras: KerasObjects): ModelFacts {
  const { facts, layers } = kerasObjectFacts(keras, 'nodes');
  return knownFacts<ModelFacts>({
    format: 'tensorflow-savedmodel',
    mediaType: 'application/x-protobuf',
    role: 'config',
    ...facts,
    metadata: smallMetadata([
      ['file', 'keras_metadata'],
      ['layers', layers],
    ]),
    notInspected: keras.notInspected,
  });
}

function describeFingerprint(values: readonly (readonly [string, string])[]): ModelFacts {
  return knownFacts<ModelFacts>({
    format: 'tensorflow-savedmodel',
    mediaType: 'application/x-protobuf',
    role: 'config',
    metadata: smallMetadata([['file', 'fingerprint'], ...values]),
  });
}
