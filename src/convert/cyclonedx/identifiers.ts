/** Identifiers and digests. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import { PackageURL } from 'packageurl-js';
import { DIGEST_HEX_LENGTHS } from '../../core/digest.js';
import type { DigestSet, Identifier } from '../../schema/index.js';
import { atLeast } from './context.js';
import { type Json, nonEmpty, nonEmptyList, objectsOf, textOf, textsOf, unique, wordOf } from './json.js';
import type { CycloneDXVersion, Extra } from './library.js';
import type { Property, PropertyValues } from './properties.js';

const ALGORITHMS: Readonly<Partial<Record<keyof DigestSet, Enums.HashAlgorithm>>> = {
  md5: Enums.HashAlgorithm.MD5,
  sha1: Enums.HashAlgorithm['SHA-1'],
  sha256: Enums.HashAlgorithm['SHA-256'],
  sha384: Enums.HashAlgorithm['SHA-384'],
  sha512: Enums.HashAlgorithm['SHA-512'],
  sha3_256: Enums.HashAlgorithm['SHA3-256'],
  sha3_384: Enums.HashAlgorithm['SHA3-384'],
  sha3_512: Enums.HashAlgorithm['SHA3-512'],
  blake2b: Enums.HashAlgorithm['BLAKE2b-512'],
  blake3: Enums.HashAlgorithm.BLAKE3,
};
const ALGORITHM_NAMES = new Map(Object.entries(ALGORITHMS).map(([name, algorithm]) => [algorithm as string, name as keyof DigestSet]));

const PAIRS = Object.entries(ALGORITHMS) as (readonly [keyof DigestSet, Enums.HashAlgorithm])[]; // of the table

/** The digests that CycloneDX can name, in the order of the table. */
export function hashes(digest: DigestSet | undefined): readonly (readonly [Enums.HashAlgorithm, string])[] {
  const found: (readonly [Enums.HashAlgorithm, string])[] = [];
  if (digest === undefined) return found;
  for (const [name, algorithm] of PAIRS) {
    const value = digest[name];
    if (value !== undefined) found.push([algorithm, value]);
  }
  return found;
}

/** The same as the schema has them. */
export const hashList = (digest: DigestSet | undefined): readonly Extra[] => hashes(digest).map(([alg, content]) => ({ alg, content }));

const HEX = /^[0-9a-f]+$/;

/** Digests of `hashes` and of properties `msbom:digest:*`; what has not the form of its algorithm stays where it is. */
export function readDigest(list: unknown, properties?: PropertyValues): DigestSet | undefined {
  const digest: DigestSet = {};
  const put = (name: keyof DigestSet | undefined, value: unknown): void => {
    if (name === undefined || typeof value !== 'string' || digest[name] !== undefined) return;
    if (value.length === DIGEST_HEX_LENGTHS[name] && HEX.test(value)) digest[name] = value;
  };
  for (const { alg, content } of objectsOf(list)) put(ALGORITHM_NAMES.get(String(alg)), content);
  for (const [name, [value]] of properties ?? []) {
    if (name.startsWith('msbom:digest:')) put(wordOf(name.slice(13), DIGESTS), value);
  }
  return nonEmpty(digest);
}

const DIGESTS = Object.keys(DIGEST_HEX_LENGTHS) as (keyof DigestSet)[]; // the keys of the table

const UNNAMED = DIGESTS.filter((name) => ALGORITHMS[name] === undefined);

export function digestProperties(digest: DigestSet | undefined): readonly Property[] {
  return digest === undefined ? [] : UNNAMED.map((name) => [`msbom:digest:${name}`, digest[name]] as const);
}

/** The schema takes only well-formed CPE names. */
const CPE = /^cpe:2\.3:[aho](:[A-Za-z0-9._*\-~%]+){10}$/;

export interface WrittenIdentifiers {
  readonly purl?: string | undefined;
  readonly extra: Extra;
  readonly properties: readonly Property[];
}

/** The first purl, CPE and SWID, and from 1.6 every SWHID and OmniBOR id, have members of their own; the others become properties. */
export function writeIdentifiers(identifiers: readonly Identifier[], name: string, version: CycloneDXVersion): WrittenIdentifiers {
  const hasLists = atLeast(version, '1.6');
  let [purl, cpe, tagId]: (string | undefined)[] = [];
  const [swhid, omniborId]: [string[], string[]] = [[], []];
  const properties: Property[] = [];
  for (const { type, scheme, value } of identifiers) {
    if (type === 'purl' && purl === undefined && isPurl(value)) purl = value;
    else if (type === 'cpe' && cpe === undefined && CPE.test(value)) cpe = value;
    else if (type === 'swid' && tagId === undefined) tagId = value;
    else if (type === 'swhid' && hasLists) swhid.push(value);
    else if (type === 'omnibor' && hasLists) omniborId.push(value);
    else properties.push([`msbom:identifier:${type}${scheme === undefined ? '' : `:${scheme}`}`, value]);
  }
  const swid = tagId === undefined ? undefined : { tagId, name };
  return { purl, extra: { cpe, swhid: nonEmptyList(unique(swhid)), omniborId: nonEmptyList(unique(omniborId)), swid }, properties };
}

const TYPES: readonly Identifier['type'][] = ['purl', 'cpe', 'swhid', 'omnibor', 'uuid', 'doi', 'uri', 'arxiv', 'swid', 'other'];

/** Forms without which an identifier stays what the document calls it, and is none of the manifest. */
const FORMS: Readonly<Partial<Record<Identifier['type'], (value: string) => boolean>>> = {
  purl: isPurl,
  cpe: (value) => CPE.test(value),
  swhid: (value) => /^swh:1:(cnt|dir|rev|rel|snp):[0-9a-f]{40}(;\S+)?$/.test(value),
  omnibor: (value) => /^gitoid:(blob|tree):sha(1:[0-9a-f]{40}|256:[0-9a-f]{64})$/.test(value),
};

/** Purls of common types without anything that needs a closer look. */
const PLAIN_PURL = /^pkg:(npm|pypi|cargo|gem|nuget|deb|rpm|apk|golang|generic|composer)\/(%40)?[\w.-]+(\/[\w.-]+)*@[\w.+-]+$/;

function isPurl(value: string): boolean {
  if (PLAIN_PURL.test(value)) return true;
  try {
    return PackageURL.fromString(value) !== undefined;
  } catch {
    return false;
  }
}

export function readIdentifiers({ purl, cpe, swhid, omniborId, swid }: Json, properties: PropertyValues): Identifier[] | undefined {
  const found: Identifier[] = [];
  const put = (type: Identifier['type'], value: string | undefined): void => {
    if (value !== undefined && (FORMS[type]?.(value) ?? true)) found.push({ type, value });
  };
  put('purl', textOf(purl));
  put('cpe', textOf(cpe));
  for (const value of textsOf(swhid)) put('swhid', value);
  for (const value of textsOf(omniborId)) put('omnibor', value);
  if (typeof swid === 'object' && swid !== null) put('swid', textOf((swid as Json).tagId));
  for (const [name, values] of properties) {
    const [, word, scheme] = /^msbom:identifier:([a-z]+)(?::(.+))?$/s.exec(name) ?? [];
    const type = wordOf(word, TYPES);
    if (type !== undefined) for (const value of values) found.push({ type, value, ...(scheme === undefined ? {} : { scheme }) });
  }
  return nonEmptyList(found);
}
