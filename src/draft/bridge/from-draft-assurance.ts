/** What the draft says of tests, risks, weaknesses, the system around the model, and the graph. */
import { uniqueId } from '../../core/id.js';
import type { Sections } from './from-draft.js';
import { metricsFrom, usesFrom } from './from-draft-model.js';
import { below, filled, fromMap, get, inner, isThing, newId, type Thing, take, takeList, takeText, takeTexts, type Value } from './json.js';

/** The tool of a protocol or method: object that has it, member with its version. */
const TOOLS = [
  ['protocol', 'toolVersion'],
  ['method', 'version'],
] as const;

export function evaluationFrom(evaluation: Thing, old: string, now: string, sections: Sections): void {
  const parts = partsUsed(takeList(evaluation, 'uses'));
  const uses = usesFrom(evaluation, `${old}/datasets`, `${now}/uses`, sections) ?? parts;
  if (uses !== undefined) evaluation.uses = uses;
  for (const key of ['metrics', 'results'])
    if (get(evaluation, key) !== undefined)
      evaluation[key] = metricsFrom(takeList(evaluation, key), below(old, key), below(now, key), sections);
  for (const [key, member] of TOOLS) {
    const process = inner(evaluation, key);
    if (process === undefined) continue;
    const name = take(process, 'tool');
    const version = take(process, member);
    sections.moves.move(`${old}/${key}/tool`, `${now}/${key}/tool/name`);
    sections.moves.move(`${old}/${key}/${member}`, `${now}/${key}/tool/version`);
    if (name !== undefined) process.tool = filled({ name, version });
    else if (version !== undefined) {
      sections.lost.push(`${old}/${key}/${member}`);
      if (Object.keys(process).length === 0) delete evaluation[key];
    }
  }
}

/** Parts of datasets by the id of the dataset, and what came of it where one has several. */
function partsUsed(uses: readonly Thing[]): Thing | undefined {
  const taken = new Set<string>();
  const out = uses.map((use) => [uniqueId(String(use.dataset), taken), use] as const);
  return out.length === 0 ? undefined : Object.fromEntries(out);
}

/** Least sure first: what is said of one kind of edge holds for the node only as far as all say it. */
const SURE = ['unknown', 'partial', 'complete'];

/** Nodes by the thing that depends. */
export function dependenciesFrom(rest: Thing, sections: Sections): void {
  const nodes = new Map<string, { edges: Map<string, Set<string>>; completeness: string[] }>();
  for (const [i, edge] of takeList(rest, 'dependencies').entries()) {
    const ref = takeText(edge, 'ref') ?? '';
    const node = nodes.get(ref) ?? { edges: new Map<string, Set<string>>(), completeness: [] };
    const kind = takeText(edge, 'kind') ?? 'depends-on';
    const targets = takeTexts(edge, 'dependsOn');
    const now = below('/dependencies', ref);
    sections.moves.move(`/dependencies/${i}`, now);
    sections.moves.move(`/dependencies/${i}/ref`, now);
    sections.moves.move(`/dependencies/${i}/dependsOn`, below(now, 'edges', kind));
    sections.moves.move(`/dependencies/${i}/kind`, below(now, 'edges', kind));
    if (targets.length > 0) node.edges.set(kind, new Set([...(node.edges.get(kind) ?? []), ...targets]));
    // Without a word for it, a list without items says that there is nothing.
    const said = takeText(edge, 'completeness') ?? (targets.length === 0 ? 'complete' : undefined);
    if (said !== undefined) node.completeness.push(said);
    nodes.set(ref, node);
  }
  for (const [ref, { edges, completeness }] of nodes) {
    const lists = fromMap(new Map([...edges].map(([kind, targets]) => [kind, [...targets]])));
    const least = SURE.find((word) => completeness.includes(word));
    sections.of.get('dependencies')?.set(ref, filled({ edges: lists, completeness: least }));
  }
}

/** A verdict of the draft as what was done and what came of it. */
const RESULTS: Readonly<Record<string, Thing>> = {
  clean: { status: 'complete', verdict: 'clean' },
  findings: { status: 'complete', verdict: 'suspicious' },
  incomplete: { status: 'incomplete', verdict: 'unknown' },
  'not-inspected': { status: 'not-inspected', verdict: 'unknown' },
};

export function scansFrom(thing: Thing, key: string, old: string, { moves, paths }: Sections): void {
  const scans = get(thing, key);
  if (!Array.isArray(scans)) return;
  thing[key] = scans.filter(isThing).map((scan, i) => {
    const target = takeText(scan, 'target');
    const isFile = target !== undefined && paths.has(target);
    moves.move(below(old, i, 'target'), below(old, i, isFile ? 'artifacts' : 'target'));
    return filled({
      ...scan,
      ...RESULTS[takeText(scan, 'result') ?? ''],
      result: undefined,
      target: isFile ? undefined : target,
      artifacts: isFile ? [target] : undefined,
    });
  });
}

/** Lists of a section whose items are kept by key: section, list, from what the key is made. */
const KEYED: readonly (readonly [string, string, (item: Thing) => Value | undefined])[] = [
  ['security', 'controls', ({ number, framework }) => number ?? framework ?? 'control'],
  ['security', 'vulnerabilities', ({ id }) => id],
  ['security', 'incidents', (item) => take(item, 'id') ?? excerpt(item.description)],
  ['risk', 'register', ({ description }) => excerpt(description)],
  ['governance', 'standards', ({ id }) => id],
];

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/;

/** The first words of a text. */
const excerpt = (text: Value | undefined): string =>
  String(text ?? '')
    .split(/\s+/)
    .slice(0, 5)
    .join(' ')
    .slice(0, 40);

export function securityFrom(rest: Thing, sections: Sections): void {
  for (const control of items(inner(rest, 'security'), 'controls')) {
    const number = take(control, 'id');
    if (number !== undefined) control.number = number;
  }
  for (const weakness of items(inner(rest, 'security'), 'vulnerabilities')) affectedFrom(weakness, sections);
  for (const [section, list, nameOf] of KEYED) {
    const parent = inner(rest, section);
    if (parent === undefined || get(parent, list) === undefined) continue;
    const taken = new Set<string>();
    const out = new Map<string, Value>();
    for (const [i, item] of takeList(parent, list).entries()) {
      const name = nameOf(item);
      // A number of a register stays as it is written there.
      const key = typeof name === 'string' && ID.test(name) ? uniqueId(name, taken) : newId(name, taken);
      const [old, now] = [below('', section, list, i), below('', section, list, key)];
      sections.moves.move(old, now);
      if (list === 'controls') sections.moves.move(`${old}/id`, `${now}/number`);
      if (list === 'incidents') sections.moves.move(`${old}/id`, now);
      out.set(key, item);
    }
    if (out.size > 0) parent[list] = fromMap(out);
  }
  const security = inner(rest, 'security');
  if (security !== undefined) scansFrom(security, 'scans', '/security/scans', sections);
  const authenticity = inner(inner(rest, 'distribution'), 'authenticity');
  const statement = authenticity === undefined ? undefined : take(authenticity, 'evidence');
  if (authenticity !== undefined && statement !== undefined) authenticity.statement = statement;
  sections.moves.move('/distribution/authenticity/evidence', '/distribution/authenticity/statement');
}

const items = (thing: Thing | undefined, key: string): Thing[] => {
  const value = thing === undefined ? undefined : get(thing, key);
  return Array.isArray(value) ? value.filter(isThing) : [];
};

function affectedFrom(weakness: Thing, { pathOf }: Sections): void {
  const affects = takeTexts(weakness, 'affects');
  const files = affects.flatMap((id) => pathOf.get(id) ?? []);
  const things = affects.filter((id) => !pathOf.has(id));
  if (files.length > 0) weakness.artifacts = files;
  if (things.length > 0) weakness.affects = things;
}

const OF_SYSTEM = ['name', 'version', 'producer', 'timestamp'] as const;

/** The system and what it is put together from are components. */
export function systemFrom(rest: Thing, sections: Sections): void {
  const system = inner(rest, 'system');
  if (system === undefined) return;
  const components = sections.of.get('components');
  const own = filled(Object.fromEntries(OF_SYSTEM.map((name) => [name, take(system, name)])));
  if (Object.keys(own).length > 0) {
    const id = newId(own.name ?? 'system', sections.ids);
    components?.set(id, { type: 'application', name: id, ...own });
    system.component = id;
    for (const name of OF_SYSTEM) sections.moves.move(`/system/${name}`, below('/components', id, name));
  } else for (const name of OF_SYSTEM) sections.moves.move(`/system/${name}`, '/system/component');
  const parts: Value[] = [];
  for (const [i, { title, uri, path, digest, note, ...others }] of takeList(system, 'components').entries()) {
    const name = title ?? uri ?? path ?? 'component';
    const id = newId(name, sections.ids);
    const identifiers: Value | undefined = uri === undefined ? undefined : [{ type: 'uri', value: uri }];
    components?.set(id, filled({ name, description: note, identifiers, digest }));
    const now = below('/components', id);
    sections.moves.move(`/system/components/${i}`, now);
    for (const [from, to] of Object.entries({ title: 'name', uri: 'identifiers', note: 'description' }))
      sections.moves.move(`/system/components/${i}/${from}`, `${now}/${to}`);
    sections.lost.push(...Object.keys(others).map((key) => `/system/components/${i}/${key}`));
    if (path !== undefined && name !== path) sections.lost.push(`/system/components/${i}/path`);
    parts.push(id);
  }
  if (parts.length > 0) system.components = parts;
}
