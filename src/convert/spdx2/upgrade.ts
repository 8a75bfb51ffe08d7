/**
 * SPDX 2.3 documents as SPDX 3.0.1 ones, so that all who read the later can read the earlier.
 * Source: https://spdx.github.io/spdx-spec/v3.0.1/annexes/diffs-from-previous-editions/, corrected where it would turn a relationship round
 */

import { appendTo } from '../../core/append.js';
import { canonicalize, requireJson } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import { uuidFrom } from '../../core/uuid.js';
import { isObject, type Json, pick, uriOf } from '../cyclonedx/json.js';
import { CREATION_INFO, Graph } from '../spdx3/graph.js';
import { CONTEXT } from '../spdx3/words.js';
import { writeFile, writePackage, writeSnippet } from './elements.js';
import {
  annotate,
  ends,
  hashes,
  moment,
  objects,
  relate,
  text,
  texts,
  type Upgrade,
  writeCreation,
  writeEdges,
  writeExpression,
} from './shared.js';
import { track } from './tracker.js';
import { DOCUMENT, RELATIONSHIPS } from './words.js';

type Write = (upgrade: Upgrade, each: Json, at: string) => void;
const LISTS: readonly (readonly [list: string, write: Write])[] = [
  ['hasExtractedLicensingInfos', writeLicenseText],
  ['packages', writePackage],
  ['files', writeFile],
  ['snippets', writeSnippet],
  ['relationships', writeRelationship],
];

/**
 * A document that meets the schema of SPDX 2.3 in SPDX 3.0.1, and a finding for each kind of values that are left out.
 *
 * @throws ERR_MANIFEST_VALUE for texts with half of a character, which no id can hold
 */
export function upgradeSPDX2(source: Json): { readonly document: Json; readonly losses: readonly Finding[] } {
  requireJson(source);
  const { document, unread } = track(source);
  const upgrade = start(document, () => canonicalize(source));
  for (const [list, write] of LISTS)
    objects(document[list]).forEach((each, i) => {
      write(upgrade, each, `/${list}/${i}`);
    });
  writeDocument(upgrade, document);
  writeEdges(upgrade);
  const left = [...upgrade.left, ...unread()].filter((pointer) => !FORM.test(pointer));
  return { document: { '@context': CONTEXT, '@graph': upgrade.graph.nodes() }, losses: lossesOf(left) };
}

/** What a document says of its own form, and what follows from the rest. */
const FORM = /^\/spdxVersion$|^\/\$schema$|\/filesAnalyzed$|\/referenceCategory$|Pointer\/reference$|^\/creationInfo\/licenseListVersion$/;

/** @param content the document as text, from which an id follows where it has none */
function start(document: Json, content: () => string): Upgrade {
  const left: string[] = [];
  const namespace = iriOf(document.documentNamespace);
  if (namespace === undefined && document.documentNamespace !== undefined) left.push('/documentNamespace');
  const graph = new Graph(namespace ?? `urn:uuid:${uuidFrom(content())}`);
  const files = new Set(objects(document.files).map(({ SPDXID }) => SPDXID));
  const elements = [
    ...objects(document.packages),
    ...objects(document.files),
    // A part of no file is nothing.
    ...objects(document.snippets).filter(({ snippetFromFile }) => files.has(snippetFromFile)),
  ];
  const ids = new Map(elements.map(({ SPDXID }) => [String(SPDXID), graph.iri(String(SPDXID))]));
  // Some producers give the document the id of its package, and mean the package by it.
  if (!ids.has(String(document.SPDXID))) ids.set(String(document.SPDXID), graph.base);
  ids.set(DOCUMENT, graph.base);
  const creation = isObject(document.creationInfo) ? document.creationInfo : {};
  const others = new Map(
    objects(document.externalDocumentRefs).flatMap((other, i): [string, Json][] => {
      const map = mapOf(other, i, left);
      return map === undefined ? [] : [[String(other.externalDocumentId), map]];
    }),
  );
  return {
    graph,
    created: moment({ left }, creation.created, '/creationInfo/created'),
    ids,
    licenseTexts: new Map(),
    others,
    imports: new Map([...others.values()].map((other) => [String(other.externalSpdxId), other])),
    edges: new Map(),
    left,
  };
}

/** The IRI of a document, without a fragment. */
const iriOf = (value: unknown): string | undefined => uriOf(text(value)?.replace(/#.*$/s, ''));

/** The place of another document; undefined where no IRI names it. */
function mapOf({ spdxDocument, checksum }: Json, index: number, left: string[]): Json | undefined {
  const id = iriOf(spdxDocument);
  if (id === undefined) {
    left.push(`/externalDocumentRefs/${index}/spdxDocument`);
    return undefined;
  }
  const verifiedUsing = hashes({ left }, objects(checksum), () => `/externalDocumentRefs/${index}/checksum`);
  return { type: 'ExternalMap', externalSpdxId: id, ...pick({ verifiedUsing }) };
}

function writeDocument(upgrade: Upgrade, document: Json): void {
  const { graph, imports } = upgrade;
  const creation = isObject(document.creationInfo) ? document.creationInfo : {};
  writeCreation(upgrade, CREATION_INFO, texts(creation.creators), upgrade.created, creation.comment);
  annotate(upgrade, document, graph.base, '');
  const stated = [...ends(upgrade, document.documentDescribes, '/documentDescribes'), ...takeDescribed(upgrade)];
  const packages = objects(document.packages);
  // A document of one package need not say that it describes it.
  const described = stated.length > 0 || packages.length !== 1 ? stated : ends(upgrade, packages[0]?.SPDXID, '/packages/0/SPDXID');
  graph.add('SpdxDocument', graph.base, {
    name: text(document.name),
    comment: text(document.comment),
    dataLicense: text(document.dataLicense) === undefined ? undefined : writeExpression(upgrade, String(document.dataLicense)),
    import: [...imports.values()],
    profileConformance: ['core', 'simpleLicensing', 'software'],
    rootElement: [...new Set(described)].filter((id) => id !== graph.base),
  });
}

/** What the document describes is its root; an edge that says more stays as well. */
function takeDescribed({ edges, graph }: Upgrade): readonly string[] {
  return [...edges].flatMap(([key, { from, successor, comment, to, none, isOpen }]) => {
    if (successor.type !== 'describes' || from !== graph.base || to.size === 0) return [];
    if (comment === undefined && none === undefined && isOpen === undefined) edges.delete(key);
    return [...to];
  });
}

function writeLicenseText({ graph, licenseTexts, left }: Upgrade, license: Json, at: string): void {
  const id = String(license.licenseId);
  if (licenseTexts.has(id)) {
    left.push(`${at}/licenseId`);
    return;
  }
  const places = texts(license.seeAlsos);
  const iri = graph.add('simplelicensing_SimpleLicensingText', graph.own('license-text', id), {
    name: text(license.name),
    comment: text(license.comment),
    externalRef: places.length === 0 ? [] : [{ type: 'ExternalRef', externalRefType: 'license', locator: places }],
    simplelicensing_licenseText: String(license.extractedText),
  });
  licenseTexts.set(id, iri);
}

function writeRelationship(upgrade: Upgrade, relationship: Json, at: string): void {
  const { spdxElementId, relatedSpdxElement, relationshipType } = relationship;
  const successor = RELATIONSHIPS.get(relationshipType);
  const [first] = ends(upgrade, spdxElementId, `${at}/spdxElementId`);
  const isWord = relatedSpdxElement === 'NONE' || relatedSpdxElement === 'NOASSERTION';
  const [second] = isWord ? [] : ends(upgrade, relatedSpdxElement, `${at}/relatedSpdxElement`);
  if (successor === undefined || first === undefined) return;
  if (!isWord) {
    if (second === undefined) return;
    const [from, to] = successor.swapped ? [second, first] : [first, second];
    relate(upgrade, from, successor, [to], text(relationship.comment));
    return;
  }
  // "Nothing" is what relationships run to, never what they run from.
  if (successor.swapped) {
    upgrade.left.push(`${at}/relatedSpdxElement`);
    return;
  }
  const edge = relate(upgrade, first, successor, [], text(relationship.comment));
  if (relatedSpdxElement === 'NONE') edge.none = `${at}/relatedSpdxElement`;
  else edge.isOpen = true;
}

/** One finding for each member that is left out, however many there are. */
function lossesOf(pointers: readonly string[]): readonly Finding[] {
  const groups = new Map<string, string[]>();
  for (const pointer of pointers) appendTo(groups, pointer.replace(/\/\d+(?=\/|$)/g, '/-'), pointer);
  return [...groups].map(([kind, [first = kind, ...more]]) => ({
    id: 'conversion-loss',
    severity: 'low',
    pointer: first,
    message: `${more.length === 0 ? 'this value is' : `${more.length + 1} values at ${kind} are`} left out: nothing is said, or SPDX 3.0.1 has no place for it`,
    fix: 'Keep the document beside the manifest.',
  }));
}
