/** Joins the software of another document into the manifest of a model: its components, services, advisories and their graph. */

import { PackageURL } from 'packageurl-js';
import { append } from '../core/append.js';
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { toPointer } from '../core/json-pointer.js';
import type { Component, Dependency, Evidence, EvidenceSource, Manifest } from '../schema/index.js';
import { groupEvidence } from './evidence.js';
import { mergeManifests } from './merge.js';
import { renameIds } from './references.js';

export interface JoinOptions {
  /** The document, as evidence names it. */
  readonly source: EvidenceSource;
  /** What the document is about: a piece of software becomes a component too, another model does not. Default application. */
  readonly subjectType?: Component['type'] | 'model' | undefined;
  /** Which components of the document are models. The one that is ours is known by its purl or its name and version. */
  readonly isModel?: ((component: Component) => boolean) | undefined;
}

export interface JoinResult {
  readonly manifest: Manifest;
  /** Where the two disagree, and what was left out. */
  readonly findings: readonly Finding[];
}

interface Run {
  readonly components: Component[];
  /** Places in `components` by purl without qualifiers, and by name, version and type. */
  readonly byPurl: Map<string, number>;
  readonly byName: Map<string, number>;
  /** By the name as Python compares it. */
  readonly byPython: Map<string, number>;
  readonly findings: Finding[];
  readonly taken: Set<string>;
  /** New ids of the other document's things. */
  readonly names: Map<string, string>;
}

/**
 * The same component is the one with the same purl (whatever its qualifiers), else with the same name, version and type where not
 * both have a purl. Values of the model win; what disagrees is a finding. Everything that is new has evidence: declared by `source`.
 */
export function joinSoftware(model: Manifest, other: Manifest, options: JoinOptions): JoinResult {
  const run = begin(model);
  nameLeftOut(run, other);
  placeAll(run, model, other, options);
  const { dependencies, services, security, parties } = renameIds(other, run.names);
  const vulnerabilities = security?.vulnerabilities?.flatMap(ofWhatIsTaken);
  const joined = mergeManifests(
    { ...model, ...(run.components.length > 0 ? { components: run.components } : {}) },
    {
      ...(parties && { parties }),
      ...(services && { services }),
      ...(vulnerabilities && vulnerabilities.length > 0 && { security: { vulnerabilities } }),
      ...(dependencies && { dependencies }),
    },
  );
  const manifest = withoutLooseEdges(joined.manifest, model, run.findings);
  append(run.findings, joined.conflicts);
  append(run.findings, leftOut(other));
  return { manifest: withEvidence(model, manifest, options.source), findings: run.findings };
}

/** Stands for everything that is not taken over; no document can have this id. */
const LEFT_OUT = '\u0000';

/** Files, data and other things that are not taken over may have ids that mean something else in the manifest of the model. */
function nameLeftOut({ names }: Run, other: Manifest): void {
  const { components: _components, services: _services, parties: _parties, ...rest } = other;
  for (const id of idsOf(rest)) names.set(id, LEFT_OUT);
}

/** Places every component, and what the document is about. */
function placeAll(run: Run, model: Manifest, other: Manifest, { subjectType, isModel }: JoinOptions): void {
  const subject = subjectOf(other, subjectType === 'model' ? undefined : subjectType);
  const models: Component[] = [];
  if (subject !== undefined && subjectType === 'model') models.push(subject);
  const components = [...(subject === undefined || subjectType === 'model' ? [] : [subject]), ...(other.components ?? [])];
  const mine = purlOf(model.model);
  for (const component of components) {
    const purl = purlOf(component);
    if (isModel?.(component) === true) models.push(component);
    else if (purl !== undefined && purl === mine) nameAfter(run, component.id, 'model');
    else place(run, component);
  }
  const others = models.filter((component) => !isSameModel(component, model.model));
  for (const component of models)
    if (component.id !== undefined) run.names.set(component.id, others.includes(component) ? LEFT_OUT : 'model');
  if (others.length > 0) run.findings.push(omission(`other models: ${others.map(({ name }) => name).join(', ')}`.slice(0, 200)));
}

function isSameModel(component: Component, model: Manifest['model']): boolean {
  const [theirs, mine] = [purlOf(component), purlOf(model)];
  if (theirs !== undefined && mine !== undefined) return theirs === mine;
  return component.name === model?.name && (component.version ?? '') === (model.version ?? '');
}

type Vulnerability = NonNullable<NonNullable<Manifest['security']>['vulnerabilities']>[number];

/** An advisory about nothing that is taken over is left out. */
function ofWhatIsTaken(vulnerability: Vulnerability): readonly Vulnerability[] {
  const { affects } = vulnerability;
  if (affects?.includes(LEFT_OUT) !== true) return [vulnerability];
  const left = affects.filter((id) => id !== LEFT_OUT);
  return left.length > 0 ? [{ ...vulnerability, affects: left }] : [];
}

function begin(model: Manifest): Run {
  const run: Run = {
    components: [],
    byPurl: new Map(),
    byName: new Map(),
    byPython: new Map(),
    findings: [],
    taken: new Set(['model', ...idsOf(model)]),
    names: new Map(),
  };
  for (const component of model.components ?? []) index(run, component, run.components.push(component) - 1);
  return run;
}

function index({ byPurl, byName, byPython }: Run, component: Component, at: number): void {
  const purl = purlOf(component);
  if (purl !== undefined && !byPurl.has(purl)) byPurl.set(purl, at);
  const name = nameKey(component);
  if (!byName.has(name)) byName.set(name, at);
  const python = pythonKey(component);
  if (!byPython.has(python)) byPython.set(python, at);
}

const nameKey = ({ type = 'library', name, version = '' }: Component): string => canonicalize([type, name, version]);

/** Names that Python takes for the same are the same. Source: https://packaging.python.org/en/latest/specifications/name-normalization/ */
const pythonKey = (component: Component): string => nameKey({ ...component, name: component.name.replace(/[-_.]+/g, '-').toLowerCase() });

const isPython = (purl: string | undefined): boolean => purl?.startsWith('pkg:pypi/') === true;

/** The purl of a thing without qualifiers and subpath, as the specification spells it. */
function purlOf(
  thing: { readonly identifiers?: readonly { readonly type: string; readonly value: string }[] } | undefined,
): string | undefined {
  const text = thing?.identifiers?.find(({ type }) => type === 'purl')?.value;
  if (text === undefined) return undefined;
  try {
    const { type, namespace, name, version } = PackageURL.fromString(text);
    return new PackageURL(type, namespace, name, version, undefined, undefined).toString();
  } catch {
    return text;
  }
}

/** Adds a component, or joins it with the one that is there. */
function place(run: Run, given: Component): void {
  // The environments of the other document are not taken over.
  const { environment: _environment, ...component } = given;
  const at = placeOf(run, component);
  const there = at === undefined ? undefined : run.components[at];
  if (at !== undefined && there !== undefined) {
    const joined = joinComponents(there, component, `/components/${at}`, run);
    run.components[at] = joined;
    nameAfter(run, component.id, joined.id);
    index(run, joined, at);
    return;
  }
  const id = component.id === undefined ? undefined : freeId(run, component.id);
  nameAfter(run, component.id, id);
  const added = id === undefined ? component : { ...component, id };
  index(run, added, run.components.push(added) - 1);
}

/** Where the same component stands already. */
function placeOf({ byPurl, byName, byPython, components }: Run, component: Component): number | undefined {
  const purl = purlOf(component);
  const samePurl = purl === undefined ? undefined : byPurl.get(purl);
  if (samePurl !== undefined) return samePurl;
  const named = byName.get(nameKey(component));
  if (named !== undefined && (purl === undefined || purlOf(components[named]) === undefined)) return named;
  const python = byPython.get(pythonKey(component));
  const theirs = python === undefined ? undefined : purlOf(components[python]);
  const isOfPython = purl === undefined ? isPython(theirs) : theirs === undefined && isPython(purl);
  return isOfPython ? python : undefined;
}

/** Of things that the other document calls `from`, the joined one speaks as `to`. */
function nameAfter({ names }: Run, from: string | undefined, to: string | undefined): void {
  if (from !== undefined && to !== undefined && from !== to) names.set(from, to);
}

function freeId({ taken }: Run, id: string): string {
  let free = id;
  for (let n = 2; taken.has(free); n++) free = `${id}-${n}`;
  taken.add(free);
  return free;
}

/** Members that the second adds to the first. */
function joinComponents(first: Component, second: Component, pointer: string, run: Run): Component {
  const joined: Record<string, unknown> = { ...first };
  for (const [key, theirs] of Object.entries(second)) {
    const mine = joined[key];
    if (key === 'id') joined.id = mine ?? freeId(run, String(theirs));
    else if (mine === undefined) joined[key] = theirs;
    else if (key === 'identifiers')
      joined[key] = union(mine as Json[], theirs as Json[]); // lists, by the schema
    else if (key === 'digest')
      joined[key] = joinDigests(mine as Digests, theirs as Digests, `${pointer}/digest`, run); // likewise
    else if (key !== 'name' && key !== 'type' && !same(mine, theirs)) run.findings.push(conflict(`${pointer}/${key}`, mine, theirs, key));
  }
  return joined as unknown as Component; // members of components only
}

type Json = JsonValue;
type Digests = Readonly<Record<string, string>>;

function union(first: readonly Json[], second: readonly Json[]): readonly Json[] {
  const seen = new Set(first.map(spelled));
  return [...first, ...second.filter((item) => !seen.has(spelled(item)))];
}

/** An identifier as text: a purl as the specification spells it. */
function spelled(identifier: Json): string {
  const { type, value } = identifier as { readonly type?: unknown; readonly value?: unknown };
  if (type !== 'purl' || typeof value !== 'string') return canonicalize(identifier);
  try {
    return PackageURL.fromString(value).toString();
  } catch {
    return value;
  }
}

function joinDigests(first: Digests, second: Digests, pointer: string, run: Run): Digests {
  for (const [algorithm, theirs] of Object.entries(second)) {
    const mine = first[algorithm];
    if (mine !== undefined && mine.toLowerCase() !== theirs.toLowerCase())
      run.findings.push(conflict(`${pointer}/${algorithm}`, mine, theirs, 'digest'));
  }
  return { ...second, ...first };
}

const same = (a: unknown, b: unknown): boolean => canonicalize(a as Json) === canonicalize(b as Json); // of manifests
/** What makes a component another one, or changes what may be done with it. */
const WEIGHTY: ReadonlySet<string> = new Set(['digest', 'licenses', 'version']);

function conflict(pointer: string, mine: unknown, theirs: unknown, key: string): Finding {
  const shown = (value: unknown): string => JSON.stringify(value).slice(0, 80);
  return {
    id: 'merge-conflict',
    severity: WEIGHTY.has(key) ? 'medium' : 'low',
    pointer,
    message: `two documents disagree: ${shown(mine)} was kept, ${shown(theirs)} was not`,
    fix: 'Decide which is right and correct the other document.',
  };
}

/** What the other document is about, as a component; nothing for one that does not say. */
function subjectOf({ model, bom }: Manifest, type: Component['type'] = 'application'): Component | undefined {
  if (model === undefined || model.name === 'unnamed' || bom.subject === 'dataset') return undefined;
  const { name, version, description, identifiers, licenses, producer, supplier } = model;
  return {
    id: 'model',
    type,
    name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    ...(identifiers && { identifiers }),
    ...(licenses && { licenses }),
    ...(producer !== undefined && { producer }),
    ...(supplier !== undefined && { supplier }),
  };
}

/** Without edges to things that are not in the manifest: files and data of the other document. */
function withoutLooseEdges(manifest: Manifest, model: Manifest, findings: Finding[]): Manifest {
  const { dependencies } = manifest;
  if (dependencies === undefined) return manifest;
  const known = new Set(['model', ...idsOf(manifest)]);
  let dropped = 0;
  const kept = dependencies.flatMap((entry, i): Dependency[] => {
    if (i < (model.dependencies?.length ?? 0) && !known.has(entry.ref)) return [entry];
    if (!known.has(entry.ref)) {
      dropped += entry.dependsOn.length;
      return [];
    }
    const dependsOn = entry.dependsOn.filter((id) => known.has(id) || model.dependencies?.[i]?.dependsOn.includes(id) === true);
    dropped += entry.dependsOn.length - dependsOn.length;
    return [{ ...entry, dependsOn }];
  });
  if (dropped > 0) findings.push(omission(`${dropped} edges of the graph to other things than software`));
  return { ...manifest, dependencies: kept };
}

/** Parts of a document that are no software. */
const OTHER_PARTS = ['artifacts', 'adapters', 'datasets', 'training', 'environments', 'evaluations', 'lineage'] as const;

function leftOut(other: Manifest): readonly Finding[] {
  const parts = OTHER_PARTS.filter((part) => other[part] !== undefined);
  return parts.length === 0 ? [] : [omission(parts.join(', '))];
}

const omission = (what: string): Finding => ({
  id: 'merge-left-out',
  severity: 'info',
  message: `left out of the other document: ${what}`,
  fix: 'Keep the other document beside the manifest.',
});

function* idsOf(manifest: Manifest): Generator<string> {
  const { artifacts, adapters, datasets, environments, components, services, evaluations, robustnessTests, parties, lineage } = manifest;
  const files = datasets?.flatMap((dataset) => dataset.files ?? []);
  const lists: readonly (readonly { readonly id?: string }[] | undefined)[] = [
    artifacts,
    adapters,
    datasets,
    files,
    environments,
    components,
    services,
    evaluations,
    robustnessTests,
    parties,
    lineage?.ancestors,
  ];
  for (const list of lists) for (const { id } of list ?? []) if (id !== undefined) yield id;
}

function withEvidence(before: Manifest, after: Manifest, source: EvidenceSource): Manifest {
  const pointers = [...added(before, after, [])];
  if (pointers.length === 0) return after;
  const entry: Evidence = { origin: 'declared', source, method: 'merge', pointers };
  return { ...after, evidence: groupEvidence([...(after.evidence ?? []), entry]) };
}

/** Pointers of the values that the second has and the first lacks. */
function* added(before: unknown, after: unknown, path: readonly (string | number)[]): Generator<string> {
  if (before === undefined) {
    yield toPointer(path);
    return;
  }
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null || before === after) return;
  if (Array.isArray(after)) for (let i = 0; i < after.length; i++) yield* added((before as readonly unknown[])[i], after[i], [...path, i]);
  else
    for (const [key, value] of Object.entries(after))
      yield* added((before as Readonly<Record<string, unknown>>)[key], value, [...path, key]);
}
