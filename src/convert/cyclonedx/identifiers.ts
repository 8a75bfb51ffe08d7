/** Identifiers and digests. */
import { Enums } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import { DIGEST_HEX_LENGTHS } from '../../core/digest.js';
import type { DigestSet, Identifier } from '../../schema/index.js';
import { atLeast } from './context.js';
import { type Json, nonEmpty, nonEmptyList, objectsOf, textOf, textsOf, wordOf } from './json.js';
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

/** The digests that CycloneDX can name. */
export function hashes(digest: DigestSet | undefined): readonly (readonly [Enums.HashAlgorithm, string])[] {
  return Object.entries(digest ?? {}).flatMap(([name, value]) => {
    const algorithm = ALGORITHMS[name as keyof DigestSet]; // a key of a digest set
    return algorithm === undefined || value === undefined ? [] : [[algorithm, value] as const];
  });
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

export const digestProperties = (digest: DigestSet | undefined): readonly Property[] =>
  Object.entries(digest ?? {}).flatMap(([name, value]) =>
    ALGORITHMS[name as keyof DigestSet] === undefined ? [[`msbom:digest:${name}`, value] as const] : [],
  );

/** The schema takes only well-formed CPE names. */
const CPE = /^cpe:2\.3:[aho](:[A-Za-z0-9._*\-~%]+){10}$/;

/** Which of several identifiers stand in members of their own: the first purl, CPE and SWID, every SWHID and OmniBOR id (1.6). */
function nativeIdentifiers(identifiers: readonly Identifier[], version: CycloneDXVersion): ReadonlySet<Identifier> {
  const first = (type: Identifier['type'], test: (value: string) => boolean = () => true): readonly Identifier[] =>
    identifiers.filter((each) => each.type === type && test(each.value)).slice(0, 1);
  const all = identifiers.filter(({ type }) => atLeast(version, '1.6') && (type === 'swhid' || type === 'omnibor'));
  return new Set([...first('purl', isPurl), ...first('cpe', (value) => CPE.test(value)), ...first('swid'), ...all]);
}

export interface WrittenIdentifiers {
  readonly purl?: string;
  readonly extra: Extra;
  readonly properties: readonly Property[];
}

export function writeIdentifiers(identifiers: readonly Identifier[], name: string, version: CycloneDXVersion): WrittenIdentifiers {
  const native = nativeIdentifiers(identifiers, version);
  const values = (type: Identifier['type']): string[] => [
    ...new Set([...native].filter((each) => each.type === type).map(({ value }) => value)),
  ];
  const [[purl], [cpe], [tagId]] = [values('purl'), values('cpe'), values('swid')];
  return {
    ...(purl === undefined ? {} : { purl }),
    extra: {
      cpe,
      swhid: nonEmptyList(values('swhid')),
      omniborId: nonEmptyList(values('omnibor')),
      swid: tagId === undefined ? undefined : { tagId, name },
    },
    properties: identifiers
      .filter((each) => !native.has(each))
      .map(({ type, scheme, value }) => [`msbom:identifier:${type}${scheme === undefined ? '' : `:${scheme}`}`, value] as const),
  };
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
