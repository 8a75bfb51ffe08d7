/** What is not known of a pickle though every opcode was read, as phrases for `notInspected`. */
import type { AnomalyKind } from './machine.js';
import type { PickleStream } from './read.js';
import { argumentsOf, globalName, itemsOf, ofKind, type PickleReference, type PickleValue } from './values.js';

const PHRASES: readonly (readonly [AnomalyKind, string])[] = [
  ['computed import', 'imports whose names the pickle computes'],
  ['extension code', 'objects by extension code, which only the loading program knows'],
  ['unset memo', 'values of memo entries that are never set'],
];

/** What pickles leave to the program that loads them, so that their imports are not all that there are. */
export function anomalyGaps(streams: readonly PickleStream[]): readonly string[] {
  const kinds = new Set(streams.flatMap(({ anomalies }) => anomalies.map(({ kind }) => kind)));
  return PHRASES.flatMap(([kind, phrase]) => (kinds.has(kind) ? [phrase] : []));
}

/** Shorter ones are numbers and keys; what is beyond is held nowhere and looked at by nobody. */
const SHORT = 64;

/** Byte strings and long texts that belong to no array: a whole model of another library, or another pickle. */
export interface OpaqueBytes {
  /** Takes note of a value; call it for every value that is no array. */
  note(value: PickleValue): void;
  /** What is not inspected, as a phrase; none when there are no such bytes. */
  phrases(): readonly string[];
}

const payloadOf = (value: PickleValue | undefined): PickleReference | undefined =>
  ofKind(value, 'bytes') ?? ofKind(value, 'bytearray') ?? ofKind(value, 'text');

const ARRAY = /^numpy\.(_core|core)\.(multiarray\._reconstruct|numeric\._frombuffer)$/;

/** The bytes of an array of NumPy; protocols before 3 have no bytes but texts that are encoded. */
function arrayContent(value: PickleValue): readonly PickleReference[] {
  const call = ofKind(value, 'call');
  if (call === undefined || !ARRAY.test(globalName(call.callee) ?? '')) return [];
  return [...argumentsOf(call), ...(itemsOf(call.state) ?? [])].flatMap((part) => {
    const encoded = ofKind(part, 'call');
    const isText = encoded !== undefined && globalName(encoded.callee) === '_codecs.encode';
    return payloadOf(isText ? argumentsOf(encoded)[0] : part) ?? [];
  });
}

export function opaqueBytes(): OpaqueBytes {
  // By offset, since a value may be shared.
  const lengths = new Map<number, number>();
  const elements = new Set<number>();
  return {
    note(value) {
      for (const content of arrayContent(value)) elements.add(content.offset);
      const found = payloadOf(value);
      if (found !== undefined && found.length > SHORT && !elements.has(found.offset)) lengths.set(found.offset, found.length);
    },
    phrases() {
      const total = [...lengths.values()].reduce((sum, length) => sum + length, 0);
      return total === 0 ? [] : [`${total} bytes in byte strings and long texts (${lengths.size}), which may hold anything`];
    },
  };
}
