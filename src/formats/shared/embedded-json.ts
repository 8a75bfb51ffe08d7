/** JSON inside a weight file: what is wrong with the text is wrong with the file. */
import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import { parseJson } from '../../core/json.js';
import { type Limits, metadataLimits } from '../../core/limits.js';

/** Which document it is, as a message names it, and where in the file it begins. */
export interface EmbeddedPlace {
  readonly what: string;
  readonly file: string;
  readonly offset: number;
}

/** @throws ERR_FORMAT_MALFORMED when it is no JSON, ERR_LIMIT_* */
export function parseEmbeddedJson(
  text: string | Uint8Array,
  { what, ...place }: EmbeddedPlace,
  limits: Pick<Limits, 'maxDocumentBytes' | 'maxDepth'>,
): JsonValue {
  try {
    return parseJson(text, { file: place.file, limits: metadataLimits(limits.maxDocumentBytes, limits), inexactIntegers: 'text' });
  } catch (cause) {
    if (!MsbomError.is(cause)) throw cause;
    const code = cause.code.startsWith('ERR_LIMIT') ? cause.code : 'ERR_FORMAT_MALFORMED';
    throw new MsbomError(code, `${what} is not valid: ${cause.message}`, { ...place, cause });
  }
}
