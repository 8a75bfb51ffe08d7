import { bytesSource } from '../../src/core/byte-source.js';
import { openCursor } from '../../src/core/cursor.js';
import type { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { scanPickle } from '../../src/formats/shared/pickle/index.js';
import { OPCODES } from '../../src/formats/shared/pickle/opcodes.js';

/** Name and offset of each opcode of the first pickles of a file, as pickletools prints them. */
export async function opcodesOf(
  bytes: Uint8Array,
  pickles = Number.POSITIVE_INFINITY,
): Promise<{ opcodes: string[]; error?: MsbomError | undefined }> {
  const opcodes: string[] = [];
  const cursor = openCursor(bytesSource('m.pkl', bytes), DEFAULT_LIMITS);
  for (let i = 0; i < pickles && cursor.position < bytes.byteLength; i++) {
    const { error } = await scanPickle(cursor, DEFAULT_LIMITS, { onOpcode: (code, at) => opcodes.push(`${OPCODES[code]?.name} ${at}`) });
    if (error !== undefined) return { opcodes, error };
  }
  return { opcodes };
}
