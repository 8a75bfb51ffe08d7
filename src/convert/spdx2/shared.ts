/** What the elements of an SPDX 2.3 document share on their way to SPDX 3.0.1: texts, agents, licences, annotations, hashes, edges. */
import { TOOL } from '../../core/tool.js';
import { isObject, type Json, pick } from '../cyclonedx/json.js';
import { CODECS } from '../mapping/codecs.js';
import { addStandIn, type Graph } from '../spdx3/graph.js';
import { listOf } from '../spdx3/source.js';
import { SPDX_VERSION } from '../spdx3/words.js';
import { ALGORITHMS, DOCUMENT, type Successor } from './words.js';

/** Relationships of one type from one element that say nothing more of any of their targets. */
interface Edge {
  readonly from: string;
  readonly successor: Successor;
  readonly comment: string | undefined;
  readonly to: Set<string>;
  /** Pointer of the statement that it runs to nothing, and whether it may run to more. */
  none?: string;
  isOpen?: true;
}

export interface Upgrade {
  readonly graph: Graph;
  /** The day of the document, where it states one. */
  readonly created: string | undefined;
  /** Ids by those of 2.3. */
  readonly ids: ReadonlyMap<string, string>;
  /** Texts of licences of the document's own, by their ids. */
  readonly licenseTexts: Map<string, string>;
  /** The map of each other document, by the name that this one has for it. */
  readonly others: ReadonlyMap<string, Json>;
  /** The other documents, and what of them is named, by its id. */
  readonly imports: Map<string, Json>;
  readonly edges: Map<string, Edge>;
  /** Pointers of values that were read and have no place. */
  readonly left: string[];
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
export const objects = (value: unknown): readonly Json[] => listOf(value).filter(isObject);
export const texts = (value: unknown): readonly string[] => listOf(value).flatMap((each) => text(each) ?? []);

const NO_ASSERTION = 'NOASSERTION';

/** A text, unless it says that nothing is said. */
export const said = (value: unknown): string | undefined => (value === NO_ASSERTION ? undefined : text(value));

/** A moment in UTC and whole seconds; another one is left out. */
export function moment({ left }: Pick<Upgrade, 'left'>, value: unknown, at: string): string | undefined {
  const read = text(CODECS.seconds.read(String(value)));
  if (text(value) !== undefined && read === undefined) left.push(at);
  return read;
}

/** Files must have a SHA-1 in 2.3; who does not know it writes this. */
const NOTHING = /^0*$/;

export function hashes({ left }: Pick<Upgrade, 'left'>, checksums: readonly Json[], at: (index: number) => string): readonly Json[] {
  return checksums.flatMap(({ algorithm, checksumValue }, i): readonly Json[] => {
    if (!NOTHING.test(String(checksumValue))) return [{ type: 'Hash', algorithm: ALGORITHMS.get(algorithm), hashValue: checksumValue }];
    left.push(`${at(i)}/checksumValue`);
    return [];
  });
}

/** Who made something: persons and organisations, or the program where there is nobody else. */
export function writeCreation(
  upgrade: Upgrade,
  id: string,
  creators: readonly string[],
  created: string | undefined,
  comment?: unknown,
): void {
  const isTool = (creator: string): boolean => /^Tool:/.test(creator);
  const tools = creators.filter(isTool).map(nameOf);
  const agents = creators.filter((each) => !isTool(each)).flatMap((each) => writeAgent(upgrade, each) ?? []);
  const { graph } = upgrade;
  const standIn = (name: string): string => addStandIn(graph, graph.own('agent', name), name);
  graph.addBlank(id, {
    type: 'CreationInfo',
    ...pick({ comment: text(comment), created }),
    createdBy: agents.length > 0 ? [...new Set(agents)] : [standIn(tools.find((name) => name !== '') ?? TOOL.name)],
    ...pick({ createdUsing: [...new Set(tools.filter((name) => name !== '').map((name) => writeNamed(upgrade, 'Tool', name)))] }),
    specVersion: SPDX_VERSION,
  });
}

const nameOf = (agent: string): string => agent.replace(/^(Person|Organization|Tool):/, '').trim();

const writeNamed = ({ graph }: Upgrade, type: string, name: string, more: Json = {}): string =>
  graph.add(type, graph.ownByContent('party', [type, name, more]), { name, ...more });

/** `Person: Name (e-mail)`; brackets with something else in them belong to the name. */
export function writeAgent(upgrade: Upgrade, value: unknown): string | undefined {
  const agent = said(value);
  if (agent === undefined) return undefined;
  const kind = /^(Person|Organization):/.exec(agent)?.[1] ?? 'Agent';
  const whole = nameOf(agent);
  const open = whole.endsWith(')') ? whole.lastIndexOf('(') : -1;
  const inside = open === -1 ? '' : whole.slice(open + 1, -1).trim();
  const hasMail = open !== -1 && (inside === '' || inside.includes('@'));
  const name = hasMail ? whole.slice(0, open).trim() : whole;
  if (name === '' && inside === '') return undefined;
  const mail = hasMail && inside !== '' ? [{ type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier: inside }] : [];
  return writeNamed(upgrade, kind, name === '' ? inside : name, pick({ externalIdentifier: mail }));
}

export const writeContributor = (upgrade: Upgrade, name: string): string => writeNamed(upgrade, 'Agent', name);

export function writeLicenses(upgrade: Upgrade, owner: string, element: Json, declared: readonly unknown[]): void {
  const of = (list: readonly unknown[]): readonly string[] => texts(list).map((each) => writeExpression(upgrade, each));
  upgrade.graph.relate(owner, 'hasDeclaredLicense', of(declared));
  const concluded = of(listOf(element.licenseConcluded));
  if (concluded.length > 0) upgrade.graph.relate(owner, 'hasConcludedLicense', concluded, { comment: text(element.licenseComments) });
}

const LICENSE_WORDS: ReadonlyMap<string, string> = new Map([
  [NO_ASSERTION, 'expandedlicensing_NoAssertionLicense'],
  ['NONE', 'expandedlicensing_NoneLicense'],
]);

export function writeExpression({ graph, licenseTexts }: Upgrade, expression: string): string {
  const word = LICENSE_WORDS.get(expression);
  if (word !== undefined) return word;
  const own = new Set(expression.match(/(?<!:)LicenseRef-[A-Za-z0-9.-]+/g));
  const entries = [...own].flatMap((key) => {
    const value = licenseTexts.get(key);
    return value === undefined ? [] : [{ type: 'DictionaryEntry', key, value }];
  });
  return graph.add('simplelicensing_LicenseExpression', graph.ownByContent('license', { expression }), {
    simplelicensing_customIdToUri: entries,
    simplelicensing_licenseExpression: expression,
  });
}

/** Annotations of an element, and reviews, which 2.3 has kept for documents of its predecessors. */
export function annotate(upgrade: Upgrade, element: Json, subject: string, at: string): void {
  objects(element.annotations).forEach(({ annotator, annotationDate: date, annotationType, comment: statement }, i) => {
    const type = annotationType === 'REVIEW' ? 'review' : 'other';
    writeAnnotation(upgrade, subject, { annotator, date, type, statement }, `${at}/annotations/${i}/annotationDate`);
  });
  objects(element.revieweds).forEach(({ reviewer: annotator, reviewDate: date, comment: statement }, i) => {
    writeAnnotation(upgrade, subject, { annotator, date, type: 'review', statement }, `${at}/revieweds/${i}/reviewDate`);
  });
}

interface Said {
  readonly annotator: unknown;
  readonly date: unknown;
  readonly type: 'review' | 'other';
  readonly statement: unknown;
}

function writeAnnotation(upgrade: Upgrade, subject: string, { annotator, date, type, statement }: Said, at: string): void {
  const { graph, created } = upgrade;
  const [, list = '', index = ''] = /\/(\w+)\/(\d+)\/\w+$/.exec(at) ?? [];
  const name = subject === graph.base ? '' : subject.slice(graph.base.length + 1);
  const creationInfo = `_:${[name, list, index].filter((part) => part !== '').join('-')}`;
  writeCreation(upgrade, creationInfo, texts(annotator), moment(upgrade, date, at) ?? created);
  graph.add('Annotation', graph.own(list, name, index), { creationInfo, annotationType: type, statement: text(statement), subject });
}

/** Edges of these types are entries of the manifest's own list, known by their label. */
const LISTED: ReadonlySet<string> = new Set(['dependsOn', 'contains', 'descendantOf']);
const LABEL = 'dependency';

/** Adds targets to an edge, which stands alone when there is a comment. */
export function relate(upgrade: Upgrade, from: string, successor: Successor, to: readonly string[], comment?: string): Edge {
  const key = JSON.stringify([from, successor.type, successor.scope, comment]);
  const edge: Edge = upgrade.edges.get(key) ?? { from, successor, comment, to: new Set() };
  for (const target of to) edge.to.add(target);
  upgrade.edges.set(key, edge);
  return edge;
}

/** Writes the edges that were collected. */
export function writeEdges({ graph, edges, left }: Upgrade): void {
  let count = 0;
  for (const { from, successor, comment, to, none, isOpen } of edges.values()) {
    const { type, scope } = successor;
    const isReal = to.size > 0;
    // What runs to something does not run to nothing.
    if (isReal && none !== undefined) left.push(none);
    const targets = isReal ? [...to] : none !== undefined ? ['NoneElement'] : isOpen ? ['NoAssertionElement'] : [];
    const completeness = isOpen ? 'noAssertion' : !isReal && none !== undefined ? 'complete' : undefined;
    const label = LISTED.has(type) ? LABEL : undefined;
    if (targets.length === 0) continue;
    if (comment === undefined) graph.relate(from, type, targets, { scope, completeness, label });
    else
      graph.add(
        scope === undefined ? 'Relationship' : 'LifecycleScopedRelationship',
        graph.own('relationship', String(count++), ...(label === undefined ? [] : [label])),
        { comment, from, relationshipType: type, to: targets, completeness, scope },
      );
  }
}

/** The elements that ids name; those of other documents are imported, and an id that names nothing is left out. */
export function ends(upgrade: Upgrade, list: unknown, at: string): readonly string[] {
  const { ids, others, imports, left } = upgrade;
  return listOf(list).flatMap((id, i) => {
    const known = ids.get(String(id));
    if (known !== undefined) return [known];
    const [, name = '', local = ''] = /^(DocumentRef-[^:]+):(.+)$/s.exec(String(id)) ?? [];
    const other = others.get(name);
    if (other === undefined) {
      left.push(Array.isArray(list) ? `${at}/${i}` : at);
      return [];
    }
    const document = String(other.externalSpdxId);
    if (local === DOCUMENT) return [document];
    const iri = `${document}#${encodeURIComponent(local)}`;
    imports.set(iri, { type: 'ExternalMap', externalSpdxId: iri });
    return [iri];
  });
}
