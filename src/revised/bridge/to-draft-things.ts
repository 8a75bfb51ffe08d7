/** Everything but models, as the draft has it. */
import { idFrom, uniqueId } from '../../core/id.js';
import { type Manifest, referencesIn } from '../schema/index.js';
import { UNNAMED } from './from-draft-model.js';
import { below, entriesOf, filled, get, inner, isThing, type Thing, take, takeTexts, takeThing, type Value } from './json.js';
import type { Drafting } from './to-draft.js';

/** Uses of data as ids of the datasets; how they were used has no place. */
export function usesTo(thing: Thing, at: string, drafting: Drafting): Value[] | undefined {
  const uses = entriesOf(take(thing, at.slice(at.lastIndexOf('/') + 1)));
  for (const [key, use] of uses)
    drafting.lost.push(...Object.keys(use).flatMap((member) => (member === 'dataset' ? [] : [below(at, key, member)])));
  const ids = [...new Set(uses.map(([, { dataset }]) => dataset ?? ''))];
  return ids.length > 0 ? ids : undefined;
}

export function versionsTo(thing: Thing): void {
  const versions = get(thing, 'previousVersions');
  for (const version of Array.isArray(versions) ? versions.filter(isThing) : []) version.digest = inner(version, 'digest')?.root ?? {};
  for (const version of Array.isArray(versions) ? versions.filter(isThing) : [])
    if (isThing(version.digest) && Object.keys(version.digest).length === 0) delete version.digest;
}

/** Stages, each behind those that it continues. */
export function stagesInOrder(stages: Value | undefined): [string, Thing][] {
  const todo = entriesOf(stages);
  const out: [string, Thing][] = [];
  const done = new Set<string>();
  while (todo.length > 0) {
    const ready = todo.findIndex(
      ([, { after }]) => !Array.isArray(after) || after.every((each) => done.has(String(each)) || !todo.some(([key]) => key === each)),
    );
    const [next] = todo.splice(Math.max(0, ready), 1);
    if (next === undefined) break;
    done.add(next[0]);
    out.push(next);
  }
  return out;
}

export function metricsTo(metrics: Value | undefined, at: string, drafting: Drafting): Thing[] {
  drafting.moves.move(at, at.replace(/^\/model\/training/, '/training'));
  return entriesOf(metrics).map(([key, metric]) => {
    const from = below(at, key);
    const { name = key.startsWith(UNNAMED) ? undefined : key, text, use, ...rest } = metric as Thing & Record<string, Value | undefined>; // members may be missing
    const { dataset, split, ...how } = isThing(use) ? use : ({} as Thing);
    drafting.lost.push(...Object.keys(how).map((member) => `${from}/use/${member}`));
    const out = filled({ name, value: text, ...rest, dataset, split });
    if (rest.value !== undefined && text !== undefined) drafting.lost.push(`${from}/text`);
    drafting.moves.move(from);
    drafting.from(out, '', from);
    for (const [member, pointer] of [
      ['dataset', 'use/dataset'],
      ['split', 'use/split'],
      ...(rest.value === undefined ? [['value', 'text']] : []),
    ] as const)
      drafting.from(out, String(member), `${from}/${pointer}`);
    return out;
  });
}

const AMOUNTS = [
  ['images', 'image', 'dataPoints'],
  ['hours', 'audio', 'hours'],
] as const;

export function datasetTo(dataset: Thing, at: string, drafting: Drafting): void {
  const digest = takeThing(dataset, 'digest');
  if (digest?.root !== undefined) dataset.digest = digest.root;
  drafting.from(dataset, 'digest', `${at}/digest/root`);
  const sources = usesTo(dataset, `${at}/sources`, drafting);
  if (sources !== undefined) dataset.derivedFrom = sources;
  drafting.from(dataset, 'derivedFrom', `${at}/sources`);
  versionsTo(dataset);
  const versions = take(dataset, 'previousVersions');
  if (versions !== undefined) dataset.lineage = { previousVersions: versions };
  drafting.from(dataset, 'lineage', `${at}/previousVersions`);
  const size = inner(dataset, 'size');
  const byModality = size === undefined ? [] : entriesOf(take(size, 'byModality'));
  for (const [modality, amounts] of byModality)
    for (const [member, amount] of Object.entries(amounts)) {
      const [name] = AMOUNTS.find((row) => row[1] === modality && row[2] === member) ?? [];
      if (size === undefined || name === undefined) drafting.lost.push(below(at, 'size', 'byModality', modality, member));
      else {
        size[name] = amount;
        drafting.from(size, name, below(at, 'size', 'byModality', modality, member));
      }
    }
  const files = entriesOf(take(dataset, 'files')).map(([path, file]) => {
    const item: Thing = { path, ...file };
    drafting.from(item, '', below(at, 'files', path));
    return item;
  });
  if (files.length > 0) dataset.files = files;
  const snapshot = inner(dataset, 'snapshot');
  const listing = snapshot === undefined ? undefined : take(snapshot, 'listing');
  if (snapshot !== undefined && listing !== undefined) {
    snapshot.list = listing;
    drafting.from(snapshot, 'list', `${at}/snapshot/listing`);
  }
}

const TOOLS = [
  ['protocol', 'toolVersion'],
  ['method', 'version'],
] as const;

export function evaluationTo(evaluation: Thing, at: string, drafting: Drafting): void {
  const uses = usesTo(evaluation, `${at}/uses`, drafting);
  if (uses !== undefined) evaluation.datasets = uses;
  drafting.from(evaluation, 'datasets', `${at}/uses`);
  for (const key of ['metrics', 'results'])
    if (get(evaluation, key) !== undefined) evaluation[key] = metricsTo(take(evaluation, key), below(at, key), drafting);
  for (const [key, member] of TOOLS) {
    const process = inner(evaluation, key);
    const tool = process === undefined ? undefined : takeThing(process, 'tool');
    if (process === undefined || tool === undefined) continue;
    process.tool = tool.name ?? '';
    drafting.from(process, 'tool', `${at}/${key}/tool`);
    if (tool.version !== undefined) process[member] = tool.version;
    drafting.from(process, member, `${at}/${key}/tool/version`);
    drafting.lost.push(
      ...Object.keys(tool).flatMap((each) => (each === 'name' || each === 'version' ? [] : [`${at}/${key}/tool/${each}`])),
    );
  }
}

export function dependenciesTo(drafting: Drafting): Thing[] {
  return entriesOf(drafting.source.dependencies).flatMap(([ref, { edges, completeness }]) => {
    const at = below('/dependencies', ref);
    drafting.moves.move(at);
    const lists = Object.entries(isThing(edges) ? edges : { 'depends-on': [] });
    return lists.map(([kind, targets]) => {
      const edge = filled({ ref, dependsOn: targets, kind: kind === 'depends-on' ? undefined : kind, completeness });
      drafting.from(edge, '', at);
      drafting.from(edge, 'dependsOn', below(at, 'edges', kind));
      return edge;
    });
  });
}

export function scansTo(thing: Thing, key: string, at: string, drafting: Drafting): void {
  const scans = get(thing, key);
  if (!Array.isArray(scans)) return;
  thing[key] = scans.filter(isThing).map(({ status, verdict, artifacts, ...scan }, i) => {
    const alarm = verdict === 'suspicious' || verdict === 'malicious';
    const done = status === 'not-inspected' ? 'not-inspected' : status === 'complete' && verdict === 'clean' ? 'clean' : 'incomplete';
    const [target, ...others] = Array.isArray(artifacts) ? artifacts : [];
    if (others.length > 0) drafting.lost.push(below(at, key, i, 'artifacts'));
    return filled({ ...scan, target: scan.target ?? target, result: alarm ? 'findings' : done });
  });
}

/** Lists of sections that are kept by key: section, list, what the number of an item is called there. */
const KEYED = [
  ['security', 'controls', 'id'],
  ['security', 'vulnerabilities', undefined],
  ['security', 'incidents', 'id'],
  ['risk', 'register', undefined],
  ['governance', 'standards', undefined],
] as const;

export function assuranceTo(draft: Thing, files: readonly Thing[], drafting: Drafting): void {
  for (const [section, list, id] of KEYED) {
    const parent = inner(draft, section);
    if (parent === undefined || get(parent, list) === undefined) continue;
    parent[list] = entriesOf(take(parent, list)).map(([key, thing]) => {
      const at = below('', section, list, key);
      const number = list === 'controls' ? take(thing, 'number') : list === 'incidents' ? key : undefined;
      const item = filled({ ...thing, ...(id === undefined ? {} : { [id]: number }) });
      if (list === 'vulnerabilities') affectsTo(item, files, drafting);
      drafting.moves.move(at);
      drafting.from(item, '', at);
      if (list === 'controls') drafting.from(item, 'id', `${at}/number`);
      return item;
    });
  }
  const security = inner(draft, 'security');
  if (security !== undefined) scansTo(security, 'scans', '/security', drafting);
  const authenticity = inner(inner(draft, 'distribution'), 'authenticity');
  const statement = authenticity === undefined ? undefined : take(authenticity, 'statement');
  if (authenticity !== undefined && statement !== undefined) authenticity.evidence = statement;
  drafting.moves.move('/distribution/authenticity/statement', '/distribution/authenticity/evidence');
}

/** Files are named by ids of their own in the draft. */
function affectsTo(weakness: Thing, files: readonly Thing[], { ids, source }: Drafting): void {
  const paths = takeTexts(weakness, 'artifacts');
  if (paths.length === 0) return;
  for (const section of Object.values(source)) if (isThing(section)) for (const id of Object.keys(section)) ids.add(id);
  const named = files.filter(({ path }) => paths.includes(String(path)));
  for (const file of named) file.id ??= uniqueId(idFrom(String(file.path)), ids);
  weakness.affects = [...(Array.isArray(weakness.affects) ? weakness.affects : []), ...named.map(({ id }) => id ?? '')];
}

const OF_SYSTEM = ['name', 'version', 'producer', 'timestamp'];
const OF_REFERENCE = ['id', 'name', 'description', 'identifiers', 'digest'];

/** The system and what it is put together from stand for themselves in the draft; components that say nothing else go. */
export function systemTo(draft: Thing, drafting: Drafting): void {
  const system = inner(draft, 'system');
  const components = Array.isArray(draft.components) ? draft.components.filter(isThing) : [];
  if (system === undefined) return;
  const id = take(system, 'component');
  const own = components.find((component) => component.id === id);
  if (own !== undefined) {
    for (const name of OF_SYSTEM) {
      if (own[name] !== undefined && !(name === 'name' && own.name === own.id && /^system(-\d+)?$/.test(String(id))))
        system[name] = own[name];
      drafting.from(system, name, below('/components', String(id), name));
    }
  }
  const named = takeTexts(system, 'components');
  const parts = named.map((each) => referenceTo(each, components, drafting));
  if (parts.length > 0) system.components = parts;
  const referred = new Set(
    referencesIn(drafting.source as unknown as Manifest).flatMap(({ value, member }) => (member.startsWith('System.') ? [] : [value])),
  );
  const isOnly = (component: Thing, members: readonly string[]): boolean =>
    Object.keys(component).every((name) => members.includes(name)) && !referred.has(String(component.id));
  draft.components = components.filter((component) =>
    component === own
      ? !(component.type === 'application' && isOnly(component, ['id', 'type', ...OF_SYSTEM]))
      : !(named.includes(String(component.id)) && isOnly(component, OF_REFERENCE)),
  );
  if (Object.keys(system).length === 0) delete draft.system;
}

function referenceTo(id: string, components: readonly Thing[], drafting: Drafting): Thing {
  const collections = ['models', 'datasets', 'services'].map((name) => inner(inner(drafting.source, name), id));
  const thing =
    components.find((component) => component.id === id) ??
    collections.find((each) => each !== undefined) ??
    inner(drafting.source, 'model') ??
    {};
  const identifiers = Array.isArray(thing.identifiers) ? thing.identifiers.filter(isThing) : [];
  const digest = inner(thing, 'digest');
  const uri = identifiers.find(({ type }) => type === 'uri')?.value;
  const reference = filled({
    title: thing.name === uri ? undefined : thing.name,
    uri,
    digest: digest?.root ?? digest,
    note: thing.description,
  });
  drafting.from(reference, '', below('/components', id));
  for (const [member, name] of Object.entries({ title: 'name', uri: 'identifiers', note: 'description' }))
    drafting.from(reference, member, below('/components', id, name));
  return reference;
}
