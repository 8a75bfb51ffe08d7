import { type PeekedField, peekFields } from '../shared/protobuf.js';
import { MODEL_TYPES } from './types.js';

/** Fields of ModelDescription; then those of FeatureDescription. */
const DESCRIPTION = new Set([1, 10, 11, 12, 13, 20, 21, 50, 100]);
const FEATURE = new Set([1, 2, 3]);
/** Fields of the parts that tell a description from other messages: inputs, outputs, functions and metadata. */
const PARTS: Readonly<Record<number, ReadonlySet<number>>> = {
  1: FEATURE,
  10: FEATURE,
  20: new Set([1, 2, 3, 4, 5, 6]),
  100: new Set([1, 2, 3, 4, 100]),
};

/**
 * Without a magic number: a version, then a description whose parts look like named features or like metadata, then a kind of
 * model. ONNX has a name where the description is, a SavedModel a graph.
 */
export function looksLikeCoreml(head: Uint8Array): boolean {
  const fields = peekFields(head);
  const [version, description, next, last] = fields ?? [];
  if (version?.number !== 1 || version.wireType !== 0 || version.value < 1 || version.value > 100) return false;
  if (description?.number !== 2 || description.wireType !== 2) return false;
  const kind = next?.number === 10 && next.wireType === 0 ? last : next;
  const known = kind !== undefined && kind.wireType === 2 && MODEL_TYPES[kind.number] !== undefined;
  if (kind !== undefined && !known) return false;
  if (description.value === 0) return known;
  const parts = peekFields(payload(head, description), 64);
  if (parts === undefined || parts.length === 0) return false;
  return (
    parts.every(({ number, wireType }) => wireType === 2 && DESCRIPTION.has(number)) &&
    parts.some((part) => isPart(head, description, part))
  );
}

/** Is a part of the description a feature with a name and a type, a function with a name, or metadata? */
function isPart(head: Uint8Array, description: PeekedField, part: PeekedField): boolean {
  const bytes = payload(payload(head, description), part);
  const fields = peekFields(bytes, 64);
  const allowed = PARTS[part.number];
  if (fields === undefined || fields.length === 0 || allowed === undefined) return false;
  if (!fields.every(({ number, wireType }) => wireType === 2 && allowed.has(number))) return false;
  if (part.number === 100) return true;
  const [name] = fields;
  return name?.number === 1 && isText(payload(bytes, name)) && fields.some(({ number }) => number === 3);
}

const payload = (bytes: Uint8Array, { start, value }: PeekedField): Uint8Array =>
  bytes.subarray(start, Math.min(bytes.byteLength, start + value));
const isText = (bytes: Uint8Array): boolean => bytes.byteLength > 0 && bytes.every((byte) => byte >= 0x20 && byte !== 0x7f);
