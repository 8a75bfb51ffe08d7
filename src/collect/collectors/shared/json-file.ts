import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { parseJson } from '../../../core/json.js';
import { type Limits, metadataLimits } from '../../../core/limits.js';
import type { Collected, MetadataFile } from '../../contribution.js';
import { asObject, type Loose } from '../../values.js';

/** Metadata files are small; a bigger one is not what its name says. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a JSON object and hands it on; what cannot be read is a finding. */
export function fromJson({ path, bytes }: MetadataFile, limits: Limits, read: (value: Loose) => Collected): Collected {
  try {
    const value = asObject(
      parseJson(bytes, {
        file: path,
        limits: metadataLimits(MAX_BYTES, limits),
        inexactIntegers: 'text',
      }),
    );
    return value === undefined ? { contributions: [], findings: [unreadable(path, 'the document is not an object')] } : read(value);
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return {
      contributions: [],
      findings: [unreadable(path, error.message, { line: error.line, column: error.column, offset: error.offset })],
    };
  }
}

/** The finding for a metadata file that cannot be used. */
export function unreadable(path: string, message: string, place: Pick<Finding, 'line' | 'column' | 'offset'> = {}): Finding {
  return { id: 'metadata-unreadable', severity: 'medium', message, fix: 'Correct the file; nothing in it was used.', file: path, ...place };
}
