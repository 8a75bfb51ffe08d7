/**
 * skops: a zip archive with the objects of a model as JSON (`schema.json`) and its arrays as members. Nothing is imported.
 * Source: https://skops.readthedocs.io/en/stable/persistence.html
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import { knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { elementsOf } from '../numpy/elements.js';
import { type ArrayHeader, readArrayHeader } from '../numpy/header.js';
import { defineReader } from '../reader.js';
import { parseEmbeddedJson } from '../shared/embedded-json.js';
import { describeEstimator, type Scalar } from '../shared/estimator.js';
import { holdsEstimators, holdsTrees, isLearned } from '../shared/estimator-learned.js';
import { plainCount } from '../shared/parameters.js';
import { smallMetadata } from '../shared/small-metadata.js';
import { openZip, readMember, readMemberHead, type ZipArchive, type ZipMember } from '../shared/zip.js';
import { fileOf, importOf, loaderOf, membersOf, nodeView } from './nodes.js';

export interface SkopsHeader {
  readonly root: JsonValue;
  /** Classes and functions that loading would import, sorted. */
  readonly imports: readonly string[];
  readonly tensors: readonly TensorInfo[];
  /** Values of small arrays, by member. */
  readonly contents: ReadonlyMap<string, readonly Scalar[]>;
  readonly notInspected: readonly string[];
}

const SCHEMA = 'schema.json';
const MEMBER = /^[^/]+\.(npy|npz|bin)$/;
const MAX_NAME = 4096;
const KEPT_BYTES = 1024;
const MAX_KEPT_ARRAYS = 1000;

export const skops = defineReader<SkopsHeader>({
  id: 'skops',
  title: 'skops',
  extensions: ['.skops'],
  sniff: () => false,
  claimsMembers: (names) => names.has(SCHEMA) && [...names].every((name) => name === SCHEMA || MEMBER.test(name)),
  read,
  describe: describeSkops,
  tensors: ({ tensors }) => tensors,
});

async function read(source: ByteSource, limits: Limits): Promise<SkopsHeader> {
  const archive = await openZip(source, limits);
  const root = await readSchema(archive, limits);
  const found = walkNodes(root, source.name, limits);
  const arrays = await readArrays(archive, found.files, limits);
  const others = [...archive.members.keys()].filter((name) => name !== SCHEMA && !arrays.headers.has(name));
  return {
    root,
    imports: [...found.imports].sort(),
    tensors: [...found.files].flatMap(([file, path]) => tensorsOf(path, arrays.headers.get(file))),
    contents: arrays.contents,
    notInspected: [
      ...archive.duplicates.map((name) => `an earlier member \`${name.slice(0, 200)}\` of the same name`),
      ...(others.length > 0 ? [`members that are no arrays: ${others.slice(0, 8).join(', ').slice(0, 400)}`] : []),
    ],
  };
}

async function readSchema(archive: ZipArchive, limits: Limits): Promise<JsonValue> {
  const { source } = archive;
  const member = archive.members.get(SCHEMA);
  const offset = member?.headerOffset ?? 0;
  const maxDocumentBytes = Math.min(limits.maxHeaderBytes, limits.maxDocumentBytes);
  if (member === undefined) throw new MsbomError('ERR_FORMAT_MALFORMED', 'the archive has no schema.json', { file: source.name, offset });
  const bytes = await readMember(archive, member, maxDocumentBytes);
  const place = { what: SCHEMA, file: source.name, offset };
  const root = parseEmbeddedJson(bytes, place, { maxDocumentBytes, maxDepth: limits.maxDepth });
  if (loaderOf(root) === undefined || typeof membersOf(root)?._skops_version !== 'string')
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'schema.json is none of skops: it has no loader or no version', {
      file: source.name,
      offset,
    });
  return root;
}

interface Nodes {
  readonly imports: Set<string>;
  /** Path of the first node that keeps its array in a member, by member. */
  readonly files: Map<string, string>;
}

function walkNodes(root: JsonValue, file: string, limits: Limits): Nodes {
  const nodes: Nodes = { imports: new Set(), files: new Map() };
  let steps = 0;
  const visit = (value: JsonValue, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (++steps > limits.maxItems) throw new MsbomError('ERR_LIMIT_COUNT', `more than ${limits.maxItems} nodes`, { file, offset: 0 });
    const name = importOf(value);
    if (name !== undefined) nodes.imports.add(name);
    const member = name === undefined ? undefined : fileOf(value);
    if (member !== undefined && !nodes.files.has(member)) nodes.files.set(member, path);
    if (path.length > MAX_NAME) throw new MsbomError('ERR_LIMIT_BYTES', `a path has more than ${MAX_NAME} characters`, { file, offset: 0 });
    // Members of a node are its wrapping, those of its content are the model's own names.
    const isNode = loaderOf(value) !== undefined;
    for (const [key, child] of Object.entries(value)) visit(child, isNode ? path : path === '' ? key : `${path}.${key}`);
  };
  visit(root, '');
  return nodes;
}

interface Arrays {
  readonly headers: Map<string, ArrayHeader>;
  readonly contents: Map<string, readonly Scalar[]>;
}

async function readArrays(archive: ZipArchive, files: ReadonlyMap<string, string>, limits: Limits): Promise<Arrays> {
  const arrays: Arrays = { headers: new Map(), contents: new Map() };
  let bytesRead = 0;
  for (const file of files.keys()) {
    const member = archive.members.get(file);
    if (member === undefined)
      throw new MsbomError('ERR_FORMAT_MALFORMED', `the array \`${file.slice(0, 200)}\` is not in the archive`, {
        file: archive.source.name,
        offset: 0,
      });
    if (!file.endsWith('.npy')) continue;
    const header = await readHeader(archive, member, limits);
    arrays.headers.set(file, header);
    bytesRead += header.dataOffset;
    if (bytesRead > limits.maxReadBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `the headers need more than ${limits.maxReadBytes} bytes`, {
        file: archive.source.name,
        offset: member.headerOffset,
        hint: 'Raise maxReadBytes if the file is trusted.',
      });
    if (arrays.contents.size < MAX_KEPT_ARRAYS) await keepContent(archive, member, header, arrays);
  }
  return arrays;
}

function readHeader(archive: ZipArchive, member: ZipMember, limits: Limits): Promise<ArrayHeader> {
  const head = (length: number): Promise<Uint8Array> => readMemberHead(archive, member, length);
  return readArrayHeader({ file: archive.source.name, offset: member.headerOffset, size: member.size, head }, limits);
}

/** Names of classes and the like are small arrays of texts or whole numbers. */
async function keepContent(archive: ZipArchive, member: ZipMember, header: ArrayHeader, { contents }: Arrays): Promise<void> {
  const length = member.size - header.extraBytes - header.dataOffset;
  if (header.descr === undefined || header.pickled || length > KEPT_BYTES) return;
  const bytes = await readMemberHead(archive, member, header.dataOffset + length);
  const values = elementsOf(header.descr, bytes.subarray(header.dataOffset), !header.descr.startsWith('>'));
  if (values !== undefined) contents.set(member.name, values);
}

function tensorsOf(path: string, header: ArrayHeader | undefined): readonly TensorInfo[] {
  if (header === undefined) return [];
  return header.element.fields.map((field) => {
    const shape = [...header.shape, ...field.shape];
    const name = [path, field.path].filter((part) => part !== '').join('.');
    return { name, dtype: field.dtype, shape, bytes: shape.reduce((all, size) => all * size, field.bytes) };
  });
}

function describeSkops({ root, imports, tensors, contents, notInspected }: SkopsHeader): ModelFacts {
  const { _skops_version: version, protocol } = membersOf(root) ?? {};
  const found = describeEstimator(
    root,
    nodeView((file) => contents.get(file)),
  );
  return knownFacts<ModelFacts>({
    ...found,
    format: 'skops',
    formatVersion: typeof protocol === 'number' ? String(protocol) : undefined,
    tensors: tensors.length === 0 ? undefined : summarize(tensors, parametersOf(imports, importOf(root) !== undefined)),
    producers: [{ key: '_skops_version', value: { name: 'skops', version: String(version).slice(0, 100) } }, ...(found.producers ?? [])],
    metadata: { ...smallMetadata([['root', importOf(root)]]), ...found.metadata },
    imports,
    notInspected,
  });
}

/** Records are nodes of trees; texts are names; of estimators only what they learned counts. */
function parametersOf(imports: readonly string[], isObject: boolean): (tensor: TensorInfo) => number {
  const holds = holdsEstimators(imports);
  const isOfTrees = holdsTrees(imports);
  return (tensor) =>
    isOfTrees || /^(object|bytes|str|void)/.test(tensor.dtype) || (holds && !isLearned(tensor.name, isObject)) ? 0 : plainCount(tensor);
}
