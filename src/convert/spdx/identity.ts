/** Identifiers and digests of a thing. */
import { DIGEST_HEX_LENGTHS } from '../../core/digest.js';
import type { DigestSet, Identifier } from '../../schema/index.js';
import { isObject, type Json, type Part, type Properties, pick } from './fields.js';
import { listOf } from './source.js';
import { HASHES, IDENTIFIER_TYPES } from './words.js';

const isPurl = ({ type, value }: Identifier): boolean => type === 'purl' && /^pkg:[^\s]+$/.test(value);

/** The first purl as the package's own, all else as external identifiers. Only packages have a purl of their own. */
export function writeIdentifiers(identifiers: readonly Identifier[] = [], isPackage = true): Part {
  const purl = isPackage ? identifiers.find(isPurl) : undefined;
  return {
    members: pick({
      software_packageUrl: purl?.value,
      externalIdentifier: identifiers.filter((each) => each !== purl).map(externalIdentifier),
    }),
    properties: [],
  };
}

function externalIdentifier({ type, value, scheme }: Identifier): Json {
  const known = type === 'cpe' && value.startsWith('cpe:/') ? 'cpe22' : IDENTIFIER_TYPES.to.get(type);
  return pick({
    type: 'ExternalIdentifier',
    externalIdentifierType: known ?? 'other',
    identifier: value,
    comment: known === undefined && type !== 'other' ? type : undefined,
    issuingAuthority: scheme,
  });
}

/** Schemes that stand in the comment of an identifier of another kind. */
const COMMENTED: ReadonlySet<string> = new Set(['doi', 'uri', 'arxiv', 'uuid']);

export function readIdentifiers(node: Json): { readonly identifiers?: readonly Identifier[] } {
  const purl = node.software_packageUrl;
  const identifiers: Identifier[] = typeof purl === 'string' && purl !== '' ? [{ type: 'purl', value: purl }] : [];
  for (const each of listOf(node.externalIdentifier)) {
    if (!isObject(each) || typeof each.identifier !== 'string' || each.identifier === '') continue;
    const kind = String(each.externalIdentifierType);
    const commented = kind === 'other' && COMMENTED.has(String(each.comment)) ? (each.comment as Identifier['type']) : undefined; // one of the set
    const known = kind === 'cpe22' ? 'cpe' : (IDENTIFIER_TYPES.from.get(kind) as Identifier['type'] | undefined); // the table's keys
    const scheme = typeof each.issuingAuthority === 'string' && each.issuingAuthority !== '' ? each.issuingAuthority : undefined;
    const type = known ?? commented ?? 'other';
    identifiers.push(
      pick({ type, value: each.identifier, scheme: scheme ?? (type === 'other' && kind !== 'other' ? kind : undefined) }) as Identifier,
    ); // type and value are there
  }
  return identifiers.length > 0 ? { identifiers } : {};
}

/** Digests as hashes; those of algorithms that SPDX does not know as properties. */
export function writeDigest(digest: DigestSet = {}, isHash = true, label = 'msbom:digest'): Part {
  const entries = Object.entries(digest) as [keyof DigestSet, string][]; // keys of a digest set
  const native = isHash ? entries.filter(([name]) => HASHES.to.has(name)) : [];
  return {
    members: pick({ verifiedUsing: native.map(([name, value]) => writeHash(HASHES.to.get(name) ?? '', value)) }),
    properties: entries.filter((entry) => !native.includes(entry)).map(([name, value]) => [`${label}:${name}`, value]),
  };
}

export const writeHash = (algorithm: string, hashValue: string): Json => ({ type: 'Hash', algorithm, hashValue });

export function readDigest(node: Json, properties: Properties, member = 'verifiedUsing', label = 'msbom:digest'): DigestSet | undefined {
  const digest: Record<string, string> = {};
  for (const hash of listOf(node[member])) {
    if (!isObject(hash) || typeof hash.hashValue !== 'string') continue;
    const name = HASHES.from.get(String(hash.algorithm));
    const value = hash.hashValue.toLowerCase();
    if (name !== undefined && isHex(value, DIGEST_HEX_LENGTHS[name]) && digest[name] === undefined) digest[name] = value;
  }
  for (const name of Object.keys(DIGEST_HEX_LENGTHS) as (keyof DigestSet)[]) {
    const value = properties.get(`${label}:${name}`)?.[0];
    if (value !== undefined && isHex(value, DIGEST_HEX_LENGTHS[name])) digest[name] ??= value;
  }
  return Object.keys(digest).length > 0 ? digest : undefined;
}

function isHex(text: string, length: number): boolean {
  return text.length === length && /^[0-9a-f]+$/.test(text);
}
