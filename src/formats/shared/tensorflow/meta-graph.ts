/**
 * MetaGraphDef: a graph with its tags, versions, signatures and assets.
 * Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/meta_graph.proto
 */
import type { TensorInfo } from '../../../core/facts.js';
import type { Field } from '../protobuf.js';
import { emptyGraph, type Graph, readGraph } from './graph.js';
import { readShape, textOf, type Walk, walkEntry, walkField } from './message.js';
import { dtypeName } from './types.js';

export interface Signature {
  readonly key: string;
  method: string;
  readonly inputs: TensorInfo[];
  readonly outputs: TensorInfo[];
}

export interface MetaGraph {
  readonly tags: string[];
  tensorflowVersion: string | undefined;
  gitVersion: string | undefined;
  readonly graph: Graph;
  readonly signatures: Signature[];
  readonly assets: string[];
  readonly objects: ObjectGraph;
}

/** What SavedObjectGraph says. */
export interface ObjectGraph {
  /** Variables that are saved apart from the graph. */
  variables: number;
  /** Registered names of classes that are needed to load the objects. */
  readonly registered: Set<string>;
  /** Metadata of the objects that a library knows, by the library's word for their kind. */
  readonly userObjects: UserObject[];
}

export interface UserObject {
  readonly identifier: string;
  readonly metadata: string;
}

export function emptyMetaGraph(): MetaGraph {
  return {
    tags: [],
    tensorflowVersion: undefined,
    gitVersion: undefined,
    graph: emptyGraph(),
    signatures: [],
    assets: [],
    objects: { variables: 0, registered: new Set(), userObjects: [] },
  };
}

/** One field: 1 meta_info_def, 2 graph_def, 5 signature_def, 6 asset_file_def {2 filename}, 7 object_graph_def. */
export async function metaGraphField(walk: Walk, field: Field, meta: MetaGraph): Promise<void> {
  if (field.number === 1) await readInfo(walk, field, meta);
  else if (field.number === 2) await readGraph(walk, field, meta.graph);
  else if (field.number === 5)
    await walkEntry(walk, field, async (key, value) => void meta.signatures.push(await readSignature(walk, value, key)));
  else if (field.number === 6)
    await walkField(walk, field, async (inner) => {
      if (inner.number !== 2) return;
      walk.budget.keep(inner.start);
      meta.assets.push(await textOf(walk, inner));
    });
  else if (field.number === 7) await readObjects(walk, field, meta.objects);
}

/** MetaInfoDef: 4 tags, 5 tensorflow_version, 6 tensorflow_git_version. */
async function readInfo(walk: Walk, field: Field, meta: MetaGraph): Promise<void> {
  await walkField(walk, field, async (inner) => {
    if (inner.number === 4) {
      walk.budget.keep(inner.start);
      meta.tags.push(await textOf(walk, inner));
    } else if (inner.number === 5) meta.tensorflowVersion = await textOf(walk, inner);
    else if (inner.number === 6) meta.gitVersion = await textOf(walk, inner);
  });
}

/** SignatureDef: 1 inputs, 2 outputs, 3 method_name. */
async function readSignature(walk: Walk, field: Field, key: string): Promise<Signature> {
  walk.budget.keep(field.start, 2);
  const signature: Signature = { key, method: '', inputs: [], outputs: [] };
  await walkField(walk, field, async (inner) => {
    if (inner.number === 3) signature.method = await textOf(walk, inner);
    const side = inner.number === 1 ? signature.inputs : inner.number === 2 ? signature.outputs : undefined;
    if (side !== undefined) await walkEntry(walk, inner, async (name, value) => void side.push(await readTensorInfo(walk, value, name)));
  });
  return signature;
}

/** TensorInfo: 2 dtype, 3 tensor_shape. */
async function readTensorInfo(walk: Walk, field: Field, name: string): Promise<TensorInfo> {
  walk.budget.keep(field.start);
  let type = 0;
  let shape: readonly number[] = [];
  await walkField(walk, field, async (inner) => {
    if (inner.number === 2) type = inner.varint;
    else if (inner.number === 3) shape = await readShape(walk, inner);
  });
  return { name, dtype: dtypeName(type), shape };
}

/** SavedObjectGraph: 1 nodes. SavedObject: 4 user_object, 7 variable, 13 registered_name. */
async function readObjects(walk: Walk, field: Field, objects: ObjectGraph): Promise<void> {
  await walkField(walk, field, async (node) => {
    if (node.number !== 1) return;
    await walkField(walk, node, async (inner) => {
      if (inner.number === 7) objects.variables++;
      else if (inner.number === 4) await readUserObject(walk, inner, objects.userObjects, { identifier: 1, metadata: 3 });
      else if (inner.number === 13) {
        walk.budget.keep(inner.start);
        objects.registered.add(await textOf(walk, inner));
      }
    });
  });
}

/** An object of a library; those without metadata say nothing. */
export async function readUserObject(
  walk: Walk,
  field: Field,
  found: UserObject[],
  numbers: { readonly identifier: number; readonly metadata: number },
): Promise<void> {
  let identifier = '';
  let metadata = '';
  await walkField(walk, field, async (inner) => {
    if (inner.number === numbers.identifier) identifier = await textOf(walk, inner);
    else if (inner.number === numbers.metadata) metadata = await textOf(walk, inner);
  });
  if (metadata === '') return;
  walk.budget.keep(field.start);
  found.push({ identifier, metadata });
}
