/** A manifest as a graph of SPDX 3.0.1: what SPDX has a place for natively, the rest in the extension for named properties. */

import type { JsonValue } from '../../core/canonical-json.js';
import { own } from '../../core/objects.js';
import { TOOL } from '../../core/tool.js';
import type { Component, Manifest, Model } from '../../schema/index.js';
import { nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique } from '../cyclonedx/json.js';
import { FRAMED, frameOf, leftOf, restOf } from '../frames.js';
import { edgesOf, fileId, modelsOf, TOOLS, thingOf } from '../graph.js';
import { type Json, writeBlocks } from '../mapping/block.js';
import { writeKind } from '../mapping/kind.js';
import { KINDS as COMPONENT_KINDS } from '../mapping/kinds.js';
import { KIND } from '../mapping/names.js';
import { flatten, type Property } from '../mapping/properties.js';
import { without } from '../mapping/row.js';
import { type Parties, partiesOf } from '../parties.js';
import { CUSTOM } from './blocks.js';
import { writeBuild } from './build.js';
import { propertiesOf } from './classes.js';
import { entry } from './dictionary.js';
import { DOCUMENT, withoutIdentity } from './document.js';
import { addStandIn, CREATION_INFO, Graph } from './graph.js';
import { baseOf } from './ids.js';
import { KINDS, type KindName } from './things.js';
import { writeVulnerabilities } from './vulnerabilities.js';
import { COMPLETENESS, FILE_PURPOSES, SPDX_VERSION, toWord } from './words.js';

/** What a document came with that tells nothing of the things in it. */
export interface Layout {
  /** Ids of elements, by the id of the thing, where they are not the ones that our writer gives. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface Writing extends Parties {
  readonly manifest: Manifest;
  readonly graph: Graph;
  readonly subject: string;
  /** The id of the element of a thing. */
  readonly iri: (id: string) => string;
  readonly left: { [section: string]: JsonValue };
}

export function writeNative(manifest: Manifest, { names = {} }: Layout = {}): Graph {
  const graph = new Graph(baseOf(manifest));
  const subject = manifest.bom.subject ?? 'model';
  const writing: Writing = {
    manifest,
    graph,
    subject,
    left: {},
    iri: (id) => own(names, id) ?? graph.iri(id),
    ...partiesOf(manifest),
  };
  for (const [id, thing] of modelsOf(manifest)) writeThing(id, id === 'model' && subject === 'model' ? 'subject' : 'model', thing, writing);
  for (const [id, thing] of entries(manifest.datasets)) writeThing(id, 'dataset', thing, writing);
  for (const [id, thing] of entries(manifest.components)) writeThing(id, isFile(thing) ? 'softwareFile' : 'component', thing, writing);
  for (const [id, thing] of entries(manifest.services)) writeThing(id, 'service', thing, writing);
  for (const [path, thing] of entries(manifest.artifacts)) writeThing(fileId(path), 'file', thing, writing);
  writeEdges(writing);
  writeVulnerabilities(writing);
  writeDocument(writing);
  return graph;
}

const entries = <T>(map: Readonly<Record<string, T>> | undefined): readonly [string, T][] => (map === undefined ? [] : Object.entries(map));

/** Software that is a file; one with a version, a purl or a place of its own is a package of that purpose, since a file has no room for them. */
const isFile = ({ type, version, uris, identifiers = [] }: Component): boolean =>
  type === 'file' &&
  [version, uris?.distribution, uris?.homepage].every((each) => each === undefined) &&
  identifiers.every((each) => each.type !== 'purl');

function writeThing(id: string, name: KindName, value: unknown, writing: Writing): void {
  const { graph, manifest, iri } = writing;
  const kind = KINDS[name];
  const thing = value as Json; // a part of a manifest
  const isFrame = name === 'model' || name === 'subject';
  const frame = isFrame ? frameOf(manifest, id, thing, name === 'subject') : thing;
  const { rows, members: made, rest } = writeKind<Parties>(kind, frame, { standard: 'spdx3' }, writing);
  if (isFrame) leftOf(rest, name === 'subject', writing.left);
  const said = withoutNative(name, isFrame ? Object.fromEntries(Object.entries(rest).filter(([member]) => !FRAMED.has(member))) : rest);
  const {
    '@licenses': licenses,
    '@supplier': supplier,
    '@origin': origin,
    '@build': build,
    ...members
  } = { ...rows.members, ...made, ...(isFrame ? hyperparameters(made, rows.properties) : {}) };
  const official = isFrame ? [] : rows.properties;
  const properties = [...official, ...kindProperties(name), ...flatten(kind.type, said, kind.at)];
  const whole = {
    name: name === 'file' ? id.slice('file:'.length) : (textOf(thing.name) ?? id),
    ...(name === 'dataset' ? { dataset_datasetType: ['noAssertion'] } : {}),
    ...members,
    ...purpose(name, thing),
    suppliedBy: writeAgent(supplier, writing),
    originatedBy: objectsOf(origin).flatMap((each) => writeAgent(each, writing) ?? []),
  };
  const element = graph.add(kind.class, iri(id), whole, unique(properties));
  relateLicenses(element, licenses, writing);
  if (isFrame) writeBuild(id, build, made, (value as Model).training, writing);
}

/** What the official taxonomy has names for stands among the hyperparameters, under those. */
const hyperparameters = ({ ai_hyperparameter: own }: Json, official: readonly Property[]): Json =>
  pick({ ai_hyperparameter: [...objectsOf(own), ...official.map(([name, value]) => entry(name, value))] }) as Json; // plain JSON

/** Software that nobody said the kind of has no purpose. */
function purpose(name: KindName, thing: Json): Json {
  if (name === 'model' || name === 'subject') return { software_primaryPurpose: 'model' };
  if (name === 'dataset') return { software_primaryPurpose: 'data' };
  const word = name === 'file' ? toWord(FILE_PURPOSES, thing.role) : COMPONENT_KINDS.find(({ type }) => type === thing.type)?.spdx3;
  return word === undefined || name === 'service' ? {} : { software_primaryPurpose: word };
}

/** SPDX 3.0 has no class for a service. */
const kindProperties = (name: KindName): readonly Property[] => (name === 'service' ? [[KIND, 'service']] : []);

/** Where files lie is said by relationships. */
function withoutNative(name: KindName, rest: Json): Json {
  const left = without(rest, ['artifacts']);
  const isKnown = COMPONENT_KINDS.some(({ type, spdx3 }) => type === left.type && spdx3 !== undefined && spdx3 !== 'other');
  return (name === 'component' || name === 'softwareFile') && isKnown ? without(left, ['type']) : left;
}

/** The element of an agent; equal ones share one. */
function writeAgent(value: unknown, { graph }: Writing): string | undefined {
  const { type, name, email } = objectOf(value);
  const label = textOf(name);
  if (label === undefined) return undefined;
  return graph.add(String(type), graph.ownByContent('agent', pick({ type, name, email })), {
    name: label,
    externalIdentifier: email === undefined ? [] : [{ type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier: email }],
  });
}

const NONE_LICENSE = 'expandedlicensing_NoneLicense';

function relateLicenses(owner: string, licenses: unknown, { graph }: Writing): void {
  for (const { relation, expression, name, text, url } of objectsOf(licenses)) {
    if (expression === 'NONE') graph.relate(owner, String(relation), [NONE_LICENSE]);
    else graph.relate(owner, String(relation), [licenseElement({ expression, name, text, url }, graph)]);
  }
}

function licenseElement({ expression, name, text, url }: Readonly<Record<string, unknown>>, graph: Graph): string {
  const custom = CUSTOM.test(String(expression)) ? String(expression) : undefined;
  const words = textOf(text);
  const textId =
    words === undefined || custom === undefined
      ? undefined
      : graph.add('simplelicensing_SimpleLicensingText', graph.ownByContent('license-text', words), {
          simplelicensing_licenseText: words,
        });
  return graph.add('simplelicensing_LicenseExpression', graph.ownByContent('license', pick({ expression, name, text, url })), {
    name: textOf(name),
    externalRef: textOf(url) === undefined ? [] : [{ type: 'ExternalRef', externalRefType: 'license', locator: [url] }],
    simplelicensing_licenseExpression: textOf(expression),
    simplelicensing_customIdToUri: textId === undefined || custom === undefined ? [] : [entry(custom, textId)],
  });
}

// --- relationships

const RELATIONS: ReadonlySet<string> = new Set(propertiesOf('Relationship').get('relationshipType')?.words);
const NONE_ELEMENT = 'NoneElement';

function writeEdges({ manifest, graph, iri, subject }: Writing): void {
  const known = new Set(
    ['models', 'datasets', 'components', 'services'].flatMap((section) => Object.keys(objectOf((manifest as unknown as Json)[section]))),
  );
  if (manifest.model !== undefined) known.add('model');
  const claimed = new Set<string>();
  const needing = new Set<string>();
  for (const { from, relation, to } of edgesOf(manifest)) {
    const isFile = to.startsWith('file:');
    if (!known.has(from) || !(isFile ? Object.hasOwn(manifest.artifacts ?? {}, to.slice(5)) : known.has(to))) continue;
    if (isFile) claimed.add(to);
    if (relation === 'dependsOn') needing.add(from);
    const completeness = relation === 'dependsOn' ? toWord(COMPLETENESS, manifest.dependencies?.[from]?.completeness) : undefined;
    const scope = toWord(TOOLS, relation);
    if (scope !== undefined) graph.relate(iri(from), 'usesTool', [iri(to)], { scope });
    else if (RELATIONS.has(relation)) graph.relate(iri(from), relation, [iri(to)], { completeness });
    else graph.relate(iri(from), 'other', [iri(to)], { comment: relation, label: relation });
  }
  // A thing of which it is said that it needs nothing.
  for (const [id, { completeness }] of entries(manifest.dependencies))
    if (completeness === 'complete' && !needing.has(id) && known.has(id))
      graph.relate(iri(id), 'dependsOn', [NONE_ELEMENT], { completeness: 'complete' });
  const free = Object.keys(manifest.artifacts ?? {})
    .map(fileId)
    .filter((id) => !claimed.has(id));
  if (known.has(subject))
    graph.relate(iri(subject), 'contains', free.map(iri), { completeness: toWord(COMPLETENESS, manifest.bom.coverage?.artifacts) });
}

// --- the document

/** Profiles by the prefix of their classes. */
const PROFILES: readonly (readonly [prefix: string, profile: string])[] = [
  ['ai_', 'ai'],
  ['build_', 'build'],
  ['dataset_', 'dataset'],
  ['security_', 'security'],
  ['simplelicensing_', 'simpleLicensing'],
  ['software_', 'software'],
];

/** To be called last: it lists what the document holds. */
function writeDocument(writing: Writing): void {
  const { graph, manifest, iri, subject } = writing;
  const { bom } = manifest;
  const { members, rest } = writeBlocks(DOCUMENT, bom as unknown as Json, writing); // plain JSON
  const agents = objectsOf(members['@authors']).flatMap((each) => writeAgent(each, writing) ?? []);
  const tools = textsOf(members['@tools']).map((name, i) => graph.add('Tool', graph.own('tool', String(i)), { name }));
  graph.addBlank(CREATION_INFO, {
    type: 'CreationInfo',
    specVersion: SPDX_VERSION,
    created: bom.timestamp.replace(/\.\d+Z$/, 'Z'),
    // SPDX asks who made the document: where nobody is named, the program, and no party is made up.
    createdBy: agents.length > 0 ? unique(agents) : [addStandIn(graph, graph.own('agent'), bom.tools?.[0]?.name ?? TOOL.name)],
    ...pick({ createdUsing: nonEmptyList(tools) }),
  });
  const held = [...graph.elements()];
  const root = [subject, ...(bom.otherSubjects ?? [])].map(iri).filter((each) => held.includes(each));
  const name = textOf(objectOf(thingOf(manifest, subject)).name);
  const license = textOf(members['@license']);
  const dataLicense = license === undefined ? undefined : licenseElement({ expression: license }, graph);
  const sbomType = textOf(members['@sbomType']);
  const sbom = graph.add('software_Sbom', graph.own('sbom'), {
    name,
    software_sbomType: sbomType === undefined ? [] : [sbomType],
    rootElement: root,
    element: held,
  });
  const types = [...graph.types()];
  const profiles = [
    'core',
    ...PROFILES.filter(([prefix]) => types.some((type) => type.startsWith(prefix))).map(([, profile]) => profile),
  ].sort();
  graph.add(
    'SpdxDocument',
    graph.base,
    { name, dataLicense, profileConformance: profiles, rootElement: [sbom] },
    flatten('Manifest', restOf(writing, withoutIdentity(rest)), 'msbom'),
  );
}
