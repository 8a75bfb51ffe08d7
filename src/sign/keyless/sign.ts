/** Signs by an identity of Sigstore: the authority is asked over the network, and nothing else is sent than the statement's signature. */
import { MsbomError } from '../../core/error.js';
import { readBundle } from '../bundle.js';
import { PAYLOAD_TYPE, preAuthentication } from '../envelope.js';
import { isSignedBy } from '../keys.js';
import { refusable } from '../reasons.js';
import type { KeylessSigner } from '../signer.js';
import { documentOf, library } from './library.js';

export interface KeylessSignerOptions {
  /** The OpenID Connect token that proves who signs. It is sent to the certificate authority alone. */
  readonly identityToken: string;
  /** `signing_config.json` of the authority: the addresses of its certificate authority, log and time-stamping authority. */
  readonly signingConfig: string | Uint8Array;
  /** For each request, in milliseconds. Default 30,000. */
  readonly timeout?: number;
}

/** Requests that fail for a while are made again so often. */
const RETRIES = 2;

/**
 * A signer with a key that is made for one signature and forgotten. What it gives is public for ever: the log keeps the name of who
 * signed and the digest of the statement.
 *
 * @throws ERR_SIGN_KEYLESS when the libraries are not installed or the configuration is none, later when the authority refuses;
 * ERR_JSON_*, ERR_LIMIT_*
 */
export async function keylessSigner({ identityToken, signingConfig, timeout = 30_000 }: KeylessSignerOptions): Promise<KeylessSigner> {
  const [{ bundleToJSON }, { bundleBuilderFromSigningConfig }, { SigningConfig }] = await library(() =>
    Promise.all([import('@sigstore/bundle'), import('@sigstore/sign'), import('@sigstore/protobuf-specs')]),
  );
  const builder = documentOf(signingConfig, 'signing configuration', (json) =>
    bundleBuilderFromSigningConfig({
      signingConfig: SigningConfig.fromJSON(json),
      identityProvider: { getToken: async () => identityToken },
      bundleType: 'dsseEnvelope',
      fetchOptions: { timeout, retry: { retries: RETRIES } },
    }),
  );
  return {
    async bundle(payload) {
      const text = await builder
        .create({ data: Buffer.from(payload), type: PAYLOAD_TYPE })
        .then((bundle) => JSON.stringify(bundleToJSON(bundle)))
        .catch((error: unknown) => {
          throw refused(error);
        });
      const read = refusable(() => readBundle(Buffer.from(text)));
      if ('reason' in read) throw refused(new Error(read.reason.detail));
      const { certificates, signature, payload: signed } = read.value;
      const key = certificates[0]?.x509.publicKey;
      if (key === undefined || !signed.equals(payload) || !isSignedBy(key, preAuthentication(PAYLOAD_TYPE, payload), signature))
        throw refused(new Error('its certificate does not verify the signature'));
      return text;
    },
  };
}

/** The token is in no message: the library has it in none. */
const refused = (error: unknown): MsbomError =>
  new MsbomError('ERR_SIGN_KEYLESS', `the authority gave no signature: ${error instanceof Error ? error.message : String(error)}`, {
    hint: 'Check the token, which is valid for minutes, and the addresses in the signing configuration.',
  });
