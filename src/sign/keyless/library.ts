/** The optional libraries of Sigstore, and the documents of the authority that they read. */

import { MsbomError } from '../../core/error.js';
import { parseJson } from '../../core/json.js';
import type { JsonObject } from '../../core/objects.js';
import { isObject } from '../../core/objects.js';

/** @throws ERR_SIGN_KEYLESS when the library is not installed */
export async function library<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new MsbomError('ERR_SIGN_KEYLESS', 'the libraries of Sigstore are not installed', {
      hint: 'npm install @sigstore/bundle@4 @sigstore/verify@3 @sigstore/sign@4 @sigstore/protobuf-specs@0.5',
      cause: error,
    });
  }
}

/** A document of the authority, read by `read`, which throws what it likes. @throws ERR_SIGN_KEYLESS, ERR_JSON_*, ERR_LIMIT_* */
export function documentOf<T>(content: string | Uint8Array, name: string, read: (json: JsonObject) => T): T {
  const json = parseJson(Buffer.from(content));
  try {
    if (!isObject(json)) throw new Error('it is no object');
    return read(json);
  } catch (error) {
    throw new MsbomError('ERR_SIGN_KEYLESS', `the ${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`, {
      hint: `Get the ${name} from the authority that signs: it is JSON as Sigstore defines it.`,
    });
  }
}
