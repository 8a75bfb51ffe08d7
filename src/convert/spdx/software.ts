/** Everything else that is a package: ancestors, adapters, components, environments and services. */
import type { Adapter, Component, Environment, ModelReference, Service } from '../../schema/index.js';
import { COUNT_TEXT, DAY, type Fields, LINK, NUMBER, oneOf, parseScalar, TEXTS, word } from './codecs.js';
import { claim, propertyOf, type Reading, targets, type Writing } from './context.js';
import { type Json, type Part, type Property, pick, readFields, writeFields } from './fields.js';
import { joinParts, KIND, members, properties, SYNTHETIC } from './graph.js';
import { readDigest, readIdentifiers, writeDigest, writeIdentifiers } from './identity.js';
import { fileName, nameIn } from './ids.js';
import { readLicenses, writeLicenses } from './licenses.js';
import { entry, merge, orUndefined, readEntries } from './model.js';
import { writeParty } from './parties.js';
import { listOf } from './source.js';
import { COMPONENT_PURPOSES, SCOPES } from './words.js';

const COMMON: Fields = [
  ['name', 'name'],
  ['version', 'software_packageVersion'],
];

const ANCESTOR: Fields = [
  ...COMMON,
  ['uri', 'software_homePage', LINK],
  [
    'relation',
    'cdx:ai-ml:model:parameter:tune_method',
    oneOf(...'finetune adapter merge quantize distill continue convert prune other'.split(' ')),
  ],
  ['role', 'msbom:lineage:role', oneOf(...'base teacher reward adapter merged draft initialization other'.split(' '))],
  ['weight', 'msbom:lineage:weight', NUMBER],
  ['verification', 'msbom:lineage:verification', oneOf('unverified', 'digest-matched', 'signature-verified')],
  ['summaryUri', 'msbom:lineage:summary', LINK],
];

const ADAPTER: Fields = [...COMMON, ['method', 'msbom:adapter:method'], ['parameterCount', 'cdx:ai-ml:model:parameter:count', COUNT_TEXT]];

const COMPONENT: Fields = [
  ...COMMON,
  ['type', 'software_primaryPurpose', word(COMPONENT_PURPOSES)],
  ['description', 'description'],
  ['copyright', 'software_copyrightText'],
  ['uris.source', 'software_sourceInfo', LINK],
  ['uris.distribution', 'software_downloadLocation', LINK],
  ['uris.homepage', 'software_homePage', LINK],
  ['supportEnd', 'validUntilTime', DAY],
  ['group', 'msbom:component:group'],
  ['filename', 'msbom:component:filename'],
  ['scope', 'msbom:component:scope', TEXTS],
  ['status', 'msbom:component:status', oneOf('installed', 'locked', 'declared')],
  ['environment', 'msbom:component:environment'],
];

const ENVIRONMENT: Fields = [
  ['purpose', 'msbom:environment:purpose', TEXTS],
  ['os.name', 'msbom:environment:os'],
  ['os.version', 'msbom:environment:os:version'],
  ['os.kernel', 'msbom:environment:os:kernel'],
  ['os.architecture', 'msbom:environment:os:architecture'],
  ['runtime.language', 'msbom:environment:runtime'],
  ['runtime.version', 'msbom:environment:runtime:version'],
  ['runtime.implementation', 'msbom:environment:runtime:implementation'],
  ['runtime.container.image', 'msbom:environment:container'],
  ['host.cpu', 'msbom:environment:host:cpu'],
  ['host.cores', 'msbom:environment:host:cores', COUNT_TEXT],
  ['host.memoryBytes', 'msbom:environment:host:memory', COUNT_TEXT],
  ['host.nodes', 'msbom:environment:host:nodes', COUNT_TEXT],
  ['location.provider', 'msbom:environment:location:provider'],
  ['location.region', 'msbom:environment:location:region'],
  ['location.country', 'msbom:environment:location:country'],
];

const SERVICE: Fields = [
  ['name', 'name'],
  ['endpoints', 'msbom:service:endpoint', TEXTS],
  ['type', 'msbom:service:type'],
];

type Makers = { readonly producer?: ModelReference['producer']; readonly supplier?: Component['supplier'] };

const makers = (writing: Writing, { producer, supplier }: Makers): Part => {
  const maker = writeParty(writing, producer);
  return members({ originatedBy: maker === undefined ? undefined : [maker], suppliedBy: writeParty(writing, supplier) });
};

const readMakers = ({ party }: Reading, node: Json): Json =>
  pick({ producer: party(listOf(node.originatedBy)[0]), supplier: party(node.suppliedBy) });

export function writeSoftware(writing: Writing): void {
  const { manifest } = writing;
  manifest.lineage?.ancestors?.forEach((ancestor, i) => {
    writeAncestor(writing, ancestor, i);
  });
  manifest.adapters?.forEach((adapter) => {
    writeAdapter(writing, adapter);
  });
  // A stated graph of dependencies says all; without one, everything was needed in the phase that it names.
  const isStated = manifest.dependencies?.some(({ ref, kind = 'dependsOn' }) => ref === 'model' && kind === 'dependsOn') === true;
  manifest.components?.forEach((component, i) => {
    const id = writeComponent(writing, component, i);
    if (!isStated) relateByScope(writing, component, id);
  });
  manifest.environments?.forEach((environment, i) => {
    writeEnvironment(writing, environment, i);
  });
  manifest.services?.forEach((service, i) => {
    writeService(writing, service, i);
  });
}

function writeAncestor(writing: Writing, ancestor: ModelReference, index: number): void {
  const { graph, root } = writing;
  const id = graph.add(
    'ai_AIPackage',
    graph.iri(nameIn('ancestor', ancestor, index)),
    joinParts(
      writeFields(ANCESTOR, ancestor),
      members({ software_primaryPurpose: 'model' }),
      writeIdentifiers(ancestor.identifiers),
      writeDigest(ancestor.digest),
      makers(writing, ancestor),
      // Said also by the relationship; it tells the ancestors from models that stand in the document for another reason.
      properties([KIND, 'ancestor']),
    ),
  );
  writeLicenses(writing, id, ancestor.licenses, true);
  graph.relate(root, 'descendantOf', [id]);
}

/** Of ancestors among themselves; to be called when all are there. */
export function relateAncestors(writing: Writing): void {
  const { graph, manifest } = writing;
  manifest.lineage?.ancestors?.forEach((ancestor, i) => {
    graph.relate(graph.iri(nameIn('ancestor', ancestor, i)), 'descendantOf', targets(writing, ancestor.parents));
  });
}

function writeAdapter(writing: Writing, adapter: Adapter): void {
  const { graph, root } = writing;
  const settings = Object.entries(adapter.hyperparameters ?? {}).map(([key, value]) => entry(key, value));
  const id = graph.add(
    'ai_AIPackage',
    graph.iri(adapter.id),
    joinParts(
      writeFields(ADAPTER, adapter),
      members({ software_primaryPurpose: 'model', ai_hyperparameter: settings }),
      writeIdentifiers(adapter.identifiers),
      // The digest of an adapter is a root digest, the hash of no file.
      writeDigest(adapter.digest, false, 'msbom:rootDigest'),
      makers(writing, adapter),
      properties([KIND, 'adapter'], ...forcedName(adapter.name)),
      members({ name: adapter.name ?? adapter.id }),
    ),
  );
  writeLicenses(writing, id, adapter.licenses, true);
  graph.relate(root, 'contains', [id]);
  const files = (adapter.artifacts ?? []).map((path) => graph.iri(fileName(path))).filter((file) => graph.has(file));
  graph.relate(id, 'contains', files);
}

/** Consumers show names; one that is only an id or a place is marked. */
const forcedName = (name: string | undefined): readonly Property[] => (name === undefined ? [[SYNTHETIC, 'name']] : []);

function writeComponent(writing: Writing, component: Component, index: number): string {
  const { graph } = writing;
  const id = graph.add(
    'software_Package',
    graph.iri(nameIn('component', component, index)),
    joinParts(
      writeFields(COMPONENT, component),
      writeIdentifiers(component.identifiers),
      writeDigest(component.digest),
      makers(writing, component),
    ),
  );
  writeLicenses(writing, id, component.licenses);
  return id;
}

function relateByScope({ graph, root }: Writing, component: Component, id: string): void {
  const [scope, ...more] = component.scope ?? [];
  graph.relate(root, 'dependsOn', [id], { scope: scope !== undefined && more.length === 0 ? SCOPES.to.get(scope) : undefined });
}

function writeEnvironment({ graph }: Writing, environment: Environment, index: number): void {
  const { id, host, location, os } = environment;
  const name = host?.cpu ?? location?.provider ?? os?.name ?? id ?? `environment ${index + 1}`;
  graph.add(
    'software_Package',
    graph.iri(nameIn('environment', environment, index)),
    joinParts(
      writeFields(ENVIRONMENT, environment),
      members({ name, software_primaryPurpose: 'platform' }),
      properties([KIND, 'environment'], [SYNTHETIC, 'name']),
    ),
  );
}

function writeService(writing: Writing, service: Service, index: number): void {
  const { graph } = writing;
  const provider = writeParty(writing, service.provider);
  graph.add(
    'software_Package',
    graph.iri(nameIn('service', service, index)),
    joinParts(
      members({ name: service.name ?? service.id ?? `service ${index + 1}` }),
      writeFields(SERVICE, service),
      members({ suppliedBy: provider, software_primaryPurpose: 'other' }),
      properties([KIND, 'service'], ...forcedName(service.name)),
    ),
  );
}

type Reader<T> = (reading: Reading, node: Json) => T | undefined;

/** A reader that gives the thing its id and drops a name that only stands there for SPDX; what lacks the field `needed` is none. */
function reader<T>(fields: Fields, needed: string | undefined, more: (reading: Reading, node: Json) => Json): Reader<T> {
  return (reading, node) => {
    const found = reading.source.properties(node);
    const named = found.get(SYNTHETIC)?.includes('name') ? { ...node, name: undefined } : node;
    const read = readFields(fields, named, found);
    if (needed !== undefined && read[needed] === undefined) return undefined;
    const id = claim(reading, String(node.spdxId));
    const thing = { ...pick({ id }), ...merge(read, more(reading, node)) };
    return Object.keys(thing).length > 0 ? (thing as T) : undefined; // the tables' paths are those of the type
  };
}

const described = (reading: Reading, node: Json): Json => ({
  ...readIdentifiers(node),
  ...pick({ digest: readDigest(node, reading.source.properties(node)) }),
  ...readMakers(reading, node),
  ...readLicenses(reading, String(node.spdxId)),
});

export const readAncestor = reader<ModelReference>(ANCESTOR, 'name', (reading, node) => {
  const { supplier: _supplier, ...rest } = described(reading, node);
  return rest;
});

export const readComponent = reader<Component>(COMPONENT, 'name', described);
export const readEnvironment = reader<Environment>(ENVIRONMENT, 'purpose', () => ({}));

export const readService = reader<Service>(SERVICE, undefined, ({ party }, node) => pick({ provider: party(node.suppliedBy) }));

export const readAdapter = reader<Adapter>(ADAPTER, undefined, (reading, node) => {
  const { supplier: _supplier, ...rest } = described(reading, node);
  const found = reading.source.properties(node);
  const settings = [...readEntries(node.ai_hyperparameter)].map(([key, value]): [string, unknown] => [key, parseScalar(value)]);
  const artifacts = reading.source
    .from(String(node.spdxId), 'contains')
    .flatMap(({ to }) => to.flatMap((target) => reading.source.get(target)?.name ?? []))
    .filter((path) => typeof path === 'string');
  return {
    ...rest,
    ...pick({
      hyperparameters: orUndefined(Object.fromEntries(settings)),
      artifacts,
      digest: readDigest({}, found, 'verifiedUsing', 'msbom:rootDigest'),
    }),
  };
});

export const kindOf = ({ source }: Reading, node: Json): string | undefined => propertyOf(source.properties(node), KIND);
