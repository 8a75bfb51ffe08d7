/** Packages of SPDX 2.3, and what the elements of a document share. */
import { idFrom } from '../../core/id.js';
import { parseLicenseExpression } from '../../core/spdx.js';
import type { DigestSet, Identifier, License, Manifest, Party, PartyRef } from '../../schema/index.js';
import { LINK } from './codecs.js';
import { pick } from './fields.js';
import type { ExtractedLicense, SPDX2Checksum, SPDX2File, SPDX2Package, SPDX2Relationship } from './v2-shapes.js';
import { ALGORITHMS, earlierWord } from './v2-words.js';
import { HASHES } from './words.js';

export const NO_ASSERTION = 'NOASSERTION';

export interface Writing {
  readonly manifest: Manifest;
  readonly parties: ReadonlyMap<string, Party>;
  readonly names: ReadonlyMap<string, string>;
  readonly packages: SPDX2Package[];
  readonly files: SPDX2File[];
  readonly relationships: Map<string, SPDX2Relationship>;
  readonly extracted: Map<string, ExtractedLicense>;
  /** SPDXRefs by name; no two names share one. */
  readonly refs: Map<string, string>;
  readonly taken: Set<string>;
}

/** Line breaks would end a tag; SPDX 2.3 asks for single lines where it does not allow text blocks. */
export const line = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim() || 'unnamed';

export function agent(parties: Writing['parties'], ref: PartyRef | undefined): string | undefined {
  const party = typeof ref === 'string' ? parties.get(ref) : ref;
  if (party === undefined) return undefined;
  const { email } = party.contact ?? {};
  return `${party.kind === 'person' ? 'Person' : 'Organization'}: ${line(party.name)}${email === undefined ? '' : ` (${email})`}`;
}

export function refOf({ refs, taken }: Writing, name: string): string {
  const known = refs.get(name);
  if (known !== undefined) return known;
  const base = `SPDXRef-${name.replace(/[^A-Za-z0-9.-]+/g, '-')}`;
  let ref = base;
  for (let n = 2; taken.has(ref); n++) ref = `${base}-${n}`;
  refs.set(name, ref);
  taken.add(ref);
  return ref;
}

export function relate({ relationships }: Writing, from: string, relationshipType: string, to: string, comment?: string): void {
  if (from === to) return;
  relationships.set(`${from} ${relationshipType} ${to}`, {
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
    ...pick({ comment }),
  });
}

/** What packages of all kinds have, under the names of the manifest. */
interface Described {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly copyright?: string | undefined;
  readonly identifiers?: readonly Identifier[] | undefined;
  readonly digest?: DigestSet | undefined;
  readonly licenses?: readonly License[] | undefined;
  readonly supplier?: PartyRef | undefined;
  readonly producer?: PartyRef | undefined;
}

interface Extra {
  readonly purpose: string | undefined;
  readonly download?: string | undefined;
  readonly homepage?: string | undefined;
  readonly released?: string | undefined;
  readonly built?: string | undefined;
  readonly validUntil?: string | undefined;
  readonly comment?: string | undefined;
}

export function addPackage(writing: Writing, name: string, thing: Described, extra: Extra): string {
  const id = refOf(writing, name);
  const moment = (text: string | undefined): string | undefined =>
    text === undefined
      ? undefined
      : /^\d{4}-\d\d-\d\d$/.test(text)
        ? `${text}T00:00:00Z`
        : /T/.test(text)
          ? text.replace(/\.\d+Z$/, 'Z')
          : undefined;
  const location = LINK.write(extra.download);
  writing.packages.push({
    SPDXID: id,
    name: line(thing.name ?? name),
    ...pick({
      versionInfo: thing.version === undefined ? undefined : line(thing.version),
      supplier: agent(writing.parties, thing.supplier),
      originator: agent(writing.parties, thing.producer),
    }),
    downloadLocation: typeof location === 'string' && /^(https?|ftp|git|ssh)/.test(location) ? location : NO_ASSERTION,
    filesAnalyzed: false,
    ...pick({
      homepage: LINK.write(extra.homepage) as string | undefined,
      primaryPackagePurpose: extra.purpose,
      checksums: checksums(thing.digest),
    }),
    licenseConcluded: expression(writing, thing.licenses, 'concluded'),
    licenseDeclared: expression(writing, thing.licenses, 'declared'),
    copyrightText: thing.copyright ?? NO_ASSERTION,
    ...pick({
      description: thing.description,
      comment: extra.comment,
      releaseDate: moment(extra.released),
      builtDate: moment(extra.built),
      validUntilDate: moment(extra.validUntil),
      externalRefs: externalRefs(thing.identifiers),
    }),
  });
  return id;
}

export function checksums(digest: DigestSet = {}): readonly SPDX2Checksum[] {
  return (Object.keys(digest) as (keyof DigestSet)[]).flatMap((name) => {
    const algorithm = earlierWord(ALGORITHMS, HASHES.to.get(name));
    const checksumValue = algorithm === undefined ? undefined : digest[name];
    return algorithm === undefined || checksumValue === undefined ? [] : [{ algorithm, checksumValue }];
  });
}

/** Kinds of identifiers that SPDX 2.3 has, and the form that it asks of each. */
const REFERENCES: readonly (readonly [type: Identifier['type'], form: RegExp, category: string, kind: string])[] = [
  ['purl', /^pkg:[A-Za-z][A-Za-z0-9.+-]*\/\S+$/, 'PACKAGE-MANAGER', 'purl'],
  ['cpe', /^cpe:2\.3:[aho](:[A-Za-z0-9._*\-~%\\]+){10}$/, 'SECURITY', 'cpe23Type'],
  ['cpe', /^cpe:\/[aho]:\S+$/, 'SECURITY', 'cpe22Type'],
  ['swhid', /^swh:1:(snp|rel|rev|dir|cnt):[0-9a-f]{40}$/, 'PERSISTENT-ID', 'swh'],
  ['omnibor', /^gitoid:(blob|tree|commit|tag):(sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64})$/, 'PERSISTENT-ID', 'gitoid'],
];

function externalRefs(identifiers: readonly Identifier[] = []): SPDX2Package['externalRefs'] {
  return identifiers.flatMap((identifier) => {
    const kind = REFERENCES.find(([type, form]) => type === identifier.type && form.test(identifier.value));
    return kind === undefined ? [] : [{ referenceCategory: kind[2], referenceType: kind[3], referenceLocator: identifier.value }];
  });
}

/** Licences of a kind as one expression: all of them apply, each to its part. */
export function expression(writing: Writing, licenses: readonly License[] = [], wanted: 'declared' | 'concluded'): string {
  const parts = licenses.filter(({ kind }) => (kind ?? 'declared') === wanted).map((license) => licenseId(writing, license));
  const unique = [...new Set(parts)];
  if (unique.length === 0) return NO_ASSERTION;
  return unique.length === 1 ? (unique[0] ?? NO_ASSERTION) : unique.map((part) => (part.includes(' ') ? `(${part})` : part)).join(' AND ');
}

function licenseId({ extracted }: Writing, { expression: text, name, url, text: full }: License): string {
  const known = text !== undefined && parseLicenseExpression(text) !== undefined;
  const label = known ? text : (name ?? text ?? url ?? 'unnamed');
  const id = known ? text : `LicenseRef-${idFrom(label).replace(/_/g, '-')}`;
  for (const ref of id.match(/(?<!:)LicenseRef-[A-Za-z0-9.-]+/g) ?? []) {
    if (extracted.has(ref)) continue;
    extracted.set(ref, {
      licenseId: ref,
      extractedText: full ?? NO_ASSERTION,
      name: line(name ?? label),
      ...pick({ seeAlsos: url === undefined ? [] : [url] }),
    });
  }
  return id;
}
