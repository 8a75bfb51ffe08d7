/** Telling the three files of a SavedModel from other protobuf by their first fields. */
import { type PeekedField, peekFields } from '../shared/protobuf.js';

export type SavedModelFile = 'model' | 'keras' | 'fingerprint';

/** Which file of a SavedModel, if any, the bytes begin like. */
export function savedModelFile(head: Uint8Array): SavedModelFile | undefined {
  const fields = peekFields(head, 16);
  const [first] = fields ?? [];
  if (fields === undefined || first === undefined) return undefined;
  if (isFingerprint(fields)) return 'fingerprint';
  if (first.number === 1 && first.wireType === 2) return isKerasNode(inner(head, first)) ? 'keras' : undefined;
  const [, second] = fields;
  const isModel = first.number === 1 && first.wireType === 0 && first.value === 1 && second?.number === 2 && second.wireType === 2;
  return isModel && fields.slice(1).every(({ number, wireType }) => number === 2 && wireType === 2) && isMetaGraph(inner(head, second))
    ? 'model'
    : undefined;
}

/** The bytes of a field, as far as they are there. */
const inner = (bytes: Uint8Array, { start, value }: PeekedField): Uint8Array => bytes.subarray(start, start + value);

/**
 * MetaGraphDef: messages 1 to 7 in order. A CoreML model starts alike; there the first message describes an input, whose
 * field 1 is its name, here it is MetaInfoDef, in which a list of operators (2) or a tag (4) comes first.
 */
export function isMetaGraph(bytes: Uint8Array): boolean {
  const fields = peekFields(bytes) ?? [];
  const [first] = fields;
  if (first === undefined || fields.some(({ number, wireType }) => number < 1 || number > 7 || wireType !== 2)) return false;
  if (first.number !== 1) return first.number === 2;
  const ordered = fields.every(({ number }, i) => i === 0 || number > 1);
  const info = peekFields(inner(bytes, first)) ?? [];
  const known = info.every(({ number, wireType }) => (number === 7 ? wireType === 0 : number >= 1 && number <= 8 && wireType === 2));
  return ordered && known && info[0] !== undefined && info[0].number >= 2;
}

/** keras_metadata.pb: objects with a path and a kind. */
function isKerasNode(bytes: Uint8Array): boolean {
  const fields = peekFields(bytes) ?? [];
  const text = (number: number): string => {
    const field = fields.find((each) => each.number === number && each.wireType === 2);
    return field === undefined ? '' : new TextDecoder('latin1').decode(inner(bytes, field));
  };
  return text(3).startsWith('root') && text(4).startsWith('_tf_keras');
}

/** fingerprint.pb: four or five checksums, then a version. */
function isFingerprint(fields: readonly PeekedField[]): boolean {
  const sums = fields.filter(({ number, wireType }) => number <= 5 && wireType === 0);
  const rest = fields.slice(sums.length);
  const areSums = sums.length >= 4 && sums.every(({ number, value }, i) => number === i + 1 && value > 2 ** 32);
  return areSums && rest.length > 0 && rest.every(({ number, wireType }) => (number === 6 || number === 7) && wireType === 2);
}
