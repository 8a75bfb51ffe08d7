import { MsbomError } from '../../core/error.js';
import { parseJson } from '../../core/json.js';
import { type Limits, metadataLimits } from '../../core/limits.js';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value when it is an object. */
export function record(value: unknown): JsonRecord | undefined {
  // Objects of parsed JSON have only text keys.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

/** Is it a text, a finite number or a truth value? */
export function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

/** A configuration inside a file; undefined when it is no JSON object, which then is said as not inspected. */
export function parseConfig(text: string | Uint8Array, limits: Limits, file: string): JsonRecord | undefined {
  try {
    return record(parseJson(text, { file, limits: metadataLimits(limits.maxDocumentBytes, limits), inexactIntegers: 'text' }));
  } catch (error) {
    if (MsbomError.is(error) && !error.code.startsWith('ERR_LIMIT')) return undefined;
    throw error;
  }
}
