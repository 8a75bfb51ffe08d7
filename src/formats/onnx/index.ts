/** ONNX: graph, tensors, operator sets and metadata; tensor data is never read. */
import { elementCount, type Keyed, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { defineReader } from '../reader.js';
import { chatTemplateDigests, isChatTemplate } from '../shared/chat-template.js';
import { peekFields } from '../shared/protobuf.js';
import { countsText, isInsideDirectory, smallList, smallMetadata } from '../shared/small-metadata.js';
import { type OnnxHeader, type OnnxTensor, readOnnx } from './model.js';

export type { ExternalData, OnnxHeader, OnnxTensor } from './model.js';

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
    tensors: summarize(header.tensors, (tensor) => parametersOf(tensor, header)),
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
 * What counts as a parameter, be it an initialiser or the value of a Constant node: fractions, and whole numbers that stand for some, as
 * those of at most eight bits do. Wider ones are shapes, axes, indices and tables, scales and zero points are none. Packed weights count
 * as many as the operator says that they are.
 */
function parametersOf(tensor: OnnxTensor, { quantization: { auxiliary, data, packed } }: OnnxHeader): number {
  const { name, kind, dtype } = tensor;
  if (kind === 'training' || auxiliary.has(name)) return 0;
  const stands = FRACTIONS.test(dtype) || SMALL.test(dtype) || (name !== '' && data.has(name));
  return packed.get(name) ?? (stands ? elementCount(tensor) : 0);
}

const FRACTIONS = /FLOAT|DOUBLE|COMPLEX/;
const SMALL = /^U?INT[248]$/;

/** Fields of a ModelProto and how each is written. */
const MODEL_FIELDS: Readonly<Record<number, 0 | 2>> = { 1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2 };

/** Without a magic number: field 1 (ir_version) as a small number, then only fields that a ModelProto has. */
function looksLikeOnnx(head: Uint8Array, name: string): boolean {
  const fields = peekFields(head, 16) ?? [];
  const [version, next] = fields;
  if (version?.number !== 1 || version.value < 1 || version.value > 30 || next === undefined || next.number === 1) return false;
  if (!fields.every(({ number, wireType }) => MODEL_FIELDS[number] === wireType)) return false;
  // A SavedModel and a CoreML model also start with a version and field 2: there field 2 is a message, here a name.
  if (next.number === 2) return isName(head) || name.endsWith('.onnx');
  return next.number !== 3 || name.endsWith('.onnx');
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
  const { docString, metadata, modelVersion } = header;
  return knownFacts<Omit<ModelFacts, 'format'>>({
    formatVersion: header.irVersion === undefined ? undefined : String(header.irVersion),
    description: keyed(docString, 'doc_string'),
    // Writers that know of no version leave 0.
    version: modelVersion ? { value: String(modelVersion), key: 'model_version' } : undefined,
    author: keyed(
      metadata.get('model_author') ?? metadata.get('author'),
      metadata.has('model_author') ? 'metadata_props.model_author' : 'metadata_props.author',
    ),
    license: keyed(
      metadata.get('model_license') ?? metadata.get('license'),
      metadata.has('model_license') ? 'metadata_props.model_license' : 'metadata_props.license',
    ),
    producers: producers(header),
    requires: [...header.opsets.values()].map(({ domain, version }) => ({
      key: 'opset_import',
      value: { name: domain === '' ? 'ai.onnx' : domain, version: String(version) },
    })),
    inputs: header.inputs.filter(({ name }) => !header.stored.has(name)),
    outputs: header.outputs,
    companions: companions(header),
    chatTemplates: chatTemplateDigests(metadata),
    metadata: small(header),
    findings: findings(header),
  });
}

const keyed = (value: string | undefined, key: string): Keyed<string> | undefined =>
  value === undefined || value.trim() === '' ? undefined : { value: value.trim(), key };

function producers({ producerName, producerVersion }: OnnxHeader): ModelFacts['producers'] {
  if (producerName === undefined || producerName === '') return undefined;
  return [{ key: 'producer_name', value: { name: producerName, ...(isVersion(producerVersion) ? { version: producerVersion } : {}) } }];
}

/** Some writers put a report on their build here, with names of people in it. */
const isVersion = (text: string | undefined): boolean => text !== undefined && /^[^\r\n]{1,100}$/.test(text);

function companions({ tensors }: OnnxHeader): readonly string[] {
  const locations = tensors.flatMap(({ external }) =>
    external?.location !== undefined && isInsideDirectory(external.location) ? [external.location] : [],
  );
  return [...new Set(locations)].sort();
}

/** Domains with operators that are neither ONNX's nor defined by the model itself. */
function customDomains({ operators, functions }: OnnxHeader): readonly string[] {
  return [...operators]
    .filter(([domain, used]) => !ONNX_DOMAINS.has(domain) && [...used.keys()].some((type) => !functions.get(domain)?.has(type)))
    .map(([domain]) => domain)
    .sort();
}

function findings(header: OnnxHeader): readonly Finding[] {
  const outside = new Set(
    header.tensors.flatMap(({ external }) =>
      external !== undefined && !isInsideDirectory(external.location ?? '') ? [external.location ?? ''] : [],
    ),
  );
  return [
    ...[...outside].sort().map(
      (location): Finding => ({
        id: 'external-data-outside',
        severity: 'high',
        message: `tensor data is said to lie in ${JSON.stringify(location.slice(0, 200))}, outside the model's directory`,
        fix: 'Do not load the model; ask its publisher for one whose files lie together.',
      }),
    ),
    ...customDomains(header).map(
      (domain): Finding => ({
        id: 'custom-operators',
        severity: 'info',
        message: `the model needs the operators of \`${domain.slice(0, 200)}\`, which are not part of ONNX`,
        fix: 'Name the library that provides them among the components.',
      }),
    ),
  ];
}

/**
 * Inputs whose values are in the file. Until IR version 3 every tensor had to be listed among the inputs; since then one that is may be
 * overridden by the caller. Source: https://github.com/onnx/onnx/blob/main/docs/IR.md (Graphs), and `get_overridable_initializers` of
 * ONNX Runtime.
 */
const overridable = ({ irVersion, inputs, stored }: OnnxHeader): readonly string[] =>
  (irVersion ?? 0) < 4 ? [] : inputs.flatMap(({ name }) => (stored.has(name) ? [name] : []));

function small(header: OnnxHeader): ModelFacts['metadata'] {
  const { metadata, graphName, domain, functions, trainingInfos, operators } = header;
  const uses = [...operators].flatMap(([of, types]) =>
    [...types].map(([type, n]): [string, number] => [of === '' ? type : `${of}.${type}`, n]),
  );
  return smallMetadata([
    ...[...metadata].filter(([key]) => !isChatTemplate(key)),
    ['graph.name', graphName],
    ['domain', domain],
    ['operators', countsText(new Map(uses))],
    ['overridable_initializers', smallList(overridable(header))],
    ['functions', functions.size > 0 ? [...functions.values()].reduce((sum, names) => sum + names.size, 0) : undefined],
    ['training_info', trainingInfos > 0 ? trainingInfos : undefined],
  ]);
}
