/**
 * Identities of Sigstore: whoever proves an address to an authority gets a certificate for minutes, and a log keeps that it was used. The
 * libraries of Sigstore, `@sigstore/verify` and `@sigstore/sign`, are optional: without them the functions here throw ERR_SIGN_KEYLESS.
 */
export { type KeylessSignerOptions, keylessSigner } from './sign.js';
export { type KeylessTrustOptions, keylessTrust } from './trust.js';
