/** A repository in a registry. Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md */
import { MsbomError } from '../core/error.js';
import {
  bytesOf,
  type Descriptor,
  MANIFEST_TYPES,
  MAX_MANIFEST_BYTES,
  MEDIA_TYPES,
  readManifest,
  sha256Of,
  verified,
  wrong,
} from './content.js';
import { isDigest } from './reference.js';
import { MAX_REFERRERS, type Repository, referrersTag, type StoredManifest } from './repository.js';
import { type Answer, openTransport, type Transport, type TransportOptions } from './transport.js';

/** Pages of a list of referrers, and times that an index which others write too is written anew. */
const MAX_PAGES = 100;
const MAX_RACES = 5;
/** A download that breaks off goes on where it stopped so many times. */
const MAX_RESUMED = 3;

/** @throws nothing: the registry is asked when something is wanted of it */
export function openRegistry(options: TransportOptions): Repository {
  const transport = openTransport(options);
  const { name } = transport;
  const base = `/v2/${options.repository}`;
  return {
    name,
    manifest: async (reference) => {
      const stored = await manifestAt(transport, base, reference);
      if (stored === undefined)
        throw new MsbomError('ERR_OCI_NOT_FOUND', `the registry has no manifest ${reference}`, {
          file: name,
          hint: 'Check the name and the tag, or push the model first.',
        });
      return stored.stored;
    },
    blob: (descriptor) => verified(download(transport, base, descriptor), descriptor, name),
    referrers: (digest) => referrersOf(transport, base, digest),
    putBlob: (bytes, digest) => upload(transport, base, bytes, digest),
    async putReferrer(bytes, descriptor, subject) {
      const answer = await transport.ask({
        method: 'PUT',
        address: `${base}/manifests/${descriptor.digest}`,
        action: 'push',
        headers: { 'content-type': descriptor.mediaType },
        body: bytes,
      });
      if (answer.status !== 201) throw await transport.refusal(answer, 'a place for the manifest');
      answer.giveUp();
      // A registry that has understood the subject says so; of another the tag is kept by whoever pushes.
      if (answer.headers.get('oci-subject') !== subject.digest) await addToTag(transport, base, descriptor, subject.digest);
    },
  };
}

interface TaggedManifest {
  readonly stored: StoredManifest;
  readonly etag?: string;
}

/** Undefined where there is none. */
async function manifestAt(transport: Transport, base: string, reference: string): Promise<TaggedManifest | undefined> {
  const { name } = transport;
  const answer = await transport.ask({
    method: 'GET',
    address: `${base}/manifests/${reference}`,
    action: 'pull',
    headers: { accept: MANIFEST_TYPES.join(', ') },
    maxBytes: MAX_MANIFEST_BYTES,
  });
  if (answer.status === 404) {
    answer.giveUp();
    return undefined;
  }
  if (answer.status !== 200) throw await transport.refusal(answer, `the manifest ${reference}`);
  const bytes = await collected(answer);
  // What a tag means is the registry's word; of a digest the bytes are proof. The digest that it states beside them is no more than they are.
  const digest = isDigest(reference) ? reference : sha256Of(bytes);
  const mediaType = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  const descriptor = { mediaType, digest, size: bytes.byteLength };
  await bytesOf(verified(only(bytes), descriptor, name), descriptor, MAX_MANIFEST_BYTES, name);
  const manifest = readManifest(bytes, `${name}@${digest}`, MANIFEST_TYPES.includes(mediaType) ? mediaType : undefined);
  const etag = answer.headers.get('etag');
  return { stored: { descriptor: { ...descriptor, mediaType: manifest.mediaType }, bytes, manifest }, ...(etag === null ? {} : { etag }) };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collected(answer: Answer): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of answer.chunks()) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

/** Bytes as they come. One that breaks off is asked for again from there on. */
async function* download(transport: Transport, base: string, { digest, size }: Descriptor): AsyncGenerator<Uint8Array> {
  let length = 0;
  for (let resumed = 0; ; resumed++) {
    const answer = await transport.ask({
      method: 'GET',
      address: `${base}/blobs/${digest}`,
      action: 'pull',
      // One more than there should be is seen as such.
      maxBytes: size + 1,
      ...(length === 0 ? {} : { headers: { range: `bytes=${length}-${size - 1}` } }),
    });
    if (answer.status !== 200 && answer.status !== 206) throw await transport.refusal(answer, `the blob ${digest}`);
    // Whoever knows no ranges begins again: that part was taken already.
    let behind = answer.status === 206 ? 0 : length;
    if (answer.status === 206 && !(answer.headers.get('content-range') ?? '').startsWith(`bytes ${length}-`)) {
      answer.giveUp();
      throw wrong(`the registry gives another part of ${digest} than was asked for`, transport.name);
    }
    try {
      for await (const chunk of answer.chunks()) {
        const fresh = chunk.subarray(Math.min(behind, chunk.byteLength));
        behind -= chunk.byteLength - fresh.byteLength;
        if (fresh.byteLength === 0) continue;
        length += fresh.byteLength;
        yield fresh;
      }
      return;
    } catch (error) {
      if (!MsbomError.is(error, 'ERR_OCI_REGISTRY') || resumed >= MAX_RESUMED || length === 0) throw error;
    }
  }
}

async function referrersOf(transport: Transport, base: string, digest: string): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  const seen = new Set<string>();
  let address: string | undefined = `${base}/referrers/${digest}`;
  for (let pages = 0; address !== undefined; pages++) {
    if (pages >= MAX_PAGES || found.length > MAX_REFERRERS) throw tooMany(transport.name);
    const answer: Answer = await transport.ask({
      method: 'GET',
      address,
      action: 'pull',
      headers: { accept: MEDIA_TYPES.index },
      maxBytes: MAX_MANIFEST_BYTES,
    });
    // Registries of before 1.1 do not know the question, and answer as their age has it.
    if (pages === 0 && [400, 404, 405].includes(answer.status)) {
      answer.giveUp();
      return (await manifestAt(transport, base, referrersTag(digest)))?.stored.manifest.manifests ?? [];
    }
    if (answer.status !== 200) throw await transport.refusal(answer, 'the list of what refers to the artifact');
    const isIndex = (answer.headers.get('content-type') ?? '').startsWith(MEDIA_TYPES.index);
    if (!isIndex) {
      answer.giveUp();
      throw wrong('the registry gives no index of what refers to the artifact', transport.name);
    }
    for (const each of readManifest(await collected(answer), transport.name, MEDIA_TYPES.index).manifests) {
      if (seen.has(each.digest)) continue;
      seen.add(each.digest);
      found.push(each);
    }
    address = nextOf(answer);
  }
  if (found.length > MAX_REFERRERS) throw tooMany(transport.name);
  return found;
}

const tooMany = (file: string): MsbomError =>
  new MsbomError('ERR_LIMIT_COUNT', `more than ${MAX_REFERRERS} things refer to the artifact`, { file });

/** `Link: <address>; rel="next"`. Source: RFC 8288 */
function nextOf({ headers, url }: Answer): string | undefined {
  const link = headers.get('link') ?? '';
  const end = link.indexOf('>');
  if (!link.startsWith('<') || end === -1 || !link.slice(end).includes('rel="next"')) return undefined;
  const target = link.slice(1, end);
  const next = URL.canParse(target, url) ? new URL(target, url) : undefined;
  return next === undefined || next.origin !== url.origin ? undefined : `${next.pathname}${next.search}`;
}

/** In one piece: what is pushed here lies in memory. */
async function upload(transport: Transport, base: string, bytes: Uint8Array<ArrayBuffer>, digest: string): Promise<void> {
  const there = await transport.ask({ method: 'HEAD', address: `${base}/blobs/${digest}`, action: 'push' });
  there.giveUp();
  if (there.status === 200) return;
  const begun = await transport.ask({ method: 'POST', address: `${base}/blobs/uploads/`, action: 'push', body: new Uint8Array(0) });
  const location = begun.headers.get('location');
  if (begun.status !== 202 || location === null) throw await transport.refusal(begun, 'a place for the blob');
  begun.giveUp();
  if (!URL.canParse(location, begun.url)) throw wrong('the registry gives a place for the blob that is no address', transport.name);
  const place = new URL(location, begun.url);
  place.searchParams.set('digest', digest);
  const done = await transport.ask({
    method: 'PUT',
    address: place.href,
    action: 'push',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  if (done.status !== 201) throw await transport.refusal(done, 'a place for the blob');
  done.giveUp();
}

/** The index that stands for the referrers API where there is none. What others add meanwhile stays, where the registry has tags of versions. */
async function addToTag(transport: Transport, base: string, descriptor: Descriptor, subject: string): Promise<void> {
  const tag = referrersTag(subject);
  for (let races = 0; races < MAX_RACES; races++) {
    const before = await manifestAt(transport, base, tag);
    const manifests = before?.stored.manifest.manifests ?? [];
    if (manifests.some(({ digest }) => digest === descriptor.digest)) return;
    if (manifests.length >= MAX_REFERRERS) throw tooMany(transport.name);
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [...manifests, descriptor] };
    const answer = await transport.ask({
      method: 'PUT',
      address: `${base}/manifests/${tag}`,
      action: 'push',
      headers: {
        'content-type': MEDIA_TYPES.index,
        ...(before?.etag === undefined ? {} : { 'if-match': before.etag }),
      },
      body: new Uint8Array(Buffer.from(JSON.stringify(index))),
    });
    if (answer.status === 201) return answer.giveUp();
    if (answer.status !== 412) throw await transport.refusal(answer, `a place for the tag ${tag}`);
    answer.giveUp();
  }
  throw new MsbomError('ERR_OCI_REGISTRY', 'others write the list of what refers to the artifact all the time', {
    file: transport.name,
    hint: 'Try again later.',
  });
}
