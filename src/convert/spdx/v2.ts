/**
 * A manifest as SPDX 2.3: a reduced view, for the many tools that read nothing newer. It is not read back.
 * Source: https://spdx.github.io/spdx-spec/v2.3/
 */
import type { Finding } from '../../core/finding.js';
import { idFrom } from '../../core/id.js';
import { parseLicenseExpression } from '../../core/spdx.js';
import { TOOL } from '../../core/tool.js';
import type { Artifact, DigestSet, Identifier, License, Manifest, Party, PartyRef } from '../../schema/index.js';
import { LINK } from './codecs.js';
import { pick } from './fields.js';
import { fileName, MODEL, nameIn, namesById } from './ids.js';
import { track } from './tracker.js';

/** An SPDX 2.3 document as plain JSON. */
export interface SPDX2Document {
  readonly spdxVersion: 'SPDX-2.3';
  readonly dataLicense: 'CC0-1.0';
  readonly SPDXID: 'SPDXRef-DOCUMENT';
  readonly name: string;
  readonly documentNamespace: string;
  readonly creationInfo: { readonly created: string; readonly creators: readonly string[] };
  readonly packages: readonly SPDX2Package[];
  readonly files?: readonly SPDX2File[];
  readonly hasExtractedLicensingInfos?: readonly ExtractedLicense[];
  readonly relationships: readonly SPDX2Relationship[];
}

export interface SPDX2Checksum {
  readonly algorithm: string;
  readonly checksumValue: string;
}

export interface SPDX2Package {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo?: string;
  readonly supplier?: string;
  readonly originator?: string;
  readonly downloadLocation: string;
  readonly filesAnalyzed: false;
  readonly homepage?: string;
  readonly primaryPackagePurpose?: string;
  readonly checksums?: readonly SPDX2Checksum[];
  readonly licenseConcluded: string;
  readonly licenseDeclared: string;
  readonly copyrightText: string;
  readonly description?: string;
  readonly comment?: string;
  readonly releaseDate?: string;
  readonly builtDate?: string;
  readonly validUntilDate?: string;
  readonly externalRefs?: readonly {
    readonly referenceCategory: string;
    readonly referenceType: string;
    readonly referenceLocator: string;
  }[];
}

export interface SPDX2File {
  readonly SPDXID: string;
  readonly fileName: string;
  readonly checksums: readonly SPDX2Checksum[];
  readonly licenseConcluded: string;
  readonly copyrightText: string;
}

export interface SPDX2Relationship {
  readonly spdxElementId: string;
  readonly relationshipType: string;
  readonly relatedSpdxElement: string;
  readonly comment?: string;
}

interface ExtractedLicense {
  readonly licenseId: string;
  readonly extractedText: string;
  readonly name?: string;
  readonly seeAlsos?: readonly string[];
}

const NO_ASSERTION = 'NOASSERTION';

interface Writing {
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

/** Converts a valid manifest; the losses are every value that no element says. Same manifest, same document. */
export function toSPDX2(manifest: Manifest): { readonly document: SPDX2Document; readonly losses: readonly Finding[] } {
  const { document: source, unread } = track(manifest);
  const writing: Writing = {
    manifest: source,
    parties: new Map((source.parties ?? []).flatMap((party) => (party.id === undefined ? [] : [[party.id, party] as const]))),
    names: namesById(source),
    packages: [],
    files: [],
    relationships: new Map(),
    extracted: new Map(),
    refs: new Map(),
    taken: new Set(['SPDXRef-DOCUMENT']),
  };
  writePackages(writing);
  const { bom, model, datasets } = source;
  const { packages, files, relationships, extracted } = writing;
  const document: SPDX2Document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: line(model?.name ?? datasets?.[0]?.name ?? 'manifest'),
    // A namespace ends where the fragment of an element's id begins.
    documentNamespace: `urn:cdx:${bom.serialNumber.replace(/^urn:uuid:/, '')}/${bom.version}`,
    creationInfo: { created: bom.timestamp.replace(/\.\d+Z$/, 'Z'), creators: creators(writing) },
    packages,
    ...(files.length > 0 ? { files } : {}),
    ...(extracted.size > 0 ? { hasExtractedLicensingInfos: [...extracted.values()] } : {}),
    relationships: [...relationships.values()],
  };
  return { document, losses: lossesOf(unread().filter((pointer) => !FORM.has(pointer))) };
}

/** Line breaks would end a tag; SPDX 2.3 asks for single lines where it does not allow text blocks. */
const line = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim() || 'unnamed';

function creators({ manifest: { bom }, parties }: Writing): readonly string[] {
  const authors = (bom.authors ?? []).flatMap((ref) => agent(parties, ref) ?? []);
  const tools = (bom.tools ?? []).map(({ name, version }) => `Tool: ${line(version === undefined ? name : `${name}-${version}`)}`);
  return [...new Set([...authors, ...(authors.length + tools.length > 0 ? tools : [`Tool: ${TOOL.name}`])])];
}

function agent(parties: Writing['parties'], ref: PartyRef | undefined): string | undefined {
  const party = typeof ref === 'string' ? parties.get(ref) : ref;
  if (party === undefined) return undefined;
  const { email } = party.contact ?? {};
  return `${party.kind === 'person' ? 'Person' : 'Organization'}: ${line(party.name)}${email === undefined ? '' : ` (${email})`}`;
}

function refOf({ refs, taken }: Writing, name: string): string {
  const known = refs.get(name);
  if (known !== undefined) return known;
  const base = `SPDXRef-${name.replace(/[^A-Za-z0-9.-]+/g, '-')}`;
  let ref = base;
  for (let n = 2; taken.has(ref); n++) ref = `${base}-${n}`;
  refs.set(name, ref);
  taken.add(ref);
  return ref;
}

function relate({ relationships }: Writing, from: string, relationshipType: string, to: string, comment?: string): void {
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

function addPackage(writing: Writing, name: string, thing: Described, extra: Extra): string {
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

const ALGORITHMS: Readonly<Partial<Record<keyof DigestSet, string>>> = {
  md5: 'MD5',
  sha1: 'SHA1',
  sha224: 'SHA224',
  sha256: 'SHA256',
  sha384: 'SHA384',
  sha512: 'SHA512',
  sha3_256: 'SHA3-256',
  sha3_384: 'SHA3-384',
  sha3_512: 'SHA3-512',
  blake2b: 'BLAKE2b-512',
  blake3: 'BLAKE3',
};

function checksums(digest: DigestSet = {}): readonly SPDX2Checksum[] {
  return (Object.keys(digest) as (keyof DigestSet)[]).flatMap((name) => {
    const algorithm = ALGORITHMS[name];
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
function expression(writing: Writing, licenses: readonly License[] = [], wanted: 'declared' | 'concluded'): string {
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

const PURPOSES: Readonly<Record<string, string>> = {
  library: 'LIBRARY',
  framework: 'FRAMEWORK',
  application: 'APPLICATION',
  'operating-system': 'OPERATING-SYSTEM',
  firmware: 'FIRMWARE',
  device: 'DEVICE',
  container: 'CONTAINER',
  file: 'FILE',
};

function writePackages(writing: Writing): void {
  const { manifest } = writing;
  const { model, datasets = [], lineage, adapters = [], components = [], distribution, bom } = manifest;
  const download = distribution?.channels?.find(({ kind }) => kind === 'download')?.uri;
  if (model !== undefined) {
    const { types = [] } = model;
    addPackage(writing, MODEL, model, {
      purpose: 'OTHER',
      download,
      released: model.releaseDate,
      built: model.timestamp,
      comment: `${bom.subject === 'adapter' ? 'Adapter of a machine-learning model' : 'Machine-learning model'}${types.length > 0 ? ` for ${types.join(', ')}` : ''}`,
    });
  }
  datasets.forEach((dataset, i) => {
    // Named one by one: what a copy reads counts as said.
    const { name, version, description, identifiers, digest, licenses, issuer: producer } = dataset;
    addPackage(
      writing,
      nameIn('dataset', dataset, i),
      { name, version, description, identifiers, digest, licenses, producer },
      { purpose: 'OTHER', download: dataset.uri, released: dataset.dates?.issued, comment: datasetComment(dataset.roles) },
    );
  });
  lineage?.ancestors?.forEach((ancestor, i) => {
    addPackage(writing, nameIn('ancestor', ancestor, i), ancestor, {
      purpose: 'OTHER',
      homepage: ancestor.uri,
      comment: 'Machine-learning model that this one came from',
    });
  });
  adapters.forEach((adapter) => {
    // Its digest is a root digest, the hash of no file.
    const { name, version, identifiers, licenses, producer } = adapter;
    addPackage(
      writing,
      adapter.id,
      { name, version, identifiers, licenses, producer },
      { purpose: 'OTHER', comment: 'Adapter of a machine-learning model' },
    );
  });
  components.forEach((component, i) => {
    const { uris, supportEnd, type } = component;
    addPackage(writing, nameIn('component', component, i), component, {
      purpose: PURPOSES[type ?? ''] ?? (type === undefined ? undefined : 'OTHER'),
      download: uris?.distribution,
      homepage: uris?.homepage,
      validUntil: supportEnd,
    });
  });
  const root = writing.packages[0]?.SPDXID;
  if (root === undefined) return;
  relate(writing, 'SPDXRef-DOCUMENT', 'DESCRIBES', root);
  for (const artifact of manifest.artifacts ?? []) relate(writing, root, 'CONTAINS', writeFile(writing, artifact));
  relateAll(writing, root);
}

const datasetComment = (roles: readonly string[] = []): string => `Dataset${roles.length > 0 ? ` for ${roles.join(', ')}` : ''}`;

/** SPDX 2.3 asks for SHA-1 of every file; a file without one is a package of the purpose FILE, which may have any checksum. */
function writeFile(writing: Writing, { path, digest, licenses, uri }: Artifact): string {
  if (digest.sha1 === undefined)
    return addPackage(writing, fileName(path), { name: path, digest, licenses }, { purpose: 'FILE', download: uri });
  const id = refOf(writing, fileName(path));
  writing.files.push({
    SPDXID: id,
    fileName: `./${line(path)}`,
    checksums: checksums(digest),
    licenseConcluded: expression(writing, licenses, 'concluded'),
    copyrightText: NO_ASSERTION,
  });
  return id;
}

/** Relationships of SPDX 2.3 run from the thing that serves to the one that is served, or the other way: both ends by type. */
const DEPENDENCIES: Readonly<Record<string, string>> = { dependsOn: 'DEPENDS_ON', derivedFrom: 'DESCENDANT_OF', contains: 'CONTAINS' };

function relateAll(writing: Writing, root: string): void {
  const { datasets = [], lineage, adapters = [], components = [], dependencies = [] } = writing.manifest;
  datasets.forEach((dataset, i) => {
    const testing = dataset.roles?.length === 1 && dataset.roles[0] === 'testing';
    relate(
      writing,
      refOf(writing, nameIn('dataset', dataset, i)),
      testing ? 'TEST_OF' : 'OTHER',
      root,
      testing ? undefined : datasetComment(dataset.roles),
    );
  });
  lineage?.ancestors?.forEach((ancestor, i) => {
    relate(writing, root, 'DESCENDANT_OF', refOf(writing, nameIn('ancestor', ancestor, i)), ancestor.relation);
  });
  for (const { id, artifacts = [] } of adapters) {
    relate(writing, root, 'CONTAINS', refOf(writing, id));
    for (const path of artifacts)
      if (writing.refs.has(fileName(path))) relate(writing, refOf(writing, id), 'CONTAINS', refOf(writing, fileName(path)));
  }
  const isStated = dependencies.some(({ ref, kind = 'dependsOn' }) => ref === 'model' && kind === 'dependsOn');
  if (!isStated)
    components.forEach((component, i) => {
      relate(writing, root, 'DEPENDS_ON', refOf(writing, nameIn('component', component, i)));
    });
  for (const { ref, dependsOn, kind = 'dependsOn' } of dependencies) {
    const [from, type] = [existing(writing, ref), DEPENDENCIES[kind]];
    for (const target of dependsOn) {
      const to = existing(writing, target);
      if (from !== undefined && to !== undefined && type !== undefined) relate(writing, from, type, to);
    }
  }
}

function existing({ names, refs }: Writing, id: string): string | undefined {
  const name = names.get(id);
  return name === undefined ? undefined : refs.get(name);
}

/** What the manifest says of its own form is no loss. */
const FORM: ReadonlySet<string> = new Set(['/$schema', '/bom/specVersion']);

/** By the section or item that they are in: a list of hundreds of pointers helps nobody. */
function lossesOf(pointers: readonly string[]): readonly Finding[] {
  const groups = new Map<string, string[]>();
  for (const pointer of pointers) {
    const group = pointer.split('/').slice(0, 4).join('/');
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [pointer]);
    else members.push(pointer);
  }
  return [...groups].map(([group, members]) => ({
    id: 'conversion-loss',
    severity: 'low',
    pointer: members.length === 1 ? (members[0] ?? group) : group,
    message: `SPDX 2.3 has no place for ${members.length === 1 ? 'this value' : `${members.length} values here`}`,
    fix: 'Keep the manifest beside the converted document, or convert to SPDX 3.0.1.',
  }));
}
