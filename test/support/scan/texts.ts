/** Texts that models come with. */
import { concat, utf8 } from '../builders.js';

/** Something like compiled code of Python that names these, in base64. It is no code that could be run. */
export function marshalled(names: readonly string[]): string {
  const parts = names.map((name) => concat(Uint8Array.of(0xda, name.length), utf8(name)));
  return Buffer.from(concat(Uint8Array.of(0xe3, 0, 0, 0, 0), ...parts)).toString('base64');
}
