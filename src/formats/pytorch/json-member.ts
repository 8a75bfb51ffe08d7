/** JSON documents inside an archive. */
import type { Limits } from '../../core/limits.js';
import { parseEmbeddedJson } from '../shared/embedded-json.js';
import { readMember, type ZipArchive } from '../shared/zip.js';

export type Json = { readonly [key: string]: unknown };

/** The value when it is an object, else one without members. */
export function asObject(value: unknown): Json {
  // Only its members are read, each as unknown.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/**
 * The document, without members when the archive has none of that name.
 * @throws ERR_FORMAT_MALFORMED when it is no JSON, ERR_LIMIT_*
 */
export async function readJson(archive: ZipArchive, name: string, limits: Limits): Promise<Json> {
  const member = archive.members.get(name);
  if (member === undefined) return {};
  const bytes = await readMember(archive, member, Math.min(limits.maxHeaderBytes, limits.maxDocumentBytes));
  const place = { what: `\`${name.slice(0, 100)}\``, file: archive.source.name, offset: member.headerOffset };
  return asObject(parseEmbeddedJson(bytes, place, limits));
}
