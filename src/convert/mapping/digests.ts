/** Digests as the hashes of other standards. */
import type { JsonValue } from '../../core/canonical-json.js';
import { DIGEST_HEX_LENGTHS, type DigestAlgorithm } from '../../core/digest.js';
import { nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf } from '../cyclonedx/json.js';
import type { Block, Json } from './block.js';

/** An algorithm in the words of each; SHA-512/256 and Git ids have none but ours. */
interface Algorithm {
  readonly ours?: DigestAlgorithm;
  readonly cyclonedx?: string;
  readonly spdx3: string;
  readonly spdx2: string;
}

export const ALGORITHMS: readonly Algorithm[] = [
  { ours: 'md5', cyclonedx: 'MD5', spdx3: 'md5', spdx2: 'MD5' },
  { ours: 'sha1', cyclonedx: 'SHA-1', spdx3: 'sha1', spdx2: 'SHA1' },
  { ours: 'sha224', spdx3: 'sha224', spdx2: 'SHA224' },
  { ours: 'sha256', cyclonedx: 'SHA-256', spdx3: 'sha256', spdx2: 'SHA256' },
  { ours: 'sha384', cyclonedx: 'SHA-384', spdx3: 'sha384', spdx2: 'SHA384' },
  { ours: 'sha512', cyclonedx: 'SHA-512', spdx3: 'sha512', spdx2: 'SHA512' },
  { ours: 'sha3_256', cyclonedx: 'SHA3-256', spdx3: 'sha3_256', spdx2: 'SHA3-256' },
  { ours: 'sha3_384', cyclonedx: 'SHA3-384', spdx3: 'sha3_384', spdx2: 'SHA3-384' },
  { ours: 'sha3_512', cyclonedx: 'SHA3-512', spdx3: 'sha3_512', spdx2: 'SHA3-512' },
  { ours: 'blake2b', cyclonedx: 'BLAKE2b-512', spdx3: 'blake2b512', spdx2: 'BLAKE2b-512' },
  { ours: 'blake2b_384', cyclonedx: 'BLAKE2b-384', spdx3: 'blake2b384', spdx2: 'BLAKE2b-384' },
  { ours: 'blake2b_256', cyclonedx: 'BLAKE2b-256', spdx3: 'blake2b256', spdx2: 'BLAKE2b-256' },
  { ours: 'blake3', cyclonedx: 'BLAKE3', spdx3: 'blake3', spdx2: 'BLAKE3' },
  { spdx3: 'adler32', spdx2: 'ADLER32' },
  { spdx3: 'md2', spdx2: 'MD2' },
  { spdx3: 'md4', spdx2: 'MD4' },
  { spdx3: 'md6', spdx2: 'MD6' },
];

/** Digits of a hash of another standard; undefined for an algorithm that we have no word for. */
export function hexLength(standard: 'cyclonedx' | 'spdx3', word: unknown): number | undefined {
  const ours = ALGORITHMS.find((each) => each[standard] === word)?.ours;
  return ours === undefined ? undefined : DIGEST_HEX_LENGTHS[ours];
}

/** In which order they are written. */
const ORDERS: Readonly<Record<'cyclonedx' | 'spdx3', readonly Algorithm[]>> = {
  cyclonedx: ALGORITHMS,
  spdx3: Object.keys(DIGEST_HEX_LENGTHS).flatMap((name) => ALGORITHMS.find(({ ours }) => ours === name) ?? []),
};

/** What a standard calls the list of hashes, and the members of one; `type` is what SPDX says of each. */
interface Form {
  readonly place: string;
  readonly algorithm: string;
  readonly value: string;
  readonly type?: 'Hash';
}

/** How a standard writes digests and how they are read: in their form; those of other algorithms stay behind. */
export function digestsAs(standard: 'cyclonedx' | 'spdx3', { place, algorithm, value, type }: Form) {
  const write = (digest: unknown): JsonValue | undefined =>
    nonEmptyList(
      ORDERS[standard].flatMap(({ ours = '', [standard]: word }) => {
        const hex = textOf(objectOf(digest)[ours]);
        return hex === undefined || word === undefined ? [] : [pick({ type, [algorithm]: word, [value]: hex }) as Json]; // of texts
      }),
    );
  const read = (list: unknown): Json | undefined => {
    const digest: Record<string, JsonValue> = {};
    for (const each of objectsOf(list)) {
      const ours = ALGORITHMS.find(({ [standard]: word }) => word === each[algorithm])?.ours;
      const hex = textOf(each[value])?.toLowerCase() ?? '';
      if (ours === undefined || each[algorithm] === undefined || (type !== undefined && (each.type ?? type) !== type)) continue;
      if (digest[ours] === undefined && hex.length === DIGEST_HEX_LENGTHS[ours] && /^[0-9a-f]+$/.test(hex)) digest[ours] = hex;
    }
    return nonEmpty(digest);
  };
  /** Of a component or file. */
  const DIGEST: Block<unknown> = {
    at: ['digest'],
    places: [place],
    write: ({ digest }) => pick({ [place]: write(digest) }) as Json, // `pick` leaves undefined out
    read: (object) => pick({ digest: read(object[place]) }),
  };
  /** Of a model or dataset, which is a tree of files: no standard says how the digest was made. */
  const TREE_DIGEST: Block<unknown> = {
    at: ['digest'],
    places: [place],
    write: ({ digest }) => pick({ [place]: write(objectOf(digest).root) }) as Json, // likewise
    read(object) {
      const root = read(object[place]);
      return root === undefined ? {} : { digest: { root, method: 'unknown', complete: false } };
    },
  };
  return { write, read, DIGEST, TREE_DIGEST };
}
