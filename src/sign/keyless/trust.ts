/** Verifies who signed by an identity of Sigstore, offline, from the authority's trusted root. */
import { createHash } from 'node:crypto';
import type * as Verify from '@sigstore/verify';
import { MsbomError } from '../../core/error.js';
import { type Bundle, MEDIA_TYPE } from '../bundle.js';
import { fitsNamePattern, whyNoNamePattern } from '../name-pattern.js';
import type { KeylessIdentity, KeylessTrust } from '../proof.js';
import { type Reason, type ReasonCode, reason } from '../reasons.js';
import { documentOf, library } from './library.js';

export interface KeylessTrustOptions {
  /** `trusted_root.json` of the authority: its certificates, logs and time-stamping authorities. Nothing is fetched. */
  readonly trustedRoot: string | Uint8Array;
  /** Of which the signer must be one. `any` accepts everybody whom the authority certifies. */
  readonly identities: readonly KeylessIdentity[] | 'any';
}

/**
 * Trust in an authority such as Sigstore's public one. A signature then needs a certificate of the authority with the time stamp of its
 * certificate log, an entry of its transparency log over this very signature, and a time from a log or an RFC 3161 authority that lies
 * within the minutes of the certificate.
 *
 * @throws ERR_SIGN_KEYLESS when the libraries are not installed or the trusted root is none; ERR_JSON_*, ERR_LIMIT_*
 */
export async function keylessTrust({ trustedRoot, identities }: KeylessTrustOptions): Promise<KeylessTrust> {
  if (identities !== 'any' && identities.length === 0)
    throw new MsbomError('ERR_SIGN_KEYLESS', 'nobody was named who may have signed', {
      hint: 'Give a name and its issuer, or accept everybody whom the authority certifies by name.',
    });
  for (const identity of identities === 'any' ? [] : identities) {
    const why = 'pattern' in identity ? whyNoNamePattern(identity.pattern) : undefined;
    if (why !== undefined) throw new MsbomError('ERR_SIGN_KEYLESS', why, { hint: 'See docs/policy.md for the form of patterns.' });
  }
  const [{ bundleFromJSON }, verify, { TrustedRoot }] = await library(() =>
    Promise.all([import('@sigstore/bundle'), import('@sigstore/verify'), import('@sigstore/protobuf-specs')]),
  );
  const material = documentOf(trustedRoot, 'trusted root', (json) => verify.toTrustMaterial(TrustedRoot.fromJSON(json)));
  const verifier = new verify.Verifier(material, { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 });
  return {
    trustedRoot: createHash('sha256').update(trustedRoot).digest('hex'),
    identities,
    prove(bundle) {
      try {
        const { identity } = verifier.verify(verify.toSignedEntity(bundleFromJSON(asRead(bundle))));
        const name = identity?.subjectAlternativeName;
        const issuer = identity?.extensions?.issuer;
        return {
          reasons: judge(identities, name, issuer),
          ...(name === undefined ? {} : { name }),
          ...(issuer === undefined ? {} : { issuer }),
        };
      } catch (error) {
        return { reasons: [refusalOf(error, verify)] };
      }
    },
  };
}

/**
 * What was read, written anew: the library decides about the same bytes that are compared with the files, and about no member that
 * our strict reader did not see. An entry that stands twice counts once.
 */
function asRead({ certificates: [leaf], payload, payloadType, signature, keyid, entries, timestamps }: Bundle): object {
  const once = new Map(entries.map((entry) => [JSON.stringify([entry.logId, entry.logIndex, entry.canonicalizedBody]), entry]));
  return {
    mediaType: MEDIA_TYPE,
    verificationMaterial: {
      certificate: { rawBytes: leaf?.der.toString('base64') },
      tlogEntries: [...once.values()],
      timestampVerificationData: { rfc3161Timestamps: timestamps },
    },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType,
      signatures: [{ sig: signature.toString('base64'), keyid }],
    },
  };
}

function judge(identities: KeylessTrustOptions['identities'], name: string | undefined, issuer: string | undefined): readonly Reason[] {
  if (name === undefined || issuer === undefined)
    return [reason('keyless-certificate', 'the certificate does not say whom the authority certified, or who vouched for it')];
  if (identities === 'any' || identities.some((each) => each.issuer === issuer && isNamed(each, name))) return [];
  return [reason('identity-mismatch', `it was signed by ${name}, for whom ${issuer} vouched`)];
}

const isNamed = (identity: KeylessIdentity, name: string): boolean =>
  'pattern' in identity ? fitsNamePattern(name, identity.pattern) : identity.name === name;

/** Codes of the library, and the reasons that they are here. What is no refusal of its own means that it could not read the bundle. */
const REFUSALS: Readonly<Record<string, ReasonCode>> = {
  CERTIFICATE_ERROR: 'keyless-certificate',
  PUBLIC_KEY_ERROR: 'keyless-certificate',
  SIGNATURE_ERROR: 'signature-invalid',
  TIMESTAMP_ERROR: 'keyless-time',
};

function refusalOf(error: unknown, { VerificationError }: typeof Verify): Reason {
  const detail = error instanceof Error ? error.message : String(error);
  if (!(error instanceof VerificationError)) return reason('bundle-shape', `the bundle cannot be read: ${detail}`, '/verificationMaterial');
  return reason(REFUSALS[error.code] ?? 'keyless-log', detail, '/verificationMaterial');
}
