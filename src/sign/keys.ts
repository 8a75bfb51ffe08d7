/** Keys of elliptic curves, and signatures by them. Nothing of a private key is kept in an error or shown. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { MsbomError } from '../core/error.js';

/** By the name in OpenSSL: the hash that goes with the curve. Source: OpenSSF Model Signing v1.0, section 4.2. */
const CURVES: Readonly<Record<string, { readonly name: string; readonly hash: string }>> = {
  prime256v1: { name: 'P-256', hash: 'sha256' },
  secp384r1: { name: 'P-384', hash: 'sha384' },
  secp521r1: { name: 'P-521', hash: 'sha512' },
};

const HINT = 'Use a key of the curve P-256, P-384 or P-521, in PEM.';

/** Curve and hash of a key; undefined for a key that signs no models. */
export function curveOf(key: KeyObject): { readonly name: string; readonly hash: string } | undefined {
  return key.asymmetricKeyType === 'ec' ? CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
}

/** A public key from PEM (`BEGIN PUBLIC KEY`). @throws ERR_SIGN_KEY */
export function publicKeyFrom(pem: string | Uint8Array, file?: string): KeyObject {
  const text = Buffer.from(pem).toString('latin1');
  if (!text.includes('-----BEGIN PUBLIC KEY-----')) {
    const what = text.includes('PRIVATE KEY-----') ? 'it is a private key' : 'it is no public key in PEM';
    throw new MsbomError('ERR_SIGN_KEY', what, { file, hint: 'Give the public part: `openssl ec -in key.pem -pubout`.' });
  }
  try {
    return supported(createPublicKey(text), file);
  } catch (error) {
    throw MsbomError.is(error) ? error : new MsbomError('ERR_SIGN_KEY', 'the public key cannot be read', { file, hint: HINT });
  }
}

/** A private key from PEM, PKCS#8 or SEC 1, which may be encrypted. @throws ERR_SIGN_KEY */
export function privateKeyFrom(pem: string | Uint8Array, passphrase?: string | Uint8Array, file?: string): KeyObject {
  try {
    const given = passphrase === undefined ? {} : { passphrase: Buffer.from(passphrase) };
    return supported(createPrivateKey({ key: Buffer.from(pem), format: 'pem', ...given }), file);
  } catch (error) {
    // The cause may quote what it read.
    throw MsbomError.is(error) ? error : new MsbomError('ERR_SIGN_KEY', whyUnreadable(error, pem, passphrase), { file, hint: HINT });
  }
}

/** Does a private key ask for a passphrase? */
export const isEncrypted = (pem: string | Uint8Array): boolean => {
  const text = Buffer.from(pem).toString('latin1');
  return text.includes('BEGIN ENCRYPTED PRIVATE KEY') || text.includes('Proc-Type: 4,ENCRYPTED');
};

function whyUnreadable(_error: unknown, pem: string | Uint8Array, passphrase: string | Uint8Array | undefined): string {
  if (!isEncrypted(pem)) return 'it is no private key in PEM';
  return passphrase === undefined ? 'the key is encrypted, and no passphrase was given' : 'the passphrase is wrong, or the key is damaged';
}

function supported(key: KeyObject, file: string | undefined): KeyObject {
  if (curveOf(key) !== undefined) return key;
  const what = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? 'an unknown kind';
  throw new MsbomError('ERR_SIGN_KEY', `keys of ${what} do not sign models`, { file, hint: HINT });
}

/** What a signature calls its key: SHA-256 of the public key's PEM text, with its last line feed, in lower-case hexadecimal. */
export function hintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(publicOf(key).export({ type: 'spki', format: 'pem' }))
    .digest('hex');
}

/** The same in other tools: cosign takes Base64 of SHA-256 over DER. */
export function isHintOf(hint: string, key: KeyObject): boolean {
  if (hint === hintOf(key)) return true;
  return (
    hint ===
    createHash('sha256')
      .update(publicOf(key).export({ type: 'spki', format: 'der' }))
      .digest('base64')
  );
}

const publicOf = (key: KeyObject): KeyObject => (key.type === 'private' ? createPublicKey(key) : key);

export const sameKey = (a: KeyObject, b: KeyObject): boolean => publicOf(a).equals(publicOf(b));

/** ECDSA in DER over a message, with the hash of the key's curve. */
export const signWith = (key: KeyObject, message: Uint8Array): Buffer => sign(hashOf(key), message, key);

/** Is it a signature by that key? The hash is that of the curve, or of `hash`. */
export function isSignedBy(key: KeyObject, message: Uint8Array, signature: Uint8Array, hash = hashOf(key)): boolean {
  return verify(hash, message, { key, dsaEncoding: 'der' }, signature);
}

/** The hash of a key's curve. @throws ERR_SIGN_KEY */
export function hashOf(key: KeyObject): string {
  const curve = curveOf(key);
  if (curve === undefined) throw new MsbomError('ERR_SIGN_KEY', 'the key is not of a curve that signs models', { hint: HINT });
  return curve.hash;
}
