/**
 * GraphDef: operators, constants and functions; the content of tensors is skipped.
 * Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/graph.proto
 */
import type { TensorInfo } from '../../../core/facts.js';
import { countName, type Field } from '../protobuf.js';
import { readShape, tensorOf, textOf, type Walk, walkEntry, walkField } from './message.js';

export interface Graph {
  nodes: number;
  /** Number of nodes by operator, those in functions too. */
  readonly operators: Map<string, number>;
  /** Values of Const nodes of the graph itself. */
  readonly constants: TensorInfo[];
  /** Values of Const nodes in functions, of which several may be copies of one. */
  readonly functionConstants: TensorInfo[];
  /** Names of functions; a node may call one as its operator. */
  readonly functions: Set<string>;
  /** Operators whose nodes are variables. */
  variables: number;
  /** VersionDef: of the graph format, and the oldest that can read it. */
  producer: number | undefined;
  minConsumer: number | undefined;
}

const VARIABLES: ReadonlySet<string> = new Set(['VarHandleOp', 'Variable', 'VariableV2']);

export function emptyGraph(): Graph {
  return {
    nodes: 0,
    operators: new Map(),
    constants: [],
    functionConstants: [],
    functions: new Set(),
    variables: 0,
    producer: undefined,
    minConsumer: undefined,
  };
}

/** One field of a GraphDef: 1 node, 2 library, 4 versions. */
export async function graphField(walk: Walk, field: Field, graph: Graph): Promise<void> {
  if (field.number === 1) await readNode(walk, field, graph, graph.constants);
  else if (field.number === 2) await readLibrary(walk, field, graph);
  else if (field.number === 4)
    await walkField(walk, field, (inner) => {
      if (inner.number === 1) graph.producer = inner.varint;
      else if (inner.number === 2) graph.minConsumer = inner.varint;
    });
}

export async function readGraph(walk: Walk, field: Field, graph: Graph): Promise<void> {
  await walkField(walk, field, (inner) => graphField(walk, inner, graph));
}

/** NodeDef: 1 name, 2 op, 5 attr. Only the value of a Const node is looked at. */
async function readNode(walk: Walk, field: Field, graph: Graph, constants: TensorInfo[]): Promise<void> {
  let name = '';
  let op = '';
  let value: Field | undefined;
  await walkField(walk, field, async (inner) => {
    if (inner.number === 1) name = await textOf(walk, inner);
    else if (inner.number === 2) op = await textOf(walk, inner);
    else if (inner.number === 5 && (op === 'Const' || op === ''))
      await walkEntry(walk, inner, (key, attribute) => {
        if (key === 'value') value = attribute;
      });
  });
  graph.nodes++;
  countName(walk.budget, graph.operators, op, field.start);
  if (VARIABLES.has(op)) graph.variables++;
  if (op === 'Const' && value !== undefined) await readConstant(walk, value, name, constants);
}

/** AttrValue: 8 tensor. TensorProto: 1 dtype, 2 tensor_shape. */
async function readConstant(walk: Walk, field: Field, name: string, constants: TensorInfo[]): Promise<void> {
  await walkField(walk, field, async (attribute) => {
    if (attribute.number !== 8) return;
    let type = 0;
    let shape: readonly number[] = [];
    await walkField(walk, attribute, async (inner) => {
      if (inner.number === 1) type = inner.varint;
      else if (inner.number === 2) shape = await readShape(walk, inner);
    });
    walk.budget.keep(field.start);
    constants.push(tensorOf(walk, field, name, type, shape));
  });
}

/** FunctionDefLibrary: 1 function. FunctionDef: 1 signature {1 name}, 3 node_def. */
async function readLibrary(walk: Walk, field: Field, graph: Graph): Promise<void> {
  await walkField(walk, field, async (library) => {
    if (library.number !== 1) return;
    await walkField(walk, library, async (part) => {
      if (part.number === 3) await readNode(walk, part, graph, graph.functionConstants);
      else if (part.number === 1)
        await walkField(walk, part, async (inner) => {
          if (inner.number !== 1) return;
          walk.budget.keep(inner.start);
          graph.functions.add(await textOf(walk, inner));
        });
    });
  });
}
