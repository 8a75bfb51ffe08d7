/** ONNX: graph, tensors, operator sets and metadata; tensor data is never read. */
import { elementCount, type Keyed, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { defineReader } from '../reader.js';
import { type OnnxHeader, type OnnxTensor, readOnnx } from './model.js';

export type { ExternalData, OnnxHeader, OnnxTensor } from './model.js';

const MAX_VALUE = 512;
const ONNX_DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview.training']);

export const onnx = defineReader<OnnxHeader>({
  id: 'onnx',
  title: 'ONNX',
  extensions: ['.onnx'],
  sniff: looksLikeOnnx,
  read: readOnnx,
  describe: (header): ModelFacts => ({
    format: 'onnx',
    mediaType: 'application/onnx',
    role: 'weights',
    tensors: summarize(header.tensors, (tensor) => (isParameter(tensor) ? elementCount(tensor) : 0)),
    ...described(header),
  }),
  tensors: ({ tensors }) => tensors.map(plain),
});

const plain = ({ name, dtype, shape, bytes }: OnnxTensor): TensorInfo => ({
  name,
  dtype,
  shape,
  ...(bytes === undefined ? {} : { bytes }),
});

/**
 * What counts as a parameter: every initialiser but texts, and constants that hold fractions. Whole numbers in Constant
 * nodes are shapes, axes and indices.
 */
function isParameter(tensor: OnnxTensor): boolean {
  if (tensor.dtype === 'STRING' || tensor.dtype === 'UNDEFINED') return false;
  return tensor.kind === 'initializer' || /FLOAT|DOUBLE|COMPLEX/.test(tensor.dtype);
}

/** Without a magic number: field 1 (ir_version) as a small varint, then only fields that a ModelProto has. */
function looksLikeOnnx(head: Uint8Array, name: string): boolean {
  if (head[0] !== 0x08 || head[1] === undefined || head[1] === 0 || head[1] > 30) return false;
  const tag = head[2];
  if (tag === undefined) return false;
  const field = tag >> 3;
  const wire = tag & 7;
  const known =
    (wire === 2 && (field === 2 || field === 3 || field === 4 || field === 6 || field === 7 || field === 8 || field === 14)) ||
    (wire === 0 && field === 5);
  if (!known) return false;
  // A SavedModel and a CoreML model also start with a version and field 2: there field 2 is a message, here a name.
  if (field === 2) return isName(head) || name.endsWith('.onnx');
  return field !== 3 || name.endsWith('.onnx');
}

/** Is field 2 a short printable text, followed by a tag that a ModelProto has? */
function isName(head: Uint8Array): boolean {
  const length = head[3] ?? 0x80;
  if (length >= 0x80 || 4 + length >= head.byteLength) return false;
  const printable = head.subarray(4, 4 + length).every((byte) => byte >= 0x20 && byte < 0x7f);
  const next = head[4 + length] ?? 0;
  return printable && [0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72].includes(next);
}

function described(header: OnnxHeader): Omit<ModelFacts, 'format'> {
  const { docString, graphName, metadata } = header;
  return knownFacts<Omit<ModelFacts, 'format'>>({
    formatVersion: header.irVersion === undefined ? undefined : String(header.irVersion),
    description: keyed(docString, 'doc_string'),
    author: keyed(
      metadata.get('model_author') ?? metadata.get('author'),
      metadata.has('model_author') ? 'metadata_props.model_author' : 'metadata_props.author',
    ),
    license: keyed(
      metadata.get('model_license') ?? metadata.get('license'),
      metadata.has('model_license') ? 'metadata_props.model_license' : 'metadata_props.license',
    ),
    producers: producers(header),
    requires: header.opsets.map(({ domain, version }) => ({
      key: 'opset_import',
      value: { name: domain === '' ? 'ai.onnx' : domain, version: String(version) },
    })),
    inputs: header.inputs,
    outputs: header.outputs,
    companions: companions(header),
    metadata: small(metadata, graphName),
    findings: findings(header),
  });
}

const keyed = (value: string | undefined, key: string): Keyed<string> | undefined =>
  value === undefined || value.trim() === '' ? undefined : { value: value.trim(), key };

function producers({ producerName, producerVersion }: OnnxHeader): ModelFacts['producers'] {
  if (producerName === undefined || producerName === '') return undefined;
  return [{ key: 'producer_name', value: { name: producerName, ...(producerVersion ? { version: producerVersion } : {}) } }];
}

/** A location that could lead out of the model's own directory is never followed. */
const isInside = (location: string): boolean => !/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)|\u0000/.test(location) && location !== '';

function companions({ tensors }: OnnxHeader): readonly string[] {
  const locations = tensors.flatMap(({ external }) =>
    external?.location !== undefined && isInside(external.location) ? [external.location] : [],
  );
  return [...new Set(locations)].sort();
}

function findings({ tensors, nodeDomains }: OnnxHeader): readonly Finding[] {
  const outside = new Set(
    tensors.flatMap(({ external }) => (external !== undefined && !isInside(external.location ?? '') ? [external.location ?? ''] : [])),
  );
  const custom = new Set([...nodeDomains.keys()].filter((domain) => !ONNX_DOMAINS.has(domain)));
  return [
    ...[...outside].sort().map(
      (location): Finding => ({
        id: 'external-data-outside',
        severity: 'high',
        message: `tensor data is said to lie in ${JSON.stringify(location.slice(0, 200))}, outside the model's directory`,
        fix: 'Do not load the model; ask its publisher for one whose files lie together.',
      }),
    ),
    ...[...custom].sort().map(
      (domain): Finding => ({
        id: 'custom-operators',
        severity: 'info',
        message: `the model needs the operators of \`${domain.slice(0, 200)}\`, which are not part of ONNX`,
        fix: 'Name the library that provides them among the components.',
      }),
    ),
  ];
}

function small(metadata: ReadonlyMap<string, string>, graphName: string | undefined): Readonly<Record<string, string>> | undefined {
  const entries = [...metadata].map(([key, value]): [string, string] => [
    key,
    value.length > MAX_VALUE ? `[${value.length} characters left out]` : value,
  ]);
  if (graphName) entries.push(['graph.name', graphName]);
  return entries.length > 0 ? Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) : undefined;
}
