/** Values that parts of the full manifest share: digests and addresses. */
import { createHash } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

export const digestOf = (algorithm, label) => createHash(algorithm).update(label).digest('hex');
const blake2bOf = (dkLen, label) => bytesToHex(blake2b(new TextEncoder().encode(label), { dkLen }));
export const sha256 = (label) => ({ sha256: digestOf('sha256', label) });
/** Every algorithm that the specification has, and one that it does not know. */
export const digests = (label) => ({
  sha256: digestOf('sha256', label),
  sha512: digestOf('sha512', label),
  sha384: digestOf('sha384', label),
  sha224: digestOf('sha224', label),
  sha512_256: digestOf('sha512-256', label),
  sha3_256: digestOf('sha3-256', label),
  sha3_384: digestOf('sha3-384', label),
  sha3_512: digestOf('sha3-512', label),
  blake2b: blake2bOf(64, label),
  blake2b_384: blake2bOf(48, label),
  blake2b_256: blake2bOf(32, label),
  blake3: digestOf('sha256', `${label}, as if by another algorithm`),
  sha1: digestOf('sha1', label),
  md5: digestOf('md5', label),
  gitCommit: digestOf('sha1', `commit of ${label}`),
  gitBlob: digestOf('sha1', `blob of ${label}`),
  gitTree: digestOf('sha1', `tree of ${label}`),
  crc32c: digestOf('sha256', label).slice(0, 8),
});
export const at = (name) => `https://example.org/${name}`;

/** The digest of a tree of which the document lists no files. */
export const tree = (label) => ({ root: digests(label), method: 'oms-v1', complete: false });

/** Places that are texts of their own, by `Type.member`. */
export const WORDS = {
  'License.expression': 'MIT',
  'Scan.findings': 0,
  'Contact.email': 'contact@example.org',
  'Contact.phone': '+49 30 123456',
  'PartyIdentifiers.lei': '529900T8BM49AURSDO55',
  'Service.type': 'S19',
  'Dataset.languages': 'en',
  'DatasetConfig.languages': 'de',
  'Model.languages': 'en',
  'Location.country': 'DE',
  'Party.country': 'DE',
  'Authenticity.endpoint': at('authenticity'),
  'Compute.order': '1e21',
};
