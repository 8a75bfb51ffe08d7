/** Fields of small protobuf messages that lie in memory, by number; what is no protobuf has none. */
import { type PeekedField, peekFields } from '../../../formats/shared/protobuf.js';

/** Fields of one message. */
const MAX_FIELDS = 10_000;

const fieldsOf = (message: Uint8Array): readonly PeekedField[] => peekFields(message, MAX_FIELDS) ?? [];

/** Payloads of a length-delimited field that lie wholly in the message. */
export const messages = (message: Uint8Array, wanted: number): readonly Uint8Array[] =>
  fieldsOf(message).flatMap(({ number, wireType, value, start }) =>
    number === wanted && wireType === 2 && start + value <= message.byteLength ? [message.subarray(start, start + value)] : [],
  );

const utf8 = new TextDecoder('utf-8');
export const texts = (message: Uint8Array, wanted: number): readonly string[] =>
  messages(message, wanted).map((bytes) => utf8.decode(bytes));

const fixed = (message: Uint8Array, wanted: number, wireType: 1 | 5): readonly DataView[] => {
  const length = wireType === 1 ? 8 : 4;
  return fieldsOf(message).flatMap((field) =>
    field.number === wanted && field.wireType === wireType && field.start + length <= message.byteLength
      ? [new DataView(message.buffer, message.byteOffset + field.start, length)]
      : [],
  );
};
export const floats = (message: Uint8Array, wanted: number): readonly number[] =>
  fixed(message, wanted, 5).map((view) => view.getFloat32(0, true));
export const doubles = (message: Uint8Array, wanted: number): readonly number[] =>
  fixed(message, wanted, 1).map((view) => view.getFloat64(0, true));
export const booleans = (message: Uint8Array, wanted: number): readonly boolean[] =>
  fieldsOf(message).flatMap(({ number, wireType, value }) => (number === wanted && wireType === 0 ? [value === 1] : []));

/** First varint of a number. */
export const firstVarint = (message: Uint8Array, wanted: number): number | undefined =>
  fieldsOf(message).find(({ number, wireType }) => number === wanted && wireType === 0)?.value;
