/** Digests of file content that can be computed here, by the names of in-toto, CycloneDX and this specification. */
import { createHash, getHashes } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { blake3 } from '@noble/hashes/blake3.js';

/** What takes the bytes of a file in order and gives their digest at the end, in lower-case hexadecimal. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  hex(): string;
}

interface Maker {
  /** Lengths of the digest in hexadecimal digits; undefined for any. */
  readonly digits?: readonly number[];
  /** Bytes of the file, which git counts in. */
  readonly make: (digits: number, size: number) => Hasher;
}

const HERE = new Set(getHashes());

function node(name: string, options?: { readonly outputLength: number }, head = ''): Hasher {
  const hash = createHash(name, options).update(head);
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

/** By the name in OpenSSL; one that was left out of it is not known here. */
const byNode = (algorithm: string, name: string, digits: number): readonly [string, Maker][] =>
  HERE.has(name) ? [[algorithm, { digits: [digits], make: () => node(name) }]] : [];

const extendable = (name: string): readonly [string, Maker][] =>
  HERE.has(name) ? [[name, { make: (digits) => node(name, { outputLength: digits / 2 }) }]] : [];

function noble(hash: { update(bytes: Uint8Array): unknown; digest(): Uint8Array }): Hasher {
  return { update: (bytes) => void hash.update(bytes), hex: () => Buffer.from(hash.digest()).toString('hex') };
}

/** Sources: in-toto attestation `digest_set.md`; CycloneDX `hash-alg`; git `gitformat-loose` for blobs. */
const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ...byNode('md5', 'md5', 32),
  ...byNode('sha1', 'sha1', 40),
  ...byNode('sha224', 'sha224', 56),
  ...byNode('sha256', 'sha256', 64),
  ...byNode('sha384', 'sha384', 96),
  ...byNode('sha512', 'sha512', 128),
  ...byNode('sha512_224', 'sha512-224', 56),
  ...byNode('sha512_256', 'sha512-256', 64),
  ...byNode('sha3_224', 'sha3-224', 56),
  ...byNode('sha3_256', 'sha3-256', 64),
  ...byNode('sha3_384', 'sha3-384', 96),
  ...byNode('sha3_512', 'sha3-512', 128),
  ...byNode('blake2s', 'blake2s256', 64),
  ...byNode('ripemd160', 'ripemd160', 40),
  ...byNode('sm3', 'sm3', 64),
  ...extendable('shake128'),
  ...extendable('shake256'),
  [
    'blake2b',
    {
      digits: [64, 96, 128],
      make: (digits) => (digits === 128 && HERE.has('blake2b512') ? node('blake2b512') : noble(blake2b.create({ dkLen: digits / 2 }))),
    },
  ],
  ['blake2b_384', { digits: [96], make: () => noble(blake2b.create({ dkLen: 48 })) }],
  ['blake2b_256', { digits: [64], make: () => noble(blake2b.create({ dkLen: 32 })) }],
  ['blake3', { digits: [64], make: () => noble(blake3.create({})) }],
  ['gitBlob', { digits: [40, 64], make: (digits, size) => node(digits === 40 ? 'sha1' : 'sha256', undefined, `blob ${size}\0`) }],
]);

/** A digest that is wanted: its algorithm and its length in hexadecimal digits. */
export interface Wanted {
  readonly algorithm: string;
  readonly digits: number;
}

/** Can a digest of that algorithm be computed here, whatever its length? */
export const isComputable = (algorithm: string): boolean => MAKERS.has(algorithm);

/** Does a digest of that length exist in the algorithm? True for algorithms that are not known here. */
export function hasLength({ algorithm, digits }: Wanted): boolean {
  const maker = MAKERS.get(algorithm);
  return maker === undefined || (maker.digits?.includes(digits) ?? (digits >= 32 && digits <= 1024 && digits % 2 === 0));
}

/** @throws TypeError for one that `isComputable` or `hasLength` denies */
export function hasherOf(wanted: Wanted, size: number): Hasher {
  const maker = MAKERS.get(wanted.algorithm);
  if (maker === undefined || !hasLength(wanted)) throw new TypeError(`no digest ${wanted.algorithm} of ${wanted.digits} digits`);
  return maker.make(wanted.digits, size);
}
