/**
 * TensorFlow graphs on their own: a GraphDef (frozen `.pb`) or the MetaGraphDef that a checkpoint of TensorFlow 1 has beside it (`.meta`).
 * Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/graph.proto
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { elementCount, knownFacts, type ModelFacts, summarize } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader, SNIFF_BYTES } from '../reader.js';
import { type PeekedField, peekFields } from '../shared/protobuf.js';
import { smallList, smallMetadata } from '../shared/small-metadata.js';
import { emptyGraph, type Graph, graphField } from '../shared/tensorflow/graph.js';
import { openWalk, walkFile } from '../shared/tensorflow/message.js';
import { emptyMetaGraph, type MetaGraph, metaGraphField } from '../shared/tensorflow/meta-graph.js';
import { operatorFindings, operatorGaps, operatorMetadata } from '../shared/tensorflow/operators.js';
import { isFraction } from '../shared/tensorflow/types.js';
import { isMetaGraph } from '../tensorflow-savedmodel/sniff.js';

export interface GraphDefHeader {
  readonly graph: Graph;
  /** The message around the graph, in a `.meta` file. */
  readonly meta: MetaGraph | undefined;
}

export const tensorflowGraphdef = defineReader<GraphDefHeader>({
  id: 'tensorflow-graphdef',
  title: 'TensorFlow graph',
  extensions: [],
  sniff: (head) => isGraphDef(head) || isWholeMetaGraph(head),
  read: readFile,
  describe,
  tensors: ({ graph }) => graph.constants,
});

const inner = (bytes: Uint8Array, { start, value }: PeekedField): Uint8Array => bytes.subarray(start, start + value);
const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

/** Nodes from the first byte on: name, operator, then inputs, device and attributes. */
function isGraphDef(head: Uint8Array): boolean {
  const fields = peekFields(head, 64);
  const [first] = fields ?? [];
  if (fields === undefined || first?.number !== 1) return false;
  const known = fields.every(({ number, wireType }) => (number === 3 ? wireType === 0 : [1, 2, 4, 5].includes(number) && wireType === 2));
  return (
    known &&
    fields.every(
      (field, i) => field.number !== 1 || (i > 0 && field.start >= head.byteLength) || isNode(inner(head, field), field, i === 0),
    )
  );
}

/** NodeDef as far as it is there. Source of the patterns: tensorflow/core/framework/node_def_util.cc */
function isNode(bytes: Uint8Array, { value }: PeekedField, isFirst: boolean): boolean {
  const fields = peekFields(bytes, 64);
  if (fields === undefined) return false;
  const [name, op, ...rest] = fields;
  // A later node may reach beyond the bytes before these.
  if (!isFirst && bytes.byteLength < value && (name === undefined || op === undefined)) return true;
  if (name?.number !== 1 || name.wireType !== 2 || op?.number !== 2 || op.wireType !== 2) return false;
  const isKnown = rest.every(({ number, wireType }) => number >= 3 && number <= 7 && wireType === 2);
  const named = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/.test(latin1(inner(bytes, name)));
  return isKnown && named && /^[A-Z_a-z][A-Za-z0-9_.\\/>-]*$/.test(latin1(inner(bytes, op)));
}

const isWholeMetaGraph = (head: Uint8Array): boolean => head[0] === 0x0a && isMetaGraph(head.subarray(0, SNIFF_BYTES));

async function readFile(source: ByteSource, limits: Limits): Promise<GraphDefHeader> {
  const head = (await readExactly(source, 0, Math.min(SNIFF_BYTES, source.size))).slice();
  const walk = openWalk(source, limits);
  if (!isGraphDef(head) && isWholeMetaGraph(head)) {
    const meta = emptyMetaGraph();
    await walkFile(walk, (field) => metaGraphField(walk, field, meta));
    return { graph: meta.graph, meta };
  }
  const graph = emptyGraph();
  await walkFile(walk, (field) => graphField(walk, field, graph));
  if (graph.nodes === 0 && graph.functions.size === 0)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the graph has no nodes', { file: source.name, offset: 0 });
  return { graph, meta: undefined };
}

function describe({ graph, meta }: GraphDefHeader): ModelFacts {
  // A graph with variables holds no weights of its own; they are in the checkpoint.
  const isFrozen = graph.variables === 0;
  const version = meta?.tensorflowVersion;
  const copies = graph.functionConstants.filter(({ dtype }) => isFraction(dtype));
  return knownFacts<ModelFacts>({
    format: 'tensorflow-graphdef',
    formatVersion: graph.producer === undefined ? undefined : String(graph.producer),
    mediaType: 'application/x-protobuf',
    role: isFrozen ? 'weights' : undefined,
    tensors: isFrozen ? summarize(graph.constants, ({ dtype, shape }) => (isFraction(dtype) ? elementCount({ shape }) : 0)) : undefined,
    producers: version
      ? [{ key: 'meta_info_def.tensorflow_version', value: { name: 'tensorflow', version: version.slice(0, 100) } }]
      : undefined,
    inputs: meta?.signatures[0]?.inputs,
    outputs: meta?.signatures[0]?.outputs,
    metadata: smallMetadata([
      ...operatorMetadata([graph]),
      ['versions.min_consumer', graph.minConsumer],
      ['tags', smallList(meta?.tags ?? [])],
      ['tensorflow_git_version', meta?.gitVersion],
      ['assets', smallList(meta?.assets ?? [])],
    ]),
    notInspected: [
      ...operatorGaps([graph]),
      ...(copies.length === 0 ? [] : [`whether ${copies.length} constants in functions are weights`]),
    ],
    findings: operatorFindings([graph]),
  });
}
