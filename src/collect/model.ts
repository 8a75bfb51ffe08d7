/** What follows from all files together: parameter counts, digests over files, inputs and outputs, ids. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { rootDigest } from '../core/digest.js';
import type { Finding } from '../core/finding.js';
import { uniqueId } from '../core/id.js';
import { pointerStep } from '../core/json-pointer.js';
import { isObject } from '../core/objects.js';
import { collectEvidence, type ValueEvidence } from '../draft/manifest/evidence.js';
import type { Artifact, Evidence } from '../draft/schema/index.js';
import { type Contribution, RANKS, type Sum } from './contribution.js';
import type { StatedUse } from './models/attribute.js';
import { type FoundModel, type FoundModels, SUBJECT } from './models/find.js';
import type { Owners } from './models/owners.js';
import { isProjector } from './models/projector.js';
import { checkShards, type Shards } from './models/shards.js';
import { countParameters, variantNames } from './weight-sets.js';
import type { WeightFile } from './weights.js';

type Json = { [key: string]: JsonValue };

export interface Described {
  readonly models: FoundModels;
  readonly owners: Owners;
  readonly weights: readonly WeightFile[];
  readonly contributions: readonly Contribution[];
  readonly uses: readonly StatedUse[];
}

export interface Finished {
  readonly sections: Json;
  readonly artifacts: readonly Artifact[];
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
}

export function finishModels(sections: Json, artifacts: readonly Artifact[], described: Described): Finished {
  const { models, owners, contributions, weights } = described;
  const shards = checkShards(artifacts, contributions, weights);
  const subject = finishSubject(sections, artifacts, described, shards);
  const owned = filesByModel(artifacts, owners);
  const others = models.others.map((found) => finishOther(found, sections, owned.get(found.id) ?? [], shards));
  const adapters = models.subject?.kind === 'model' ? models.others.filter(({ kind }) => kind === 'adapter') : [];
  const composition = adapters.map(({ id }): [string, Json] => [id, { model: id, relation: 'adapter' }]);
  const model = adapters.length === 0 ? subject.model : { ...subject.model, composition: Object.fromEntries(composition) };
  const finished: Json = {
    ...sections,
    model,
    ...(others.length > 0 ? { models: Object.fromEntries(others.map(({ id, node }) => [id, node])) } : {}),
  };
  giveUniqueIds(finished);
  settleUses(finished, described.uses);
  const variants = [subject, ...others].flatMap((each) => [...each.variants]);
  return {
    sections: finished,
    artifacts: withVariants(artifacts, new Map(variants)),
    evidence: collectEvidence([
      ...subject.evidence,
      ...composition.map(([id]) => besideTheModel(id)),
      ...others.flatMap((each) => each.evidence),
      ...variantEvidence(artifacts, new Map(variants)),
    ]),
    findings: [...subject.findings, ...others.flatMap((each) => each.findings), ...shards.findings, ...checkSums(contributions, weights)],
  };
}

const observed = (pointer: string, method: string): ValueEvidence => ({ pointer, origin: 'observed', method });

const besideTheModel = (id: string): ValueEvidence => ({
  pointer: `/model/composition${pointerStep(id)}`,
  origin: 'inferred',
  method: 'an adapter beside the model',
});

function filesByModel(artifacts: readonly Artifact[], owners: Owners): ReadonlyMap<string, readonly Artifact[]> {
  const files = new Map<string, Artifact[]>();
  for (const artifact of artifacts) {
    const { model } = owners(artifact.path);
    const list = files.get(model);
    if (list === undefined) files.set(model, [artifact]);
    else list.push(artifact);
  }
  return files;
}

/** The files that count: weights of the model, but remains of other sets. */
const countedOf = (found: FoundModel | undefined, artifacts: readonly Artifact[], { leftOver }: Shards): readonly Artifact[] =>
  found === undefined ? [] : artifacts.filter(({ path }) => found.weights.has(path) && !leftOver.has(path));

function finishSubject(sections: Json, artifacts: readonly Artifact[], { models, weights, contributions }: Described, shards: Shards) {
  const model = { ...(sections.model as Json | undefined) };
  const own = countedOf(models.subject, artifacts, shards);
  const stated = contributions.some(
    (each) => each.kind === 'claim' && each.rank === RANKS.option && each.pointer.startsWith('/model/parameterCount'),
  );
  const parts = (model.parts ?? []) as readonly Json[]; // a list of objects by the additions to it
  const counted = countParameters(own, parts, shards.indexOf);
  const isWhole = own.every(({ path }) => !shards.incomplete.has(path));
  const total = isWhole && !stated ? counted.total : undefined;
  const isBesideProjector = weights.some(
    ({ path, facts }) => facts !== undefined && isProjector(facts) && models.subject?.weights.has(path) !== true,
  );
  const root = rootDigest(artifacts);
  if (root !== undefined) model.rootDigest = { sha256: root };
  if (total !== undefined) model.parameterCount = { ...(model.parameterCount as Json | undefined), total };
  if (parts.length > 0) model.parts = parts.map((part) => withParameters(part, counted.parts));
  return {
    model: leading(model, ['name', 'group', 'version', 'kind', 'identifiers', 'rootDigest']),
    variants: variantNames(own, shards.indexOf),
    findings: isWhole ? counted.findings : [],
    evidence: [
      ...(root === undefined ? [] : [observed('/model/rootDigest', 'OpenSSF Model Signing root digest over the artifacts')]),
      ...(total === undefined
        ? []
        : [observed('/model/parameterCount/total', counted.method + (isBesideProjector ? ', without the projector beside it' : ''))]),
      ...((model.parts ?? []) as readonly Json[]).flatMap((part, i) =>
        part.parameters === undefined ? [] : [observed(`/model/parts/${i}/parameters`, 'sum over the tensors of the part')],
      ),
    ],
  };
}

/** A model beside the subject: its files, the digest over them, what their tensors add up to. */
function finishOther(found: FoundModel, sections: Json, files: readonly Artifact[], shards: Shards) {
  const home = `/models${pointerStep(found.id)}/model`;
  const node = { ...(isObject(sections.models) ? ((sections.models as Json)[found.id] as Json | undefined) : undefined) };
  const own = countedOf(found, files, shards);
  const parts = ((node.model as Json | undefined)?.parts ?? []) as readonly Json[]; // a list of objects by the additions to it
  const { total, parts: counts, method, findings } = countParameters(own, parts, shards.indexOf);
  const isWhole = own.every(({ path }) => !shards.incomplete.has(path));
  const root = rootDigest(files);
  const model: Json = {
    name: found.name,
    ...(found.kind === 'adapter' ? { kind: 'adapter' } : {}),
    ...(node.model as Json | undefined),
    artifacts: files.map(({ path }) => path),
    ...(root === undefined ? {} : { rootDigest: { sha256: root } }),
  };
  if (total !== undefined && isWhole) model.parameterCount = { ...(model.parameterCount as Json | undefined), total };
  if (parts.length > 0) model.parts = parts.map((part) => withParameters(part, counts));
  return {
    id: found.id,
    node: { ...node, model: leading(model, ['name', 'group', 'version', 'kind', 'identifiers', 'rootDigest']) },
    variants: variantNames(own, shards.indexOf),
    findings: isWhole ? findings.map((finding) => ({ ...finding, pointer: `${home}/parameterCount` })) : [],
    evidence: [
      ...(root === undefined ? [] : [observed(`${home}/rootDigest`, 'OpenSSF Model Signing root digest over the files of the model')]),
      ...(total === undefined || !isWhole ? [] : [observed(`${home}/parameterCount/total`, method)]),
      ...((model.parts ?? []) as readonly Json[]).flatMap((part, i) =>
        part.parameters === undefined ? [] : [observed(`${home}/parts/${i}/parameters`, 'sum over the tensors of the part')],
      ),
      { pointer: `${home}/artifacts`, origin: 'inferred' as const, method: 'place of the files' },
      ...(found.kind === 'adapter' ? [{ pointer: `${home}/kind`, origin: 'inferred' as const, method: 'weights of an adapter' }] : []),
    ],
  };
}

function withVariants(artifacts: readonly Artifact[], names: ReadonlyMap<string, string>): readonly Artifact[] {
  return artifacts.map((artifact) => {
    const variant = names.get(artifact.path);
    return variant === undefined || artifact.variant !== undefined ? artifact : { ...artifact, variant };
  });
}

const variantEvidence = (artifacts: readonly Artifact[], names: ReadonlyMap<string, string>): readonly ValueEvidence[] =>
  artifacts.flatMap(({ path }, i) =>
    names.has(path)
      ? [{ pointer: `/artifacts/${i}/variant`, origin: 'inferred' as const, method: 'several complete sets of weights' }]
      : [],
  );

function withParameters(part: Json, counts: ReadonlyMap<string, number>): Json {
  const parameters = counts.get(String(part.id));
  return parameters === undefined ? part : { ...part, parameters };
}

/** Members in a given order first, so that a person reads the name before the rest. */
function leading(object: Json, first: readonly string[]): Json {
  const head = first.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]);
  return { ...Object.fromEntries(head), ...Object.fromEntries(Object.entries(object).filter(([key]) => !first.includes(key))) } as Json;
}

/** What each model was trained on, where there are several: roles of a dataset say what it was used for, not by which. */
function settleUses(sections: Json, uses: readonly StatedUse[]): void {
  const others = sections.models as { [id: string]: Json } | undefined; // built above
  if (others === undefined) return;
  const ids = new Map(((sections.datasets ?? []) as readonly Json[]).map(({ id, name }) => [name, String(id)])); // a list of objects
  for (const { model, dataset, roles } of uses) {
    const id = ids.get(dataset ?? '');
    const holder = model === SUBJECT ? sections : others[model];
    if (id === undefined || holder === undefined || roles.length === 0) continue;
    const training = (holder.training ??= {}) as Json;
    const own = (training.uses ??= {}) as Json;
    const taken = new Set(Object.keys(own));
    for (const role of roles) {
      if (Object.values(own).some((use) => isObject(use) && use.dataset === id && use.role === role)) continue;
      own[uniqueId(id, taken)] = { dataset: id, role };
    }
  }
}

function checkSums(contributions: readonly Contribution[], weights: readonly WeightFile[]): readonly Finding[] {
  const bytes = new Map(weights.map(({ path, facts }) => [path, facts?.tensors?.bytes]));
  return contributions
    .filter((contribution): contribution is Sum => contribution.kind === 'sum')
    .flatMap(({ path, files, bytes: stated }): readonly Finding[] => {
      const parts = files.map((file) => bytes.get(file));
      if (stated === undefined || parts.some((part) => part === undefined)) return [];
      const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
      return sum === stated
        ? []
        : [
            {
              id: 'shard-sum',
              severity: 'medium',
              message: `the index says that the tensors have ${stated} bytes, the shards have ${sum}`,
              fix: 'Fetch index and shards of the same revision.',
              file: path,
              pointer: '/metadata/total_size',
            },
          ];
    });
}

/** Members of an ancestor that say how a model came from it, not what it is. */
const OF_THE_STEP: ReadonlySet<string> = new Set(['id', 'relation', 'role', 'weight', 'verification', 'parents']);

/** Ids come from names; two things with alike names must not share one, and nothing refers to the later one by name alone. */
function giveUniqueIds(sections: Json): void {
  const others = Object.entries((sections.models ?? {}) as { readonly [id: string]: Json }); // built by finishModels
  const taken = new Set([SUBJECT, ...others.map(([id]) => id)]);
  const lists = [
    sections.environments,
    sections.datasets,
    (sections.model as Json | undefined)?.parts,
    ...others.map(([, { model }]) => (model as Json | undefined)?.parts),
  ];
  for (const list of lists) {
    for (const item of (list ?? []) as Json[]) item.id = uniqueId(String(item.id), taken);
  }
  // Several adapters may have one base, which is also that of the model.
  const bases = new Map<string, string>();
  for (const lineage of [sections.lineage, ...others.map(([, other]) => other.lineage)])
    for (const item of ((lineage as Json | undefined)?.ancestors ?? []) as Json[]) {
      if (item.here === true) continue;
      const what = canonicalize(Object.fromEntries(Object.entries(item).filter(([key]) => !OF_THE_STEP.has(key))));
      const id = bases.get(what) ?? uniqueId(String(item.id), taken);
      bases.set(what, id);
      item.id = id;
    }
  for (const item of (sections.components ?? []) as Json[]) if (item.id !== undefined) item.id = uniqueId(String(item.id), taken);
}
