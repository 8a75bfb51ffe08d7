/** An SPDX 3.0.1 document of any producer as a manifest, as far as the manifest has members for it. */

import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import { idFrom, uniqueId } from '../../core/id.js';
import { uuidFrom } from '../../core/uuid.js';
import { SPEC_VERSION } from '../../schema/index.js';
import { nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique } from '../cyclonedx/json.js';
import { frameOf, unframe } from '../frames.js';
import { type Draft, type Edge, fileId, putEdges, putThing, THINGS, type ThingKind, TOOLS } from '../graph.js';
import { type Json, readBlocks } from '../mapping/block.js';
import { ownOf, readKind } from '../mapping/kind.js';
import { KINDS as COMPONENT_KINDS } from '../mapping/kinds.js';
import { FILE_SIZE, isPath, KIND } from '../mapping/names.js';
import { treeOf, unflatten } from '../mapping/properties.js';
import { ID } from '../mapping/vulnerability.js';
import { type Parties, partiesOf } from '../parties.js';

import { buildOf } from './build.js';
import { isA } from './classes.js';
import { DOCUMENT } from './document.js';
import { SYNTHETIC } from './graph.js';
import { decodeName, nameFromIri, parseBase } from './ids.js';
import { isOfficial } from './model.js';
import { listOf, type Source } from './source.js';
import { KINDS, type KindName } from './things.js';
import { readVulnerabilities } from './vulnerabilities.js';
import { COMPLETENESS, FILE_PURPOSES, fromWord } from './words.js';
import type { Layout } from './write.js';

export interface NativeRead {
  readonly manifest: Json;
  readonly layout: Layout;
}

type Node = Readonly<Record<string, unknown>>;

interface Reading extends Parties {
  readonly source: Source;
  readonly draft: Draft;
  readonly base: string;
  readonly ids: Map<string, string>;
  readonly kinds: Map<string, ThingKind>;
  readonly names: Map<string, string>;
  readonly taken: Set<string>;
}

/** @throws ERR_CONVERT_INPUT when the document does not say when it was made */
export function readNative(source: Source): NativeRead {
  const [document] = source.ofType('SpdxDocument');
  const roots = rootsOf(source, document);
  const base = String(document?.spdxId ?? '');
  const draft: Draft = Object.create(null);
  if (document !== undefined) Object.assign(draft, unflatten('Manifest', treeOf(source.properties(document))));
  const reading = startReading(source, draft, base);
  // The subject is named first: ids follow the order of reading.
  const things = thingsOf(source);
  const [root] = roots;
  const subject = root === undefined ? undefined : things.find((node) => node.spdxId === root);
  const ordered = subject === undefined ? things : [subject, ...things.filter((node) => node !== subject)];
  for (const node of ordered) assign(node, node === subject, reading);
  for (const node of ordered) readThing(node, node === subject, reading);
  const edges = readEdges(reading);
  const modelFiles = subject !== undefined && reading.kinds.get('model') === 'model';
  putEdges(draft, modelFiles ? edges.filter(({ from, to }) => !(from === 'model' && to.startsWith('file:'))) : edges, (id) =>
    reading.kinds.get(id),
  );
  readCompleteness(reading);
  const vulnerabilities = readVulnerabilities(source, (iri) => reading.ids.get(String(iri)));
  if (Object.keys(vulnerabilities).length > 0) draft.security = { ...objectOf(draft.security), vulnerabilities } as Json;
  const bom = readBom(document, subject, roots, reading);
  const layout = nonEmpty(Object.fromEntries(reading.names));
  return { manifest: { ...draft, bom } as Json, layout: layout === undefined ? {} : { names: layout } };
}

/** Ids of what the document is about: the roots of its SBOMs, or of itself. */
function rootsOf(source: Source, document: Node | undefined): readonly string[] {
  const named = textsOf(document?.rootElement);
  const sboms = named.flatMap((iri): readonly Node[] => only(source.get(iri))).filter(({ type }) => isA(String(type), 'Bundle'));
  const found = sboms.length > 0 ? sboms.flatMap((sbom) => textsOf(sbom.rootElement)) : named;
  if (found.length > 0) return found;
  return source.ofType('software_Sbom').flatMap((sbom) => textsOf(sbom.rootElement));
}

const only = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

/** Packages and files, in the order of the SBOM where it has one. */
function thingsOf(source: Source): readonly Node[] {
  const order = new Map<string, number>();
  for (const sbom of source.ofType('software_Sbom'))
    for (const iri of textsOf(sbom.element)) if (!order.has(iri)) order.set(iri, order.size);
  const nodes = [...source.nodes.values()].filter(({ type }) => isA(String(type), 'software_Package') || type === 'software_File');
  const whole = nodes.flatMap((node): readonly Node[] => only(source.get(node.spdxId)));
  const rank = ({ spdxId }: Node): number => order.get(String(spdxId)) ?? order.size;
  return [...whole].sort((a, b) => rank(a) - rank(b));
}

function startReading(source: Source, draft: Draft, base: string): Reading {
  return {
    source,
    draft,
    base,
    ids: new Map(),
    kinds: new Map(),
    names: new Map(),
    taken: new Set(['model']),
    ...partiesOf(draft, true),
  };
}

// --- things

function kindOf(node: Node, isSubject: boolean, { source }: Reading): KindName {
  const type = String(node.type);
  if (type === 'ai_AIPackage') return isSubject ? 'subject' : 'model';
  if (type === 'dataset_DatasetPackage') return 'dataset';
  if (type !== 'software_File') return source.properties(node).get(KIND)?.[0] === 'service' ? 'service' : 'component';
  const isOwn = isPath(String(node.name ?? '')) && source.properties(node).has(FILE_SIZE);
  return isOwn && objectsOf(node.verifiedUsing).some(({ algorithm }) => algorithm === 'sha256') ? 'file' : 'softwareFile';
}

function assign(node: Node, isSubject: boolean, reading: Reading): void {
  const { ids, kinds, names, taken, base } = reading;
  const iri = String(node.spdxId);
  const name = kindOf(node, isSubject, reading);
  const own = decodeName(iri, base);
  const isFile = name === 'file';
  const label = textOf(node.name);
  if (isFile && taken.has(fileId(String(label)))) return;
  const isId = own !== undefined && ID.test(own) && !taken.has(own);
  const wanted = isFile ? fileId(String(label)) : isId ? own : label === undefined ? nameFromIri(iri) : idFrom(label);
  const id = name === 'subject' ? 'model' : uniqueId(wanted, taken);
  ids.set(iri, id);
  kinds.set(id, THINGS[KINDS[name].type]);
  if (own !== id || parseBase(base) === undefined) names.set(id, iri);
}

function readThing(node: Node, isSubject: boolean, reading: Reading): void {
  const { source, draft, ids } = reading;
  const id = ids.get(String(node.spdxId));
  if (id === undefined) return;
  const name = kindOf(node, isSubject, reading);
  const kind = KINDS[name];
  const properties = source.properties(node);
  const own = ownOf(kind, properties);
  const isFrame = name === 'model' || name === 'subject';
  const frame = isFrame ? frameOf(draft, id, own, name === 'subject') : own;
  const stated = { ...node, ...pseudo(node, reading) } as Json; // JSON of a document
  const { named, object } = isFrame
    ? officialOf({ ...stated, ...buildOf(String(node.spdxId), stated, source) })
    : { named: [], object: stated };
  const said = { members: object, properties: new Map([...properties, ...named]), own: frame };
  const read = readKind<Parties>(kind, said, { standard: 'spdx3' }, reading);
  const thing = { ...typed(name, node, read), ...read };
  const whole = name === 'file' ? thing : { name: textOf(node.name) ?? id, ...thing };
  const value = isFrame ? unframe(draft, id, whole as Json) : (whole as Json);
  putThing(draft, id, THINGS[kind.type], value);
}

/** The hyperparameters of a model apart from members of it that stand among them under official names. */
function officialOf(model: Json): { readonly named: readonly (readonly [string, readonly string[]])[]; readonly object: Json } {
  const all = objectsOf(model.ai_hyperparameter);
  const official = all.filter(({ key }) => isOfficial(String(key)));
  if (official.length === 0) return { named: [], object: model };
  const named = unique(official.map(({ key }) => String(key))).map(
    (name) => [name, official.flatMap(({ key, value }) => (key === name ? [String(value)] : []))] as const,
  );
  const { ai_hyperparameter: _all, ...rest } = model;
  return { named, object: { ...rest, ...pick({ ai_hyperparameter: all.filter((each) => !official.includes(each)) }) } as Json }; // as it came
}

/** The kind of a component by its purpose, and the role of a file. */
function typed(name: KindName, node: Node, { type, role }: Json): Json {
  const word = node.software_primaryPurpose;
  if (name === 'softwareFile') return { type: 'file' };
  if (name === 'component' && type === undefined) return pick({ type: COMPONENT_KINDS.find(({ spdx3 }) => spdx3 === word)?.type });
  return name === 'file' && role === undefined ? pick({ role: fromWord(FILE_PURPOSES, word) }) : {};
}

/** What SPDX says by relationships and by elements of their own. */
function pseudo(node: Node, { source }: Reading): Json {
  const iri = String(node.spdxId);
  const licenses = ['hasDeclaredLicense', 'hasConcludedLicense'].flatMap((relation) =>
    source.from(iri, relation).flatMap(({ to }) => to.flatMap((target) => licenseOf(target, relation, source) ?? [])),
  );
  const agents = (value: unknown): readonly Json[] => listOf(value).flatMap((each): readonly Json[] => only(agentOf(each, source)));
  return pick({
    '@licenses': unique(licenses),
    '@supplier': agents(node.suppliedBy)[0],
    '@origin': unique(agents(node.originatedBy)),
  });
}

function agentOf(iri: unknown, source: Source): Json | undefined {
  const node = source.get(iri);
  if (node === undefined || textOf(node.name) === undefined || source.properties(node).has(SYNTHETIC)) return undefined;
  const email = objectsOf(node.externalIdentifier).find(({ externalIdentifierType }) => externalIdentifierType === 'email')?.identifier;
  return pick({ type: String(node.type), name: String(node.name), email: textOf(email) });
}

function licenseOf(iri: string, relation: string, source: Source): Json | undefined {
  const node = source.get(iri);
  const expression = /NoneLicense$/.test(iri) ? 'NONE' : expressionOf(iri, source, 0, new Map());
  if (expression === 'NOASSERTION') return undefined;
  if (expression === 'NONE') return { relation, expression };
  const url = objectsOf(node?.externalRef).find(({ externalRefType }) => externalRefType === 'license');
  const texts = objectsOf(node?.simplelicensing_customIdToUri).map(({ value }) => source.get(value));
  const [text] = [...texts, node].flatMap((each) => textOf(each?.simplelicensing_licenseText) ?? []);
  const name = textOf(node?.name);
  if (expression === undefined && name === undefined && text === undefined) return undefined;
  return pick({ relation, expression: expression ?? `LicenseRef-${nameFromIri(iri)}`, name, text, url: textsOf(url?.locator)[0] });
}

const MAX_SETS = 16;
const MAX_MEMBERS = 100;
const SETS: ReadonlyMap<string, string> = new Map([
  ['expandedlicensing_ConjunctiveLicenseSet', ' AND '],
  ['expandedlicensing_DisjunctiveLicenseSet', ' OR '],
]);

/** A licence of the list, an expression, or a set of them as one; none where sets nest too deep, in circles, or hold too many. */
function expressionOf(iri: string, source: Source, depth: number, known: Map<string, string | undefined>): string | undefined {
  if (known.has(iri)) return known.get(iri);
  const node = source.get(iri);
  const listed = /^https?:\/\/spdx\.org\/licenses\/([A-Za-z0-9.+-]{1,100}?)(?:\.html)?$/.exec(iri)?.[1];
  const stated = listed ?? textOf(node?.simplelicensing_licenseExpression);
  const join = SETS.get(String(node?.type));
  const members = textsOf(node?.expandedlicensing_member);
  if (stated !== undefined || join === undefined || depth > MAX_SETS || members.length > MAX_MEMBERS) return stated;
  // Until it is known, it is no part of itself.
  known.set(iri, undefined);
  const parts = members.map((each) => expressionOf(each, source, depth + 1, known));
  const text = parts.map((part) => (part?.includes(' ') ? `(${part})` : part)).join(join);
  const expression = parts.includes(undefined) || text.length > 2000 ? undefined : text;
  known.set(iri, expression);
  return expression;
}

// --- edges

/** Relationships that say the same as another, or say it the other way round. */
const EDGES: Readonly<Record<string, readonly [relation: string, turned?: true]>> = {
  ancestorOf: ['descendantOf', true],
  hasOptionalDependency: ['dependsOn'],
  hasProvidedDependency: ['dependsOn'],
};

function readEdges({ source, ids }: Reading): readonly Edge[] {
  return source.edges.flatMap(({ type, from, to, node }): readonly Edge[] => {
    const [relation, turned] = (Object.hasOwn(EDGES, type) ? EDGES[type] : undefined) ?? [
      type === 'other' ? (textOf(node.comment) ?? type) : type === 'usesTool' ? (fromWord(TOOLS, node.scope) ?? type) : type,
    ];
    const one = ids.get(from);
    // What other members tell, such as licences, has an end that is no thing.
    if (one === undefined) return [];
    return to.flatMap((target) => {
      const other = ids.get(target);
      if (other === undefined || other === one) return [];
      return [turned ? { from: other, relation, to: one, pointer: '' } : { from: one, relation, to: other, pointer: '' }];
    });
  });
}

function readCompleteness({ source, ids, draft }: Reading): void {
  for (const { type, from, to, node } of source.edges) {
    const id = type === 'dependsOn' ? ids.get(from) : undefined;
    if (id === undefined) continue;
    const word = to.some((each) => /NoneElement$/.test(each)) ? 'complete' : fromWord(COMPLETENESS, node.completeness);
    if (word === undefined) continue;
    const nodes = (draft.dependencies ??= Object.create(null)) as { [key: string]: JsonValue };
    nodes[id] = { ...objectOf(nodes[id]), completeness: word } as Json;
  }
}

// --- the document

function readBom(document: Node | undefined, subject: Node | undefined, [first, ...others]: readonly string[], reading: Reading): Json {
  const { source, base, draft } = reading;
  const own = objectOf(draft.bom) as Json;
  const id = subject === undefined || first === undefined ? undefined : reading.ids.get(first);
  const creation = source.get((document ?? subject)?.creationInfo) ?? source.ofType('CreationInfo')[0] ?? {};
  const created = textOf(creation.created);
  if (created === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(created))
    throw new MsbomError('ERR_CONVERT_INPUT', 'the document does not say when it was made', {
      hint: 'Run `msbom validate` on the document to see what it lacks.',
    });
  const [sbom] = source.ofType('software_Sbom');
  const license =
    document?.dataLicense === undefined ? undefined : licenseOf(String(document.dataLicense), 'hasDeclaredLicense', source)?.expression;
  const object = pick({
    '@authors': unique(listOf(creation.createdBy).flatMap((each) => only(agentOf(each, source)))),
    '@tools': listOf(creation.createdUsing).flatMap((each) => textOf(source.get(each)?.name) ?? []),
    '@sbomType': textsOf(sbom?.software_sbomType)[0],
    '@license': textOf(license),
  }) as Json; // JSON of a document
  return {
    specVersion: SPEC_VERSION,
    ...(parseBase(base) ?? {
      serialNumber: `urn:uuid:${uuidFrom(base === '' ? JSON.stringify([...source.nodes.keys()]) : base)}`,
      version: 1,
    }),
    timestamp: created,
    ...readBlocks(DOCUMENT, object, own, reading),
    ...pick({
      subject: id === undefined || id === 'model' ? undefined : id,
      otherSubjects: nonEmptyList(others.flatMap((iri) => reading.ids.get(iri) ?? [])),
    }),
  } as Json;
}
