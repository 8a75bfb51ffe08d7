/**
 * A registry of its own on loopback, which keeps to the OCI distribution specification 1.1 and checks what it is given as it asks for:
 * digests, sizes, blobs that a manifest names. `faults` makes it misbehave in one way at a time.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface RegistryFaults {
  /** The first call takes the whole answer over. */
  answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface RegistryShape {
  /** Has it the referrers API? Default true. */
  readonly referrers?: boolean;
  /** Referrers on a page. */
  readonly pageSize?: number;
  /** Entity tags, which a write may ask for. */
  readonly etags?: boolean;
  readonly auth?:
    | { readonly kind: 'basic'; readonly username: string; readonly password: string }
    | {
        readonly kind: 'bearer';
        readonly username?: string;
        readonly password?: string;
        readonly refreshToken?: string;
        readonly realm?: string;
      };
  /** Blobs are given from this place. */
  readonly blobsAt?: () => string;
}

export interface TestRegistry {
  /** Host and port. */
  readonly host: string;
  readonly blobs: Map<string, Buffer>;
  /** By `name@digest` and `name:tag`. */
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  /** What it was asked, with the credentials. */
  readonly asked: { readonly method: string; readonly path: string; readonly authorization?: string }[];
  readonly faults: RegistryFaults;
  put(bytes: string | Uint8Array): { readonly digest: string; readonly size: number };
  /** Puts a manifest and its tag. */
  putManifest(name: string, tag: string, manifest: object): string;
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

export const digestOf = (bytes: string | Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A server on a free port of loopback. */
export async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

export async function startRegistry(shape: RegistryShape = {}): Promise<TestRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { type: string; bytes: Buffer }>();
  const asked: { method: string; path: string; authorization?: string }[] = [];
  const uploads = new Map<string, Buffer>();
  const faults: RegistryFaults = {};
  const tokens = new Map<string, string>();
  let host = '';
  let count = 0;

  const fail = (response: ServerResponse, status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
  };

  function isAllowed(request: IncomingMessage, response: ServerResponse, name: string): boolean {
    const { auth } = shape;
    if (auth === undefined) return true;
    const given = request.headers.authorization ?? '';
    if (auth.kind === 'basic') {
      if (given === `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`) return true;
      response.setHeader('www-authenticate', 'Basic realm="registry"');
      fail(response, 401, 'UNAUTHORIZED');
      return false;
    }
    const scope = tokens.get(given.replace(/^Bearer /, ''));
    const needed = request.method === 'GET' || request.method === 'HEAD' ? 'pull' : 'push';
    const [, of, actions = ''] = scope?.split(':') ?? [];
    if (of === name && actions.split(',').includes(needed)) return true;
    const realm = auth.realm ?? `http://${host}/token`;
    response.setHeader('www-authenticate', `Bearer realm="${realm}",service="test",scope="repository:${name}:${needed}"`);
    fail(response, 401, 'UNAUTHORIZED');
    return false;
  }

  function token(request: IncomingMessage, response: ServerResponse, query: URLSearchParams, body: Buffer): undefined {
    const { auth } = shape;
    if (auth?.kind !== 'bearer') return void fail(response, 404, 'NOT_FOUND');
    const form = request.method === 'POST' ? new URLSearchParams(body.toString()) : query;
    const basic = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
    const isKnown =
      auth.refreshToken !== undefined
        ? form.get('refresh_token') === auth.refreshToken && form.get('grant_type') === 'refresh_token'
        : auth.username === undefined || request.headers.authorization === basic;
    if (!isKnown || form.get('service') !== 'test') return void fail(response, 401, 'UNAUTHORIZED');
    const made = `token-${++count}`;
    tokens.set(made, form.get('scope') ?? '');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ token: made }));
  }

  function getManifest(response: ServerResponse, name: string, reference: string, isHead: boolean): undefined {
    const found = manifests.get(reference.includes(':') ? `${name}@${reference}` : `${name}:${reference}`);
    if (found === undefined) return void fail(response, 404, 'MANIFEST_UNKNOWN');
    response.writeHead(200, {
      'content-type': found.type,
      'content-length': found.bytes.byteLength,
      'docker-content-digest': digestOf(found.bytes),
      ...(shape.etags === true ? { etag: `"${digestOf(found.bytes)}"` } : {}),
    });
    response.end(isHead ? undefined : found.bytes);
  }

  function putManifest(request: IncomingMessage, response: ServerResponse, name: string, reference: string, bytes: Buffer): undefined {
    const digest = digestOf(bytes);
    if (reference.includes(':') && reference !== digest) return void fail(response, 400, 'DIGEST_INVALID');
    const manifest = JSON.parse(bytes.toString());
    const type = request.headers['content-type'] ?? '';
    if (type !== manifest.mediaType) return void fail(response, 400, 'MANIFEST_INVALID');
    for (const each of type === MANIFEST ? [manifest.config, ...manifest.layers] : [])
      if (blobs.get(each.digest)?.byteLength !== each.size) return void fail(response, 404, 'MANIFEST_BLOB_UNKNOWN');
    for (const each of type === INDEX ? manifest.manifests : [])
      if (!manifests.has(`${name}@${each.digest}`)) return void fail(response, 404, 'MANIFEST_UNKNOWN');
    const key = `${name}:${reference}`;
    const wanted = request.headers['if-match'];
    const before = manifests.get(key);
    if (shape.etags === true && wanted !== undefined && wanted !== `"${digestOf(before?.bytes ?? '')}"`)
      return void fail(response, 412, 'PRECONDITION_FAILED');
    manifests.set(`${name}@${digest}`, { type, bytes });
    if (!reference.includes(':')) manifests.set(key, { type, bytes });
    if (shape.referrers !== false && manifest.subject !== undefined) response.setHeader('oci-subject', manifest.subject.digest);
    response.writeHead(201, { location: `/v2/${name}/manifests/${digest}` });
    response.end();
  }

  function referrers(response: ServerResponse, name: string, digest: string, query: URLSearchParams): undefined {
    if (shape.referrers === false) return void fail(response, 404, 'NOT_FOUND');
    const all = [...manifests].flatMap(([key, { bytes, type }]) => {
      const manifest = JSON.parse(bytes.toString());
      if (!key.startsWith(`${name}@`) || manifest.subject?.digest !== digest) return [];
      return [
        {
          mediaType: type,
          digest: digestOf(bytes),
          size: bytes.byteLength,
          artifactType: manifest.artifactType,
          annotations: manifest.annotations,
        },
      ];
    });
    const from = Number(query.get('from') ?? 0);
    const page = all.slice(from, from + (shape.pageSize ?? all.length));
    const next = from + page.length;
    response.writeHead(200, {
      'content-type': INDEX,
      ...(next < all.length ? { link: `</v2/${name}/referrers/${digest}?from=${next}>; rel="next"` } : {}),
    });
    response.end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: page }));
  }

  function getBlob(request: IncomingMessage, response: ServerResponse, digest: string): undefined {
    const found = blobs.get(digest);
    if (found === undefined) return void fail(response, 404, 'BLOB_UNKNOWN');
    if (shape.blobsAt !== undefined) {
      response.writeHead(307, { location: `${shape.blobsAt()}/${digest}` });
      return void response.end();
    }
    const from = /^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1];
    const part = from === undefined ? found : found.subarray(Number(from));
    response.writeHead(from === undefined ? 200 : 206, {
      'content-length': part.byteLength,
      ...(from === undefined ? {} : { 'content-range': `bytes ${from}-${found.byteLength - 1}/${found.byteLength}` }),
    });
    response.end(request.method === 'HEAD' ? undefined : part);
  }

  function handle(request: IncomingMessage, response: ServerResponse, body: Buffer): undefined {
    const url = new URL(request.url ?? '/', `http://${host}`);
    const { method = 'GET' } = request;
    const { authorization } = request.headers;
    asked.push({ method, path: `${url.pathname}${url.search}`, ...(authorization === undefined ? {} : { authorization }) });
    if (faults.answer?.(request, response) === true) return;
    if (url.pathname === '/token') return token(request, response, url.searchParams, body);
    const [, name = '', kind = '', rest = ''] = /^\/v2\/(.+?)\/(manifests|blobs|referrers)\/(.*)$/.exec(url.pathname) ?? [];
    if (!isAllowed(request, response, name)) return;
    const reference = decodeURIComponent(rest);
    if (kind === 'manifests' && method === 'PUT') return putManifest(request, response, name, reference, body);
    if (kind === 'manifests') return getManifest(response, name, reference, method === 'HEAD');
    if (kind === 'referrers') return referrers(response, name, reference, url.searchParams);
    if (kind === 'blobs' && method === 'POST' && reference === 'uploads/') {
      const id = `upload-${++count}`;
      uploads.set(id, Buffer.alloc(0));
      response.writeHead(202, { location: `/v2/${name}/blobs/uploads/${id}?state=x` });
      return void response.end();
    }
    if (kind === 'blobs' && method === 'PUT') {
      const id = reference.replace('uploads/', '');
      const digest = url.searchParams.get('digest') ?? '';
      if (!uploads.delete(id) || url.searchParams.get('state') !== 'x') return void fail(response, 404, 'BLOB_UPLOAD_UNKNOWN');
      if (digestOf(body) !== digest) return void fail(response, 400, 'DIGEST_INVALID');
      blobs.set(digest, body);
      response.writeHead(201, { location: `/v2/${name}/blobs/${digest}` });
      return void response.end();
    }
    if (kind === 'blobs') return getBlob(request, response, reference);
    fail(response, 404, 'NOT_FOUND');
  }

  host = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks)));
  });
  const put = (bytes: string | Uint8Array) => {
    const digest = digestOf(bytes);
    blobs.set(digest, Buffer.from(bytes));
    return { digest, size: Buffer.from(bytes).byteLength };
  };
  return {
    host,
    blobs,
    manifests,
    asked,
    faults,
    put,
    putManifest(name, tag, manifest) {
      const bytes = Buffer.from(JSON.stringify(manifest));
      const type = (manifest as { readonly mediaType: string }).mediaType;
      manifests.set(`${name}:${tag}`, { type, bytes });
      manifests.set(`${name}@${digestOf(bytes)}`, { type, bytes });
      return digestOf(bytes);
    },
  };
}

/** A model artifact with one raw layer for each file, as ModelPack has them. */
export function pushModel(registry: TestRegistry, name: string, tag: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  return registry.putManifest(name, tag, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: 'application/vnd.cncf.model.manifest.v1+json',
    config: { mediaType: 'application/vnd.cncf.model.config.v1+json', ...registry.put('{"descriptor":{"name":"m"}}') },
    layers: Object.entries(files).map(([path, content]) => ({
      mediaType: 'application/vnd.cncf.model.weight.v1.raw',
      ...registry.put(content),
      annotations: { 'org.cncf.model.filepath': path },
    })),
  });
}
