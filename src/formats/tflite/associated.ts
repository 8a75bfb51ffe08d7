/** Labels and vocabularies that are packed as a zip archive behind the tables of a TensorFlow Lite model. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { openZip } from '../shared/zip.js';

export interface AssociatedFiles {
  /** Bytes by name. */
  readonly files: ReadonlyMap<string, number>;
  /** Why the archive could not be listed. */
  readonly broken?: string;
}

const TAIL_BYTES = 22 + 0xffff;

/** The files of the archive at the end of the file; none when there is no archive. */
export async function associatedFiles(source: ByteSource, limits: Limits): Promise<AssociatedFiles> {
  const start = Math.max(0, source.size - TAIL_BYTES);
  if (!hasEnd(await source.read(start, source.size - start))) return { files: new Map() };
  try {
    const { members } = await openZip(source, limits);
    return { files: new Map([...members].map(([name, { size }]) => [name, size])) };
  } catch (error) {
    // The model itself is whole; what stands behind it is named as not read.
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    return { files: new Map(), broken: error.message };
  }
}

/** Is there the record that ends an archive, `PK\5\6`? */
function hasEnd(tail: Uint8Array): boolean {
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    if (tail[at] === 0x50 && tail[at + 1] === 0x4b && tail[at + 2] === 5 && tail[at + 3] === 6) return true;
  }
  return false;
}
