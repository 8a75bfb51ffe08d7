/** Models of the revised form, as the draft has them: the subject, its ancestors, parts and adapters. */
import { below, entriesOf, filled, get, inner, isThing, type Thing, take, takeTexts, takeThing, type Value } from './json.js';
import type { Drafting } from './to-draft.js';
import { metricsTo, stagesInOrder, usesTo, versionsTo } from './to-draft-things.js';

/** What stands for the subject in the draft, and the ids of the other models that have a place there so far. */
export function modelTo(
  files: readonly Thing[],
  datasets: readonly Thing[],
  drafting: Drafting,
): { readonly members: Thing; readonly placed: Set<string> } {
  const { source, moves, lost } = drafting;
  for (const [id] of entriesOf(source.models)) moves.move(below('/models', id));
  const placed = new Set<string>();
  const model = inner(source, 'model');
  for (const [from, to] of [
    ['/model/training', '/training'],
    ['/model/lineage', '/lineage'],
    ['/model/lineage/parents', '/lineage/ancestors'],
    ['/model/digest', '/model/rootDigest'],
    ['/model/digest/root', '/model/rootDigest'],
  ] as const)
    moves.move(from, to);
  if (model === undefined) return { members: {}, placed };
  const digest = takeThing(model, 'digest');
  if (digest?.method === 'oms-v1' || digest?.method === 'git') model.rootDigest = get(digest, 'root') ?? {};
  else if (digest !== undefined) lost.push('/model/digest');
  const composition = entriesOf(take(model, 'composition'));
  const parts = composition.filter(([, { relation }]) => relation === 'part').map((entry) => partTo(entry, files, placed, drafting));
  if (parts.length > 0) model.parts = parts;
  const adapters = composition.filter(([, { relation }]) => relation === 'adapter').map((entry) => adapterTo(entry, placed, drafting));
  for (const [slot, { relation }] of composition)
    if (relation !== 'part' && relation !== 'adapter') lost.push(below('/model/composition', slot));
  const lineage = lineageTo(takeThing(model, 'lineage'), '/model/lineage', placed, drafting);
  const training = trainingTo(takeThing(model, 'training'), datasets, drafting);
  return { members: filled({ model, adapters: adapters.length > 0 ? adapters : undefined, lineage, training }), placed };
}

const modelOf = (id: Value | undefined, { source }: Drafting): Thing | undefined =>
  typeof id === 'string' ? inner(inner(source, 'models'), id) : undefined;

/** The name with the organisation that it is published under. */
const fullName = ({ group, name }: Thing): Value => (group === undefined ? (name ?? '') : `${group}/${name}`);

/** The digest over a thing as a whole, without what it is over. */
const rootOf = (thing: Thing): Value | undefined => inner(thing, 'digest')?.root;

function partTo([slot, reference]: [string, Thing], files: readonly Thing[], placed: Set<string>, drafting: Drafting): Thing {
  const id = String(reference.model);
  const model = modelOf(id, drafting) ?? {};
  const [thing, at] = [below('/models', id), below('/model/composition', slot)];
  const own = new Set(Array.isArray(model.artifacts) ? model.artifacts.map(String) : []);
  for (const file of files) if (own.has(String(file.path)) && file.part === undefined) file.part = id;
  const part = filled({
    id,
    name: model.name === id ? undefined : model.name,
    path: reference.path,
    class: reference.className,
    library: reference.library,
    architecture: inner(model, 'architecture')?.name,
    parameters: inner(model, 'parameterCount')?.total,
  });
  placed.add(id);
  for (const pointer of [thing, at]) drafting.from(part, '', pointer);
  for (const [member, pointer] of Object.entries({
    class: `${at}/className`,
    name: `${thing}/name`,
    architecture: `${thing}/architecture/name`,
    parameters: `${thing}/parameterCount/total`,
  }))
    drafting.from(part, member, pointer);
  return part;
}

function adapterTo([slot, reference]: [string, Thing], placed: Set<string>, drafting: Drafting): Thing {
  const id = String(reference.model);
  const model = modelOf(id, drafting) ?? {};
  const at = below('/models', id);
  placed.add(id);
  const training = inner(model, 'training') ?? {};
  const methods = Array.isArray(training.methods) ? training.methods : [];
  if (methods.length > 1) drafting.lost.push(`${at}/training/methods`);
  const adapter = filled({
    id,
    name: model.name === id ? undefined : fullName(model),
    version: model.version,
    identifiers: model.identifiers,
    method: methods[0],
    artifacts: model.artifacts,
    digest: rootOf(model),
    parameterCount: inner(model, 'parameterCount')?.total,
    licenses: model.licenses,
    lineage: lineageTo(takeThing(model, 'lineage'), `${at}/lineage`, placed, drafting),
    datasets: usesTo(training, `${at}/training/uses`, drafting),
    hyperparameters: training.hyperparameters,
    producer: model.producer,
  });
  for (const pointer of [at, below('/model/composition', slot)]) drafting.from(adapter, '', pointer);
  for (const [member, pointer] of Object.entries({
    method: 'training/methods',
    digest: 'digest/root',
    parameterCount: 'parameterCount/total',
    datasets: 'training/uses',
    hyperparameters: 'training/hyperparameters',
  }))
    if (adapter[member] !== undefined) drafting.from(adapter, member, `${at}/${pointer}`);
  return adapter;
}

const REFERENCE = ['relation', 'role', 'weight', 'verification'] as const;

/** Parents, and their parents, as one list of ancestors. */
function lineageTo(lineage: Thing | undefined, at: string, placed: Set<string>, drafting: Drafting): Thing | undefined {
  if (lineage === undefined) return undefined;
  const parents = entriesOf(take(lineage, 'parents')).map(([slot, reference]) => ({ slot: below(at, 'parents', slot), reference }));
  const scratch = take(lineage, 'scratch');
  versionsTo(lineage);
  const [first, ...others] = parents.map(({ reference }) => reference.relation);
  const shared = first !== 'derived' && others.every((relation) => relation === first) ? first : undefined;
  const out = filled({ relation: scratch === true ? 'scratch' : shared, ...lineage });
  if (scratch === true) drafting.from(out, 'relation', `${at}/scratch`);
  else if (scratch === false) drafting.lost.push(`${at}/scratch`);
  const ancestors: Thing[] = [];
  const byId = new Map<string, Thing>();
  const todo = [...parents];
  for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
    const id = String(next.reference.model);
    const known = byId.get(id);
    const ancestor = known ?? ancestorTo(id, next.reference, placed, drafting);
    drafting.from(ancestor, '', next.slot);
    for (const name of REFERENCE) if (ancestor[name] !== undefined) drafting.from(ancestor, name, `${next.slot}/${name}`);
    if (known !== undefined) continue;
    byId.set(id, ancestor);
    ancestors.push(ancestor);
    const above = entriesOf(inner(inner(modelOf(id, drafting), 'lineage'), 'parents'));
    if (above.length > 0) ancestor.parents = [...new Set(above.map(([, { model }]) => model ?? ''))];
    todo.push(...above.map(([slot, reference]) => ({ slot: below('/models', id, 'lineage', 'parents', slot), reference })));
  }
  if (ancestors.length > 0) out.ancestors = ancestors;
  drafting.from(out, '', at);
  return Object.keys(out).length === 0 ? undefined : out;
}

/** What made a dataset: a name where nothing else is known of the model, else an ancestor of it. */
export function generatorsTo(dataset: Thing, placed: Set<string>, drafting: Drafting): void {
  const synthetic = inner(dataset, 'synthetic');
  const names: Value[] = [];
  const ancestors: Thing[] = [];
  for (const id of synthetic === undefined ? [] : takeTexts(synthetic, 'generators')) {
    const model = modelOf(id, drafting) ?? {};
    if (id === 'model') names.push(inner(drafting.source, 'model')?.name ?? id);
    else if (Object.keys(model).every((member) => member === 'name')) {
      names.push(model.name ?? id);
      placed.add(id);
    } else ancestors.push(ancestorTo(id, {}, placed, drafting));
  }
  if (names.length > 0) dataset.synthetic = { ...synthetic, generators: [...new Set(names)] };
  else if (synthetic !== undefined && Object.keys(synthetic).length === 0) delete dataset.synthetic;
  if (ancestors.length > 0) dataset.lineage = { ...inner(dataset, 'lineage'), ancestors };
}

/** A model as an ancestor. One that two lineages name has its id in the first. */
function ancestorTo(id: string, reference: Thing, placed: Set<string>, drafting: Drafting): Thing {
  const isSubject = id === 'model';
  const model = (isSubject ? inner(drafting.source, 'model') : modelOf(id, drafting)) ?? {};
  const at = below('/models', id);
  const files = entriesOf(model.files).map(([path, file]) => {
    const item: Thing = { path, ...file };
    drafting.from(item, '', below(at, 'files', path));
    return item;
  });
  const ancestor = filled({
    id: isSubject || placed.has(id) ? undefined : id,
    ...Object.fromEntries(
      ['version', 'identifiers', 'producer', 'licenses', 'uri', 'summaryUri', 'manifest'].map((name) => [
        name,
        structuredClone(get(model, name)),
      ]),
    ),
    name: fullName(model),
    digest: isSubject ? undefined : rootOf(model),
    artifacts: files.length > 0 ? files : undefined,
    ...Object.fromEntries(REFERENCE.map((name) => [name, get(reference, name)])),
  });
  if (ancestor.relation === 'derived') delete ancestor.relation;
  if (isSubject) return ancestor;
  placed.add(id);
  drafting.from(ancestor, '', at);
  for (const [member, pointer] of Object.entries({ digest: 'digest/root', artifacts: 'files', parents: 'lineage/parents' }))
    drafting.from(ancestor, member, `${at}/${pointer}`);
  return ancestor;
}

/** Uses that say no more than a role of the dataset does; others have no place. */
function rolesTo(uses: readonly [string, Thing][], datasets: readonly Thing[], { from, moves, lost }: Drafting): void {
  for (const [key, { dataset, role, ...others }] of uses) {
    const at = below('/model/training/uses', key);
    const used = datasets.find(({ id }) => id === dataset);
    const roles = used === undefined ? undefined : get(used, 'roles');
    moves.move(at);
    if (used !== undefined && Array.isArray(roles) && role !== undefined && roles.includes(role)) from(used, 'roles', at);
    else lost.push(at);
    lost.push(...Object.keys(others).map((member) => below(at, member)));
  }
}

function trainingTo(training: Thing | undefined, datasets: readonly Thing[], drafting: Drafting): Thing | undefined {
  if (training === undefined) return undefined;
  const { moves, lost } = drafting;
  for (const name of ['code', 'evaluationCode']) {
    const code = inner(training, name);
    const licenses = code === undefined ? undefined : take(code, 'licenses');
    moves.move(`/model/training/${name}/licenses`, `/training/${name}/license`);
    const [only, ...others] = Array.isArray(licenses) ? licenses.filter(isThing) : [];
    if (code !== undefined && typeof only?.expression === 'string' && others.length === 0) code.license = only.expression;
    else if (licenses !== undefined) lost.push(`/model/training/${name}/licenses`);
  }
  const stages = stagesInOrder(take(training, 'stages')).map(([key, stage]) => {
    const at = below('/model/training/stages', key);
    moves.move(at);
    delete stage.after;
    const item = filled({ name: get(stage, 'name') ?? key, datasets: usesTo(stage, `${at}/uses`, drafting), ...stage });
    drafting.from(item, '', at);
    if (item.datasets !== undefined) drafting.from(item, 'datasets', `${at}/uses`);
    return item;
  });
  const metrics = metricsTo(take(training, 'metrics'), '/model/training/metrics', drafting);
  rolesTo(entriesOf(take(training, 'uses')), datasets, drafting);
  return filled({ ...training, stages: stages.length > 0 ? stages : undefined, metrics: metrics.length > 0 ? metrics : undefined });
}
