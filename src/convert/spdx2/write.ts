/**
 * SPDX 2.3 from a graph of SPDX 3.0.1, the inverse of reading it: a reduced view, for the many tools that read nothing newer.
 * Source: https://spdx.github.io/spdx-spec/v2.3/
 */

import { isCpe22, isCpe23 } from '../../core/cpe.js';
import { uniqueId } from '../../core/id.js';
import { objectOf, objectsOf, pick, textOf, textsOf, unique } from '../cyclonedx/json.js';
import { isGitoid, isSwhid } from '../identifiers.js';
import { KINDS as COMPONENT_KINDS } from '../mapping/kinds.js';
import type { Row } from '../mapping/row.js';
import { isA } from '../spdx3/classes.js';
import { KINDS } from '../spdx3/things.js';
import type { ExtractedLicense, SPDX2Checksum, SPDX2Document, SPDX2File, SPDX2Package, SPDX2Relationship } from './shapes.js';
import { ALGORITHMS, DOCUMENT, earlierWord, FILE_CONTENTS, FILE_PURPOSES, IDENTIFIERS, REFERENCES, RELATIONSHIPS } from './words.js';

type Node = Readonly<Record<string, unknown>>;

const NO_ASSERTION = 'NOASSERTION';

/** A member of SPDX 2.3, and where an element of SPDX 3 has the same: a member, or a property. */
type Member = readonly [spdx2: string, spdx3: string];

/** By the rows of the mapping: packages are models, datasets, components and services; a file without a checksum is one, too. */
const membersOf = (...kinds: readonly (keyof typeof KINDS)[]): readonly Member[] =>
  unique(
    kinds.flatMap((kind) => {
      const { at, rows } = KINDS[kind];
      return rows.flatMap((row: Row): readonly Member[] =>
        row.spdx2 === undefined ? [] : [[row.spdx2, row.spdx3 ?? `${at}:${row.at.replaceAll('.', ':')}`]],
      );
    }),
  );
const PACKAGE = membersOf('subject', 'dataset', 'component', 'softwareFile', 'service');
const FILE = membersOf('file', 'softwareFile');

/** Members that stand on one line. */
const LINES: ReadonlySet<string> = new Set(['name', 'versionInfo', 'packageFileName']);

/** What an element says of some members. */
function said(node: Node, members: readonly Member[]): Readonly<Record<string, string>> {
  const properties = new Map(
    objectsOf(node.extension)
      .flatMap((each) => objectsOf(each.extension_cdxProperty))
      .map(({ extension_cdxPropName: name, extension_cdxPropValue: value }) => [name, value]),
  );
  return Object.fromEntries(
    members.flatMap(([to, from]) => {
      const value = textOf(node[from]) ?? textOf(properties.get(from));
      return value === undefined ? [] : [[to, LINES.has(to) ? line(value) : value]];
    }),
  );
}

interface Writing {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly refs: Map<string, string>;
  readonly taken: Set<string>;
  readonly extracted: Map<string, ExtractedLicense>;
  readonly edges: readonly Node[];
}

/** The document of a graph that `writeNative` of SPDX 3 has made. */
export function downgrade(list: readonly Node[]): SPDX2Document {
  const nodes = new Map(list.map((node) => [String(node.spdxId ?? node['@id']), node]));
  const edges = list.filter(({ from, relationshipType }) => typeof from === 'string' && typeof relationshipType === 'string');
  const writing: Writing = { nodes, edges, refs: new Map(), taken: new Set([DOCUMENT]), extracted: new Map() };
  const [document = {}] = list.filter(({ type }) => type === 'SpdxDocument');
  const [sbom = {}] = list.filter(({ type }) => type === 'software_Sbom');
  // A file without a checksum is none in SPDX 2.3, so it is a package of that purpose.
  const isFile = (node: Node): boolean => node.type === 'software_File' && checksums(node).length > 0;
  const packages = list
    .filter((node) => isA(String(node.type), 'software_Package') || (node.type === 'software_File' && !isFile(node)))
    .map((node) => writePackage(node, writing));
  const files = list.filter(isFile).map((node) => writeFile(node, writing));
  const relationships = unique([
    ...textsOf(sbom.rootElement).flatMap((iri) =>
      writing.refs.has(iri) ? [relationship(DOCUMENT, 'DESCRIBES', writing.refs.get(iri) ?? '')] : [],
    ),
    ...edges.flatMap((edge) => writeEdge(edge, writing)),
  ]);
  const { extracted } = writing;
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: line(textOf(document.name) ?? 'manifest'),
    documentNamespace: String(document.spdxId),
    creationInfo: { created: String(nodes.get('_:creationInfo')?.created), creators: creators(writing) },
    packages,
    ...(files.length > 0 ? { files } : {}),
    ...(extracted.size > 0 ? { hasExtractedLicensingInfos: [...extracted.values()] } : {}),
    relationships,
  };
}

/** Line breaks would end a tag; SPDX 2.3 asks for single lines where it does not allow text blocks. */
const line = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim() || 'unnamed';

function creators({ nodes }: Writing): readonly string[] {
  const { createdBy, createdUsing } = objectOf(nodes.get('_:creationInfo'));
  return unique([
    ...textsOf(createdBy).flatMap((iri) => agent(nodes.get(iri)) ?? []),
    ...textsOf(createdUsing).map((iri) => `Tool: ${line(String(nodes.get(iri)?.name))}`),
  ]);
}

function agent(node: Node | undefined): string | undefined {
  const name = textOf(node?.name);
  if (name === undefined) return undefined;
  const word = node?.type === 'Person' ? 'Person' : node?.type === 'SoftwareAgent' ? 'Tool' : 'Organization';
  const email = textOf(
    objectsOf(node?.externalIdentifier).find(({ externalIdentifierType }) => externalIdentifierType === 'email')?.identifier,
  );
  return `${word}: ${line(name)}${email === undefined || word === 'Tool' ? '' : ` (${email})`}`;
}

/** The SPDXRef of an element; no two elements share one. */
function refOf(iri: string, { refs, taken }: Writing): string {
  const known = refs.get(iri);
  if (known !== undefined) return known;
  const name = iri.slice(iri.indexOf('#') + 1);
  const base = `SPDXRef-${name.replaceAll('%3A', '-').replace(/[^A-Za-z0-9.-]+/g, '-')}`;
  const ref = uniqueId(base, taken);
  refs.set(iri, ref);
  return ref;
}

function writePackage(node: Node, writing: Writing): SPDX2Package {
  const iri = String(node.spdxId);
  const { name = 'unnamed', downloadLocation = '', copyrightText = NO_ASSERTION, ...others } = said(node, PACKAGE);
  return {
    SPDXID: refOf(iri, writing),
    name,
    ...pick({
      supplier: agent(writing.nodes.get(String(node.suppliedBy))),
      originator: agent(writing.nodes.get(textsOf(node.originatedBy)[0] ?? '')),
    }),
    downloadLocation: /^(?:https?|ftp|git|ssh)/.test(downloadLocation) ? downloadLocation : NO_ASSERTION,
    filesAnalyzed: false,
    ...pick({ primaryPackagePurpose: purpose(node), checksums: checksums(node) }),
    licenseConcluded: licenses(iri, 'hasConcludedLicense', writing),
    licenseDeclared: licenses(iri, 'hasDeclaredLicense', writing),
    copyrightText,
    ...others,
    ...pick({ externalRefs: externalRefs(node) }),
  };
}

/** A package of no purpose gets none; what SPDX 2.3 has no word for is `OTHER`. */
function purpose({ type, software_primaryPurpose: word }: Node): string | undefined {
  if (type === 'software_File') return 'FILE';
  if (typeof word !== 'string') return undefined;
  return COMPONENT_KINDS.find(({ spdx3 }) => spdx3 === word)?.spdx2 ?? 'OTHER';
}

const checksums = ({ verifiedUsing }: Node): readonly SPDX2Checksum[] =>
  objectsOf(verifiedUsing).flatMap(({ algorithm: word, hashValue }) => {
    const algorithm = earlierWord(ALGORITHMS, textOf(word));
    return algorithm === undefined || typeof hashValue !== 'string' ? [] : [{ algorithm, checksumValue: hashValue }];
  });

/** What is in a file, and what it is for, as far as SPDX 2.3 has a word. */
const fileTypes = ({ software_primaryPurpose: purpose, contentType }: Node): readonly string[] =>
  [earlierWord(FILE_PURPOSES, textOf(purpose)), earlierWord(FILE_CONTENTS, textOf(contentType))].filter((word) => word !== undefined);

function writeFile(node: Node, writing: Writing): SPDX2File {
  const iri = String(node.spdxId);
  const { name = 'unnamed', copyrightText = NO_ASSERTION, ...others } = said(node, FILE);
  return {
    SPDXID: refOf(iri, writing),
    fileName: name,
    ...pick({ fileTypes: fileTypes(node) }),
    checksums: checksums(node),
    licenseConcluded: licenses(iri, 'hasConcludedLicense', writing),
    ...pick({ licenseInfoInFiles: declaredInFile(iri, writing) }),
    copyrightText,
    ...pick({ comment: others.comment }),
  };
}

/** Of a file SPDX 2.3 does not say what is declared, but what stands in it: single licences. */
const declaredInFile = (iri: string, writing: Writing): readonly string[] =>
  licensesOf(iri, 'hasDeclaredLicense', writing).filter((each) => !each.includes(' '));

/** Kinds of identifiers that SPDX 2.3 has, and the form that it asks of each. */
const CATEGORIES: readonly (readonly [kind: string, category: string, isSound: (value: string) => boolean])[] = [
  ['purl', 'PACKAGE-MANAGER', (value) => /^pkg:[A-Za-z][A-Za-z0-9.+-]{0,63}\/\S+$/.test(value)],
  ['cpe23Type', 'SECURITY', isCpe23],
  ['cpe22Type', 'SECURITY', isCpe22],
  ['swh', 'PERSISTENT-ID', (value) => isSwhid(value) && !value.includes(';')],
  ['gitoid', 'PERSISTENT-ID', isGitoid],
];

const SECURITY: ReadonlySet<string> = new Set(['advisory', 'fix', 'url']);

/** What SPDX 2.3 has no type for keeps the one of SPDX 3. */
function referenceKind(type: string): { readonly referenceCategory: string; readonly referenceType: string } {
  const word = earlierWord(REFERENCES, type);
  if (word === undefined) return { referenceCategory: 'OTHER', referenceType: type };
  return { referenceCategory: SECURITY.has(word) ? 'SECURITY' : 'PACKAGE-MANAGER', referenceType: word };
}

function externalRefs(node: Node): SPDX2Package['externalRefs'] {
  const purl = textOf(node.software_packageUrl);
  const all = [
    ...(purl === undefined ? [] : [{ kind: 'purl', value: purl }]),
    ...objectsOf(node.externalIdentifier).map(({ externalIdentifierType, identifier }) => ({
      kind: earlierWord(IDENTIFIERS, textOf(externalIdentifierType)) ?? '',
      value: String(identifier),
    })),
  ];
  const identifiers = all.flatMap(({ kind, value }) => {
    const row = CATEGORIES.find(([name, , isSound]) => name === kind && isSound(value));
    return row === undefined ? [] : [{ referenceCategory: row[1], referenceType: kind, referenceLocator: value }];
  });
  const places = objectsOf(node.externalRef).flatMap(({ externalRefType, locator, comment }) =>
    textsOf(locator)
      .filter((address) => !/\s/.test(address))
      .map((referenceLocator) => ({
        ...referenceKind(String(externalRefType)),
        referenceLocator,
        ...pick({ comment: textOf(comment) }),
      })),
  );
  return unique([...identifiers, ...places]);
}

// --- licences

/** Licences of a kind. */
function licensesOf(owner: string, relation: string, writing: Writing): readonly string[] {
  const targets = writing.edges
    .filter(({ from, relationshipType }) => from === owner && relationshipType === relation)
    .flatMap(({ to }) => textsOf(to));
  return unique(targets.flatMap((iri) => licenseId(iri, writing) ?? []));
}

/** Licences of a kind as one expression: all of them apply, each to its part. */
function licenses(owner: string, relation: string, writing: Writing): string {
  const parts = licensesOf(owner, relation, writing);
  if (parts.length === 0) return NO_ASSERTION;
  return parts.length === 1 ? (parts[0] ?? NO_ASSERTION) : parts.map((part) => (part.includes(' ') ? `(${part})` : part)).join(' AND ');
}

function licenseId(iri: string, { nodes, extracted }: Writing): string | undefined {
  if (/NoneLicense$/.test(iri)) return 'NONE';
  const node = nodes.get(iri);
  const expression = textOf(node?.simplelicensing_licenseExpression);
  if (expression === undefined) return undefined;
  const texts = new Map(
    objectsOf(node?.simplelicensing_customIdToUri).map(({ key, value }) => [
      key,
      textOf(nodes.get(String(value))?.simplelicensing_licenseText),
    ]),
  );
  const url = textsOf(objectsOf(node?.externalRef)[0]?.locator)[0];
  for (const ref of expression.match(/(?<!:)LicenseRef-[A-Za-z0-9.-]+/g) ?? []) {
    if (extracted.has(ref)) continue;
    const name = textOf(node?.name);
    extracted.set(ref, {
      licenseId: ref,
      extractedText: texts.get(ref) ?? NO_ASSERTION,
      name: line(name ?? ref.slice('LicenseRef-'.length)),
      ...pick({ seeAlsos: url === undefined ? [] : [url] }),
    });
  }
  return expression;
}

// --- relationships

const relationship = (
  spdxElementId: string,
  relationshipType: string,
  relatedSpdxElement: string,
  comment?: string,
): SPDX2Relationship => ({
  spdxElementId,
  relationshipType,
  relatedSpdxElement,
  ...pick({ comment }),
});

/** What other members tell, such as licences, has an end that is no element of SPDX 2.3. */
function writeEdge({ from, relationshipType, to, scope, comment }: Node, { refs }: Writing): readonly SPDX2Relationship[] {
  const source = refs.get(String(from));
  if (source === undefined) return [];
  const words = [...RELATIONSHIPS].filter(([, successor]) => successor.type === relationshipType && successor.scope === scope);
  const [word, successor] = words.find(([, { swapped }]) => swapped === undefined) ?? words[0] ?? [undefined, undefined];
  return textsOf(to).flatMap((target): readonly SPDX2Relationship[] => {
    if (/NoneElement$/.test(target)) return word === undefined || successor?.swapped ? [] : [relationship(source, String(word), 'NONE')];
    const related = refs.get(target);
    if (related === undefined) return [];
    if (word === undefined) return [relationship(source, 'OTHER', related, textOf(comment) ?? String(relationshipType))];
    return [
      successor?.swapped
        ? relationship(related, String(word), source, textOf(comment))
        : relationship(source, String(word), related, textOf(comment)),
    ];
  });
}
