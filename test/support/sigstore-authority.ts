/** An authority of Sigstore's kind on loopback: certificates, a certificate log, a transparency log and times, by the mock of Sigstore itself. */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, initializeTSA, tsaHandler } from '@sigstore/mock';

type Handler = (body: string) => Promise<{ statusCode: number; response: string | ArrayBufferView; contentType?: string }>;

export interface Authority {
  /** JSON of `trusted_root.json` and `signing_config.json`. */
  readonly trustedRoot: TrustedRoot;
  readonly signingConfig: object;
  /** Requests to each path. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Some members of it, for tests that take them away. */
export interface TrustedRoot {
  readonly mediaType: string;
  readonly certificateAuthorities: readonly object[];
  readonly tlogs: readonly object[];
  readonly ctlogs: readonly object[];
  readonly timestampAuthorities: readonly object[];
}

const keyPair = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base64 = (bytes: ArrayBufferView | ArrayBuffer): string =>
  (ArrayBuffer.isView(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes)).toString('base64');
const validFor = { start: '2020-01-01T00:00:00Z' };
const subject = { commonName: 'authority', organization: 'example.com' };

/** A token that says who somebody is; nobody signed it, and the mock does not ask. */
export const tokenOf = (email: string, issuer: string): string =>
  [{ alg: 'none' }, { sub: email, email, iss: issuer, aud: 'sigstore', email_verified: true }, 'x']
    .map((each) => Buffer.from(typeof each === 'string' ? each : JSON.stringify(each)).toString('base64url'))
    .join('.');

export async function openAuthority({ withTimes = true }: { readonly withTimes?: boolean } = {}): Promise<Authority> {
  // The clock stands within the life of the roots: a certificate and the time of a signature never lie on two sides of a second.
  const clock = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000);
  const logKeys = keyPair();
  const ctLog = await initializeCTLog(keyPair(), clock);
  const ca = await initializeCA(keyPair(), ctLog, clock);
  const tsa = await initializeTSA(keyPair(), clock);
  const tlog = await initializeTLog('http://log.example.com', logKeys, clock);
  const fulcio = fulcioHandler(ca, { subjectClaim: 'email' });
  const times = tsaHandler(tsa);
  const handlers: Readonly<Record<string, Handler>> = {
    [fulcio.path]: fulcio.fn as Handler,
    [times.path]: times.fn as Handler,
    '/api/v1/log/entries': async (body) => ({
      statusCode: 201,
      contentType: 'application/json',
      response: JSON.stringify(await tlog.log(canonicalEntry(JSON.parse(body)) as never)),
    }),
  };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const handler = handlers[request.url ?? ''];
      asked.push(request.url ?? '');
      const answer = await handler?.(Buffer.concat(parts).toString());
      response.writeHead(answer?.statusCode ?? 404, { 'content-type': answer?.contentType ?? 'text/plain' });
      const body = answer?.response ?? '';
      response.end(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    trustedRoot: {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      certificateAuthorities: [{ subject, uri: url, certChain: chainOf(ca.rootCertificate), validFor }],
      tlogs: [logOf(logKeys.publicKey.export({ format: 'der', type: 'spki' }))],
      ctlogs: [logOf(ctLog.publicKey)],
      timestampAuthorities: [{ subject, uri: url, certChain: chainOf(tsa.intCertificate, tsa.rootCertificate), validFor }],
    },
    signingConfig: {
      mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
      caUrls: [serviceAt(url)],
      oidcUrls: [],
      rekorTlogUrls: [serviceAt(url)],
      rekorTlogConfig: { selector: 'ANY' },
      ...(withTimes ? { tsaUrls: [serviceAt(url)], tsaConfig: { selector: 'ANY' } } : {}),
    },
    close: () => closed(server),
  };
}

const serviceAt = (url: string): object => ({ url, majorApiVersion: 1, validFor, operator: 'example.com' });
const chainOf = (...certificates: readonly (ArrayBufferView | ArrayBuffer)[]): object => ({
  certificates: certificates.map((each) => ({ rawBytes: base64(each) })),
});
const logOf = (publicKey: Buffer): object => ({
  baseUrl: 'http://log.example.com',
  hashAlgorithm: 'SHA2_256',
  publicKey: { rawBytes: base64(publicKey), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
  logId: { keyId: createHash('sha256').update(publicKey).digest('base64') },
});

/** What Rekor keeps of an envelope: the entry of kind dsse, version 0.0.1, as its schema has it. */
function canonicalEntry({ spec }: { spec: { proposedContent: { envelope: string; verifiers: readonly string[] } } }): object {
  const { envelope: text, verifiers } = spec.proposedContent;
  const envelope = JSON.parse(text) as { payload: string; signatures: readonly { sig: string }[] };
  const sha256 = (bytes: string | Buffer): object => ({ algorithm: 'sha256', value: createHash('sha256').update(bytes).digest('hex') });
  return {
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      envelopeHash: sha256(text),
      payloadHash: sha256(Buffer.from(envelope.payload, 'base64')),
      signatures: envelope.signatures.map(({ sig }) => ({ signature: sig, verifier: verifiers[0] })),
    },
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
