import { emptyGraph, type Graph } from '../shared/tensorflow/graph.js';

type JsonRecord = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly JsonRecord[] =>
  // Objects of parsed JSON have only text keys.
  Array.isArray(value) ? value.filter((item): item is JsonRecord => typeof item === 'object' && item !== null && !Array.isArray(item)) : [];

/** The graph of a graph-model, which is a GraphDef in JSON; undefined for a layers-model. Constants lie among the weights. */
export function graphOf(topology: JsonRecord | undefined): Graph | undefined {
  if (topology === undefined || !Array.isArray(topology.node)) return undefined;
  const graph = emptyGraph();
  addNodes(graph, topology.node);
  const [library] = list([topology.library]);
  for (const { signature, nodeDef } of list(library?.function)) {
    const [{ name } = {}] = list([signature]);
    if (typeof name === 'string') graph.functions.add(name);
    addNodes(graph, nodeDef);
  }
  const [versions] = list([topology.versions]);
  if (typeof versions?.producer === 'number') graph.producer = versions.producer;
  if (typeof versions?.minConsumer === 'number') graph.minConsumer = versions.minConsumer;
  return graph;
}

function addNodes(graph: Graph, nodes: unknown): void {
  for (const { op } of list(nodes)) {
    if (typeof op !== 'string') continue;
    graph.nodes++;
    graph.operators.set(op, (graph.operators.get(op) ?? 0) + 1);
  }
}
