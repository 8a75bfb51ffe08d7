/** Byte strings and long texts of a pickle that belong to no array: a whole model of another library, or another pickle. */
import { ofKind, type PickleValue } from '../kernel/pickle/index.js';

/** Shorter ones are numbers and keys; what is beyond is held nowhere and looked at by nobody. */
const SHORT = 64;

export interface OpaqueBytes {
  /** Takes note of a value; call it for every value that is no array. */
  note(value: PickleValue): void;
  /** What is not inspected, as a phrase; none when there are no such bytes. */
  phrases(): readonly string[];
}

export function opaqueBytes(): OpaqueBytes {
  // By offset, since a value may be shared.
  const lengths = new Map<number, number>();
  return {
    note(value) {
      const found = ofKind(value, 'bytes') ?? ofKind(value, 'bytearray') ?? ofKind(value, 'text');
      if (found !== undefined && found.length > SHORT) lengths.set(found.offset, found.length);
    },
    phrases() {
      const total = [...lengths.values()].reduce((sum, length) => sum + length, 0);
      return total === 0 ? [] : [`${total} bytes in byte strings and long texts (${lengths.size}), which may hold anything`];
    },
  };
}
