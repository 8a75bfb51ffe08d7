/** Hashes in the forms that package managers write, as digests. */
import { DIGEST_HEX_LENGTHS, type DigestAlgorithm, type Digests } from '../core/digest.js';

/** Algorithms by the names that package managers use; all but MD5 and SHA-1 prove something. */
const ALGORITHMS: ReadonlyMap<string, DigestAlgorithm> = new Map([
  ['sha512', 'sha512'],
  ['sha384', 'sha384'],
  ['sha256', 'sha256'],
  ['sha224', 'sha224'],
  ['sha3_256', 'sha3_256'],
  ['sha3_384', 'sha3_384'],
  ['sha3_512', 'sha3_512'],
  ['blake2b', 'blake2b'],
  ['sha1', 'sha1'],
  ['md5', 'md5'],
]);

/** The digest, when it has the length of its algorithm; undefined for anything else. */
export function hexDigest(algorithm: string, value: unknown): Digests | undefined {
  const known = ALGORITHMS.get(algorithm.toLowerCase());
  if (known === undefined || typeof value !== 'string' || value.length !== DIGEST_HEX_LENGTHS[known]) return undefined;
  // One digit all the way stands for a digest that nobody has computed.
  return /^[0-9a-f]+$/i.test(value) && !/^(.)\1*$/.test(value) ? { [known]: value.toLowerCase() } : undefined;
}

/** `sha256:<hex>` of pip, uv, Poetry, PDM and Pipenv, or `sha256=<hex>` of an address. */
export function prefixedDigest(text: unknown): Digests | undefined {
  const [, algorithm = '', value = ''] = typeof text === 'string' && text.length < 300 ? (/^([\w-]+)[:=](.+)$/.exec(text) ?? []) : [];
  return hexDigest(algorithm, value);
}

/** Subresource integrity of npm, pnpm, yarn and bun: `sha512-<base64>`, several apart by spaces. */
export function integrityDigest(text: unknown): Digests | undefined {
  if (typeof text !== 'string' || text.length > 2000) return undefined;
  const all = text.split(/\s+/).map((each) => {
    const [, algorithm = '', value = ''] = /^([a-z0-9]+)-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/.exec(each) ?? [];
    return hexDigest(algorithm, hexOfBase64(value));
  });
  const digests: Digests = Object.assign({}, ...all);
  return Object.keys(digests).length > 0 ? digests : undefined;
}

/** Lower-case hexadecimal of base64 or its URL form, padded or not; undefined when it is neither. */
export function hexOfBase64(text: string): string | undefined {
  try {
    const bytes = atob(
      text
        .replace(/-/g, '+')
        .replace(/_/g, '/')
        .replace(/={1,2}$/, ''),
    );
    return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}

/** All in one, where they are of the same bytes. */
export function joinDigests(...digests: readonly (Digests | undefined)[]): Digests | undefined {
  const joined: Digests = Object.assign({}, ...digests);
  return Object.keys(joined).length > 0 ? joined : undefined;
}
