/** Ancestry of signed models: what each was made from, as far as claims state it and signatures prove it. */
export { edgesOf, type StatedEdge } from './edges.js';
export {
  idOf,
  type Lineage,
  type LineageEdge,
  type LineageNode,
  type LineageOptions,
  type LineageRoot,
  mayHaveSigned,
  NODE_STATES,
  type NodeRole,
  type NodeState,
  verifyLineage,
  verifyLineageOf,
} from './graph.js';
export { lineageAsDot, lineageAsJson, lineageAsMermaid } from './render.js';
export { type Candidate, openStore, type Store, type StoreOptions } from './store.js';
