/**
 * SPDX 2.3 documents as SPDX 3.0.1 ones, so that all who read the later can read the earlier.
 * Source: https://spdx.github.io/spdx-spec/v3.0.1/annexes/diffs-from-previous-editions/, corrected where it would turn a relationship round
 */
import { canonicalize } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import { TOOL } from '../../core/tool.js';
import { SECONDS } from './codecs.js';
import { isObject, type Json, pick } from './fields.js';
import { CREATION_INFO, Graph, joinParts, members, properties, SYNTHETIC } from './graph.js';
import { uuidOf } from './ids.js';
import { listOf } from './source.js';
import { track } from './tracker.js';
import { ALGORITHMS, FILE_CONTENTS, FILE_PURPOSES, IDENTIFIERS, PURPOSES, REFERENCES, RELATIONSHIPS, type Successor } from './v2-words.js';
import { CONTEXT, SPDX_VERSION } from './words.js';

interface Upgrade {
  readonly graph: Graph;
  /** Ids by those of 2.3. */
  readonly ids: ReadonlyMap<string, string>;
  /** Texts of licences of the document's own, by their ids. */
  readonly licenseTexts: ReadonlyMap<string, string>;
  /** Elements of other documents that this one names. */
  readonly imports: Map<string, Json>;
  /** Namespaces of other documents, by the names that this one has for them. */
  readonly others: ReadonlyMap<string, Json>;
  /** Pointers of values that were read and have no place. */
  readonly left: string[];
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const NO_ASSERTION = 'NOASSERTION';
const said = (value: unknown): string | undefined => (value === NO_ASSERTION ? undefined : text(value));
const place = (value: unknown): string | undefined => (value === 'NONE' ? undefined : said(value));
const moment = (value: unknown): string | undefined => SECONDS.read(SECONDS.write(value)) as string | undefined;
const objects = (value: unknown): readonly Json[] => listOf(value).filter(isObject);
const texts = (value: unknown): readonly string[] => listOf(value).flatMap((each) => text(each) ?? []);

/** A document of SPDX 2.3 that meets its schema, and a finding for each kind of values that SPDX 3.0.1 has no place for. */
export function upgradeSPDX2(source: Json): { readonly document: Json; readonly losses: readonly Finding[] } {
  const { document, unread } = track(source);
  const base = text(document.documentNamespace)?.replace(/#.*$/s, '') ?? `urn:uuid:${uuidOf(canonicalize(source))}`;
  const graph = new Graph(base);
  const ids = new Map<string, string>([[String(document.SPDXID), base]]);
  for (const list of [document.packages, document.files, document.snippets])
    for (const { SPDXID } of objects(list)) ids.set(String(SPDXID), graph.iri(String(SPDXID)));
  const others = new Map(objects(document.externalDocumentRefs).map((other) => [String(other.externalDocumentId), other]));
  const licenseTexts = new Map(objects(document.hasExtractedLicensingInfos).map((license) => writeLicenseText(graph, license)));
  const upgrade: Upgrade = { graph, ids, licenseTexts, imports: new Map(), others, left: [] };
  for (const [list, write] of LISTS)
    objects(document[list]).forEach((each, i) => {
      write(upgrade, each, `/${list}/${i}`);
    });
  writeDocument(upgrade, document);
  const left = [...upgrade.left, ...unread().filter((pointer) => !FORM.test(pointer))];
  return { document: { '@context': CONTEXT, '@graph': graph.nodes() }, losses: lossesOf(left) };
}

/** What a document says of its own form, and what follows from the rest. */
const FORM = /^\/spdxVersion$|^\/\$schema$|\/filesAnalyzed$|\/referenceCategory$|Pointer\/reference$|^\/creationInfo\/licenseListVersion$/;

function writeDocument(upgrade: Upgrade, document: Json): void {
  const { graph, imports } = upgrade;
  const creation = isObject(document.creationInfo) ? document.creationInfo : {};
  writeCreation(upgrade, CREATION_INFO, texts(creation.creators), creation.created, creation.comment);
  annotate(upgrade, document, graph.base, '');
  const described = texts(document.documentDescribes).flatMap((id) => upgrade.ids.get(id) ?? []);
  const edges = objects(document.relationships).flatMap(({ spdxElementId, relationshipType, relatedSpdxElement }) =>
    spdxElementId === document.SPDXID && relationshipType === 'DESCRIBES' ? (upgrade.ids.get(String(relatedSpdxElement)) ?? []) : [],
  );
  graph.add(
    'SpdxDocument',
    graph.base,
    members({
      name: text(document.name),
      comment: text(document.comment),
      dataLicense: text(document.dataLicense) === undefined ? undefined : writeExpression(upgrade, String(document.dataLicense)),
      import: [...imports.values()],
      profileConformance: ['core', 'simpleLicensing', 'software'],
      rootElement: [...new Set([...described, ...edges])],
    }),
  );
}

/** Who made something: persons and organisations, or the program where there is nobody else. */
function writeCreation(upgrade: Upgrade, id: string, creators: readonly string[], created: unknown, comment?: unknown): void {
  const tools = creators.filter((each) => /^Tool:/.test(each));
  const agents = creators.filter((each) => !tools.includes(each)).flatMap((each) => writeAgent(upgrade, each) ?? []);
  upgrade.graph.addBlank(id, {
    type: 'CreationInfo',
    ...pick({ comment: text(comment) }),
    ...pick({ created: moment(created) }),
    createdBy: agents.length > 0 ? agents : [writeStandIn(upgrade, nameOf(tools[0] ?? '') || TOOL.name)],
    ...pick({ createdUsing: tools.map((tool) => writeNamed(upgrade, 'Tool', nameOf(tool))) }),
    specVersion: SPDX_VERSION,
  });
}

const nameOf = (agent: string): string => agent.replace(/^(Person|Organization|Tool):\s*/, '').trim();

const writeNamed = ({ graph }: Upgrade, type: string, name: string, more: Json = {}): string =>
  graph.add(type, graph.ownByContent('party', [type, name, more]), members({ name, ...more }));

/** The program in place of the agent that 3.0.1 asks for; who made the document is not known. */
const writeStandIn = ({ graph }: Upgrade, name: string): string =>
  graph.add('SoftwareAgent', graph.own('agent', name), joinParts(members({ name }), properties([SYNTHETIC, 'element'])));

/** `Person: Name (e-mail)`. */
function writeAgent(upgrade: Upgrade, value: unknown): string | undefined {
  const agent = said(value);
  if (agent === undefined) return undefined;
  const kind = /^(Person|Organization):/.exec(agent)?.[1] ?? 'Agent';
  const [, name = '', email = ''] = /^(.*?)\s*(?:\(([^()]*)\))?$/s.exec(nameOf(agent)) ?? [];
  const identifier = email.trim();
  if (name === '' && identifier === '') return undefined;
  return writeNamed(
    upgrade,
    kind,
    name === '' ? identifier : name,
    pick({ externalIdentifier: identifier === '' ? [] : [{ type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier }] }),
  );
}

/** Files must have a SHA-1 in 2.3; who does not know it writes this. */
const NOTHING = /^0*$/;

/** What packages, files and snippets have alike. */
const common = (upgrade: Upgrade, element: Json, at: string): Json => ({
  name: text(element.name) ?? text(element.fileName),
  comment: text(element.comment),
  software_copyrightText: said(element.copyrightText),
  software_attributionText: [...texts(element.attributionTexts), ...texts(element.noticeText)],
  verifiedUsing: hashes(upgrade, element, at),
});

function hashes({ left }: Upgrade, { checksums, packageVerificationCode: code }: Json, at: string): readonly Json[] {
  const found = objects(checksums).flatMap(({ algorithm, checksumValue }, i): readonly Json[] => {
    const hash = { type: 'Hash', algorithm: ALGORITHMS.get(algorithm), hashValue: checksumValue };
    if (!NOTHING.test(String(checksumValue))) return [hash];
    left.push(`${at}/checksums/${i}/checksumValue`);
    return [];
  });
  if (!isObject(code)) return found;
  const excluded = texts(code.packageVerificationCodeExcludedFiles);
  const value = { type: 'PackageVerificationCode', algorithm: 'sha1', hashValue: code.packageVerificationCodeValue };
  return [...found, { ...value, ...pick({ packageVerificationCodeExcludedFile: excluded }) }];
}

function writePackage(upgrade: Upgrade, element: Json, at: string): void {
  const { graph } = upgrade;
  const id = upgrade.ids.get(String(element.SPDXID)) as string; // put there for each
  const producer = writeAgent(upgrade, element.originator);
  const file = text(element.packageFileName);
  const part = members({
    ...common(upgrade, element, at),
    summary: text(element.summary),
    description: text(element.description),
    builtTime: moment(element.builtDate),
    originatedBy: producer === undefined ? [] : [producer],
    releaseTime: moment(element.releaseDate),
    suppliedBy: writeAgent(upgrade, element.supplier),
    validUntilTime: moment(element.validUntilDate),
    software_downloadLocation: place(element.downloadLocation),
    software_homePage: place(element.homepage),
    software_packageVersion: text(element.versionInfo),
    software_primaryPurpose: PURPOSES.get(element.primaryPackagePurpose),
    software_sourceInfo: text(element.sourceInfo),
    ...references(element.externalRefs),
  });
  // As a property, and no file of its own: some producers give a folder here, and hashes would be told twice.
  graph.add('software_Package', id, joinParts(part, properties(...(file === undefined ? [] : [[FILE_NAME, file] as const]))));
  writeLicenses(upgrade, id, element, listOf(element.licenseDeclared));
  annotate(upgrade, element, id, at);
  relate(upgrade, id, { type: 'contains' }, ends(upgrade, element.hasFiles));
}

const FILE_NAME = 'msbom:component:filename';

function references(list: unknown): Json {
  const all = objects(list).map(({ referenceType, referenceLocator, comment }) => ({
    kind: String(referenceType),
    value: String(referenceLocator),
    comment: text(comment),
  }));
  const purls = all.filter(({ kind }) => kind === 'purl');
  // The only one has a member of its own.
  const own = purls.length === 1 && purls[0]?.comment === undefined ? purls[0] : undefined;
  const isIdentifier = ({ kind }: { readonly kind: string }): boolean => IDENTIFIERS.has(kind);
  return {
    software_packageUrl: own?.value,
    externalIdentifier: all
      .filter((each) => each !== own && isIdentifier(each))
      .map(({ kind, value, comment }) => ({
        type: 'ExternalIdentifier',
        ...pick({ comment }),
        externalIdentifierType: IDENTIFIERS.get(kind),
        identifier: value,
      })),
    externalRef: all
      .filter((each) => !isIdentifier(each))
      .map(({ kind, value, comment }) => ({
        type: 'ExternalRef',
        ...pick({ comment: REFERENCES.has(kind) ? comment : [kind, comment].filter((part) => part !== undefined).join(': ') }),
        externalRefType: REFERENCES.get(kind) ?? 'other',
        locator: [value],
      })),
  };
}

function writeFile(upgrade: Upgrade, element: Json, at: string): void {
  const { graph } = upgrade;
  const id = upgrade.ids.get(String(element.SPDXID)) as string; // put there for each
  const types = texts(element.fileTypes);
  const [purpose, ...purposes] = types.flatMap((type) => FILE_PURPOSES.get(type) ?? []);
  graph.add(
    'software_File',
    id,
    members({
      ...common(upgrade, element, at),
      contentType: types.flatMap((type) => FILE_CONTENTS.get(type) ?? [])[0],
      originatedBy: texts(element.fileContributors).map((name) => writeNamed(upgrade, 'Agent', name)),
      software_primaryPurpose: purpose,
      software_additionalPurpose: purposes,
    }),
  );
  writeLicenses(upgrade, id, element, listOf(element.licenseInfoInFiles));
  annotate(upgrade, element, id, at);
  relate(upgrade, id, { type: 'dependsOn' }, ends(upgrade, element.fileDependencies));
}

function writeSnippet(upgrade: Upgrade, element: Json, at: string): void {
  const { graph } = upgrade;
  const id = upgrade.ids.get(String(element.SPDXID)) as string; // put there for each
  const [file] = ends(upgrade, element.snippetFromFile);
  const range = (unit: 'offset' | 'lineNumber'): Json | undefined => {
    for (const { startPointer, endPointer } of objects(element.ranges)) {
      const [begin, end] = [startPointer, endPointer].map((pointer) => (isObject(pointer) ? pointer[unit] : undefined));
      if (begin !== undefined && end !== undefined) return { type: 'PositiveIntegerRange', beginIntegerRange: begin, endIntegerRange: end };
    }
    return undefined;
  };
  graph.add(
    'software_Snippet',
    id,
    members({
      ...common(upgrade, element, at),
      software_byteRange: range('offset'),
      software_lineRange: range('lineNumber'),
      software_snippetFromFile: file,
    }),
  );
  writeLicenses(upgrade, id, element, listOf(element.licenseInfoInSnippets));
  annotate(upgrade, element, id, at);
  if (file !== undefined) relate(upgrade, file, { type: 'contains' }, [id]);
}

function writeLicenses(upgrade: Upgrade, owner: string, element: Json, declared: readonly unknown[]): void {
  const { graph } = upgrade;
  const of = (list: readonly unknown[]): readonly string[] => texts(list).map((each) => writeExpression(upgrade, each));
  graph.relate(owner, 'hasDeclaredLicense', of(declared));
  const concluded = of(listOf(element.licenseConcluded));
  if (concluded.length > 0) graph.relate(owner, 'hasConcludedLicense', concluded, { comment: text(element.licenseComments) });
}

const LICENSE_WORDS: ReadonlyMap<string, string> = new Map([
  [NO_ASSERTION, 'expandedlicensing_NoAssertionLicense'],
  ['NONE', 'expandedlicensing_NoneLicense'],
]);

function writeExpression({ graph, licenseTexts }: Upgrade, expression: string): string {
  const word = LICENSE_WORDS.get(expression);
  if (word !== undefined) return word;
  const own = new Set(expression.match(/(?<!:)LicenseRef-[A-Za-z0-9.-]+/g));
  const entries = [...own].flatMap((key) => {
    const value = licenseTexts.get(key);
    return value === undefined ? [] : [{ type: 'DictionaryEntry', key, value }];
  });
  return graph.add(
    'simplelicensing_LicenseExpression',
    graph.ownByContent('license', { expression }),
    members({ simplelicensing_customIdToUri: entries, simplelicensing_licenseExpression: expression }),
  );
}

function writeLicenseText(graph: Graph, license: Json): [id: string, iri: string] {
  const id = String(license.licenseId);
  const places = texts(license.seeAlsos);
  const iri = graph.add(
    'simplelicensing_SimpleLicensingText',
    graph.iri(id),
    members({
      name: text(license.name),
      comment: text(license.comment),
      externalRef: places.length === 0 ? [] : [{ type: 'ExternalRef', externalRefType: 'license', locator: places }],
      simplelicensing_licenseText: String(license.extractedText),
    }),
  );
  return [id, iri];
}

/** Annotations of an element, and reviews, which 2.3 has kept for documents of its predecessors. */
function annotate(upgrade: Upgrade, element: Json, subject: string, at: string): void {
  const reviews = objects(element.revieweds).map((review) => [review.reviewer, review.reviewDate, 'REVIEW', review.comment] as const);
  const annotations = objects(element.annotations).map(
    (each) => [each.annotator, each.annotationDate, each.annotationType, each.comment] as const,
  );
  [...annotations, ...reviews].forEach(([annotator, date, type, comment], i) => {
    const name = subject === upgrade.graph.base ? 'document' : String(element.SPDXID);
    const id = upgrade.graph.own('annotation', name, String(i));
    const isDated = moment(date) !== undefined;
    const creationInfo = isDated ? `_:annotation-${encodeURIComponent(name)}-${i}` : CREATION_INFO;
    if (isDated) writeCreation(upgrade, creationInfo, texts(annotator), date);
    else upgrade.left.push(`${at}/annotations/${i}/annotationDate`);
    upgrade.graph.add(
      'Annotation',
      id,
      members({ creationInfo, annotationType: type === 'REVIEW' ? 'review' : 'other', statement: text(comment), subject }),
    );
  });
}

const WORDS: ReadonlyMap<unknown, readonly [individual: string, completeness: string]> = new Map([
  ['NONE', ['NoneElement', 'complete']],
  [NO_ASSERTION, ['NoAssertionElement', 'noAssertion']],
]);

function writeRelationship(upgrade: Upgrade, relationship: Json, at: string): void {
  const { spdxElementId, relatedSpdxElement, relationshipType, comment } = relationship;
  const successor = RELATIONSHIPS.get(relationshipType);
  const [first] = ends(upgrade, spdxElementId);
  const word = WORDS.get(relatedSpdxElement);
  const [second] = word === undefined ? ends(upgrade, relatedSpdxElement) : [word[0]];
  const isRoot = relationshipType === 'DESCRIBES' && first === upgrade.graph.base;
  // "Nothing" is what relationships run to, never what they run from.
  const isLost = first === undefined || second === undefined || successor === undefined || (word !== undefined && successor.swapped);
  if (isLost) upgrade.left.push(`${at}/relatedSpdxElement`);
  if (isLost || isRoot) return;
  const [from, to] = successor.swapped ? [second, first] : [first, second];
  relate(upgrade, from, successor, [to], text(comment), word?.[1]);
}

/** The label by which edges of the graph of dependencies are known. */
const LABELS: ReadonlySet<string> = new Set(['dependsOn', 'contains', 'descendantOf']);

function relate(
  { graph }: Upgrade,
  from: string,
  { type, scope }: Successor,
  to: readonly string[],
  comment?: string,
  completeness?: string,
): void {
  graph.relate(from, type, to, { scope, comment, completeness, label: LABELS.has(type) ? 'dependency' : comment });
}

/** The elements that ids name; those of other documents are imported, and an id that names nothing is none. */
function ends(upgrade: Upgrade, list: unknown): readonly string[] {
  const { ids, others, imports } = upgrade;
  return texts(list).flatMap((id) => {
    const known = ids.get(id);
    if (known !== undefined) return [known];
    const [, name = '', local = ''] = /^(DocumentRef-[^:]+):(.+)$/s.exec(id) ?? [];
    const other = others.get(name);
    const namespace = text(other?.spdxDocument);
    if (other === undefined || namespace === undefined) return [];
    const iri = local === 'SPDXRef-DOCUMENT' ? namespace : `${namespace}#${encodeURIComponent(local)}`;
    const verifiedUsing = hashes(upgrade, { checksums: other.checksum }, '/externalDocumentRefs');
    imports.set(namespace, { type: 'ExternalMap', externalSpdxId: namespace, ...pick({ verifiedUsing }) });
    if (iri !== namespace) imports.set(iri, { type: 'ExternalMap', externalSpdxId: iri });
    return [iri];
  });
}

const LISTS: readonly (readonly [list: string, write: (upgrade: Upgrade, each: Json, at: string) => void])[] = [
  ['packages', writePackage],
  ['files', writeFile],
  ['snippets', writeSnippet],
  ['relationships', writeRelationship],
];

/** One finding for each member that is left out, however many there are. */
function lossesOf(pointers: readonly string[]): readonly Finding[] {
  const groups = new Map<string, string[]>();
  for (const pointer of pointers) {
    const kind = pointer.replace(/\/\d+(?=\/|$)/g, '/-');
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [pointer]);
    else group.push(pointer);
  }
  return [...groups].map(([kind, [first = kind, ...more]]) => ({
    id: 'conversion-loss',
    severity: 'low',
    pointer: first,
    message: `${more.length === 0 ? 'this value is' : `${more.length + 1} values at ${kind} are`} left out: nothing is said, or SPDX 3.0.1 has no place for it`,
    fix: 'Keep the document beside the manifest.',
  }));
}
