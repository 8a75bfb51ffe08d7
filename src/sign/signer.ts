/** Who signs: a key that is at hand, or a command that has one. */
import { createHash, type KeyObject } from 'node:crypto';
import { MsbomError } from '../core/error.js';
import { runUserCommand, type UserCommand } from '../platform/user-command.js';
import type { Material } from './bundle.js';
import { readCertificates } from './certificate.js';
import { strictBase64 } from './envelope.js';
import { hashOf, isSignedBy, privateKeyFrom, publicKeyFrom, sameKey, signWith } from './keys.js';

const SIGNS = {
  code: 'ERR_SIGN_COMMAND',
  name: 'the command that signs',
  hint: 'Run it by hand: it gets the raw digest on standard input.',
} as const;

/** Signs bytes, and says by what the signature is checked. */
export interface Signer extends Material {
  /** ECDSA in DER over the message, with the hash of the key's curve. */
  sign(message: Uint8Array): Promise<Buffer>;
}

/** Signs by an identity that an authority certifies for this one signature; `keylessSigner` of `msbom/sign/keyless` makes one. */
export interface KeylessSigner {
  /** The whole signature over a statement, with the certificate and what the logs say of it. */
  bundle(payload: Uint8Array): Promise<string>;
}

export interface CertificateOptions {
  /** Certificate of the key, in PEM or DER; the signature then says who signed. */
  readonly certificate?: string | Uint8Array;
  /** Those between it and the root, in PEM, in order. */
  readonly chain?: readonly (string | Uint8Array)[];
}

export interface KeySignerOptions extends CertificateOptions {
  /** PKCS#8 or SEC 1 in PEM, of the curve P-256, P-384 or P-521; may be encrypted. */
  readonly key: string | Uint8Array;
  readonly passphrase?: string | Uint8Array;
}

/** Signs with a private key. @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE when the certificate is not that of the key */
export function keySigner({ key, passphrase, ...rest }: KeySignerOptions): Signer {
  const secret = privateKeyFrom(key, passphrase);
  const material = materialOf(rest, secret);
  return { ...material, sign: async (message) => signWith(secret, message) };
}

export interface CommandSignerOptions extends CertificateOptions, UserCommand {
  /** Public key of the command in PEM; not needed with a certificate. */
  readonly publicKey?: string | Uint8Array;
}

/**
 * Signs by a command, which reads the raw digest from standard input and writes the signature to standard output, in DER or as
 * Base64 of DER: `openssl pkeyutl -sign -inkey key.pem` is one. What it answers is checked before it is used.
 * @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE, ERR_SIGN_COMMAND
 */
export function commandSigner({ publicKey, certificate, chain, ...command }: CommandSignerOptions): Signer {
  const given = publicKey === undefined ? undefined : publicKeyFrom(publicKey);
  const material = materialOf({ ...(certificate === undefined ? {} : { certificate }), ...(chain === undefined ? {} : { chain }) }, given);
  return {
    ...material,
    async sign(message) {
      const digest = createHash(hashOf(material.publicKey)).update(message).digest();
      const answer = await runUserCommand(command, digest, SIGNS);
      const signature = answer[0] === 0x30 ? answer : strictBase64(answer.toString('latin1').trim());
      if (signature === undefined || !isSignedBy(material.publicKey, message, signature))
        throw new MsbomError('ERR_SIGN_COMMAND', 'the command that signs did not answer with a signature by the public key', {
          hint: 'It is to sign the digest that it gets, without hashing it again, and to answer in DER or Base64 of DER.',
        });
      return signature;
    },
  };
}

/** A certificate has the public key too. */
function materialOf({ certificate, chain = [] }: CertificateOptions, key: KeyObject | undefined): Material {
  if (certificate === undefined) {
    if (chain.length > 0) throw new MsbomError('ERR_SIGN_CERTIFICATE', 'a chain was given without the certificate of the key');
    if (key === undefined) throw new MsbomError('ERR_SIGN_KEY', 'neither a public key nor a certificate was given');
    return { publicKey: key };
  }
  const certificates = [certificate, ...chain].flatMap((each) => readCertificates(Buffer.from(each)));
  const [leaf] = certificates;
  const publicKey = leaf?.x509.publicKey;
  if (publicKey === undefined || (key !== undefined && !sameKey(publicKey, key)))
    throw new MsbomError('ERR_SIGN_CERTIFICATE', 'the certificate is not that of the key', {
      hint: 'Give the certificate that was issued for this key; intermediate ones belong into the chain.',
    });
  // Names what is wrong with its curve.
  hashOf(publicKey);
  return { publicKey, certificates };
}
