import { MsbomError } from '../core/error.js';
import { type ParseJsonOptions, parseJson } from '../core/json.js';
import { checkSchema } from '../schema/check.js';
import { type Manifest, SPEC_VERSION } from '../schema/index.js';

/**
 * A manifest from JSON text or bytes, checked against the schema only. Use `validateManifest` for the whole truth.
 *
 * @throws ERR_JSON_*, ERR_LIMIT_* for text that cannot be trusted; ERR_MANIFEST_INVALID for JSON that is no manifest
 */
export function parseManifest(input: string | Uint8Array, options: ParseJsonOptions = {}): Manifest {
  const value = parseJson(input, options);
  const [first] = checkSchema(value);
  if (first === undefined) return value as unknown as Manifest; // checked in the line above
  throw new MsbomError('ERR_MANIFEST_INVALID', `the document is not an MSBOM ${SPEC_VERSION} manifest`, {
    file: options.file,
    pointer: first.instancePath,
    hint: 'Run `msbom validate` to see every finding.',
  });
}
