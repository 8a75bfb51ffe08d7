/**
 * An OCI image layout: a registry's repository as a directory. It may have been made by anybody, so that nothing is written through a link.
 * Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { isList, isObject, own } from '../core/objects.js';
import { openFile } from '../platform/files.js';
import { ioError } from '../platform/io-error.js';
import { withLock } from '../platform/lock.js';
import { writeFileAtomic } from '../platform/write.js';
import { bytesOf, type Descriptor, descriptor, MAX_MANIFEST_BYTES, MEDIA_TYPES, readManifest, verified, wrong } from './content.js';
import { isDigest } from './reference.js';
import { MAX_REFERRERS, type Repository, referrersTag, type StoredManifest } from './repository.js';

const REF_NAME = 'org.opencontainers.image.ref.name';
const MAX_INDEX_BYTES = 32 * 1024 * 1024;
const MAX_MANIFESTS = 10_000;
const CHUNK = 1024 * 1024;

/** @param shown how the directory was given */
export function openLayout(directory: string, shown: string): Repository {
  const root = resolve(directory);
  const name = `oci:${shown}`;
  const place = (digest: string): string => join(root, 'blobs', ...digest.split(':'));

  async function* read(each: Descriptor): AsyncGenerator<Uint8Array> {
    const file = await openFile(place(each.digest), `${name}/blobs/${each.digest.replace(':', '/')}`).catch((error: unknown) => {
      throw MsbomError.is(error, 'ERR_IO_NOT_FOUND')
        ? new MsbomError('ERR_OCI_NOT_FOUND', `the layout has no blob ${each.digest}`, { file: name })
        : error;
    });
    try {
      for (let at = 0; at < file.size; at += CHUNK) yield await file.read(at, CHUNK);
    } finally {
      await file.close();
    }
  }
  const blob = (each: Descriptor): AsyncIterable<Uint8Array> => verified(read(each), each, name);

  async function index(): Promise<readonly Descriptor[]> {
    await requireLayout(root, name);
    const file = await openFile(join(root, 'index.json'), `${name}/index.json`);
    try {
      if (file.size > MAX_INDEX_BYTES)
        throw new MsbomError('ERR_LIMIT_BYTES', `index.json has more than ${MAX_INDEX_BYTES} bytes`, { file: name });
      const value = parseJson(await file.read(0, file.size), {
        file: `${name}/index.json`,
        limits: { maxDocumentBytes: MAX_INDEX_BYTES, maxDepth: 20, maxValues: 1_000_000 },
        inexactIntegers: 'text',
      });
      const manifests = isObject(value) ? own(value, 'manifests') : undefined;
      if (!isList(manifests)) throw wrong('index.json has no list of manifests', name);
      if (manifests.length > MAX_MANIFESTS)
        throw new MsbomError('ERR_LIMIT_COUNT', `index.json has more than ${MAX_MANIFESTS} manifests`, { file: name });
      return manifests.map((each, i) => descriptor(each, `/manifests/${i}`, name));
    } finally {
      await file.close();
    }
  }

  async function stored(each: Descriptor): Promise<StoredManifest> {
    const bytes = await bytesOf(blob(each), each, MAX_MANIFEST_BYTES, name);
    const manifest = readManifest(bytes, `${name}@${each.digest}`, each.mediaType);
    return { descriptor: { mediaType: manifest.mediaType, digest: each.digest, size: each.size }, bytes, manifest };
  }

  async function named(reference: string): Promise<Descriptor | undefined> {
    const all = await index();
    const fitting = all.filter(({ digest, annotations }) =>
      isDigest(reference) ? digest === reference : annotations?.[REF_NAME] === reference,
    );
    const [first] = fitting;
    if (first !== undefined && fitting.some(({ digest }) => digest !== first.digest))
      throw wrong(`several manifests are called ${reference}`, name);
    return first;
  }

  return {
    name,
    async manifest(reference) {
      const found = await named(reference);
      // What an index leads to is not listed by itself.
      const each = found ?? (isDigest(reference) ? await sized(place(reference), reference) : undefined);
      if (each === undefined)
        throw new MsbomError('ERR_OCI_NOT_FOUND', `the layout has no manifest ${reference}`, {
          file: name,
          hint: 'Check the tag: it is an annotation in index.json.',
        });
      return stored(each);
    },
    blob,
    async referrers(digest) {
      const all = await index();
      const byTag = await named(referrersTag(digest));
      const tagged = byTag === undefined ? [] : (await stored(byTag)).manifest.manifests;
      const found = new Map(tagged.map((each) => [each.digest, each]));
      for (const each of all) {
        if (each.mediaType !== MEDIA_TYPES.manifest || each.digest === digest || found.has(each.digest)) continue;
        const { manifest } = await stored(each).catch((error: unknown) => {
          // What is not there or is broken refers to nothing.
          if (MsbomError.is(error)) return { manifest: undefined };
          throw error;
        });
        if (manifest?.subject?.digest !== digest) continue;
        const { artifactType } = manifest;
        found.set(each.digest, artifactType === undefined ? each : { ...each, artifactType });
        if (found.size > MAX_REFERRERS)
          throw new MsbomError('ERR_LIMIT_COUNT', `more than ${MAX_REFERRERS} things refer to the artifact`, { file: name });
      }
      return [...found.values()];
    },
    putBlob: async (bytes, digest) => write(root, place(digest), bytes, name),
    async putReferrer(bytes, each) {
      await write(root, place(each.digest), bytes, name);
      await withLock(join(root, 'index.json'), 'the layout', async () => {
        const manifests = await index();
        if (manifests.some(({ digest }) => digest === each.digest)) return;
        await requireOwn(root, join(root, 'index.json'), name);
        await writeFileAtomic(
          join(root, 'index.json'),
          JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [...manifests, each] }),
        );
      });
    },
  };
}

async function requireLayout(root: string, name: string): Promise<void> {
  const file = await openFile(join(root, 'oci-layout'), `${name}/oci-layout`).catch((error: unknown) => {
    throw MsbomError.is(error, 'ERR_IO_NOT_FOUND')
      ? new MsbomError('ERR_OCI_NOT_FOUND', 'there is no OCI layout', {
          file: name,
          hint: 'An OCI layout is a directory with `oci-layout` and `index.json`.',
        })
      : error;
  });
  try {
    const value = parseJson(await file.read(0, 4096), { file: `${name}/oci-layout` });
    if (!isObject(value) || own(value, 'imageLayoutVersion') !== '1.0.0') throw wrong('the layout is of a version that is not known', name);
  } finally {
    await file.close();
  }
}

/** A manifest that is known by its digest alone: its type stands in it. */
async function sized(path: string, digest: string): Promise<Descriptor | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? { mediaType: MEDIA_TYPES.manifest, digest, size: found.size } : undefined;
}

/** Is there, or is written whole. */
async function write(root: string, path: string, bytes: Uint8Array, name: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw ioError(error, name, 'ERR_IO_WRITE');
  });
  await requireOwn(root, path, name);
  await writeFileAtomic(path, bytes);
}

/** Neither the file nor what leads to it from the root of the layout is a link. @throws ERR_IO_LINK */
async function requireOwn(root: string, path: string, name: string): Promise<void> {
  const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
  const real = join(await realpath(root), dirname(path).slice(root.length));
  if (isLink || (await realpath(dirname(path))) !== real.replace(/[\\/]$/, ''))
    throw new MsbomError('ERR_IO_LINK', 'a link in the layout is not written through', { file: name, hint: 'Remove the link.' });
}
