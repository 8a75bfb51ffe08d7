/** DSSE: what is signed is the type and the bytes of a payload. Source: https://github.com/secure-systems-lab/dsse */
import { createHash } from 'node:crypto';

/** The one type of payload that this program writes and accepts. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** The bytes that a signature is over: `DSSEv1 28 application/vnd.in-toto+json N payload`, lengths in bytes. */
export function preAuthentication(type: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.byteLength} `), payload]);
}

/**
 * The bytes that releases before 1.0 of the reference signed by mistake: the name of the form in capitals, and the payload as Python
 * shows bytes. Source: sigstore/model-transparency, `pae_compat`.
 */
export function legacyPreAuthentication(payload: Uint8Array): Buffer {
  return Buffer.from(`DSSEV1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.byteLength} ${pythonBytes(payload)}`);
}

const SHORT: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/** `repr(bytes)` of Python: single quotes, unless only they are in it. */
function pythonBytes(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  const parts: string[] = [];
  for (const byte of bytes) {
    const plain = byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    parts.push(SHORT[byte] ?? (plain === quote ? `\\${quote}` : plain));
  }
  return `b${quote}${parts.join('')}${quote}`;
}

/** The name of a claim: `sha256:` and the digest of what is signed, the same whenever and however often it is signed. */
export const claimId = (type: string, payload: Uint8Array): string =>
  `sha256:${createHash('sha256').update(preAuthentication(type, payload)).digest('hex')}`;

/** Bytes of Base64 (RFC 4648, section 4) with padding; undefined for any other text, of which Node would drop what it does not know. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
