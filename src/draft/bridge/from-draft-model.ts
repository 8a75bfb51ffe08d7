/** The model of a draft, with what stood around it: parts, adapters, lineage, training. */
import type { Sections } from './from-draft.js';
import {
  below,
  filled,
  fromMap,
  get,
  idOf,
  inner,
  isThing,
  newId,
  type Thing,
  take,
  takeList,
  takeText,
  takeTexts,
  takeThing,
  type Value,
} from './json.js';

/** Ids of models that other models came from, wherever the draft lists them. */
export function modelIds(source: Thing): string[] {
  const lineages = [inner(source, 'lineage'), ...list(source, 'adapters').map((adapter) => inner(adapter, 'lineage'))];
  const all = [...lineages, ...list(source, 'datasets').map((dataset) => inner(dataset, 'lineage'))];
  return all
    .flatMap((lineage) => (lineage === undefined ? [] : list(lineage, 'ancestors').map(({ id }) => id)))
    .filter((id) => typeof id === 'string');
}

const list = (thing: Thing, key: string): Thing[] => {
  const value = get(thing, key);
  return Array.isArray(value) ? value.filter(isThing) : [];
};

/** A digest over a thing as a whole. */
export const treeDigest = (root: Value, method: string): Thing => ({ root, method: isGit(root) ? 'git' : method, complete: false });

const isGit = (root: Value): boolean => isThing(root) && Object.keys(root).every((name) => name === 'gitCommit' || name === 'gitTree');

/** The subject, when it is a model. What speaks of the model of a document without one is lost. */
export function modelFrom(rest: Thing, sections: Sections): Thing | undefined {
  for (const [id, holder] of Object.entries(takeThing(rest, 'models') ?? {}))
    if (isThing(holder))
      sections.of.get('models')?.set(id, oneModelFrom(holder, below('/models', id), below('/models', id), sections) ?? {});
  const { moves, lost } = sections;
  moves.move('/model/parts', '/model/composition');
  const composition = new Map<string, Value>();
  const own = inner(rest, 'model');
  if (own !== undefined) {
    for (const [key, part] of Object.entries(takeThing(own, 'composition') ?? {})) composition.set(key, part);
    partsFrom(own, '/model', composition, sections);
  }
  const model = oneModelFrom(rest, '', '/model', sections);
  if (model === undefined) {
    for (const key of ['lineage', 'training']) if (take(rest, key) !== undefined) lost.push(`/${key}`);
    return undefined;
  }
  if (composition.size > 0) model.composition = fromMap(composition);
  return model;
}

/** A model with its own lineage and training, which stand beside it at `old`. */
function oneModelFrom(holder: Thing, old: string, now: string, sections: Sections): Thing | undefined {
  const { moves } = sections;
  for (const [from, to] of [
    ['model', ''],
    ['training', '/training'],
    ['lineage', '/lineage'],
    ['lineage/ancestors', '/lineage/parents'],
    ['model/rootDigest', '/digest'],
  ] as const)
    moves.move(`${old}/${from}`, now + to);
  const model = takeThing(holder, 'model');
  if (model === undefined) return undefined;
  if (old !== '' && get(model, 'parts') !== undefined) {
    moves.move(`${old}/model/parts`, `${now}/composition`);
    const composition = new Map<string, Value>();
    partsFrom(model, now, composition, sections, `${old}/model`);
    model.composition = fromMap(composition);
  }
  const root = take(model, 'rootDigest');
  // The files of a model beside the subject are all listed with it; those of the subject are looked at in the end.
  if (root !== undefined) model.digest = { ...treeDigest(root, 'oms-v1'), ...(old === '' ? {} : { complete: true }) };
  const lineage = lineageFrom(takeThing(holder, 'lineage'), `${old}/lineage`, `${now}/lineage`, sections);
  if (lineage !== undefined) model.lineage = lineage;
  const training = takeThing(holder, 'training');
  if (training !== undefined) model.training = trainingFrom(training, `${old}/training`, `${now}/training`, sections);
  return model;
}

function partsFrom(model: Thing, now: string, composition: Map<string, Value>, sections: Sections, from = now): void {
  for (const [i, part] of takeList(model, 'parts').entries()) {
    const old = `${from}/parts/${i}`;
    const key = idOf(part, get(part, 'name'), sections.ids);
    const [thing, slot] = [below('/models', key), below(`${now}/composition`, key)];
    const { moves } = sections;
    moves.move(old, thing, slot);
    moves.move(`${old}/id`, slot);
    for (const [member, to] of [
      ['class', `${slot}/className`],
      ['path', `${slot}/path`],
      ['library', `${slot}/library`],
      ['name', `${thing}/name`],
      ['architecture', `${thing}/architecture/name`],
      ['parameters', `${thing}/parameterCount/total`],
    ] as const)
      moves.move(`${old}/${member}`, to);
    const artifacts = sections.pathsOfPart.get(key);
    sections.of.get('models')?.set(
      key,
      filled({
        name: take(part, 'name') ?? key,
        kind: 'part',
        architecture: filled({ name: take(part, 'architecture') }),
        parameterCount: filled({ total: take(part, 'parameters') }),
        ...(artifacts === undefined ? {} : { artifacts: [...new Set(artifacts)] }),
      }),
    );
    composition.set(key, filled({ model: key, relation: 'part', className: take(part, 'class'), ...part }));
  }
}

/** Ids of datasets, in the member that `old` names last, as uses of them, each under the id. */
export function usesFrom(thing: Thing, old: string, now: string, { moves }: Sections): Thing | undefined {
  const ids = takeTexts(thing, old.slice(old.lastIndexOf('/') + 1));
  moves.move(old, now);
  for (const [i, id] of ids.entries()) moves.move(below(old, i), below(now, id));
  return ids.length === 0 ? undefined : Object.fromEntries(ids.map((id) => [id, { dataset: id }]));
}

const REFERENCE = ['relation', 'role', 'weight', 'verification'] as const;

/** Ancestors become models; how the model came from each is said by its parents, or those of the ancestor between them. */
export function lineageFrom(lineage: Thing | undefined, old: string, now: string, sections: Sections): Thing | undefined {
  if (lineage === undefined) return undefined;
  const { moves } = sections;
  const relation = takeText(lineage, 'relation');
  const ancestors = takeList(lineage, 'ancestors').map((thing) => ({ thing, key: idOf(thing, get(thing, 'name'), sections.ids) }));
  const upward = parentsAmong(ancestors);
  const direct = new Map<string, Value>();
  const between = new Map<string, Map<string, Value>>();
  for (const [i, { thing, key }] of ancestors.entries()) {
    const from = `${old}/ancestors/${i}`;
    const children = ancestors.filter((each) => upward.get(each.key)?.includes(key)).map((each) => each.key);
    // What is said of all holds for those that nothing stands between.
    const said = takeText(thing, 'relation') ?? (children.length === 0 ? relation : undefined);
    const how = said === undefined || said === 'other' || said === 'scratch' ? 'derived' : said;
    const reference = filled({
      model: key,
      relation: how,
      ...Object.fromEntries(REFERENCE.slice(1).map((name) => [name, take(thing, name)])),
    });
    if (reference.role === 'other') delete reference.role;
    const homes = children.map((child) => below('/models', child, 'lineage', 'parents', key));
    if (children.length === 0) direct.set(key, reference);
    for (const child of children) between.set(child, (between.get(child) ?? new Map<string, Value>()).set(key, { ...reference }));
    const slots = children.length === 0 ? [below(now, 'parents', key)] : homes;
    const isHere = take(thing, 'here') === true;
    moves.move(from, ...(isHere ? [] : [below('/models', key)]), ...slots);
    moves.move(`${from}/id`, ...(isHere ? slots : [below('/models', key)]));
    for (const name of REFERENCE) moves.move(`${from}/${name}`, ...slots.map((slot) => `${slot}/${name}`));
    moves.move(`${from}/parents`, below('/models', key, 'lineage', 'parents'));
    if (!isHere) ancestorFrom(thing, from, key, sections);
  }
  for (const [child, parents] of between) {
    const model = sections.of.get('models')?.get(child);
    if (isThing(model)) model.lineage = { parents: fromMap(parents) };
  }
  moves.move(
    `${old}/relation`,
    ...(relation === 'scratch' ? [`${now}/scratch`] : [...direct.keys()].map((key) => below(now, 'parents', key, 'relation'))),
  );
  const fromNothing = relation === 'scratch' && ancestors.length === 0;
  // A relation to nothing is none; that models follow from others says that nothing began from scratch.
  versionsFrom(lineage);
  const out = filled({ ...(fromNothing ? { scratch: true } : {}), parents: fromMap(direct), ...lineage });
  return Object.keys(out).length === 0 ? undefined : out;
}

type Ancestor = { readonly thing: Thing; readonly key: string };

/** Which ancestors each one came from, without circles. */
function parentsAmong(ancestors: readonly Ancestor[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(ancestors.map(({ key }) => key));
  const upward = new Map<string, string[]>();
  const leadsTo = (from: string, to: string): boolean => from === to || (upward.get(from) ?? []).some((next) => leadsTo(next, to));
  for (const { thing, key } of ancestors)
    for (const parent of takeTexts(thing, 'parents'))
      if (known.has(parent) && !leadsTo(parent, key)) upward.set(key, [...(upward.get(key) ?? []), parent]);
  return upward;
}

function ancestorFrom(model: Thing, old: string, key: string, sections: Sections): void {
  const files = new Map<string, Value>();
  for (const [i, file] of takeList(model, 'artifacts').entries()) {
    const uri = get(file, 'uri');
    const named =
      takeText(file, 'path') ?? (typeof uri === 'string' ? uri.split(/[?#]/, 1)[0]?.split('/').filter(Boolean).at(-1) : undefined);
    let path = named === undefined || named === '.' || named === '..' ? `file-${i + 1}` : named;
    while (files.has(path)) path = `${path}-${i + 1}`;
    files.set(path, file);
    sections.moves.move(`${old}/artifacts/${i}`, below('/models', key, 'files', path));
    sections.moves.move(`${old}/artifacts/${i}/path`, below('/models', key, 'files', path));
  }
  sections.moves.move(`${old}/artifacts`, below('/models', key, 'files'));
  sections.moves.move(`${old}/digest`, below('/models', key, 'digest', 'root'));
  if (files.size > 0) model.files = fromMap(files);
  // The draft gave a root digest, or the digest of the single weight file, and did not say which.
  if (isThing(model.digest)) model.digest = treeDigest(model.digest, 'unknown');
  sections.of.get('models')?.set(key, model);
}

/** Earlier versions: their digest is a root digest. */
export function versionsFrom(thing: Thing): void {
  for (const version of list(thing, 'previousVersions')) if (isThing(version.digest)) version.digest = treeDigest(version.digest, 'oms-v1');
}

function trainingFrom(training: Thing, old: string, now: string, sections: Sections): Thing {
  const { moves } = sections;
  for (const name of ['code', 'evaluationCode']) {
    const code = inner(training, name);
    const license = code === undefined ? undefined : take(code, 'license');
    if (code !== undefined && license !== undefined) code.licenses = [{ expression: license }];
    moves.move(`${old}/${name}/license`, `${now}/${name}/licenses`);
  }
  const stages = new Map<string, Value>();
  for (const [i, stage] of takeList(training, 'stages').entries()) {
    const name = take(stage, 'name');
    const key = newId(name, new Set(stages.keys()));
    const [from, to] = [`${old}/stages/${i}`, below(`${now}/stages`, key)];
    moves.move(from, to);
    moves.move(`${from}/name`, key === name ? to : `${to}/name`);
    const before = [...stages.keys()].at(-1);
    const uses = usesFrom(stage, `${from}/datasets`, `${to}/uses`, sections);
    stages.set(key, filled({ name: key === name ? undefined : name, after: before === undefined ? undefined : [before], uses, ...stage }));
  }
  moves.move(`${old}/stages`, `${now}/stages`);
  const metrics = metricsFrom(takeList(training, 'metrics'), `${old}/metrics`, `${now}/metrics`, sections);
  return filled({ ...training, stages: fromMap(stages), metrics });
}

/** Metrics by name; what is measured twice is told apart by what it was measured on. */
export function metricsFrom(metrics: readonly Thing[], old: string, now: string, { moves, lost }: Sections): Thing {
  const out = new Map<string, Value>();
  moves.move(old, now);
  for (const [i, metric] of metrics.entries()) {
    const from = below(old, i);
    const name = takeText(metric, 'name');
    const [dataset, split] = [take(metric, 'dataset'), take(metric, 'split')];
    if (dataset !== undefined) metric.use = filled({ dataset, split });
    else if (split !== undefined && metric.slice !== undefined) lost.push(`${from}/split`);
    else if (split !== undefined) metric.slice = split;
    if (metric.value !== undefined && typeof metric.value !== 'number') metric.text = String(take(metric, 'value'));
    if (typeof metric.threshold === 'string') {
      const threshold = `threshold ${String(take(metric, 'threshold'))}`;
      metric.note = typeof metric.note === 'string' ? `${metric.note}; ${threshold}` : threshold;
    }
    const key = metricKey(name, metric, out);
    const to = below(now, key);
    // A key that was made up for a metric without a name is not its name.
    if (name !== undefined && (key !== name || name.startsWith(UNNAMED))) metric.name = name;
    moves.move(from, to);
    moves.move(`${from}/name`, key === name ? to : `${to}/name`);
    moves.move(`${from}/dataset`, `${to}/use/dataset`);
    moves.move(`${from}/split`, dataset === undefined ? `${to}/slice` : `${to}/use/split`);
    if (metric.text !== undefined) moves.move(`${from}/value`, `${to}/text`);
    if (metric.threshold === undefined) moves.move(`${from}/threshold`, `${to}/note`);
    out.set(key, metric);
  }
  return fromMap(out);
}

export const UNNAMED = 'unnamed';

function metricKey(name: string | undefined, metric: Thing, taken: ReadonlyMap<string, Value>): string {
  const use = inner(metric, 'use');
  const parts = [name?.slice(0, 200) ?? UNNAMED, metric.slice, use?.split, use?.dataset].filter((part) => typeof part === 'string');
  const keys = [parts[0] ?? UNNAMED, parts.join(' ').slice(0, 240)];
  let key = keys.find((each) => !taken.has(each));
  for (let n = 2; key === undefined; n++) if (!taken.has(`${keys[1]} ${n}`)) key = `${keys[1]} ${n}`;
  return key;
}
